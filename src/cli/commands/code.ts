/** `xenscope code`: instructions, stack and callers of vCPUs, laid out as xenctx does. */
import { hex, hex0x, hexBytes } from '../../lib/text';
import { codeView, type CodeView, foldPadding, type NamedCall } from '../../memory/code/code-view';
import type { SymbolsInfo } from '../../memory/kernel/fit';
import { command, type Input } from '../command';
import { CliError } from '../error';
import { JSON_OPTION, SYMBOL_OPTIONS, valued } from '../option';
import { print } from '../output';
import { readGuest } from '../symbols';

const OPTIONS = {
  vcpu: valued('N', 'only this vCPU'),
  ...SYMBOL_OPTIONS,
  ...JSON_OPTION,
};

export const codeCommand = command({
  name: 'code',
  about: 'Prints the instructions at rip, the stack and the call trace of each vCPU.',
  options: OPTIONS,
  choices: [{ of: ['symbols', 'ownSymbols'] }],
  readsPages: true,
  run: runCode,
});

const SHOWN = { before: 8, after: 12 };
/** How many lines of the stack, and bytes in each, as xenctx has them. */
const STACK = { lines: 5, bytes: 32 };

async function runCode({ scan, source, options }: Input<typeof OPTIONS>): Promise<void> {
  const { vcpu, json } = options;
  if (vcpu !== undefined && !/^\d{1,9}$/u.test(vcpu)) throw new CliError(`--vcpu is not a number: ${vcpu}`);
  const guest = await readGuest(scan, source, options);
  const wanted = guest.vcpus.filter(({ id }) => vcpu === undefined || id === Number(vcpu));
  if (wanted.length === 0)
    throw new CliError(vcpu === undefined ? 'the image holds no registers' : `no registers of vCPU ${vcpu}`);
  if (guest.symbols && !json) {
    print(symbolsText(guest.symbols.info));
    print('');
  }
  for (const { id, point } of wanted) {
    const view = await codeView(guest.memory, point, SHOWN, guest.symbols?.table);
    if (json) print(JSON.stringify({ vcpu: id, ...view }, jsonValue));
    else printView(id, view);
  }
}

function symbolsText({ count, how, slide, by, of }: SymbolsInfo): string {
  if (how === 'none') return `${count} symbols; none of the kernel's entry points is where they say`;
  const moved = slide === 0n ? 'not moved' : `moved by ${slide < 0n ? '-' : ''}${hex0x(slide < 0n ? -slide : slide)}`;
  return `${count} symbols, ${moved}: ${by.length} of ${of} entry points agree`;
}

const jsonValue = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return hex0x(value);
  return value instanceof Uint8Array ? hexBytes(value) : value;
};

const nameOf = (name: string | undefined): string => (name === undefined ? '' : ` ${name}`);

function printView(id: number, view: CodeView): void {
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
  printCalls(view.scanned, digits);
  if (view.frames.length > 0) {
    print('');
    print('By frame pointer:');
    printCalls(view.frames, digits);
  }
  print('');
}

/** Prints a call a line, with a question mark, as in Linux, where no call ends at the address. */
function printCalls(calls: readonly NamedCall[], digits: number): void {
  for (const { at, address, follows, name } of calls)
    print(`${hex(at, digits)}:   [<${hex(address, digits)}>]${follows ? '' : ' ?'}${nameOf(name)}`);
}
