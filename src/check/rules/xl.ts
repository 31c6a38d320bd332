/** What xl looks at before it calls libxl: the header of the file and the configuration in it. */
import { hex0x } from '../../lib/text';
import { XL_BYTEORDER, XL_HEADER_SIZE, XL_MAGIC, XlFlag } from '../../format/xl/header';
import type { Rule } from '../rule';
import { TODO } from '../rule';
import type { DomainConfig } from '../simulate/state';

/** The start of the file as xl reads it; everything 0 that is not there. */
export interface XlFile {
  readonly fileName: string;
  /** Bytes of the file. */
  readonly size: number;
  readonly magic: string;
  readonly byteorder: number;
  readonly flags: number;
  readonly optionalFlags: number;
  readonly optionalLength: number;
  /** config_len, where the optional data has room for it. */
  readonly configLength: number;
  /** What the scan takes the file for. */
  readonly container: string;
}

const HEADER = 'tools/xl/xl_vmcontrol.c: create_domain()';
const KNOWN_FLAGS = XlFlag.JSON | XlFlag.STREAMv2;

const WRAPPERS: Readonly<Record<string, string>> = {
  libvirt: 'a libvirt save: virsh restore reads it',
  libxl: 'a bare libxl stream, without the header of xl in front',
  libxc: 'a bare libxc stream, without the headers of xl and libxl in front',
};

export const XL_HEADER_RULES: readonly Rule<XlFile>[] = [
  {
    id: 'XL-02',
    layer: 'xl',
    severity: 'fatal',
    log: ['file/stream truncated reading header from %s'],
    title: 'the file is shorter than the header of xl',
    explain: 'xl reads 48 bytes first and gives up where they are not there.',
    todo: TODO.copy,
    source: HEADER,
    when: ({ size, fileName }) => size < XL_HEADER_SIZE && { values: [fileName], at: { offset: 0, length: size } },
  },
  {
    id: 'XL-03',
    layer: 'xl',
    severity: 'fatal',
    log: ['File has wrong magic number - corrupt or for a different tool?'],
    title: 'not a file of xl: its first 32 bytes are not those that xl save writes',
    explain:
      'xl restore reads only its own files. libvirt, XenServer and bare streams have other headers, and a text-mode copy changes the newline, NUL and return at the end of the magic.',
    todo: 'Give the file to the tool that wrote it: virsh restore for libvirt. Unpack it first if it is compressed, or copy the original again as binary.',
    source: HEADER,
    when: ({ magic, container }) => {
      if (magic === XL_MAGIC) return false;
      const what = WRAPPERS[container];
      return {
        at: { offset: 0, length: 32 },
        ...(what === undefined ? {} : { message: `not a file of xl but ${what}` }),
      };
    },
  },
  {
    id: 'XL-04',
    layer: 'xl',
    severity: 'fatal',
    log: ['File has wrong byte order'],
    title: 'the byte order mark is not 0x01020304',
    explain: 'The file was written by a host of the other byte order, or these bytes are damaged.',
    todo: TODO.copy,
    source: HEADER,
    when: ({ byteorder }) =>
      byteorder !== XL_BYTEORDER && {
        message: `the byte order mark is ${hex0x(byteorder, 8)}, not 0x01020304`,
        at: { offset: 32, length: 4 },
      },
  },
  {
    id: 'XL-06',
    layer: 'xl',
    severity: 'fatal',
    log: ['Savefile has mandatory flag(s) 0x%x which are not supported; need newer xl'],
    title: 'mandatory flags that no xl knows',
    explain: 'A mandatory flag says that a reader must know what it means. Only bits 0 (JSON) and 1 (STREAMv2) exist.',
    todo: TODO.newer,
    source: HEADER,
    when: ({ flags }) =>
      (flags & ~KNOWN_FLAGS) !== 0 && { values: [(flags & ~KNOWN_FLAGS) >>> 0], at: { offset: 36, length: 4 } },
  },
  {
    id: 'XL-09',
    layer: 'xl',
    severity: 'fatal',
    log: ['file/stream truncated reading optdata from %s'],
    title: 'the file ends inside the optional data',
    explain: 'The header announces more optional data, which holds the configuration, than the file has.',
    todo: TODO.copy,
    source: HEADER,
    when: ({ size, optionalLength, fileName }) =>
      XL_HEADER_SIZE + optionalLength > size && { values: [fileName], at: { offset: 44, length: 4 } },
  },
  {
    id: 'XL-10',
    layer: 'xl',
    severity: 'fatal',
    log: ['Savefile truncated.'],
    title: 'the optional data has no room for the length of the configuration',
    explain: 'Its first four bytes are the length of the configuration; it is shorter than that.',
    todo: TODO.copy,
    source: HEADER,
    when: ({ optionalLength }) => optionalLength > 0 && optionalLength < 4 && { at: { offset: 44, length: 4 } },
  },
  {
    id: 'XL-18',
    layer: 'xl',
    severity: 'fatal',
    log: ['xl: Unable to malloc %u bytes.'],
    title: 'the length of the configuration is negative to xl',
    explain:
      'xl keeps the length as a signed number: from 2 GiB on it passes the test of the bound, and allocating it fails.',
    todo: TODO.copy,
    source: HEADER,
    when: ({ configLength }) =>
      configLength >= 2 ** 31 && {
        values: [2n ** 64n + BigInt(configLength) - 2n ** 32n],
        at: { offset: XL_HEADER_SIZE, length: 4 },
      },
  },
  {
    id: 'XL-11',
    layer: 'xl',
    severity: 'fatal',
    log: ['Savefile truncated.'],
    title: 'the configuration is longer than the optional data that holds it',
    explain: 'The length in front of the configuration leads past the optional data.',
    todo: TODO.copy,
    source: HEADER,
    when: ({ optionalLength, configLength }) =>
      configLength > optionalLength - 4 &&
      optionalLength >= 4 && {
        message: `the configuration of ${configLength} bytes is longer than the optional data that holds it`,
        at: { offset: XL_HEADER_SIZE, length: 4 },
      },
  },
  {
    id: 'XL-14',
    layer: 'xl',
    severity: 'fatal',
    log: ['Config file not specified and none in save file'],
    title: 'the file holds no configuration',
    explain: 'Without optional data xl does not know what domain to create.',
    todo: 'Name a configuration on the command line: xl restore CONFIG FILE.',
    source: HEADER,
    when: ({ optionalLength }) => optionalLength === 0 && { at: { offset: 44, length: 4 } },
  },
  {
    id: 'XL-08',
    layer: 'xl',
    severity: 'note',
    title: 'optional flags are set; no xl looks at them',
    explain: 'They have always been written as 0.',
    todo: TODO.none,
    source: HEADER,
    when: ({ optionalFlags }) => optionalFlags !== 0 && { at: { offset: 40, length: 4 } },
  },
  {
    id: 'XL-12',
    layer: 'xl',
    severity: 'note',
    title: 'bytes between the configuration and the stream are skipped',
    explain: 'The optional data is longer than the configuration in it; xl reads over the rest.',
    todo: TODO.none,
    source: HEADER,
    when: ({ optionalLength, configLength }) =>
      optionalLength > 4 + configLength && {
        at: { offset: XL_HEADER_SIZE + 4 + configLength, length: optionalLength - 4 - configLength },
      },
  },
];

