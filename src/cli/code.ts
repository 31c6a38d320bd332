/** `xenscope code`: instructions, stack and callers of VCPUs, laid out as xenctx does. */
import { hex, hex0x, hexBytes } from '../lib/text';
import { codeView, type CodeView, foldPadding, type NamedCall } from '../memory/code/code-view';
import type { SymbolsInfo } from '../memory/symbols/fit';
import type { ScanResult } from '../scan/scan';
import type { NodeFileSource } from '../source/node-file';
import { CliError } from './error';
import { readGuest, type SymbolOptions } from './symbols';

type Print = (line: string) => void;

interface CodeInput extends SymbolOptions {
  readonly scan: ScanResult;
  readonly source: NodeFileSource;
  readonly json: boolean;
  readonly vcpu: string | undefined;
}

const SHOWN = { before: 8, after: 12 };
/** Lines of the stack, and bytes in each, as xenctx has them. */
const STACK = { lines: 5, bytes: 32 };

export async function runCode({ scan, source, json, vcpu, symbols, own }: CodeInput, print: Print): Promise<void> {
  if (vcpu !== undefined && !/^\d{1,9}$/u.test(vcpu)) throw new CliError(`--vcpu is not a number: ${vcpu}`);
  const guest = await readGuest(scan, source, { symbols, own });
  const wanted = guest.vcpus.filter(({ id }) => vcpu === undefined || id === Number(vcpu));
  if (wanted.length === 0)
    throw new CliError(vcpu === undefined ? 'the image holds no registers' : `no registers of VCPU ${vcpu}`);
  if (guest.symbols && !json) print(symbolsText(guest.symbols.info));
  for (const { id, point } of wanted) {
    const view = await codeView(guest.memory, point, SHOWN, guest.symbols?.table);
    if (json) print(JSON.stringify({ vcpu: id, ...view }, jsonValue));
    else printView(id, view, print);
  }
}

function symbolsText({ count, how, slide, by, of }: SymbolsInfo): string {
  if (how === 'none') return `${count} symbols; none of the kernel's entry points is where they say\n`;
  const moved = slide === 0n ? 'not moved' : `moved by ${slide < 0n ? '-' : ''}${hex0x(slide < 0n ? -slide : slide)}`;
  return `${count} symbols, ${moved}: ${by.length} of ${of} entry points agree\n`;
}

const jsonValue = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return hex0x(value);
  return value instanceof Uint8Array ? hexBytes(value) : value;
};

const nameOf = (name: string | undefined): string => (name === undefined ? '' : ` ${name}`);

function printView(id: number, view: CodeView, print: Print): void {
  const { ip, word, name, code, stack } = view;
  const digits = word === 2 ? 8 : word * 2;
  print(`vcpu${id}:`);
  print(`Code (instr addr ${hex(ip, digits)})${nameOf(name)}`);
  if ('reason' in code) print(`no bytes: ${code.reason}`);
  else {
    for (const { line, times } of foldPadding(code, ip)) {
      if (line.label !== undefined) print(`${line.label}:`);
      const bytes = hexBytes(line.bytes, ' ').padEnd(30);
      const more = times > 1 ? `  (${times} times)` : '';
      const leads = line.leadsName === undefined ? '' : `  <${line.leadsName}>`;
      print(`${line.va === ip ? '>' : ' '} ${hex(line.va, digits)}  ${bytes}  ${line.text}${leads}${more}`.trimEnd());
    }
  }
  print('');
  print('Stack:');
  const perLine = STACK.bytes / word;
  for (let line = 0; line < STACK.lines; line++) {
    const words = stack.words.slice(line * perLine, (line + 1) * perLine);
    if (words.length > 0) print(` ${words.map(({ value }) => hex(value, word * 2)).join(' ')}`);
  }
  if (stack.reason !== undefined) print(`ends: ${stack.reason}`);
  print('');
  print('Call Trace:');
  print(`${' '.repeat(digits)}    [<${hex(ip, digits)}>]${nameOf(name)} <--`);
  printCalls(view.scanned, digits, print);
  if (view.frames.length > 0) {
    print('');
    print('By frame pointer:');
    printCalls(view.frames, digits, print);
  }
  print('');
}

/** A question mark, as Linux has it, where no call ends at the address. */
function printCalls(calls: readonly NamedCall[], digits: number, print: Print): void {
  for (const { at, address, follows, name } of calls)
    print(`${hex(at, digits)}:   [<${hex(address, digits)}>]${follows ? '' : ' ?'}${nameOf(name)}`);
}
