/** libxl stream header. */
import { sizeOf, struct, u32, u64 } from '../kit/layout';

/** "LibxlFmt" */
export const LIBXL_IDENT = 0x4c69_6278_6c46_6d74n;
/** Option bit: the stream is big-endian. */
export const LIBXL_OPTION_BIG_ENDIAN = 1;
/** Option bit: the stream came out of the converter for legacy images. */
export const LIBXL_OPTION_LEGACY = 2;

export const LIBXL_HEADER = struct(
  'LIBXL_HEADER',
  {
    ident: u64({ endian: 'big', display: 'hex', mustBe: LIBXL_IDENT, doc: '"LibxlFmt" in ASCII.' }),
    version: u32({ endian: 'big', mustBe: 2, doc: 'Version of the libxl stream.' }),
    options: u32({
      endian: 'big',
      display: 'hex',
      doc: 'Byte order of the stream and where it comes from.',
      bits: {
        BIG_ENDIAN: { at: 0, doc: 'Stream is big-endian; Xen refuses it.' },
        LEGACY: { at: 1, doc: 'Stream came out of the converter for legacy images.' },
        reserved: {
          at: 2,
          width: 30,
          reserved: true,
          display: 'hex',
          mustBe: 0,
          doc: 'Not assigned: zeros, which no reader tests.',
        },
      },
    }),
  },
  {
    doc: 'Starts the stream that libxl writes.',
    source: 'docs/specs/libxl-migration-stream.pandoc § Header; libxl_sr_stream_format.h (libxl__sr_hdr)',
  },
);

/** Bytes of the header of a libxl stream. */
export const LIBXL_HEADER_SIZE = sizeOf(LIBXL_HEADER);
