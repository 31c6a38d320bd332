/** What the body of every record of a PV vCPU starts with. Source: libxc-migration-stream.pandoc § X86_PV_VCPU_*. */
import { sizeOf, struct, u32 } from '../kit/layout';

export const VCPU_HEADER = struct(
  'vcpu header',
  {
    vcpu_id: u32({ doc: 'vCPU that the record belongs to.' }),
    reserved: u32({ reserved: true, display: 'hex', mustBe: 0, doc: 'Reserved, 0; restore ignores it.' }),
  },
  { source: 'docs/specs/libxc-migration-stream.pandoc (X86_PV_VCPU_BASIC, EXTENDED, XSAVE, MSRS)' },
);

/** vCPUs that Xen allows in a domain of any kind: ids are below. Source: public/xen.h, xen/include/xen/domain.h (MAX_VIRT_CPUS). */
export const VCPU_ID_LIMIT = 8192;

/** Bytes of the header in front of the state of a PV vCPU. */
export const VCPU_HEADER_SIZE = sizeOf(VCPU_HEADER);
