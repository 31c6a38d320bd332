/** Where in the file the registers of each VCPU stand that a restore would take. */
import { HVM_DESCRIPTOR_SIZE } from '../../format/hvm/entries';
import { HvmType } from '../../format/hvm/types';
import { LibxcType } from '../../format/libxc/types';
import { RECORD_HEADER_SIZE } from '../../format/framing';
import { VCPU_HEADER_SIZE } from '../../format/libxc/vcpu-header';
import type { Exportable } from './plan';

export interface VcpuPlace {
  readonly id: number;
  /** File offset of the vcpu_guest_context or hvm_hw_cpu. */
  readonly offset: number;
  readonly length: number;
}

/** Ascending by number. */
export function vcpuPlaces(file: Exportable): VcpuPlace[] {
  const found = new Map<number, VcpuPlace>();
  const { records, image } = file;
  const end = image.pagesEnd?.why === 'checkpoint' ? image.pagesEnd.record : records.count;
  for (const { typecode, instance, record, offset, length } of image.context) {
    if (typecode !== HvmType.CPU || record >= end) continue;
    found.set(instance, { id: instance, offset: offset + HVM_DESCRIPTOR_SIZE, length });
  }
  for (const index of recordsOf(file, LibxcType.X86_PV_VCPU_BASIC)) {
    const id = records.vcpuAt(index);
    const length = records.lengthAt(index) - VCPU_HEADER_SIZE;
    // Without a context the VCPU is down.
    if (id < 0 || length <= 0 || records.isDamaged(index)) continue;
    found.set(id, { id, offset: records.offsetAt(index) + RECORD_HEADER_SIZE + VCPU_HEADER_SIZE, length });
  }
  return [...found.values()].toSorted((a, b) => a.id - b.id);
}

/** Records of a libxc type that a restore takes, in stream order. */
export function* recordsOf({ records, image }: Exportable, type: number): Generator<number> {
  const end = image.pagesEnd?.why === 'checkpoint' ? image.pagesEnd.record : records.count;
  for (let index = 0; index < end; index++) {
    if (records.typeAt(index) === type && records.layerAt(index) === 'libxc' && !records.isHeader(index)) yield index;
  }
}
