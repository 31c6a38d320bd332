/** What xl looks at before it calls libxl: the configuration in its file. */
import { versionText, type XenVersion } from '../../kit/xen-version';
import type { Ignored } from '../../../format/libxl/config/read';
import type { Refusal } from '../../../format/libxl/config/taken';
import { type LogLine, says } from '../../kit/log-line';
import type { Rule } from '../../kit/rule';
import { ADVICE } from '../../kit/rule';

/** The text of the configuration, as far as its end and its syntax go. */
export interface XlConfigText {
  readonly json: boolean;
  /** A NUL lies within config_len. */
  readonly closed: boolean;
  /** It is text of the kind that the header says. */
  readonly parsed: boolean;
}

/** A JSON configuration, read as libxl reads it. */
export interface XlConfig {
  readonly xen: XenVersion;
  /** Why it is no JSON, as libxl prints it. */
  readonly error: string | undefined;
  /** Where reading stopped for that. */
  readonly errorAt: number;
  /** What a libxl prints that was built with the other library and does not take it. */
  readonly otherError: string | undefined;
  readonly refusal: Refusal | undefined;
  readonly lost: readonly string[];
  readonly ignored: readonly Ignored[];
  /** It says what to build. */
  readonly hasType: boolean;
}

const FROM_JSON = 'tools/libs/light/libxl_json.c: libxl__object_from_json()';
const NOT_READ = says.libxl('unable to generate libxl__json_object from JSON representation of libxl_domain_config.');
const NOT_CONVERTED = says.libxl('unable to convert libxl__json_object to libxl_domain_config. (rc=%d)');
/** Release from which xl itself looks at the type; before, libxl does when it sets defaults. */
const XL_LOOKS = 412;
const NO_TYPE = says.xl('Unknown guest type');
const NO_TYPE_BEFORE = [says.libxl('invalid domain type'), says.libxl('Unable to set domain build info defaults')];

/** Who stops at a configuration without a type. */
const noType = (xen: XenVersion): readonly LogLine[] => {
  if (xen >= XL_LOOKS) return [NO_TYPE];
  return xen >= 407 ? NO_TYPE_BEFORE : NO_TYPE_BEFORE.slice(1);
};

/** Keys of a configuration that are no devices. */
const NO_DEVICES = /^(?:c_info|b_info|on_)/u;

/** Says what is refused, without the value: findings are shown to others. */
const describe = ({ path, expected }: Refusal): string => `${path} is not ${expected}`;
const names = (all: readonly string[]): string =>
  all.length > 5 ? `${all.slice(0, 5).join(', ')} and ${all.length - 5} more` : all.join(', ');
const devicesOf = ({ lost, refusal }: XlConfig): readonly string[] =>
  [...(refusal && /\[\d+\]/u.test(refusal.path) ? [refusal.path] : []), ...lost].filter(
    (path) => !NO_DEVICES.test(path),
  );

export const XL_TEXT_RULES: readonly Rule<XlConfigText>[] = [
  {
    id: 'XL-17',
    layer: 'xl',
    severity: 'warning',
    title: 'the JSON configuration has no closing NUL: xl reads past it',
    explain: 'xl takes the configuration for a C string. Without a NUL it reads on into whatever memory follows.',
    advice: ADVICE.writer,
    source: 'tools/xl/xl_vmcontrol.c: create_domain(), libxl_domain_config_from_json()',
    when: ({ json, closed }) => json && !closed,
  },
  {
    id: 'XL-19',
    layer: 'xl',
    severity: 'fatal',
    log: [says.xl('Failed to parse config: Invalid argument')],
    title: 'the configuration is not text that xl can parse',
    explain: 'The JSON flag is clear, so xl parses it as the text of an xl.cfg, which it is not.',
    advice: ADVICE.config,
    source: 'tools/xl/xl_parse.c: parse_config_data()',
    when: ({ json, parsed }) => !json && !parsed,
  },
];

