/** xl save file header and the optional data behind it. */
import { bytes, struct, text, u32 } from '../kit/layout';

/** `Xen saved domain, xl format\n \0 \r` */
export const XL_MAGIC = 'Xen saved domain, xl format\n \0 \r';
export const XL_HEADER_SIZE = 48;
export const XL_BYTEORDER = 0x0102_0304;

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

/** The optional data as xl writes it: the domain's configuration. */
export const XL_CONFIG = struct(
  'optional data',
  {
    config_len: u32({ display: 'bytes', doc: 'Bytes of configuration, the closing NUL of JSON included.' }),
    config: text((before) => Number(before['config_len']), {
      doc: 'Domain configuration: libxl_domain_config as JSON, or xl.cfg text when the JSON flag is clear.',
    }),
    unread: bytes('rest', { doc: 'Anything else in the optional data: skipped by xl.' }),
  },
  { doc: 'What lies between the header of xl and the stream.', source: SOURCE },
);