/** The configuration, read as xl reads it. */
export interface XlConfig {
  readonly json: boolean;
  /** It could be read at all. */
  readonly parsed: boolean;
  /** A NUL lies within config_len. */
  readonly closed: boolean;
  readonly config: DomainConfig;
}

export const XL_CONFIG_RULES: readonly Rule<XlConfig>[] = [
  {
    id: 'XL-17',
    layer: 'xl',
    severity: 'warning',
    title: 'the JSON configuration has no closing NUL: xl reads past it',
    explain: 'xl takes the configuration for a C string. Without a NUL it reads on into whatever memory follows.',
    todo: TODO.writer,
    source: 'tools/xl/xl_vmcontrol.c: create_domain(), libxl_domain_config_from_json()',
    when: ({ json, closed }) => json && !closed,
  },
  {
    id: 'XL-19',
    layer: 'xl',
    severity: 'fatal',
    log: ['Failed to parse config: Invalid argument'],
    title: 'the configuration is no text that xl can parse',
    explain: 'The JSON flag is clear, so xl parses it as the text of an xl.cfg, which it is not.',
    todo: TODO.config,
    source: 'tools/xl/xl_parse.c: parse_config_data()',
    when: ({ json, parsed }) => !json && !parsed,
  },
  {
    id: 'XL-20',
    layer: 'xl',
    severity: 'fatal',
    log: ['unable to convert libxl__json_object to libxl_domain_config. (rc=-3)', 'Unknown guest type'],
    title: 'a type of domain that libxl does not know',
    explain:
      'c_info.type is none of pv, pvh and hvm. libxl gives up on the configuration there; xl goes on with defaults, which say nothing of a type.',
    todo: TODO.config,
    source:
      'tools/libs/light/libxl_json.c: libxl__object_from_json(); tools/xl/xl_vcpu.c: apply_global_affinity_masks()',
    when: ({ json, config }) => json && config.unknownType === true,
  },
  {
    id: 'XL-16',
    layer: 'xl',
    severity: 'fatal',
    log: ['Unknown guest type'],
    title: 'the JSON configuration cannot be read, or does not say what type of guest it is',
    explain:
      'xl goes on with defaults where the JSON cannot be parsed. The type is then missing, and setting the affinity of the VCPUs fails on it.',
    todo: TODO.config,
    source: 'tools/xl/xl_vcpu.c: apply_global_affinity_masks()',
    when: ({ json, parsed, config }) =>
      json &&
      config.buildType === undefined && {
        message: parsed
          ? 'the JSON configuration has no type.pv, type.pvh or type.hvm'
          : 'the JSON configuration cannot be parsed',
      },
  },
  {
    id: 'LX-33',
    layer: 'libxl',
    severity: 'fatal',
    log: ['domain type unspecified', 'cannot make domain: -6'],
    title: 'the configuration does not say what type of domain to create',
    explain: 'c_info.type is missing.',
    todo: TODO.config,
    source: 'tools/libs/light/libxl_create.c: libxl__domain_create_info_setdefault()',
    when: ({ json, config }) => json && config.buildType !== undefined && config.type === undefined,
  },
];
