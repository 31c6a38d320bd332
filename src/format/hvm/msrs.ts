/** HVM save record CPU_MSR (20). Source: public/arch-x86/hvm/save.h (struct hvm_msr). */
import { hex0x } from '../../lib/text';
import { fieldsOf } from '../kit/fields';
import { array, struct, u32, u64 } from '../kit/layout';
import { MSR_NAMES, msrOptions } from '../x86/msrs';
import { ignored } from './padding';

const SOURCE = 'public/arch-x86/hvm/save.h';

export const HVM_ONE_MSR = struct(
  'hvm_one_msr',
  {
    index: u32({ display: 'hex', names: MSR_NAMES, doc: 'Number of the MSR.' }),
    _rsvd: u32({ reserved: true, display: 'hex', mustBe: 0, doc: 'Reserved; Xen refuses anything but zero.' }),
    val: u64({
      display: 'register',
      doc: 'Its value.',
      refine: ({ index }) => msrOptions(Number(index)),
    }),
  },
  {
    doc: 'One MSR and its value.',
    source: `${SOURCE} (struct hvm_one_msr)`,
    summary: ({ index, val }) =>
      index === undefined || val === undefined
        ? undefined
        : `${MSR_NAMES[Number(index)] ?? hex0x(index)} = ${hex0x(val)}`,
  },
);

export const HVM_CPU_MSR = struct(
  'hvm_msr',
  {
    count: u32({ doc: 'Number of MSRs that follow; Xen leaves the entry out where there is none.' }),
    padding: ignored(4),
    msr: array(HVM_ONE_MSR, (before) => Number(before['count']), { doc: 'MSRs of this vCPU whose value is not zero.' }),
  },
  { source: `${SOURCE} (struct hvm_msr)` },
);

/** Bytes of a CPU_MSR entry in front of its first MSR. */
export const HVM_MSRS_AT = fieldsOf(HVM_CPU_MSR)('count', 'padding').length;
