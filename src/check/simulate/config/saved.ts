/** The domain's configuration as far as a restore hangs on it, of the JSON that xl saves. */
import { readConfig, type ReadConfig } from '../../../format/libxl/config/read';
import { parseJsonC } from '../../../format/text/json-c';
import { JsonTape } from '../../../format/text/json-tape';
import { parseYajl } from '../../../format/text/yajl';
import { type DomainConfig, type EmulatedDevices, isKind, type ViridianConfig } from '../../kit/domain';
import type { NewDomain } from '../../kit/new-domain';
import type { XenVersion } from '../../kit/xen-version';

type Config = ReadConfig['taken'];

/** Model of an emulated network card that is given none. */
const DEFAULT_NIC = 'rtl8139';
/** Release from which libxl is built with json-c, and with yajl only where that is not there. */
const JSON_C = 421;
/** What a domain gets whose configuration does not say how much memory, KiB. */
const DEFAULT_MEMORY = 32n * 1024n;

/** What is taken of a text that is no JSON. */
const NOTHING: ReadConfig = { taken: {}, refusal: undefined, lost: [], ignored: [] };

/** A configuration as libxl takes it: nothing of a text that is no JSON. */
export interface JsonConfig extends ReadConfig {
  /** Why the text is no JSON, as libxl prints it. */
  readonly error: string | undefined;
  /** Where reading stopped for that. */
  readonly errorAt: number;
  /** What libxl prints where it was built with the other library, which does not take the text. */
  readonly otherError: string | undefined;
}

/** Reads the JSON of libxl_domain_config as one release does. */
export function parseJsonConfig(raw: Uint8Array, xen: XenVersion): JsonConfig {
  const yajl = parseYajl(raw);
  const yajlError = yajl instanceof JsonTape ? undefined : `yajl error: ${yajl.error}`;
  const parsed = xen >= JSON_C ? parseJsonC(raw) : yajl;
  if (parsed instanceof JsonTape)
    return {
      ...readConfig(parsed, xen),
      error: undefined,
      errorAt: 0,
      otherError: xen >= JSON_C ? yajlError : undefined,
    };
  const error = xen >= JSON_C ? `json-c parse error: ${parsed.error}` : yajlError;
  return { ...NOTHING, error, errorAt: parsed.at, otherError: undefined };
}

/** Returns the domain that libxl creates of a configuration; undefined where it says no type to build. */
export function newDomain(taken: Config, xen: XenVersion): NewDomain | undefined {
  const kind = taken.b_info?.type?.is;
  if (kind === undefined || !isKind(kind)) return undefined;
  const named = taken.c_info?.type?.value;
  // Up to 4.9 all that is not HVM is created as a PV domain.
  const type = named !== undefined && isKind(named) ? named : xen < 410 ? 'pv' : undefined;
  return { config: taken, kind, type, xen };
}

/** Returns what the rules of the stream ask of a domain. */
export function configOf({ config, kind, type }: NewDomain): DomainConfig {
  const build = config.b_info ?? {};
  const hvm = build.type?.is === 'hvm' ? build.type.fields : undefined;
  const emulated = emulatedDevices(config);
  const deviceModel = build.device_model_version?.value;
  return {
    ...(type === undefined ? {} : { type }),
    buildType: kind,
    maxVcpus: Math.max(1, build.max_vcpus?.value ?? 1),
    maxMemory: Number(build.target_memkb?.value ?? build.max_memkb?.value ?? DEFAULT_MEMORY),
    hasPassthrough: (config.pcidevs?.count ?? 0) > 0,
    hasIo: (build.iomem?.count ?? 0) > 0 || (build.ioports?.count ?? 0) > 0,
    nestedHvm: build.nested_hvm?.value === true || hvm?.nested_hvm?.value === true,
    ...(emulated ? { emulated } : {}),
    ...(hvm ? { viridian: viridianOf(hvm) } : {}),
    ...(deviceModel === undefined ? {} : { deviceModel }),
    hasVnuma: (build.vnuma_nodes?.count ?? 0) > 0,
    hasBios: hvm?.bios !== undefined,
  };
}

type Hvm = Extract<NonNullable<NonNullable<Config['b_info']>['type']>, { readonly is: 'hvm' }>['fields'];

const viridianOf = ({ viridian, viridian_enable, viridian_disable }: Hvm): ViridianConfig => ({
  defaults: viridian?.value === true,
  enable: viridian_enable?.value.bits ?? [],
  disable: viridian_disable?.value.bits ?? [],
});

function emulatedDevices({ b_info: build = {}, nics }: Config): EmulatedDevices | undefined {
  // What a user tells QEMU to do is not to be guessed.
  if (build.extra ?? build.extra_hvm ?? build.extra_pv) return undefined;
  const hvm = build.type?.is === 'hvm' ? build.type.fields : {};
  const vga = hvm.vga?.kind?.value;
  const usbVersion = hvm.usbversion?.value ?? 0;
  return {
    ...(vga === undefined ? {} : { vga }),
    nics: (nics?.items ?? []).map(({ model }) => model?.value ?? DEFAULT_NIC),
    uhci:
      hvm.usb?.value === true ||
      hvm.usbdevice?.value !== undefined ||
      (hvm.usbdevice_list?.value.length ?? 0) > 0 ||
      usbVersion === 1 ||
      usbVersion === 2,
    sound: hvm.soundhw?.value !== undefined,
  };
}
