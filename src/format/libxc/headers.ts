/** libxc image and domain header. */
import { PAGE_SHIFT } from '../page';
import { sizeOf, struct, u16, u32, u64 } from '../kit/layout';

/** All ones, where a legacy stream has its number of pages. */
export const IMAGE_MARKER = 0xffff_ffff_ffff_ffffn;
/** "XENF" */
export const IMAGE_ID = 0x5845_4e46;
/** Option bit: the stream is big-endian. */
export const IMAGE_OPTION_BIG_ENDIAN = 1;

/** Kinds of guest, as the domain header numbers them. */
export const DomainType = { X86_PV: 1, X86_HVM: 2 } as const;

const SOURCE = 'docs/specs/libxc-migration-stream.pandoc; tools/libs/guest/xg_sr_stream_format.h';

export const IMAGE_HEADER = struct(
  'IMAGE_HEADER',
  {
    marker: u64({
      endian: 'big',
      display: 'hex',
      mustBe: IMAGE_MARKER,
      doc: 'All ones: no legacy stream can start so.',
    }),
    id: u32({ endian: 'big', display: 'hex', mustBe: IMAGE_ID, doc: '"XENF" in ASCII.' }),
    version: u32({
      endian: 'big',
      names: { 2: 'Xen 4.6 – 4.13', 3: 'Xen 4.14 and later' },
      doc: 'Version of the libxc stream.',
    }),
    options: u16({
      endian: 'big',
      display: 'hex',
      doc: 'Byte order of all that follows.',
      bits: {
        BIG_ENDIAN: { at: 0, doc: 'Stream is big-endian; Xen refuses it.' },
        reserved: {
          at: 1,
          width: 15,
          reserved: true,
          display: 'hex',
          mustBe: 0,
          doc: 'Not assigned: zeros, which no reader tests.',
        },
      },
    }),
    reserved16: u16({ reserved: true, endian: 'big', display: 'hex', mustBe: 0, doc: 'Reserved; readers ignore it.' }),
    reserved32: u32({ reserved: true, endian: 'big', display: 'hex', mustBe: 0, doc: 'Reserved; readers ignore it.' }),
  },
  { doc: 'Starts the libxc stream.', source: `${SOURCE} (xc_sr_ihdr)` },
);

/** Bytes of the image header. */
export const IMAGE_HEADER_SIZE = sizeOf(IMAGE_HEADER);

export const DOMAIN_HEADER = struct(
  'DOMAIN_HEADER',
  {
    type: u32({ names: { 1: 'x86 PV', 2: 'x86 HVM' }, doc: 'Kind of guest; PVH counts as HVM.' }),
    page_shift: u16({ mustBe: PAGE_SHIFT, doc: 'Page size as a power of two.' }),
    reserved: u16({ reserved: true, display: 'hex', mustBe: 0, doc: 'Reserved; readers ignore it.' }),
    xen_major: u32({
      names: { 0: 'converted from a legacy stream' },
      doc: 'Major version of the Xen that saved the domain; 0 for a stream converted from the legacy format.',
    }),
    xen_minor: u32({
      doc: 'Its minor version, or the version of the converter.',
      refine: ({ xen_major }) => (xen_major === 0 ? { doc: 'Version of the converter.' } : undefined),
    }),
  },
  { doc: 'What kind of guest follows, and which Xen saved it.', source: `${SOURCE} (xc_sr_dhdr)` },
);

/** Bytes of the domain header, which follows the image header. */
export const DOMAIN_HEADER_SIZE = sizeOf(DOMAIN_HEADER);
