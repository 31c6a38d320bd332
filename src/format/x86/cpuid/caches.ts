/** Caches in words: level, kind, size, ways. Source: as leaves-cache.ts. */
import { grouped } from '../../../lib/text';
import type { Names } from '../../kit/layout';
import { bitsOf } from './leaf';

/** A cache of the CPU. */
export interface Cache {
  readonly level: number;
  readonly kind: 'data' | 'instruction' | 'unified';
  /** Bytes. */
  readonly size: number;
  /** 0 where a line can be anywhere; undefined where the leaf does not say. */
  readonly ways: number | undefined;
  readonly line: number;
}

/** Reads a cache from leaf 4 or 0x8000001d; undefined for the entry that ends the list, and for kinds not assigned. */
export function cacheOf(leaf: { readonly eax: number; readonly ebx: number; readonly ecx: number }): Cache | undefined {
  const kind = ([undefined, 'data', 'instruction', 'unified'] as const)[bitsOf(leaf.eax, 0, 5)];
  if (!kind) return undefined;
  const line = bitsOf(leaf.ebx, 0, 12) + 1;
  const ways = bitsOf(leaf.ebx, 22, 10) + 1;
  return {
    level: bitsOf(leaf.eax, 5, 3),
    kind,
    size: ways * (bitsOf(leaf.ebx, 12, 10) + 1) * line * (leaf.ecx + 1),
    ways: bitsOf(leaf.eax, 9, 1) === 1 ? 0 : ways,
    line,
  };
}

/** Returns the size of a cache as text: `512 KiB`, `8 MiB`, `1.5 MiB`. */
function kibText(bytes: number): string {
  if (bytes < 1024) return `${grouped(bytes)} B`;
  const kib = bytes / 1024;
  if (kib < 1024) return `${Number(kib.toFixed(1))} KiB`;
  return `${grouped(Number((kib / 1024).toFixed(1)))} MiB`;
}

const waysText = (ways: number): string => (ways === 0 ? 'fully associative' : ways === 1 ? 'direct' : `${ways}-way`);
const KINDS = { data: ' data', instruction: ' instruction', unified: '' } as const;

/** Returns a cache in words: `L1 data 32 KiB, 8-way, 64 B lines`. */
export const cacheText = ({ level, kind, size, ways, line }: Cache): string =>
  [`L${level}${KINDS[kind]} ${kibText(size)}`, ...(ways === undefined ? [] : [waysText(ways)]), `${line} B lines`].join(
    ', ',
  );

/** Codes of ways that leaf 0x80000005 has for what is no number; all others are the number of ways. */
export const L1_WAYS: Names = { 0: 'none', 1: 'direct', 0xff: 'fully associative' };

/** Numbers of ways, by their codes in leaves 0x80000006 and 0x80000019. */
const L2_CODES: Readonly<Record<number, number>> = {
  0x1: 1,
  0x2: 2,
  0x3: 3,
  0x4: 4,
  0x5: 6,
  0x6: 8,
  0x8: 16,
  0xa: 32,
  0xb: 48,
  0xc: 64,
  0xd: 96,
  0xe: 128,
  0xf: 0,
};
/** Names of the ways of L2 and L3 caches and TLBs, by code. */
export const L2_WAYS: Names = {
  ...Object.fromEntries(Object.entries(L2_CODES).map(([code, ways]) => [code, waysText(ways)])),
  0x0: 'none',
  0x9: 'see leaf 0x8000001d',
};

/** Makes a cache of leaf 0x80000005 or 0x80000006; undefined where it has no size. */
function amdCache(
  level: number,
  kind: Cache['kind'],
  size: number,
  ways: number | undefined,
  line: number,
): Cache | undefined {
  return size === 0 ? undefined : { level, kind, size, ways, line };
}
/** Reads an L1 cache from leaf 0x80000005 (data in ecx, instructions in edx); undefined where there is none. */
export const l1Cache = (kind: 'data' | 'instruction', value: number): Cache | undefined => {
  const ways = bitsOf(value, 16, 8);
  return amdCache(1, kind, bitsOf(value, 24, 8) * 1024, ways === 0xff ? 0 : ways, bitsOf(value, 0, 8));
};

/** Reads the L2 (ecx) or L3 (edx) cache from leaf 0x80000006; undefined where there is none. */
export function outerCache(level: 2 | 3, value: number): Cache | undefined {
  const size = level === 2 ? bitsOf(value, 16, 16) * 1024 : bitsOf(value, 18, 14) * 512 * 1024;
  const code = bitsOf(value, 12, 4);
  return code === 0 ? undefined : amdCache(level, 'unified', size, L2_CODES[code], bitsOf(value, 0, 8));
}

const noted = (cache: Cache | undefined): string | undefined => cache && cacheText(cache);
/** Makes the note of a register of leaf 0x80000005: its L1 cache in words. */
export const l1Text = (kind: 'data' | 'instruction') => (value: number | bigint) => noted(l1Cache(kind, Number(value)));
/** Makes the note of a register of leaf 0x80000006: its L2 or L3 cache in words. */
export const outerText = (level: 2 | 3) => (value: number | bigint) => noted(outerCache(level, Number(value)));
