/** The domain's configuration as far as a restore hangs on it. Source: tools/libs/light/libxl_types.idl. */
import { DomainType } from '../../format/libxc/headers';
import type { DomainConfig, DomainKind, EmulatedDevices, ViridianConfig } from '../kit/domain';

/** What is assumed where nothing is known. */
const UNKNOWN: DomainConfig = {
  maxVcpus: Number.POSITIVE_INFINITY,
  hasPassthrough: false,
  nestedHvm: false,
};

type Json = Readonly<Record<string, unknown>>;

const isKind = (value: unknown): value is DomainKind => value === 'pv' || value === 'pvh' || value === 'hvm';
const objectAt = (value: unknown, key: string): Json => {
  const found =
    typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Json)[key] : undefined;
  return typeof found === 'object' && found !== null ? (found as Json) : {};
};
const valueAt = (value: Json, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);
const numberAt = (value: Json, key: string): number | undefined => {
  const found = valueAt(value, key);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
};

const listAt = (value: Json, key: string): readonly Json[] => {
  const found = valueAt(value, key);
  return Array.isArray(found) ? found.filter((one): one is Json => typeof one === 'object' && one !== null) : [];
};

const isFilled = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

/** Model of an emulated network card that is given none. */
const DEFAULT_NIC = 'rtl8139';

function emulatedDevices(json: Json, build: Json): EmulatedDevices | undefined {
  // What a user tells QEMU to do is not to be guessed.
  if (['extra', 'extra_hvm', 'extra_pv'].some((key) => Object.hasOwn(build, key))) return undefined;
  const vga = valueAt(objectAt(objectAt(build, 'type.hvm'), 'vga'), 'kind');
  const models = listAt(json, 'nics').map((nic) => valueAt(nic, 'model') ?? DEFAULT_NIC);
  const hvm = objectAt(build, 'type.hvm');
  const usbVersion = numberAt(hvm, 'usbversion') ?? 0;
  return {
    ...(typeof vga === 'string' ? { vga } : {}),
    nics: models.filter((one) => typeof one === 'string'),
    uhci:
      valueAt(hvm, 'usb') === 'True' ||
      typeof valueAt(hvm, 'usbdevice') === 'string' ||
      isFilled(valueAt(hvm, 'usbdevice_list')) ||
      usbVersion === 1 ||
      usbVersion === 2,
    sound: typeof valueAt(hvm, 'soundhw') === 'string',
  };
}

const numbersAt = (value: Json, key: string): readonly number[] => {
  const found = valueAt(value, key);
  return Array.isArray(found) ? found.filter((one) => typeof one === 'number') : [];
};

const viridianOf = (hvm: Json): ViridianConfig => ({
  defaults: valueAt(hvm, 'viridian') === 'True',
  enable: numbersAt(hvm, 'viridian_enable'),
  disable: numbersAt(hvm, 'viridian_disable'),
});

export interface ParsedConfig {
  readonly parsed: boolean;
  readonly config: DomainConfig;
}

/** The JSON of libxl_domain_config. */
export function parseJsonConfig(raw: Uint8Array): ParsedConfig {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    return { parsed: false, config: UNKNOWN };
  }
  const create = objectAt(json, 'c_info');
  const build = objectAt(json, 'b_info');
  const type = valueAt(create, 'type');
  const buildType = (['pv', 'pvh', 'hvm'] as const).find((kind) => Object.hasOwn(build, `type.${kind}`));
  const memory = numberAt(build, 'target_memkb') ?? numberAt(build, 'max_memkb');
  const whole: Json = typeof json === 'object' && json !== null ? (json as Json) : {};
  const emulated = emulatedDevices(whole, build);
  const deviceModel = valueAt(build, 'device_model_version');
  return {
    parsed: true,
    config: {
      ...(isKind(type) ? { type } : {}),
      unknownType: typeof type === 'string' && !isKind(type) && type !== 'invalid',
      ...(buildType === undefined ? {} : { buildType }),
      maxVcpus: Math.max(1, numberAt(build, 'max_vcpus') ?? 1),
      ...(memory === undefined ? {} : { maxMemory: memory }),
      hasPassthrough: listAt(whole, 'pcidevs').length > 0,
      hasIo: ['iomem', 'ioports'].some((key) => isFilled(valueAt(build, key))),
      nestedHvm:
        valueAt(build, 'nested_hvm') === 'True' || valueAt(objectAt(build, 'type.hvm'), 'nested_hvm') === 'True',
      ...(emulated ? { emulated } : {}),
      ...(buildType === 'hvm' ? { viridian: viridianOf(objectAt(build, 'type.hvm')) } : {}),
      ...(typeof deviceModel === 'string' ? { deviceModel } : {}),
      hasVnuma: isFilled(valueAt(build, 'vnuma_nodes')),
      hasBios: Object.hasOwn(objectAt(build, 'type.hvm'), 'bios'),
    },
  };
}

/** A setting has a line to itself, so no space of the pattern may run over the end of a line. */
const SETTING = /^[ \t]*(\w+)[ \t]*=[ \t]*["']?([^"'#;\n]*)/gmu;

/** The text of an xl.cfg, in which Xen 4.4 and older saved the configuration. */
export function parseTextConfig(raw: Uint8Array): ParsedConfig {
  const text = new TextDecoder('utf-8').decode(raw);
  if (text.trimStart().startsWith('{')) return { parsed: false, config: UNKNOWN };
  const settings = new Map(Array.from(text.matchAll(SETTING), (match) => [match[1], (match[2] ?? '').trim()]));
  const named = settings.get('type') ?? (settings.get('builder') === 'hvm' ? 'hvm' : 'pv');
  const vcpus = Number(settings.get('maxvcpus') ?? settings.get('vcpus') ?? 1);
  return {
    parsed: true,
    config: {
      ...(isKind(named) ? { type: named, buildType: named } : {}),
      maxVcpus: Number.isInteger(vcpus) && vcpus > 0 ? vcpus : 1,
      hasPassthrough: settings.has('pci'),
      hasIo: settings.has('iomem') || settings.has('ioports'),
      nestedHvm: settings.get('nestedhvm') === '1',
    },
  };
}

/** What a stream without a configuration is restored into: whatever it is of itself. */
export function assumedConfig(domainType: number | undefined, isPvh: boolean): DomainConfig {
  const type: DomainKind = domainType === DomainType.X86_HVM ? (isPvh ? 'pvh' : 'hvm') : 'pv';
  return { ...UNKNOWN, type, buildType: type };
}
