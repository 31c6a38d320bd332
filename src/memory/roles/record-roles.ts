/** Pages that records name: the P2M, start_info and its rings, the special pages and devices of HVM guests. */
import { FRAME_MASK, frameNumber, PAGE_SIZE } from '../../format/page';
import { fieldsOf } from '../../format/kit/fields';
import { parse } from '../../format/kit/parse';
import { HVM_LAPIC } from '../../format/hvm/apic';
import { HVM_DESCRIPTOR_SIZE } from '../../format/hvm/entries';
import { HVM_IOAPIC } from '../../format/hvm/ioapic';
import { HvmType } from '../../format/hvm/types';
import { HVM_PARAM_NAMES, HvmParam, SIZED_TSS } from '../../format/libxc/hvm-param-table';
import { HVM_PARAM, HVM_PARAMS, HVM_PARAMS_HEADER_SIZE } from '../../format/libxc/hvm-params';
import { P2M_LIST, X86_PV_P2M_FRAMES } from '../../format/libxc/p2m-frames';
import { bitsOf } from '../../format/kit/bits';
import { type IntField, sizeOf } from '../../format/kit/layout';
import { START_INFO_32, START_INFO_64 } from '../../format/pv/start-info';
import { RECORD_HEADER_SIZE } from '../../format/framing';
import type { Span } from '../../lib/range';
import { keptRecords } from '../../scan/restored/records';
import type { Role } from '../map/role-layer';
import type { GuestMemory } from '../guest-memory';
import type { Saved } from '../vcpus/saved';
import { isPfn, ofVcpu, one, type RoleRange } from './role';

/** Most of a P2M_FRAMES that is read: the P2M of 64 GiB. */
const P2M_LIMIT = P2M_LIST.offset + 32_768 * P2M_LIST.length;
/** Bytes of an HVM_PARAMS that are read: 4096 parameters, where Xen has 39. */
const PARAMS_LIMIT = HVM_PARAMS_HEADER_SIZE + 4096 * sizeOf(HVM_PARAM);
/** Records of one kind that are read: a guest that grows while it is migrated has a few, a checkpointed stream many. */
const RECORDS = 64;

/** What the parameters name, and whether by PFN or by address. */
const PARAMS: Readonly<Record<number, readonly [role: Role, unit: 'frame' | 'address']>> = {
  [HvmParam.STORE_PFN]: ['xenstore', 'frame'],
  [HvmParam.IOREQ_PFN]: ['ioreq', 'frame'],
  [HvmParam.BUFIOREQ_PFN]: ['ioreq', 'frame'],
  [HvmParam.IDENT_PT]: ['special', 'address'],
  [HvmParam.VM86_TSS]: ['special', 'address'],
  [HvmParam.CONSOLE_PFN]: ['console', 'frame'],
  [HvmParam.PAGING_RING_PFN]: ['special', 'frame'],
  [HvmParam.MONITOR_RING_PFN]: ['special', 'frame'],
  [HvmParam.SHARING_RING_PFN]: ['special', 'frame'],
};
const SERVER_PAGES = 4096;

async function bodyOf({ records, source }: Saved, row: number, limit: number): Promise<Uint8Array> {
  return source.read(records.offsetAt(row) + RECORD_HEADER_SIZE, Math.min(records.lengthAt(row), limit));
}

/** Finds the pages of the P2M; of a frame that several records name the last one counts. Rejects with `ReadError`. */
export async function p2mRoles(saved: Saved): Promise<RoleRange[]> {
  const little = saved.image.bigEndian !== true;
  const each = PAGE_SIZE / (saved.image.guestWidth === 4 ? 4 : 8);
  const frames = new Map<number, bigint>();
  for (const row of keptRecords(saved).p2mFrames.slice(-RECORDS)) {
    const { start_pfn, p2m_pfn } = parse(X86_PV_P2M_FRAMES, await bodyOf(saved, row, P2M_LIMIT), little);
    const first = Math.floor(start_pfn / each);
    for (const [index, pfn] of p2m_pfn.entries()) frames.set(first + index, pfn);
  }
  return [...frames.values()].filter(isPfn).map((pfn) => one(pfn, 'p2m', 'X86_PV_P2M_FRAMES'));
}

