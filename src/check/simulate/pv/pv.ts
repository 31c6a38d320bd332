/** The end of a PV stream: VCPUs, page tables, P2M. Source: xg_sr_restore_x86_pv.c, x86_pv_stream_complete(). */
import { readU32, readU64 } from '../../../format/kit/bytes';
import { locate } from '../../../format/kit/locate';
import { START_INFO_32, START_INFO_64 } from '../../../format/pv/start-info';
import type { Reading } from '../../../scan/reader';
import { errnoTail } from '../../kit/errno';
import { says } from '../../kit/log-line';
import type { Place } from '../../kit/rule';
import { MEMORY_LIMIT_RULES } from '../../rules/libxc/memory-limit';
import {
  CONSOLE_RULES,
  CR1_RULES,
  CR3_RULES,
  GDT_FRAME_RULES,
  START_INFO_RULES,
  STORE_RULES,
} from '../../rules/pv/frames';
import { PV_MSR_RULES } from '../../rules/pv/msrs';
import { CONTEXT_RULES, GDT_COUNT_RULES } from '../../rules/pv/state';
import { BASIC0_RULES, PV_PRESENCE_RULES } from '../../rules/pv/presence';
import { EXTENDED_RULES } from '../../rules/pv/extended';
import { TSC_PRESENCE_RULES } from '../../rules/libxc/tsc';
import { UNUSED_XSAVE_RULES } from '../../rules/spec';
import { PV_XSAVE_RULES } from '../../rules/x86/xstate';
import type { Simulation, Tail } from '../simulation';
import { hostComponents, xcr0Max, xstateSize } from '../../target/xstate';
import { badPage } from './named-page';
import { updateP2m } from './p2m';
import { refusesPages, refusesPins } from './pin/pin';
import { type BasicContext, basicContext } from './context';
import { AskedMemory } from '../asked-memory';
import type { LibxcRecordAt } from '../record';
import { capabilitiesOf } from '../host';
import type { Blob, PvVcpu } from '../state';

/** VCPU ids looked at: Xen gives a guest 8192 at most. */
const VCPU_LIMIT = 8192;

export function* completePv(sim: Simulation, end: LibxcRecordAt): Reading<void> {
  const place = { offset: end.offset, length: 8 };
  notePresence(sim, place);
  if (memoryIsShort(sim, place)) return;
  if (!(yield* updateVcpus(sim, place))) return;
  sim.enter('tables');
  if (sim.mode === 'end' || (yield* refusesPins(sim))) return;
  yield* updateP2m(sim);
}

/** With the pages that page tables name, which libxc gets memory for too. */
function memoryIsShort(sim: Simulation, place: Place): boolean {
  const maxMemory = sim.config?.maxMemory;
  const { frames } = sim;
  if (maxMemory === undefined || frames.cut || sim.askedMemory instanceof AskedMemory) return false;
  return sim.apply(MEMORY_LIMIT_RULES, { pages: frames.populated, maxMemory }, place);
}

function notePresence(sim: Simulation, place: Place): void {
  const { libxc } = sim;
  const all = [...libxc.vcpus].filter(([id]) => id < VCPU_LIMIT);
  const ids = (test: (vcpu: PvVcpu) => boolean): number[] => all.filter(([, vcpu]) => test(vcpu)).map(([id]) => id);
  const withXsave = ids(({ xsave }) => xsave !== undefined);
  const presence = {
    kind: 'pv' as const,
    hasBasic0: libxc.vcpus.get(0)?.basic !== undefined,
    headless: ids(({ basic }) => basic === undefined),
    noExtended: ids(({ basic, extended }) => basic !== undefined && extended === undefined),
    noXsave: withXsave.length === 0 ? [] : ids(({ basic, xsave }) => basic !== undefined && xsave === undefined),
    sawSharedInfo: libxc.sawSharedInfo,
    sawTsc: libxc.sawTsc,
    pages: libxc.pageRecords,
  };
  sim.apply(PV_PRESENCE_RULES, presence, place);
  sim.apply(TSC_PRESENCE_RULES, presence, place);
}

function* updateVcpus(sim: Simulation, place: Place): Reading<boolean> {
  const { libxc } = sim;
  const has0 = libxc.vcpus.get(0)?.basic !== undefined;
  const ids = [...libxc.vcpus.keys()].filter((id) => id < VCPU_LIMIT).toSorted((a, b) => a - b);
  if (!has0 && sim.apply(BASIC0_RULES, { hasBasic0: false }, place)) return false;
  for (const id of ids) {
    const vcpu = libxc.vcpus.get(id) ?? {};
    if (vcpu.basic && (yield* setBasic(sim, id, vcpu.basic))) return false;
    if (vcpu.extended && (yield* setExtended(sim, id, vcpu.extended))) return false;
    if (vcpu.xsave && (yield* setXsave(sim, id, vcpu.xsave))) return false;
    if (vcpu.msrs && (yield* setMsrs(sim, id, vcpu.msrs))) return false;
  }
  sim.fact(`registers of ${ids.length} VCPU${ids.length === 1 ? '' : 's'}`);
  return true;
}

const failed =
  (id: number, what: string): Tail =>
  (hit, rule) => [says.libxc(`Failed to set vcpu${id}'s ${what}${errnoTail(hit.errno ?? rule.errno ?? 22)}`)];

