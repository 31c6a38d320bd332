/** xl save file header. Source: tools/xl/xl.h (struct save_file_header), tools/xl/xl_vmcontrol.c. */
import { bytes, struct, text, u32 } from '../kit/layout';

/** `Xen saved domain, xl format\n \0 \r` */
export const XL_MAGIC = 'Xen saved domain, xl format\n \0 \r';
export const XL_HEADER_SIZE = 48;
export const XL_BYTEORDER = 0x0102_0304;

export const XlFlag = { JSON: 1, STREAMv2: 2 } as const;

export const XL_HEADER = struct('XL_HEADER', {
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
    bits: { JSON: 0, STREAMv2: 1, reserved: { at: 2, width: 30, display: 'hex', mustBe: 0 } },
  }),
  optional_flags: u32({ display: 'hex', mustBe: 0, doc: 'Always written as 0; no reader tests it.' }),
  optional_data_len: u32({ display: 'bytes', doc: 'Bytes of optional data between this header and the stream.' }),
});

/** The optional data as xl writes it: the domain's configuration. */
export const XL_CONFIG = struct('optional data', {
  config_len: u32({ display: 'bytes', doc: 'Bytes of configuration, the closing NUL of JSON included.' }),
  config: text((before) => Number(before['config_len']), {
    doc: 'Domain configuration: libxl_domain_config as JSON, or xl.cfg text when the JSON flag is clear.',
  }),
  unread: bytes('rest', { doc: 'Skipped by xl.' }),
});
