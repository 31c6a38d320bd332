/** How the body of each header and record decodes: the register of all layouts. Large; a page loads it when it is used. */
import { isPrintable } from '../lib/text';
import { decode } from './kit/decode';
import type { StructField } from './kit/layout';
import type { Body, FieldNode } from './kit/node';
import { cString } from './kit/parse';
import { decodeHvmContext } from './hvm/context';
import { DOMAIN_HEADER, IMAGE_HEADER } from './libxc/headers';
import { HVM_PARAMS } from './libxc/hvm-params';
import { CHECKPOINT_DIRTY_PFN_LIST, EMPTY, TOOLSTACK, X86_PV_INFO, X86_TSC_INFO } from './libxc/info';
import { decodeP2mFrames } from './libxc/p2m-frames';
import { decodePageData } from './libxc/page-data';
import { X86_CPUID_POLICY, X86_MSR_POLICY } from './libxc/policy';
import { decodeSharedInfo } from './libxc/shared-info';
import { LibxcType, OPTIONAL_RECORD } from './libxc/types';
import { HeaderType, type Layer } from './records';
import { decodeLibvirtHeader } from './libvirt/decode';
import { LIBXL_HEADER } from './libxl/header';
import { decodeEmulatorContext } from './libxl/emulator-context';
import { CHECKPOINT_STATE, LibxlType } from './libxl/records';
import { decodeXenstoreData } from './libxl/xenstore-data';
import { decodeVcpuBasic, decodeVcpuExtended, decodeVcpuMsrs, decodeVcpuXsave } from './pv/vcpu';
import { decodeXlHeader } from './xl/decode';

type Decoder = (body: Body) => FieldNode[];

const by =
  (layout: StructField): Decoder =>
  (body) =>
    decode(layout, body);
const empty = by(EMPTY);

const LIBXC: Readonly<Record<number, Decoder>> = {
  [LibxcType.END]: empty,
  [LibxcType.PAGE_DATA]: decodePageData,
  [LibxcType.X86_PV_INFO]: by(X86_PV_INFO),
  [LibxcType.X86_PV_P2M_FRAMES]: decodeP2mFrames,
  [LibxcType.X86_PV_VCPU_BASIC]: decodeVcpuBasic,
  [LibxcType.X86_PV_VCPU_EXTENDED]: decodeVcpuExtended,
  [LibxcType.X86_PV_VCPU_XSAVE]: decodeVcpuXsave,
  [LibxcType.SHARED_INFO]: decodeSharedInfo,
  [LibxcType.X86_TSC_INFO]: by(X86_TSC_INFO),
  [LibxcType.HVM_CONTEXT]: decodeHvmContext,
  [LibxcType.HVM_PARAMS]: by(HVM_PARAMS),
  [LibxcType.TOOLSTACK]: by(TOOLSTACK),
  [LibxcType.X86_PV_VCPU_MSRS]: decodeVcpuMsrs,
  [LibxcType.VERIFY]: empty,
  [LibxcType.CHECKPOINT]: empty,
  [LibxcType.CHECKPOINT_DIRTY_PFN_LIST]: by(CHECKPOINT_DIRTY_PFN_LIST),
  [LibxcType.STATIC_DATA_END]: empty,
  [LibxcType.X86_CPUID_POLICY]: by(X86_CPUID_POLICY),
  [LibxcType.X86_MSR_POLICY]: by(X86_MSR_POLICY),
};

const LIBXL: Readonly<Record<number, Decoder>> = {
  [LibxlType.END]: empty,
  [LibxlType.LIBXC_CONTEXT]: empty,
  [LibxlType.EMULATOR_XENSTORE_DATA]: decodeXenstoreData,
  [LibxlType.EMULATOR_CONTEXT]: decodeEmulatorContext,
  [LibxlType.CHECKPOINT_END]: empty,
  [LibxlType.CHECKPOINT_STATE]: by(CHECKPOINT_STATE),
};

const HEADERS: Readonly<Record<number, Decoder>> = {
  [HeaderType.XL_HEADER]: decodeXlHeader,
  [HeaderType.LIBVIRT_HEADER]: decodeLibvirtHeader,
  [HeaderType.LIBXL_HEADER]: by(LIBXL_HEADER),
  [HeaderType.IMAGE_HEADER]: by(IMAGE_HEADER),
  [HeaderType.DOMAIN_HEADER]: by(DOMAIN_HEADER),
};

/** Decodes the body of a record, of a type that the format defines or not. */
export function decodeRecord(layer: Layer, type: number, body: Body): FieldNode[] {
  const decoder = (layer === 'libxc' ? LIBXC : LIBXL)[type];
  return decoder ? decoder(body) : decodeUnknown(type, body);
}

/** Decodes a header by its number in the index. */
export function decodeHeader(headerType: number, body: Body): FieldNode[] {
  return HEADERS[headerType]?.(body) ?? [];
}

/** Decodes the body of a type that the format does not define: text if it is 7-bit text, else opaque bytes. */
function decodeUnknown(type: number, body: Body): FieldNode[] {
  if (body.length === 0) return [];
  const sample = body.bytes.subarray(0, 4096);
  const isText =
    sample.length > 0 &&
    sample.every((byte) => isPrintable(byte) || byte === 0 || (byte >= 9 && byte <= 13)) &&
    isPrintable(sample[0] ?? 0);
  const value = isText ? cString(sample) : null;
  return [
    {
      name: isText ? 'text' : 'data',
      offset: body.offset,
      length: body.length,
      value,
      text: value ?? '',
      doc:
        type >= OPTIONAL_RECORD
          ? 'Optional record (bit 31) of a type that the specification does not assign: libxc skips it.'
          : 'The specification assigns no meaning to this type: a reader must refuse it.',
    },
  ];
}