function* setBasic(sim: Simulation, id: number, blob: Blob): Reading<boolean> {
  const { width } = sim.libxc;
  const context = basicContext(yield* sim.read(blob.offset, blob.length), width, id);
  const word = (at: number): Place => ({ offset: blob.offset + at, length: width });
  if (id === 0 && (yield* badStartInfo(sim, context, word(context.frameOffsets.startInfo)))) return true;
  if (sim.apply(GDT_COUNT_RULES, context, blob)) return true;
  const frames = Math.ceil(Number(BigInt.asUintN(32, context.gdtEntries)) / 512);
  for (let index = 0; index < frames; index++) {
    const at = word(context.frameOffsets.gdtFrames + index * width);
    if (badPage(sim, GDT_FRAME_RULES, context.gdtFrames[index] ?? 0n, at, index)) return true;
  }
  if (badPage(sim, CR3_RULES, context.cr3Pfn, word(context.frameOffsets.cr3))) return true;
  if ((context.cr1 & 1n) === 1n && badPage(sim, CR1_RULES, context.cr1 >> 12n, word(context.frameOffsets.cr1)))
    return true;
  const tail = failed(id, 'basic info');
  return sim.apply(CONTEXT_RULES, context, blob, tail) || (yield* refusesPages(sim, context, blob, tail));
}

function* badStartInfo(sim: Simulation, { startInfo }: BasicContext, place: Place): Reading<boolean> {
  if (badPage(sim, START_INFO_RULES, startInfo, place)) return true;
  if (sim.blankPages) return false;
  const page = sim.scan.pages.last(Number(startInfo), ({ offset }) => offset >= 0);
  const offset = page?.offset ?? place.offset;
  const raw = page ? yield* sim.read(page.offset, 128) : new Uint8Array(128);
  const { width } = sim.libxc;
  const layout = width === 4 ? START_INFO_32 : START_INFO_64;
  const at = { store: locate(layout, 'store_mfn').offset, console: locate(layout, 'console.mfn').offset };
  const value = (from: number): bigint => (width === 4 ? BigInt(readU32(raw, from, true)) : readU64(raw, from, true));
  const ring = (from: number): Place => (page ? { offset: offset + from, length: width } : place);
  if (badPage(sim, STORE_RULES, value(at.store), ring(at.store))) return true;
  return badPage(sim, CONSOLE_RULES, value(at.console), ring(at.console));
}

function* setExtended(sim: Simulation, id: number, blob: Blob): Reading<boolean> {
  const raw = new Uint8Array(128);
  raw.set((yield* sim.reader.at(blob.offset, Math.min(blob.length, 128))).subarray(0, 128));
  const subject = {
    vcpu: readU32(raw, 0, true),
    size: readU32(raw, 4, true),
    sysenter: readU64(raw, 8, true),
    syscall32: readU64(raw, 16, true),
    mcgCap: readU64(raw, 32, true),
    length: blob.length,
    recordVcpu: id,
    maxVcpus: sim.config?.maxVcpus ?? Number.POSITIVE_INFINITY,
    capabilities: capabilitiesOf(sim),
  };
  return sim.apply(EXTENDED_RULES, subject, blob, failed(id, 'extended info'));
}

/** XCR0, XCR0_accum, and the header of the area at 512. */
const XSAVE_WORDS = 16;
const XSAVE_HEADER = XSAVE_WORDS + 512;

function* setXsave(sim: Simulation, id: number, blob: Blob): Reading<boolean> {
  const raw = new Uint8Array(XSAVE_HEADER + 64);
  raw.set((yield* sim.reader.at(blob.offset, Math.min(blob.length, raw.length))).subarray(0, raw.length));
  const accum = readU64(raw, 8, true);
  const host = hostComponents(sim.target);
  const subject = {
    xcr0: readU64(raw, 0, true),
    accum,
    bv: readU64(raw, XSAVE_HEADER, true),
    compacted: readU64(raw, XSAVE_HEADER + 8, true),
    reserved: raw.subarray(XSAVE_HEADER + 16).some((byte) => byte !== 0),
    allowed: sim.guestCpu ? xcr0Max(sim.guestCpu) : undefined,
    host,
    length: blob.length,
    areaSize: xstateSize(accum, sim.target?.host),
    hostSize: host === undefined ? undefined : xstateSize(host, sim.target?.host),
  };
  sim.apply(UNUSED_XSAVE_RULES, subject, blob);
  return sim.apply(PV_XSAVE_RULES, subject, blob, failed(id, 'xsave info'));
}

const MSR_ENTRY_SIZE = 16;
const MSR_READ_LIMIT = 64 * MSR_ENTRY_SIZE;

function* setMsrs(sim: Simulation, id: number, blob: Blob): Reading<boolean> {
  const raw = yield* sim.read(blob.offset, Math.min(blob.length, MSR_READ_LIMIT));
  const entries = Array.from({ length: raw.length / MSR_ENTRY_SIZE }, (_, index) => ({
    index: readU32(raw, index * MSR_ENTRY_SIZE, true),
    reserved: readU32(raw, index * MSR_ENTRY_SIZE + 4, true),
    value: readU64(raw, index * MSR_ENTRY_SIZE + 8, true),
  }));
  return sim.apply(PV_MSR_RULES, { vcpu: id, entries, cpu: sim.guestCpu }, blob, failed(id, 'msrs'));
}