export const XL_CONFIG_RULES: readonly Rule<XlConfig>[] = [
  {
    id: 'XL-20',
    layer: 'xl',
    severity: 'fatal',
    log: [NOT_CONVERTED, NO_TYPE],
    title: 'a value of the configuration that libxl cannot convert',
    explain:
      'libxl takes the values in the order of its interface description and stops at the first one that it cannot convert. xl does not look at that and goes on with what it has, in which the type of the guest is missing.',
    advice: ADVICE.config,
    source: `${FROM_JSON}; tools/xl/xl_vcpu.c: apply_global_affinity_masks()`,
    when: ({ refusal, hasType, xen }) =>
      refusal !== undefined &&
      !hasType && {
        message: `${describe(refusal)}: libxl reads nothing after it, and no guest type`,
        at: refusal.at,
        log: [{ ...NOT_CONVERTED, text: NOT_CONVERTED.text.replace('%d', String(refusal.rc)) }, ...noType(xen)],
      },
  },
  {
    id: 'XL-16',
    layer: 'xl',
    severity: 'fatal',
    log: [says.libxl('yajl error: %s'), says.libxl('json-c parse error: %s'), NOT_READ, NO_TYPE],
    title: 'the JSON configuration cannot be read, or does not say what type of guest it is',
    explain:
      'xl goes on with defaults where the JSON cannot be parsed. The type is then missing, and setting the affinity of the vCPUs fails; up to 4.11 libxl stops when it sets defaults.',
    advice: ADVICE.config,
    source: 'tools/xl/xl_vcpu.c: apply_global_affinity_masks()',
    when: ({ error, errorAt, hasType, xen }) =>
      !hasType && {
        message:
          error === undefined
            ? 'the JSON configuration has no type.pv, type.pvh or type.hvm'
            : `the JSON configuration cannot be parsed: ${error}`,
        ...(error === undefined ? {} : { at: { offset: errorAt, length: 1 } }),
        log: error === undefined ? noType(xen) : [says.libxl(error), NOT_READ, ...noType(xen)],
      },
  },
  {
    id: 'XL-23',
    layer: 'xl',
    severity: 'note',
    certainty: 'target',
    log: [says.libxl('yajl error: %s'), NOT_READ, NO_TYPE],
    title: 'JSON that only one of the two libraries takes which libxl is built with',
    explain:
      'libxl 4.21 and newer is built with json-c, which is not strict, or, where that is missing, with yajl, as all before it. yajl does not take this JSON, and xl then knows no type of guest.',
    advice: ADVICE.config,
    source: 'tools/configure.ac; tools/libs/light/libxl_json.c: libxl__json_parse()',
    when: ({ otherError }) =>
      otherError !== undefined && {
        settled: false,
        message: `a libxl that was built with yajl cannot read the configuration: ${otherError}`,
        log: [says.libxl(otherError), NOT_READ, NO_TYPE],
      },
  },
  {
    id: 'XL-21',
    variant: 'devices',
    layer: 'xl',
    severity: 'warning',
    log: [NOT_CONVERTED],
    title: 'devices are lost after a value that libxl cannot convert',
    explain:
      'libxl stops at the first value that it cannot convert, and xl goes on with what was read up to there. The guest comes back without the devices listed after it.',
    advice: ADVICE.config,
    source: FROM_JSON,
    when: (config) => {
      const { refusal } = config;
      const devices = devicesOf(config);
      return (
        refusal !== undefined &&
        devices.length > 0 && {
          values: [refusal.rc],
          message: `${describe(refusal)}: the guest comes back without this and what follows (${names(devices)})`,
          at: refusal.at,
        }
      );
    },
  },
  {
    id: 'XL-21',
    variant: 'settings',
    layer: 'xl',
    severity: 'note',
    log: [NOT_CONVERTED],
    title: 'settings are lost after a value that libxl cannot convert',
    explain: 'libxl stops at the first value that it cannot convert, and xl goes on with what was read up to there.',
    advice: ADVICE.config,
    source: FROM_JSON,
    when: (config) => {
      const { refusal, lost } = config;
      return (
        refusal !== undefined &&
        devicesOf(config).length === 0 && {
          values: [refusal.rc],
          message: `${describe(refusal)}: it gets its default${lost.length === 0 ? '' : `, as do ${names(lost)}`}`,
          at: refusal.at,
        }
      );
    },
  },
  {
    id: 'XL-22',
    variant: 'devices',
    layer: 'xl',
    severity: 'warning',
    title: 'a list of devices that libxl ignores',
    explain: 'libxl silently ignores unknown keys. The guest comes back without these devices.',
    advice: ADVICE.config,
    source: 'tools/libs/light/gentypes.py: libxl_C_type_parse_json()',
    when: ({ ignored, xen }) => {
      const devices = ignored.filter(({ isDevices }) => isDevices);
      const [first] = devices;
      return (
        first !== undefined && {
          message: `libxl ${versionText(xen)} takes nothing of ${names(devices.map(({ path }) => path))}`,
          at: first.at,
        }
      );
    },
  },
  {
    id: 'XL-22',
    variant: 'settings',
    layer: 'xl',
    severity: 'note',
    title: 'settings that libxl ignores',
    explain:
      'libxl silently ignores unknown keys, repeated keys and values of the wrong JSON type. Each setting gets its default.',
    advice: ADVICE.none,
    source: 'tools/libs/light/gentypes.py: libxl_C_type_parse_json()',
    when: ({ ignored, xen }) => {
      const settings = ignored.filter(({ isDevices }) => !isDevices);
      const [first] = settings;
      return (
        first !== undefined && {
          message: `libxl ${versionText(xen)} takes nothing of ${names(settings.map(({ path }) => path))}`,
          at: first.at,
        }
      );
    },
  },
];
