/** What xl looks at before it calls libxl: the configuration in its file. */
import { says } from '../../kit/log-line';
import type { Rule } from '../../kit/rule';
import { ADVICE } from '../../kit/rule';
import type { DomainConfig } from '../../kit/domain';

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
  {
    id: 'XL-20',
    layer: 'xl',
    severity: 'fatal',
    log: [
      says.libxl('unable to convert libxl__json_object to libxl_domain_config. (rc=-3)'),
      says.xl('Unknown guest type'),
    ],
    title: 'a domain type that libxl does not know',
    explain:
      'c_info.type is none of pv, pvh and hvm. libxl gives up on the configuration there; xl goes on with defaults, which name no type.',
    advice: ADVICE.config,
    source:
      'tools/libs/light/libxl_json.c: libxl__object_from_json(); tools/xl/xl_vcpu.c: apply_global_affinity_masks()',
    when: ({ json, config }) => json && config.unknownType === true,
  },
  {
    id: 'XL-16',
    layer: 'xl',
    severity: 'fatal',
    log: [says.xl('Unknown guest type')],
    title: 'the JSON configuration cannot be read, or does not say what type of guest it is',
    explain:
      'xl goes on with defaults where the JSON cannot be parsed. The type is then missing, and setting the affinity of the vCPUs fails.',
    advice: ADVICE.config,
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
    log: [says.libxl('domain type unspecified'), says.libxl('cannot make domain: -6')],
    title: 'the configuration does not say what type of domain to create',
    explain: 'c_info.type is missing.',
    advice: ADVICE.config,
    source: 'tools/libs/light/libxl_create.c: libxl__domain_create_info_setdefault()',
    when: ({ json, config }) => json && config.buildType !== undefined && config.type === undefined,
  },
];
