/** What a vCPU is at: its code, its stack, who called, with names where symbols are known. */
import type { GuestMemory } from '../guest-memory';
import { namedText, type SymbolTable } from '../symbols/table';
import { translate, type Translation } from '../walk/virtual';
import { type Call, frameTrace, scanTrace } from './call-trace';
import { type Bits, loadIced } from './decoder';
import { type CodeLine, disassembleAround } from './disassemble';
import type { VcpuPoint } from '../vcpus/point';
import { readStack, type StackWord } from './stack';

export interface NamedLine extends CodeLine {
  /** Name of the function, at the line where it starts. */
  readonly label?: string;
  /** What `leads` is called. */
  readonly leadsName?: string;
}

export interface NamedWord extends StackWord {
  readonly name?: string;
  readonly calledName?: string;
}

export interface NamedCall extends Call {
  readonly name?: string;
}

export interface CodeView {
  readonly ip: bigint;
  readonly sp: bigint;
  readonly bits: Bits;
  readonly word: 2 | 4 | 8;
  /** Where the next instruction is in a function. */
  readonly name?: string;
  /** Instructions around the next one, or why there are none. */
  readonly code: readonly NamedLine[] | { readonly reason: string };
  readonly stack: { readonly words: readonly NamedWord[]; readonly reason?: string };
  /** The callers, found by frames, and by all that may be an address to return to. */
  readonly frames: readonly NamedCall[];
  readonly scanned: readonly NamedCall[];
  /** How the address of the next instruction is found. */
  readonly walk: Translation;
}

export interface Shown {
  /** Instructions shown before the next one and after it. */
  readonly before: number;
  readonly after: number;
}

/**
 * Disassembles code around an address: from the start of its function on, where that is known. Rejects with
 * `ReadError`.
 */
export async function codeLines(
  memory: GuestMemory,
  point: VcpuPoint,
  at: bigint,
  shown: Shown,
  symbols?: SymbolTable,
): Promise<readonly NamedLine[] | { readonly reason: string }> {
  const own = symbols?.find(at);
  const around = { ...shown, ...(own ? { start: at - own.plus } : {}) };
  const lines = await disassembleAround(await loadIced(), memory, point, at, around);
  return 'reason' in lines ? lines : lines.map((line) => namedLine(line, symbols));
}

/** Reads what a vCPU is at: its code, its stack and its callers. Rejects with `ReadError`. */
export async function codeView(
  memory: GuestMemory,
  point: VcpuPoint,
  shown: Shown,
  symbols?: SymbolTable,
): Promise<CodeView> {
  const iced = await loadIced();
  const { ip, sp, bits, word, vcpu } = point;
  const find = (va: bigint): string | undefined => {
    const found = symbols?.find(va);
    return found && namedText(found);
  };
  const code = await codeLines(memory, point, ip, shown, symbols);
  const stack = await readStack(iced, memory, point);
  const frames = await frameTrace(iced, memory, point);
  const calls = (list: readonly Call[]): NamedCall[] =>
    list.map((call) => ({ ...call, ...named('name', find(call.address)) }));
  return {
    ip,
    sp,
    bits,
    word,
    ...named('name', find(ip)),
    code,
    stack: {
      ...stack,
      words: stack.words.map((one) => ({
        ...one,
        ...(one.kind === 'number' ? {} : named('name', find(one.value))),
        ...(one.called === undefined ? {} : named('calledName', find(one.called))),
      })),
    },
    frames: calls(frames),
    scanned: calls(scanTrace(point, stack, symbols)),
    walk: await translate(memory, vcpu.registers, ip),
  };
}

const named = <K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };

function namedLine(line: CodeLine, symbols: SymbolTable | undefined): NamedLine {
  const here = symbols?.find(line.va);
  const there = line.leads === undefined ? undefined : symbols?.find(line.leads);
  return {
    ...line,
    ...named('label', here?.plus === 0n ? here.name : undefined),
    ...named('leadsName', there && namedText(there)),
  };
}

/** Lines as they are shown: of padding, a run of the same filler, the first and how many there are. */
export interface FoldedLine {
  readonly line: NamedLine;
  readonly times: number;
}

const isFiller = ({ bytes }: NamedLine): boolean => bytes.length === 1 && (bytes[0] === 0xcc || bytes[0] === 0x90);

/** Folds runs of filler into one line each; the line at `ip` stays by itself. */
export function foldPadding(lines: readonly NamedLine[], ip: bigint): FoldedLine[] {
  const folded: FoldedLine[] = [];
  for (const line of lines) {
    const last = folded.at(-1);
    const same = last && isFiller(line) && isFiller(last.line) && line.bytes[0] === last.line.bytes[0];
    const apart = line.va === ip || last?.line.va === ip || line.label !== undefined;
    if (last && same === true && !apart) folded[folded.length - 1] = { line: last.line, times: last.times + 1 };
    else folded.push({ line, times: 1 });
  }
  return folded;
}
