/** `xenscope mem`: bytes of the guest's memory, as a hex dump or as they are. */
import { PAGE_SIZE } from '../../format/page';
import { ascii, counted, hex, hexBytes } from '../../lib/text';
import type { GuestMemory } from '../../memory/guest-memory';
import { byPfn, byTables, extents } from '../../memory/space/extents';
import type { NodeFileSource } from '../../source/node-file';
import { addressBits, guestMemory, smallNumber, type Start, startOf } from '../address';
import { command, type Input } from '../command';
import { flag, SYMBOL_OPTIONS, valued, VCPU_OPTION } from '../option';
import { complain, print, write } from '../output';
import { symbolTable } from '../symbols';

const OPTIONS = {
  pfn: valued('ADDRESS', 'a page, by its PFN'),
  gpa: valued('ADDRESS', 'a guest-physical address'),
  va: valued('ADDRESS', 'a virtual address; with symbols also a name: do_syscall_64+0x7b'),
  ...VCPU_OPTION,
  length: valued('N', 'bytes; 256 if not given, a page with --pfn'),
  raw: flag('writes the bytes as they are; none, and exit code 1, unless all are there'),
  ...SYMBOL_OPTIONS,
};

export const memCommand = command({
  name: 'mem',
  about: 'Prints the guest’s memory as a hex dump.',
  one: 'none of it is in the image',
  options: OPTIONS,
  choices: [{ of: ['pfn', 'gpa', 'va'], required: true }, { of: ['symbols', 'ownSymbols'] }],
  readsPages: true,
  run: runMem,
});

const LENGTH = 256;
const LENGTH_LIMIT = 2 ** 40;
const PER_LINE = 16;
/** Number of pages looked up at a time. */
const CHUNK = 65_536;

/** Part of what was asked for: bytes within a page, or a hole. */
type Piece = { readonly at: bigint; readonly length: number } & (
  | { readonly offset: number }
  | { readonly reason: string }
);

/** Yields what was asked for, piece by piece, each hole as one piece. It ends where addresses do. */
async function* pieces(memory: GuestMemory, start: Start, length: number): AsyncGenerator<Piece> {
  let hole: (Piece & { readonly reason: string }) | undefined;
  for await (const piece of chunks(memory, start, length)) {
    if ('reason' in piece && hole?.reason === piece.reason) hole = { ...hole, length: hole.length + piece.length };
    else {
      if (hole) yield hole;
      hole = undefined;
      if ('reason' in piece) hole = piece;
      else yield piece;
    }
  }
  if (hole) yield hole;
}

/** Returns where what was asked for ends: no further than addresses go. */
function endOf(start: Start, length: number): bigint {
  const wanted = start.at + BigInt(length);
  const limit = 1n << BigInt(start.space === 'va' ? addressBits(start.vcpu) : 64);
  return wanted < limit ? wanted : limit;
}

/** Yields pages of what was asked for; a hole longer than a chunk comes in several pieces. */
async function* chunks(memory: GuestMemory, start: Start, length: number): AsyncGenerator<Piece> {
  const find = start.space === 'va' ? byTables(memory, start.vcpu.memory.registers) : byPfn(memory);
  const page = BigInt(PAGE_SIZE);
  const end = endOf(start, length);
  for (let at = start.at - (start.at % page); at < end; at += BigInt(CHUNK) * page) {
    const count = Math.min(CHUNK, Number((end - at + page - 1n) / page));
    for (const extent of await extents(find, at, count)) {
      if ('reason' in extent) yield clipped(extent, start.at, end);
      else
        for (const [index, { offset }] of extent.pages.entries())
          yield clipped({ at: extent.at + BigInt(index) * page, length: PAGE_SIZE, offset }, start.at, end);
    }
  }
}

/** Returns the part of a piece that was asked for. */
function clipped(piece: Piece, start: bigint, end: bigint): Piece {
  const skipped = piece.at < start ? Number(start - piece.at) : 0;
  const over = piece.at + BigInt(piece.length) > end ? Number(piece.at + BigInt(piece.length) - end) : 0;
  const held = { at: piece.at + BigInt(skipped), length: piece.length - skipped - over };
  return 'reason' in piece ? { ...held, reason: piece.reason } : { ...held, offset: piece.offset + skipped };
}

const bytesOf = (source: NodeFileSource, { offset, length }: { readonly offset: number; readonly length: number }) =>
  source.readNow(offset, length);

/** Returns exit code 0 where something of it is in the image; of raw bytes where all of it is. */
async function runMem({ scan, source, options }: Input<typeof OPTIONS>): Promise<number> {
  const whole = options.pfn === undefined ? LENGTH : PAGE_SIZE;
  const length = options.length === undefined ? whole : smallNumber(options.length, 'the length', LENGTH_LIMIT);
  const symbols = await symbolTable(scan, source, options);
  const start = await startOf(scan, source, options, symbols);
  const memory = guestMemory(scan, source);
  const last = endOf(start, Math.max(1, length)) - 1n;
  const digits = Math.max(8, hex(start.at).length, hex(last).length);
  const absence = ({ at, length: some, reason }: Piece & { readonly reason: string }): string =>
    `${hex(at, digits)}  ${counted(some, 'byte')} not there: ${reason}`;
  if (options.raw) {
    for await (const piece of pieces(memory, start, length)) {
      if (!('reason' in piece)) continue;
      // Bytes after a hole would stand at the wrong place, and nothing may stand for the hole.
      complain(absence(piece));
      return 1;
    }
    for await (const piece of pieces(memory, start, length))
      if ('offset' in piece) write(bytesOf(source, piece).slice());
    return 0;
  }
  let anything = length === 0;
  for await (const piece of pieces(memory, start, length)) {
    if ('reason' in piece) {
      print(absence(piece));
      continue;
    }
    anything = true;
    dump(piece.at, bytesOf(source, piece), digits);
  }
  return anything ? 0 : 1;
}

/** Prints a hex dump whose lines stand at multiples of 16. */
function dump(at: bigint, bytes: Uint8Array, digits: number): void {
  const skew = Number(at % BigInt(PER_LINE));
  for (let from = -skew; from < bytes.length; from += PER_LINE) {
    const line = bytes.subarray(Math.max(0, from), from + PER_LINE);
    const before = from < 0 ? skew : 0;
    const cells = ' '.repeat(before * 3) + hexBytes(line, ' ');
    const text = ' '.repeat(before) + ascii(line).replaceAll('·', '.');
    const [left, right] = [cells.slice(0, 24), cells.slice(24)];
    print(`${hex(at + BigInt(from), digits)}  ${`${left} ${right}`.padEnd(48)}  |${text}|`);
  }
}
