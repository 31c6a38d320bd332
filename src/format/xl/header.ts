/** xl save file header and the optional data behind it. */
import { fieldsOf } from '../kit/fields';
import { bytes, sizeOf, struct, text, u32 } from '../kit/layout';
import { parse } from '../kit/parse';

/** `Xen saved domain, xl format\n \0 \r` */
export const XL_MAGIC = 'Xen saved domain, xl format\n \0 \r';
/** The byte order mark, read in the byte order of the host that saved. */
export const XL_BYTEORDER = 0x0102_0304;

/** Bits of `mandatory_flags`. */
export const XlFlag = { JSON: 1, STREAMv2: 2 } as const;

const SOURCE = 'tools/xl/xl.h (struct save_file_header), tools/xl/xl_vmcontrol.c';

export const XL_HEADER = struct(
  'XL_HEADER',
  {
    magic: text(32, {
      doc: 'Names the file kind; its tail of newline, NUL and return shows files mangled in text mode.',
    }),
    byteorder: u32({
      display: 'hex',
      mustBe: XL_BYTEORDER,
      doc: 'The number 0x01020304 in the byte order of the host that saved.',
    }),
    mandatory_flags: u32({
      display: 'hex',
      doc: 'What a reader must understand; an unknown bit makes xl refuse the file.',
      bits: {
        JSON: { at: 0, doc: 'The configuration is JSON, not xl.cfg text; written since Xen 4.5.' },
        STREAMv2: { at: 1, doc: 'A libxl stream follows, not a legacy libxc stream; written since Xen 4.6.' },
        reserved: { at: 2, width: 30, reserved: true, display: 'hex', mustBe: 0, doc: 'No bit with a meaning so far.' },
      },
    }),
    optional_flags: u32({ display: 'hex', mustBe: 0, doc: 'Always written as 0; no reader tests it.' }),
    optional_data_len: u32({ display: 'bytes', doc: 'Bytes of optional data between this header and the stream.' }),
  },
  { doc: 'Starts a file of xl save and a stream of xl migrate.', source: SOURCE },
);

/** Bytes of the header of xl, in front of its optional data. */
export const XL_HEADER_SIZE = sizeOf(XL_HEADER);

const BYTEORDER_AT = fieldsOf(XL_HEADER)('byteorder').offset;

/**
 * Returns the byte order of a header of xl by its mark. A mark that is neither, or cut off, is damage: every image that
 * exists is little-endian.
 */
export const isXlLittleEndian = (header: Uint8Array): boolean =>
  parse(XL_HEADER.fields.byteorder, header, false, BYTEORDER_AT) !== XL_BYTEORDER;

/** The optional data as xl writes it: the domain's configuration. */
export const XL_CONFIG = struct(
  'optional data',
  {
    config_len: u32({ display: 'bytes', doc: 'Bytes of configuration, the closing NUL of JSON included.' }),
    config: text((before) => Number(before['config_len']), {
      document: true,
      doc: 'Domain configuration: libxl_domain_config as JSON, or xl.cfg text when the JSON flag is clear.',
    }),
    unread: bytes('rest', { doc: 'Anything else in the optional data: skipped by xl.' }),
  },
  { doc: 'What lies between the header of xl and the stream.', source: SOURCE },
);

/** Bytes of the length in front of the configuration. */
export const XL_CONFIG_LEN_SIZE = sizeOf(XL_CONFIG.fields.config_len);
