/** How the body of each header and record decodes: the register of all layouts. Large; a page loads it when it is used. */
import { isPrintable } from '../lib/text';
import { decode } from './kit/decode';
import type { StructField } from './kit/layout';
import type { Body, FieldNode } from './kit/node';
import { cString } from './kit/parse';
import { decodeHvmContext } from './hvm/context';
import { HVM_PARAMS } from './libxc/hvm-params';
import { EMPTY, PLAIN_RECORDS } from './libxc/info';
import { decodeP2mFrames } from './libxc/p2m-frames';
import { decodePageData } from './libxc/page-data';
import { X86_CPUID_POLICY, X86_MSR_POLICY } from './libxc/policy';
import { decodeSharedInfo } from './libxc/shared-info';
import { type LibxcType, OPTIONAL_RECORD } from './libxc/types';
import type { HeaderType, Layer, OfStreams } from './layers';
import { decodeLibvirtHeader } from './libvirt/decode';
import { decodeEmulatorContext } from './libxl/emulator-context';
import { CHECKPOINT_STATE } from './libxl/layouts';
import type { LibxlType } from './libxl/types';
import { decodeXenstoreData } from './libxl/xenstore-data';
import { decodeVcpuBasic, decodeVcpuExtended, decodeVcpuMsrs, decodeVcpuXsave } from './pv/vcpu';
import { headerSpec, recordSpec } from './records';
import { decodeXlHeader } from './xl/decode';

type Decoder = (body: Body) => FieldNode[];

/** Makes the decoder of a body that is one structure. */
const by =
  (layout: StructField): Decoder =>
  (body) =>
    decode(layout, body);

/** Makes the decoders of bodies that are one structure each. */
const byEach = <Name extends string>(layouts: Readonly<Record<Name, StructField>>): Readonly<Record<Name, Decoder>> =>
  Object.fromEntries(Object.entries<StructField>(layouts).map(([name, layout]) => [name, by(layout)])) as Record<
    Name,
    Decoder
  >;

const empty = by(EMPTY);

const LIBXC: Readonly<Record<keyof typeof LibxcType, Decoder>> = {
  ...byEach(PLAIN_RECORDS),
  END: empty,
  PAGE_DATA: decodePageData,
  X86_PV_P2M_FRAMES: decodeP2mFrames,
  X86_PV_VCPU_BASIC: decodeVcpuBasic,
  X86_PV_VCPU_EXTENDED: decodeVcpuExtended,
  X86_PV_VCPU_XSAVE: decodeVcpuXsave,
  SHARED_INFO: decodeSharedInfo,
  HVM_CONTEXT: decodeHvmContext,
  HVM_PARAMS: by(HVM_PARAMS),
  X86_PV_VCPU_MSRS: decodeVcpuMsrs,
  VERIFY: empty,
  CHECKPOINT: empty,
  STATIC_DATA_END: empty,
  X86_CPUID_POLICY: by(X86_CPUID_POLICY),
  X86_MSR_POLICY: by(X86_MSR_POLICY),
};

const LIBXL: Readonly<Record<keyof typeof LibxlType, Decoder>> = {
  END: empty,
  LIBXC_CONTEXT: empty,
  EMULATOR_XENSTORE_DATA: decodeXenstoreData,
  EMULATOR_CONTEXT: decodeEmulatorContext,
  CHECKPOINT_END: empty,
  CHECKPOINT_STATE: by(CHECKPOINT_STATE),
};

const RECORDS: OfStreams<Readonly<Partial<Record<string, Decoder>>>> = {
  libxl: LIBXL,
  libxc: LIBXC,
};

/** Headers that hold more than their layout says: a configuration, which becomes a tree. */
const HEADERS: Readonly<Partial<Record<string, Decoder>>> = {
  XL_HEADER: decodeXlHeader,
  LIBVIRT_HEADER: decodeLibvirtHeader,
} satisfies Partial<Record<keyof typeof HeaderType, Decoder>>;

/** Decodes the body of a record, of a type that the format defines or not. */
export function decodeRecord(layer: Layer, type: number, body: Body): FieldNode[] {
  const spec = recordSpec(layer, type);
  const decoder = spec && RECORDS[layer]?.[spec.name];
  return decoder ? decoder(body) : decodeUnknown(type, body);
}

/** Decodes a header by its number in the index. */
export function decodeHeader(headerType: number, body: Body): FieldNode[] {
  const spec = headerSpec(headerType);
  if (!spec) return [];
  const decoder = HEADERS[spec.name] ?? by(spec.layout);
  return decoder(body);
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
