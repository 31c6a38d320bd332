/** What xl looks at first: the header of the file, and how long the optional data behind it are. */
import { type Container, LAYER_SPECS } from '../../../format/layers';
import { hex0x } from '../../../lib/text';
import { fieldsOf } from '../../../format/kit/fields';
import { sizeOf, type ValueOf } from '../../../format/kit/layout';
import { XL_BYTEORDER, XL_CONFIG, XL_HEADER, XL_HEADER_SIZE, XL_MAGIC, XlFlag } from '../../../format/xl/header';
import { says } from '../../kit/log-line';
import type { Rule } from '../../kit/rule';
import { ADVICE } from '../../kit/rule';

/** The start of the file as xl reads it; everything 0 that is not there. */
export interface XlFile extends ValueOf<typeof XL_HEADER> {
  readonly fileName: string;
  /** Bytes of the file. */
  readonly size: number;
  /** config_len, where the optional data has room for it. */
  readonly configLength: number;
  /** What the scan takes the file for. */
  readonly container: Container | undefined;
}

const HEADER = 'tools/xl/xl_vmcontrol.c: create_domain()';
const field = fieldsOf(XL_HEADER);
const optional = fieldsOf(XL_CONFIG, XL_HEADER_SIZE);
/** Bytes of config_len, with which the optional data start. */
export const CONFIG_LENGTH_SIZE = sizeOf(XL_CONFIG.fields.config_len);
const KNOWN_FLAGS = XlFlag.JSON | XlFlag.STREAMv2;

