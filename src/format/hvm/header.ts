/** HVM save record HEADER (1). Source: public/arch-x86/hvm/save.h (struct hvm_save_header). */
import { hex0x } from '../../lib/text';
import { struct, u32, u64 } from '../kit/layout';

/** `family 0x17, model 0x1, stepping 2` out of CPUID leaf 1 eax. */
function cpuModel(eax: number): string {
  const family = (eax >> 8) & 0xf;
  const isExtended = family === 0xf;
  const model = (eax >> 4) & 0xf;
  const hasModel = isExtended || family === 6;
  return [
    `family ${hex0x(isExtended ? family + ((eax >> 20) & 0xff) : family)}`,
    `model ${hex0x(hasModel ? model + (((eax >> 16) & 0xf) << 4) : model)}`,
    `stepping ${eax & 0xf}`,
  ].join(', ');
}

export const HVM_HEADER = struct(
  'hvm_save_header',
  {
    magic: u32({ display: 'hex', mustBe: 0x5438_1286, doc: 'Says that this is an HVM context.' }),
    version: u32({ mustBe: 1, doc: 'Version of the format; there is only one.' }),
    changeset: u64({
      display: 'hex',
      doc: 'Changeset of the saving Xen; all ones when it does not know its own.',
      note: (value) => (BigInt(value) === 0xffff_ffff_ffff_ffffn ? 'unknown' : undefined),
    }),
    cpuid: u32({
      display: 'hex',
      doc: 'CPUID leaf 1 eax of the saving host: family, model, stepping.',
      note: (value) => cpuModel(Number(value)),
    }),
    gtsc_khz: u32({ display: 'khz', doc: 'TSC frequency that the guest was told.' }),
  },
  { source: 'public/arch-x86/hvm/save.h (struct hvm_save_header)' },
);
