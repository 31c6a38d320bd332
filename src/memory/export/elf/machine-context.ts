/** Registers of a PV vCPU as they were: with machine frames where the saver has put PFNs. Source: write_one_vcpu_basic() of libxc. */
import { foldPfn, foldedPfn } from '../../../format/pv/roots';
import { addressOf, FRAME_MASK, frameNumber } from '../../../format/page';
import { locate } from '../../../format/kit/locate';
import { GUEST_CONTEXT_32, GUEST_CONTEXT_32_SIZE } from '../../../format/pv/guest-context-32';
import { GUEST_CONTEXT_64 } from '../../../format/pv/guest-context-64';
import { DESCRIPTORS_PER_PAGE } from '../../../format/x86/descriptor';
import { FIRST_XEN_ENTRY } from '../../../format/x86/selector';
import { hex0x } from '../../../lib/text';
import { ExportRefused } from '../kit/plan';
import type { MachineFrames } from './machine-frames';

/** Pages that a guest's GDT takes at most. */
const GDT_FRAMES = FIRST_XEN_ENTRY / DESCRIPTORS_PER_PAGE;

/**
 * Returns a vcpu_guest_context of either width with machine frames in place of PFNs. Rejects with `ExportRefused` where a
 * page has no frame, and with `ReadError`.
 */
export async function machineContext(bytes: Uint8Array, vcpu: number, frames: MachineFrames): Promise<Uint8Array> {
  // A copy, whatever the source gives: `slice` of a Buffer is none.
  const out = new Uint8Array(bytes);
  const view = new DataView(out.buffer);
  const narrow = bytes.length === GUEST_CONTEXT_32_SIZE;
  const layout = narrow ? GUEST_CONTEXT_32 : GUEST_CONTEXT_64;
  const get = (path: string): bigint => {
    const { offset } = locate(layout, path);
    return narrow ? BigInt(view.getUint32(offset, true)) : view.getBigUint64(offset, true);
  };
  const put = (path: string, value: bigint): void => {
    const { offset } = locate(layout, path);
    if (narrow) view.setUint32(offset, Number(value), true);
    else view.setBigUint64(offset, value, true);
  };
  const frameOf = async (pfn: bigint, what: string): Promise<bigint> => {
    const frame = await frames.frame(Number(pfn));
    if (frame === undefined)
      throw new ExportRefused(
        `${what} of vCPU ${vcpu} names PFN ${hex0x(Number(pfn))}, which has no machine frame in the guest’s list`,
      );
    return BigInt(frame);
  };

  // The argument of the hypercall that suspended the guest.
  const argument = narrow ? 'user_regs.edx' : 'user_regs.rdx';
  if (vcpu === 0) put(argument, await frameOf(get(argument), argument));
  const count = Math.min(GDT_FRAMES, Math.ceil(Number(get('gdt_ents')) / DESCRIPTORS_PER_PAGE));
  for (let index = 0; index < count; index++) {
    const path = `gdt_frames[${index}]`;
    put(path, await frameOf(get(path), path));
  }
  const cr3 = get('ctrlreg.cr3');
  if (narrow) {
    const frame = await frameOf(BigInt(foldedPfn(Number(cr3))), 'cr3');
    put('ctrlreg.cr3', BigInt(foldPfn(Number(frame))));
    return out;
  }
  put('ctrlreg.cr3', (cr3 & ~FRAME_MASK) | addressOf(await frameOf(frameNumber(cr3 & FRAME_MASK), 'cr3')));
  const cr1 = get('ctrlreg.cr1');
  if (cr1 !== 0n)
    put('ctrlreg.cr1', (cr1 & ~FRAME_MASK) | addressOf(await frameOf(frameNumber(cr1 & FRAME_MASK), 'cr1')));
  return out;
}