export const XL_HEADER_RULES: readonly Rule<XlFile>[] = [
  {
    id: 'XL-02',
    layer: 'xl',
    severity: 'fatal',
    log: [says.xl('file/stream truncated reading header from %s')],
    title: 'the file is shorter than the header of xl',
    explain: 'xl reads 48 bytes first and gives up if they are not there.',
    advice: ADVICE.copy,
    source: HEADER,
    when: ({ size, fileName }) => size < XL_HEADER_SIZE && { values: [fileName], at: { offset: 0, length: size } },
  },
  {
    id: 'XL-03',
    layer: 'xl',
    severity: 'fatal',
    log: [says.xl('File has wrong magic number - corrupt or for a different tool?')],
    title: 'not an xl file: its first 32 bytes are not those that xl save writes',
    explain:
      'xl restore reads only its own files. libvirt, XenServer and bare streams have other headers, and a text-mode copy changes the newline, NUL and return at the end of the magic.',
    advice:
      'Give the file to the tool that wrote it: virsh restore for libvirt. Unpack it first if it is compressed, or copy the original again as binary.',
    source: HEADER,
    when: ({ magic, container }) => {
      if (magic === XL_MAGIC) return false;
      const what = container === undefined || container === 'xl' ? undefined : LAYER_SPECS[container].file;
      return {
        at: field('magic'),
        ...(what === undefined ? {} : { message: `not an xl file but ${what}` }),
      };
    },
  },
  {
    id: 'XL-04',
    layer: 'xl',
    severity: 'fatal',
    log: [says.xl('File has wrong byte order')],
    title: 'the byte order mark is not 0x01020304',
    explain: 'The file was written by a host of the other byte order, or these bytes are damaged.',
    advice: ADVICE.copy,
    source: HEADER,
    when: ({ byteorder }) =>
      byteorder !== XL_BYTEORDER && {
        message: `the byte order mark is ${hex0x(byteorder, 8)}, not 0x01020304`,
        at: field('byteorder'),
      },
  },
  {
    id: 'XL-06',
    layer: 'xl',
    severity: 'fatal',
    log: [says.xl('Savefile has mandatory flag(s) 0x%x which are not supported; need newer xl')],
    title: 'unknown mandatory flags',
    explain: 'A mandatory flag says that a reader must know what it means. Only bits 0 (JSON) and 1 (STREAMv2) exist.',
    advice: ADVICE.newer,
    source: HEADER,
    when: ({ mandatory_flags: flags }) =>
      (flags & ~KNOWN_FLAGS) !== 0 && { values: [(flags & ~KNOWN_FLAGS) >>> 0], at: field('mandatory_flags') },
  },
  {
    id: 'XL-09',
    layer: 'xl',
    severity: 'fatal',
    log: [says.xl('file/stream truncated reading optdata from %s')],
    title: 'the file ends inside the optional data',
    explain: 'The header announces more optional data, which holds the configuration, than the file has.',
    advice: ADVICE.copy,
    source: HEADER,
    when: ({ size, optional_data_len: length, fileName }) =>
      XL_HEADER_SIZE + length > size && { values: [fileName], at: field('optional_data_len') },
  },
  {
    id: 'XL-10',
    layer: 'xl',
    severity: 'fatal',
    log: [says.xl('Savefile truncated.')],
    title: 'the optional data has no room for the length of the configuration',
    explain: 'Its first four bytes are the length of the configuration; it is shorter than that.',
    advice: ADVICE.copy,
    source: HEADER,
    when: ({ optional_data_len: length }) =>
      length > 0 && length < CONFIG_LENGTH_SIZE && { at: field('optional_data_len') },
  },
  {
    id: 'XL-18',
    layer: 'xl',
    severity: 'fatal',
    log: [says.xl('xl: Unable to malloc %u bytes.')],
    title: 'the configuration length is negative when read as a signed number',
    explain:
      'xl keeps the length as a signed number: from 2 GiB on it passes the bounds check, and allocating it fails.',
    advice: ADVICE.copy,
    source: HEADER,
    when: ({ configLength }) =>
      configLength >= 2 ** 31 && {
        values: [2n ** 64n + BigInt(configLength) - 2n ** 32n],
        at: optional('config_len'),
      },
  },
  {
    id: 'XL-11',
    layer: 'xl',
    severity: 'fatal',
    log: [says.xl('Savefile truncated.')],
    title: 'the configuration is longer than the optional data that holds it',
    explain: 'The length in front of the configuration reaches past the optional data.',
    advice: ADVICE.copy,
    source: HEADER,
    when: ({ optional_data_len: length, configLength }) =>
      configLength > length - CONFIG_LENGTH_SIZE &&
      length >= CONFIG_LENGTH_SIZE && {
        message: `the configuration of ${configLength} bytes is longer than the optional data that holds it`,
        at: optional('config_len'),
      },
  },
  {
    id: 'XL-14',
    layer: 'xl',
    severity: 'fatal',
    log: [says.xl('Config file not specified and none in save file')],
    title: 'the file holds no configuration',
    explain: 'Without optional data xl does not know what domain to create.',
    advice: 'Name a configuration on the command line: xl restore CONFIG FILE.',
    source: HEADER,
    when: ({ optional_data_len: length }) => length === 0 && { at: field('optional_data_len') },
  },
  {
    id: 'XL-08',
    layer: 'xl',
    severity: 'note',
    title: 'optional flags are set; xl ignores them',
    explain: 'They have always been written as 0.',
    advice: ADVICE.none,
    source: HEADER,
    when: ({ optional_flags: flags }) => flags !== 0 && { at: field('optional_flags') },
  },
  {
    id: 'XL-12',
    layer: 'xl',
    severity: 'note',
    title: 'bytes between the configuration and the stream are skipped',
    explain: 'The optional data is longer than the configuration in it; xl skips the rest.',
    advice: ADVICE.none,
    source: HEADER,
    when: ({ optional_data_len: length, configLength }) =>
      length > CONFIG_LENGTH_SIZE + configLength && {
        at: {
          offset: XL_HEADER_SIZE + CONFIG_LENGTH_SIZE + configLength,
          length: length - CONFIG_LENGTH_SIZE - configLength,
        },
      },
  },
];
