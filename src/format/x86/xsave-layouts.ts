/**
 * Layouts of the extended state of a vCPU: the masks that a record or entry starts with, and the fixed part of the XSAVE
 * area behind them. Source: Xen, asm/xstate.h (struct xsave_struct); Intel SDM vol. 1 § 13.4.
 */
import { sizeOf, struct, u64, zeros } from '../kit/layout';
import { FXSAVE } from './fxsave';
import { MASK_BITS, XSTATE_BITS } from './xcr0';

const mask = (doc: string) => u64({ display: 'hex', bits: MASK_BITS, doc });

/** The masks in front of the XSAVE area of a PV vCPU. */
export const PV_XSAVE = struct(
  'vcpuextstate',
  {
    xcr0: mask('Components that the guest has switched on.'),
    xcr0_accum: mask('All that it ever had on: what the area has room for.'),
  },
  { source: 'Xen, arch/x86/domctl.c (XEN_DOMCTL_getvcpuextstate)' },
);

/** The masks in front of the XSAVE area of an HVM vCPU. */
export const HVM_XSAVE = struct(
  'hvm_hw_cpu_xsave',
  { xfeature_mask: mask('Components of the saving host; ignored on restore.'), ...PV_XSAVE.fields },
  { source: 'Xen, public/arch-x86/hvm/save.h (struct hvm_hw_cpu_xsave)' },
);

/** The header of an XSAVE area, behind the legacy region. */
export const XSAVE_HEADER = struct(
  'xsave_hdr',
  {
    xstate_bv: mask('Components whose bytes count; all others are in their initial state.'),
    xcomp_bv: u64({
      display: 'hex',
      mustBe: 0,
      bits: { ...XSTATE_BITS, compacted: { at: 63, doc: 'Compacted format' } },
      doc: 'Components that a compacted area holds. Xen only takes areas that are not compacted.',
    }),
    reserved: zeros(48, { doc: 'Reserved; Xen refuses anything but zeros.' }),
  },
  {
    doc: 'Which components the area holds, and how.',
    source: 'Intel SDM vol. 1 § 13.4.2; Xen, asm/xstate.h (struct xsave_hdr)',
  },
);

/** What every XSAVE area starts with: the legacy region and the header. Components follow. */
export const XSAVE_AREA = struct('xsave_struct', { fpu_sse: FXSAVE, xsave_hdr: XSAVE_HEADER });

/** Bytes of the legacy region and the header: all that an area has without further components. */
export const AREA_MIN_SIZE = sizeOf(XSAVE_AREA);
