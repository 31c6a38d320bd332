/** The state of a PV vCPU, handed to Xen. Source: xg_sr_restore_x86_pv.c, process_vcpu_basic() to process_vcpu_msrs(). */
import { CR1_PFN } from '../../../format/pv/roots';
import { fieldsOf } from '../../../format/kit/fields';
import { sizeOf } from '../../../format/kit/layout';
import { frameNumber } from '../../../format/page';
import { EXT_VCPUCONTEXT } from '../../../format/pv/extended';
import { PV_XSAVE, XSAVE_AREA, XSAVE_HEADER } from '../../../format/x86/xsave-layouts';
import type { Reading } from '../../../scan/reader';
import { errnoTail } from '../../kit/errno';
import { says } from '../../kit/log-line';
import { type PvContext, readContext } from '../../rules/pv/context';
import { EXTENDED_RULES } from '../../rules/pv/extended';
import { CR1_RULES, CR3_RULES, GDT_FRAME_RULES } from '../../rules/pv/frames';
import { PV_MSR_RULES } from '../../rules/pv/msrs';
import { CONTEXT_RULES, GDT_COUNT_RULES } from '../../rules/pv/state';
import { UNUSED_XSAVE_RULES } from '../../rules/spec';
import { PV_XSAVE_RULES } from '../../rules/x86/xstate';
import { MSR_SIZE, msrsOf } from '../../target/policy';
import { hostComponents, xcr0Max, xstateSize } from '../../target/xstate';
import { readStruct } from '../read-struct';
import type { Simulation, Tail } from '../simulation';
import type { Blob, PvVcpu } from '../state';
import { badPage } from './named-page';
import { refusesPages } from './pin/pin';
import { within } from './places';
import { badStartInfo } from './start-info';

/** Hands over all that libxc has kept of a vCPU, in its order; true where libxc or Xen gives up. */
export function* refusesState(sim: Simulation, id: number, vcpu: PvVcpu): Reading<boolean> {
  return (
    (vcpu.basic !== undefined && (yield* refusesBasic(sim, id, vcpu.basic))) ||
    (vcpu.extended !== undefined && (yield* refusesExtended(sim, id, vcpu.extended))) ||
    (vcpu.xsave !== undefined && (yield* refusesXsave(sim, id, vcpu.xsave))) ||
    (vcpu.msrs !== undefined && (yield* refusesMsrs(sim, id, vcpu.msrs)))
  );
}

const failed =
  (id: number, what: string): Tail =>
  (hit, rule) => [says.libxc(`Failed to set vcpu${id}'s ${what}${errnoTail(hit.errno ?? rule.errno ?? 22)}`)];

function* refusesBasic(sim: Simulation, id: number, blob: Blob): Reading<boolean> {
  const context = readContext(yield* sim.read(blob.offset, blob.length), sim.libxc.width, id);
  if (id === 0 && (yield* badStartInfo(sim, context.startInfo, within(blob, context.places.startInfo)))) return true;
  if (sim.apply(GDT_COUNT_RULES, context, blob) || namesBadPage(sim, context, blob)) return true;
  const tail = failed(id, 'basic info');
  return sim.apply(CONTEXT_RULES, context, blob, tail) || (yield* refusesPages(sim, context, blob, tail));
}

/** Tells whether libxc gives up at a page that the registers name. */
function namesBadPage(sim: Simulation, { gdtPages, cr3Pfn, cr1, field }: PvContext, blob: Blob): boolean {
  for (const [index, pfn] of gdtPages.entries())
    if (badPage(sim, GDT_FRAME_RULES, pfn, within(blob, field(`gdt_frames[${index}]`)), index)) return true;
  if (badPage(sim, CR3_RULES, cr3Pfn, within(blob, field('ctrlreg.cr3')))) return true;
  return (cr1 & CR1_PFN) !== 0n && badPage(sim, CR1_RULES, frameNumber(cr1), within(blob, field('ctrlreg.cr1')));
}

function* refusesExtended(sim: Simulation, id: number, blob: Blob): Reading<boolean> {
  const subject = {
    state: yield* readStruct(sim.reader, EXT_VCPUCONTEXT, blob),
    length: blob.length,
    recordVcpu: id,
    maxVcpus: sim.config?.maxVcpus ?? Number.POSITIVE_INFINITY,
    xen: sim.xen,
    target: sim.target,
    cpu: sim.guestCpu,
  };
  return sim.apply(EXTENDED_RULES, subject, blob, failed(id, 'extended info'));
}

/** Offset of the header of the XSAVE area in the blob, behind the masks. */
const XSAVE_HEADER_AT = fieldsOf(XSAVE_AREA, sizeOf(PV_XSAVE))('xsave_hdr').offset;

function* refusesXsave(sim: Simulation, id: number, blob: Blob): Reading<boolean> {
  const { xcr0, xcr0_accum: accum } = yield* readStruct(sim.reader, PV_XSAVE, blob);
  const header = { offset: blob.offset + XSAVE_HEADER_AT, length: blob.length - XSAVE_HEADER_AT };
  const { xstate_bv: bv, xcomp_bv: compacted, reserved } = yield* readStruct(sim.reader, XSAVE_HEADER, header);
  const host = hostComponents(sim.target);
  const subject = {
    xcr0,
    accum,
    bv,
    compacted,
    reserved: reserved.some((byte) => byte !== 0),
    allowed: sim.guestCpu ? xcr0Max(sim.guestCpu) : undefined,
    host,
    length: blob.length,
    areaSize: xstateSize(accum, sim.target?.host),
    hostSize: host === undefined ? undefined : xstateSize(host, sim.target?.host),
  };
  sim.apply(UNUSED_XSAVE_RULES, subject, blob);
  return sim.apply(PV_XSAVE_RULES, subject, blob, failed(id, 'xsave info'));
}

/** Bytes of MSRs that are looked at: Xen refuses far fewer. */
const MSR_LIMIT = 64 * MSR_SIZE;

function* refusesMsrs(sim: Simulation, id: number, blob: Blob): Reading<boolean> {
  const entries = msrsOf(yield* sim.read(blob.offset, Math.min(blob.length, MSR_LIMIT)));
  return sim.apply(PV_MSR_RULES, { vcpu: id, entries, cpu: sim.guestCpu }, blob, failed(id, 'msrs'));
}
