/** What of the records of an HVM guest may be kept: entries of known types, each of a size that Xen gives it. */
import { HVM_CONTEXT_LIMIT, HVM_DESCRIPTOR_SIZE, type HvmEntry, hvmEntries } from '../hvm/entries';
import { HVM_TYPES, HvmType, type HvmTypeName, hvmTypeOf, isPerVcpu } from '../hvm/types';
import { readU32, readU64 } from '../kit/bytes';
import { isZero, type Judge, type Stretch } from './judge';
import { areMsrs, MSRS } from './policy';
import { marked } from './pv';
import { AREA_MAX, isXsaveArea } from './xstate';

type Fits = (body: Uint8Array, little: boolean) => boolean;

/** Bytes of the masks in front of the area of CPU_XSAVE, and in front of the first MSR of CPU_MSR. */
const XSAVE_MASKS = 24;
const MSRS_AT = 8;

/** Tells of the types whose bodies say how long they are whether a body is one. */
const TOLD: Readonly<Partial<Record<HvmTypeName, Fits>>> = {
  CPU_XSAVE: (body, little) =>
    body.length > XSAVE_MASKS && body.length <= XSAVE_MASKS + AREA_MAX && isXsaveArea(body, XSAVE_MASKS, little),
  CPU_MSR: (body, little) =>
    readU32(body, 0, little) === (body.length - MSRS_AT) / 16 &&
    body.length <= MSRS_AT + MSRS * 16 &&
    areMsrs(body, MSRS_AT, little),
};

/** Tells whether a body is one of its type, by all sizes that a release of Xen has written. */
export const entryFits = (name: HvmTypeName, body: Uint8Array, little: boolean): boolean =>
  TOLD[name]?.(body, little) ?? HVM_TYPES[name].sizes.includes(body.length);

/** The number that the body of the HEADER entry starts with. */
const HEADER_MAGIC = 0x5438_1286;

/** Judges HVM_CONTEXT: one that starts with its HEADER and has an END. */
export const HVM_CONTEXT: Judge = {
  most: HVM_CONTEXT_LIMIT,
  keeps: (body, { little }) => {
    const entries = [...hvmEntries(body, body.length, little)];
    const first = entries[0];
    const last = entries.at(-1);
    if (first?.typecode !== HvmType.HEADER || readU32(body, HVM_DESCRIPTOR_SIZE, little) !== HEADER_MAGIC)
      return undefined;
    if (last?.typecode !== HvmType.END || last.length !== 0) return undefined;
    const stretches = entries.flatMap((entry) => entryStretches(body, entry, little));
    const end = last.at + HVM_DESCRIPTOR_SIZE;
    // Nothing behind END counts.
    if (end < body.length && isZero(body, end, body.length))
      stretches.push({ from: end, to: body.length, kind: 'framing' });
    return stretches;
  },
};

function entryStretches(context: Uint8Array, { typecode, at, length }: HvmEntry, little: boolean): Stretch[] {
  const from = at + HVM_DESCRIPTOR_SIZE;
  const head: Stretch = { from: at, to: from, kind: 'framing' };
  const name = hvmTypeOf(typecode);
  const body = context.subarray(from, from + length);
  if (length === 0 || name === undefined || !entryFits(name, body, little)) return [head];
  const to = from + length;
  return [head, isPerVcpu(typecode) ? { from, to, kind: 'vcpus', secret: 'registers' } : { from, to, kind: 'devices' }];
}

/** Numbers of parameters are below; Xen has 39. */
const PARAMS = 64;
const PARAM_SIZE = 16;
const PARAMS_AT = 8;
/** Parameters that hold addresses of the guest: IDENT_PT, VM86_TSS, VM_GENERATION_ID_ADDR, VM86_TSS_SIZED. */
const ADDRESSES = new Set([12, 15, 34, 37]);

/** Judges HVM_PARAMS: as many as it counts, each of a number that there can be, none twice. */
export const HVM_PARAMS: Judge = {
  most: PARAMS_AT + PARAMS * PARAM_SIZE,
  keeps: (body, { little }) => {
    if (body.length !== PARAMS_AT + readU32(body, 0, little) * PARAM_SIZE) return undefined;
    const seen = new Set<bigint>();
    const addresses: { at: number; size: number }[] = [];
    for (let at = PARAMS_AT; at < body.length; at += PARAM_SIZE) {
      const index = readU64(body, at, little);
      if (index >= PARAMS || seen.has(index)) return undefined;
      seen.add(index);
      if (ADDRESSES.has(Number(index))) addresses.push({ at: at + 8, size: 8 });
    }
    return marked(body.length, addresses, 'registers');
  },
};
