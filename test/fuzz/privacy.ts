/**
 * What leaves in an image for sharing: guests whose memory is marked, changed in every way that framing can be, and not
 * one mark in what is kept. Nothing here asks the program what is memory: the marks were put where the images were made.
 */
import { SharedSpans } from '../../src/memory/export/blank/shared-spans';
import { blankText } from '../../src/format/sharing/fill';
import type { Range } from '../../src/lib/range';
import { PageIndex } from '../../src/scan/pages';
import { Reader } from '../../src/scan/reader';
import { RecordIndex } from '../../src/scan/records';
import { Walk } from '../../src/scan/walk/walk';
import { concat, u32, u64 } from '../fixtures/built/stream';
import { mutate, type Seed } from './mutate';
import { Random } from './random';

/** Marks of 16 bytes, each with the part of it by which it is found again. */
export const MARKS: Readonly<
  Record<string, { readonly block: (index: number) => Uint8Array; readonly secret: Buffer }>
> = {
  text: { block: () => Buffer.from('SECRET-OF-GUEST!', 'latin1'), secret: Buffer.from('SECRET-O', 'latin1') },
  /** Looks like a list of MSRs: ascending numbers, words of zeros, and values that are the secret. */
  list: {
    block: (index) => concat(u32(index), u32(0), u64(0x5ec2_e70f_5ec2_e70fn)),
    secret: Buffer.from(u64(0x5ec2_e70f_5ec2_e70fn)),
  },
  /** Looks like pointers into a kernel, which have the type of a page without content. */
  pointers: {
    block: (index) => concat(u64(0xffff_8880_5ec2_e70fn), u64(0xf000_0000_0000_0000n + BigInt(index))),
    secret: Buffer.from(u64(0xffff_8880_5ec2_e70fn)),
  },
};
export type Mark = keyof typeof MARKS;

const PAGE = 4096;

/** A seed whose memory is marked, and its bytes without the marks. */
export interface MarkedSeed extends Seed {
  readonly plain: Uint8Array;
}

/** Returns the seed with a mark in every 16 bytes of each page of memory. */
export function marked(seed: Seed, name: Mark): MarkedSeed {
  const bytes = seed.bytes.slice();
  const { block } = MARKS[name] ?? {};
  const { pages } = walked(bytes);
  for (let index = 0; index < pages.runs; index++) {
    const { offset, count } = pages.run(index);
    // Pages without content have no place in the file.
    const blocks = offset < 0 ? 0 : (count * PAGE) / 16;
    for (let at = 0; at < blocks; at++) bytes.set(block?.(at) ?? [], offset + at * 16);
  }
  return { ...seed, bytes, plain: seed.bytes };
}

/** Longest stretch that a mutant lays over another. */
const STRETCH = 64;

/** Makes a mutant. A stretch that is laid over registers is memory no longer: it is taken from the seed without marks. */
export function mutantOf(number: number, seeds: readonly MarkedSeed[]): { name: string; bytes: Uint8Array } {
  const random = new Random(number);
  const seed = random.pick(seeds);
  const parts = mutate(seed, random, seeds).map((piece) => {
    if ('bytes' in piece) return piece.bytes;
    return (piece.to - piece.from <= STRETCH ? seed.plain : seed.bytes).subarray(piece.from, piece.to);
  });
  return { name: seed.name, bytes: concat(...parts) };
}

/** Walks over an image at once, and tells what of it may be shared. */
function walked(bytes: Uint8Array): { readonly pages: PageIndex; readonly kept: readonly Range[] } {
  const spans = new SharedSpans({ scrub: new Set(), keepUnknown: false });
  const pages = new PageIndex();
  const steps = new Walk(new Reader(bytes.length), new RecordIndex(), pages, spans).run();
  for (let step = steps.next(); !step.done;) {
    const { offset, length } = step.value;
    step = steps.next(bytes.subarray(offset, offset + length));
  }
  return { pages, kept: spans.sorted(bytes.length) };
}

/** Returns an image made for sharing, as it is written: what is not kept is the text, from its start. */
function sharedOf(bytes: Uint8Array, kept: readonly Range[]): Uint8Array {
  const shared = bytes.slice();
  let at = 0;
  for (const { start, end } of [...kept, { start: bytes.length, end: bytes.length }]) {
    if (start > at) shared.set(blankText(start - at), at);
    at = end;
  }
  return shared;
}

/** Returns where a mark is left in the image for sharing that is made of one whose memory is marked; undefined if nowhere. */
export function leakOf(bytes: Uint8Array, name: Mark): string | undefined {
  const secret = MARKS[name]?.secret ?? Buffer.alloc(0);
  for (const { start, end } of walked(bytes).kept) {
    const found = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).indexOf(secret);
    if (found >= 0) return `a mark at 0x${(start + found).toString(16)} is kept`;
  }
  return undefined;
}

/** Returns how what is kept of the image for sharing is another than of the original; undefined if it is the same. */
export function changeOf(bytes: Uint8Array): string | undefined {
  const { kept } = walked(bytes);
  const again = walked(sharedOf(bytes, kept)).kept;
  const text = (spans: readonly Range[]): string => spans.map(({ start, end }) => `${start}-${end}`).join(' ');
  return text(again) === text(kept) ? undefined : `kept of the image: ${text(kept)}; of the copy: ${text(again)}`;
}