/** Finds start_info, which vCPU 0 has in rdx, and the rings that it names. Rejects with `ReadError`. */
export async function startInfoRoles(memory: GuestMemory, pfn: bigint, width: 4 | 8): Promise<RoleRange[]> {
  const page = isPfn(pfn) ? memory.page(Number(pfn)) : undefined;
  if (page?.state !== 'here') return [];
  const info = parse(width === 4 ? START_INFO_32 : START_INFO_64, await memory.pageBytes(page));
  if (!info.magic.startsWith('xen-')) return [];
  const found = [ofVcpu(pfn, 'start-info', 'rdx', 0)];
  if (isPfn(info.store_mfn) && info.store_mfn > 0) found.push(one(info.store_mfn, 'xenstore', 'start_info'));
  if (isPfn(info.console.mfn) && info.console.mfn > 0) found.push(one(info.console.mfn, 'console', 'start_info'));
  return found;
}

/** HVM parameters by number: of several values the last one that a restore sets. */
async function paramsOf(saved: Saved): Promise<ReadonlyMap<number, bigint>> {
  const little = saved.image.bigEndian !== true;
  const params = new Map<number, bigint>();
  for (const row of keptRecords(saved).hvmParams.slice(-RECORDS)) {
    const body = await bodyOf(saved, row, PARAMS_LIMIT);
    for (const { index, value } of parse(HVM_PARAMS, body, little).param) params.set(Number(index), value);
  }
  return params;
}

/** Finds the special pages of an HVM guest. Rejects with `ReadError`. */
export async function paramRoles(saved: Saved): Promise<RoleRange[]> {
  const params = await paramsOf(saved);
  const found: RoleRange[] = [];
  const add = (index: number, pfn: bigint, role: Role, pages = 1): void => {
    if (pfn !== 0n && isPfn(pfn)) found.push(one(pfn, role, `HVM_PARAM ${HVM_PARAM_NAMES[index] ?? index}`, pages));
  };
  for (const [index, value] of params) {
    const known = PARAMS[index];
    if (known) add(index, known[1] === 'frame' ? value : frameNumber(value), known[0]);
  }
  const pages = Number(params.get(HvmParam.NR_IOREQ_SERVER_PAGES) ?? 0n);
  if (pages > 0 && pages <= SERVER_PAGES)
    add(HvmParam.IOREQ_SERVER_PFN, params.get(HvmParam.IOREQ_SERVER_PFN) ?? 0n, 'ioreq', pages);
  const tss = params.get(HvmParam.VM86_TSS_SIZED);
  if (tss !== undefined) add(HvmParam.VM86_TSS_SIZED, frameNumber(BigInt(bitsOf(tss, SIZED_TSS.address))), 'special');
  return found;
}

/** Where Xen puts the registers of the HPET. Source: asm/hvm/vpt.h, HPET_BASE_ADDRESS. */
const HPET_PFN = 0xfed00;

/** A field that holds the address of a device's registers: where it is in the entry, its descriptor included. */
const baseIn = (by: string, field: IntField<bigint>, { offset, length }: Span) => ({
  by,
  field,
  at: offset,
  size: length,
});

const BASES: Readonly<Partial<Record<number, ReturnType<typeof baseIn>>>> = {
  [HvmType.LAPIC]: baseIn(
    'local APIC',
    HVM_LAPIC.fields.apic_base_msr,
    fieldsOf(HVM_LAPIC, HVM_DESCRIPTOR_SIZE)('apic_base_msr'),
  ),
  [HvmType.IOAPIC]: baseIn(
    'IOAPIC',
    HVM_IOAPIC.fields.base_address,
    fieldsOf(HVM_IOAPIC, HVM_DESCRIPTOR_SIZE)('base_address'),
  ),
};

/** Finds the registers of devices that Xen emulates. Rejects with `ReadError`. */
export async function deviceRoles(saved: Saved): Promise<RoleRange[]> {
  const { image, source } = saved;
  const { hvmContext } = keptRecords(saved);
  const found = new Map<number, RoleRange>();
  const add = (pfn: number | bigint, by: string): void => {
    if (isPfn(pfn) && pfn > 0 && !found.has(Number(pfn))) found.set(Number(pfn), one(pfn, 'mmio', by));
  };
  for (const { record, typecode, offset, length } of image.context) {
    if (record !== hvmContext) continue;
    if (typecode === HvmType.HPET) add(HPET_PFN, 'HPET');
    const base = BASES[typecode];
    if (!base || length < base.at + base.size) continue;
    const bytes = await source.read(offset + base.at, base.size);
    if (bytes.length < base.size) continue;
    const address = parse(base.field, bytes, image.bigEndian !== true);
    add(frameNumber(address & FRAME_MASK), base.by);
  }
  return [...found.values()];
}
