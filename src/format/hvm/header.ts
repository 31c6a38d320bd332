/** HVM save record HEADER (1). Source: public/arch-x86/hvm/save.h (struct hvm_save_header). */
import { struct, u32, u64 } from '../kit/layout';

export const HVM_HEADER = struct('hvm_save_header', {
  magic: u32({ display: 'hex', mustBe: 0x5438_1286, doc: 'Says that this is an HVM context.' }),
  version: u32({ mustBe: 1 }),
  changeset: u64({ display: 'hex', doc: 'Changeset of the saving Xen; all ones when unknown.' }),
  cpuid: u32({ display: 'hex', doc: 'CPUID leaf 1 eax of the saving host.' }),
  gtsc_khz: u32({ display: 'khz', doc: 'TSC frequency that the guest was told.' }),
});
