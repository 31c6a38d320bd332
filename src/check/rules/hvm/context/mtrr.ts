/** Memory types. Source: xen/arch/x86/hvm/mtrr.c, hvm_load_mtrr_msr() and the setters that it calls. */
import { readU64 } from '../../../../format/kit/bytes';
import { locate } from '../../../../format/kit/locate';
import { parse } from '../../../../format/kit/parse';
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { HVM_MTRR } from '../../../../format/hvm/mtrr';
import { hex0x } from '../../../../lib/text';
import { says } from '../../../kit/log-line';
import { type Hit, type Place, ADVICE } from '../../../kit/rule';
import type { EntryRule, HvmEntrySubject } from './entry';

const place = (at: number, length = 1): Place => ({ offset: HVM_DESCRIPTOR_SIZE + at, length });
const common = { layer: 'hypervisor', severity: 'fatal', errno: 22, advice: ADVICE.copy } as const;

/** UC, WC, WT, WP, WB. */
const TYPES: ReadonlySet<number> = new Set([0, 1, 4, 5, 6]);
/** The same and UC−. */
const PAT_TYPES: ReadonlySet<number> = new Set([...TYPES, 7]);
const MAX_RANGES = 8;
const FIXED = 11;
const WORD = 8;

const lanes = (value: bigint): number[] =>
  Array.from({ length: WORD }, (_, lane) => Number((value >> BigInt(lane * 8)) & 0xffn));
const mtrr = ({ body }: HvmEntrySubject) => parse(HVM_MTRR, body);
const rangesOf = (cap: bigint): number => Number(cap & 0xffn);
const start = (name: string): number => locate(HVM_MTRR, name).offset;
const wordOf = (name: string): Place => ({ offset: HVM_DESCRIPTOR_SIZE + start(name), length: WORD });

const wordAt = (from: number, index: number): Place => ({
  offset: HVM_DESCRIPTOR_SIZE + from + index * WORD,
  length: WORD,
});

interface Refused {
  readonly at: Place;
  readonly what: string;
}

/** Registers whose value a setter refuses, so that they keep that of a reset. */
function* refusals(entry: HvmEntrySubject): Generator<Refused> {
  const { body, xen } = entry;
  const word = (from: number, index: number): bigint => readU64(body, from + index * WORD, true);
  const { msr_pat_cr: pat, msr_mtrr_cap: cap, msr_mtrr_def_type: defaults } = mtrr(entry);
  if (!lanes(pat).every((type) => PAT_TYPES.has(type)))
    yield { at: wordOf('msr_pat_cr'), what: `PAT ${hex0x(pat, 16)}` };

  const fixed = start('msr_mtrr_fixed');
  for (let index = 0; index < FIXED; index++) {
    const value = word(fixed, index);
    if (!lanes(value).every((type) => TYPES.has(type)))
      yield { at: wordAt(fixed, index), what: `fixed range ${index} ${hex0x(value, 16)}` };
  }

  // Before 4.12 all eight were loaded, whatever the capabilities said.
  const ranges = start('msr_mtrr_var');
  const count = xen < 412 ? MAX_RANGES : Math.min(MAX_RANGES, rangesOf(cap));
  for (let index = 0; index < count * 2; index++) {
    const value = word(ranges, index);
    // Bits above the host’s physical addresses, of which there are 52 at most.
    const reserved = (index % 2 === 0 ? 0xf00n : 0x7ffn) | ~0x000f_ffff_ffff_ffffn;
    const isBad = !TYPES.has(Number(value & 0xffn)) || (value & reserved) !== 0n;
    if (isBad)
      yield {
        at: wordAt(ranges, index),
        what: `${index % 2 === 0 ? 'base' : 'mask'} of range ${index >> 1} ${hex0x(value)}`,
      };
  }

  const isBad = !TYPES.has(Number(defaults & 0xffn)) || (defaults & ~0xcffn) !== 0n;
  if (isBad) yield { at: wordOf('msr_mtrr_def_type'), what: `default type ${hex0x(defaults)}` };
}

const MTRR_CAP = 224;
const MTRR_VARIABLE = 8;
const VARIABLE_RANGES = 8;

/** All variable ranges are equal, and one is in use. */
function sameRanges({ body }: HvmEntrySubject): boolean {
  const pair = (index: number): readonly bigint[] =>
    [0, 8].map((at) => readU64(body, MTRR_VARIABLE + index * 16 + at, true));
  const [base, mask] = pair(0);
  if ((mask ?? 0n) === 0n) return false;
  return Array.from({ length: VARIABLE_RANGES }, (_, index) => pair(index)).every(([b, m]) => b === base && m === mask);
}

export const MTRR_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-41',
    versions: { from: 412 },
    debug: true,
    log: [says.xen('HVM restore: dNv%u: too many (%lu) variable range MTRRs')],
    title: 'more variable MTRRs than Xen has',
    explain: 'MTRRcap tells of more than 8. Only a debug build of Xen prints why.',
    source: 'xen/arch/x86/hvm/mtrr.c: hvm_load_mtrr_msr()',
    when: ({ typecode, instance, body }) => {
      const count = readU64(body, MTRR_CAP, true) & 0xffn;
      return typecode === 14 && count > 8n && { values: [instance, count], at: place(MTRR_CAP, 8) };
    },
  },
  {
    id: 'HH-65',
    layer: 'spec',
    severity: 'note',
    title: 'all variable MTRRs are the same: only the first of the guest’s ranges was saved',
    explain:
      'Xen since 4.12 saves the first range eight times over. The guest’s other ranges are lost, which makes some memory slow.',
    advice: ADVICE.none,
    source: 'xen/arch/x86/hvm/mtrr.c: hvm_save_mtrr_msr()',
    when: (entry) => entry.typecode === 14 && sameRanges(entry) && { at: place(MTRR_VARIABLE, VARIABLE_RANGES * 16) },
  },
  {
    id: 'HH-42',
    layer: 'hypervisor',
    severity: 'warning',
    title: 'memory types that Xen refuses without a word',
    explain: 'The registers keep their values of a reset, so the guest gets other memory types than it had set.',
    advice: ADVICE.copy,
    source:
      'xen/arch/x86/hvm/mtrr.c: mtrr_fix_range_msr_set(), mtrr_var_range_msr_set(), mtrr_def_type_msr_set(); hvm.c: hvm_set_guest_pat()',
    when: (entry): Hit | false => {
      if (entry.typecode !== 14) return false;
      const bad = [...refusals(entry)];
      const [first] = bad;
      if (!first) return false;
      const more = bad.length > 1 ? `, and ${bad.length - 1} more` : '';
      return { message: `memory types that Xen refuses without a word: ${first.what}${more}`, at: first.at };
    },
  },
];
