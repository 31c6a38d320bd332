/** What libxl refuses of a configuration when it sets defaults, before there is a domain. */
import type { NewDomain } from '../../kit/new-domain';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

const SOURCE = 'tools/libs/light/libxl_create.c: libxl__domain_build_info_setdefault()';
const FAILED = says.libxl('Unable to set domain build info defaults');
/** Bytes of avail_vcpus that libxl takes: HVM_MAX_VCPUS, which it compares to bytes and not to bits. */
const MOST_AVAIL_BYTES = 128;
const GRANT_VERSIONS = 0xf;

type Hvm = Extract<NonNullable<NonNullable<NewDomain['config']['b_info']>['type']>, { readonly is: 'hvm' }>['fields'];

/** What an HVM guest has of its own; undefined for other guests. */
const hvmOf = ({ config }: NewDomain): Hvm | undefined =>
  config.b_info?.type?.is === 'hvm' ? config.b_info.type.fields : undefined;

const isTraditional = ({ config }: NewDomain): boolean =>
  config.b_info?.device_model_version?.value === 'qemu_xen_traditional';

/** The least video memory, KiB, by device model and VGA. */
const VIDEO: Readonly<
  Record<'qemu_xen' | 'traditional', Readonly<Record<string, readonly [kib: bigint, line: string]>>>
> = {
  qemu_xen: {
    cirrus: [8192n, 'videoram must be at least 8 MB for CIRRUS on QEMU_XEN'],
    std: [16_384n, 'videoram must be at least 16 MB for STDVGA on QEMU_XEN'],
    qxl: [131_072n, '128 Mib videoram is the minimum for qxl default'],
  },
  traditional: { std: [8192n, 'videoram must be at least 8 MB for STDVGA on QEMU_XEN_TRADITIONAL'] },
};

/** Options that moved to b_info: given at both places, libxl does not know which one counts. */
function movedTwice({ config: { b_info: build = {} } }: NewDomain): string | undefined {
  const { type } = build;
  if (type?.is === 'hvm') {
    const { apic, timer_mode, nested_hvm } = type.fields;
    if (apic?.value !== undefined && build.apic?.value !== undefined) return 'apic';
    if (nested_hvm?.value !== undefined && build.nested_hvm?.value !== undefined) return 'nested_hvm';
    if (timer_mode !== undefined && build.timer_mode !== undefined) return 'timer_mode';
  }
  if (type?.is !== 'pv') return undefined;
  return (['kernel', 'bootloader', 'cmdline', 'ramdisk'] as const).find(
    (name) => type.fields[name]?.value !== undefined && build[name]?.value !== undefined,
  );
}

export const DOMAIN_DEFAULTS_RULES: readonly Rule<NewDomain>[] = [
  {
    id: 'XL-24',
    layer: 'xl',
    severity: 'fatal',
    versions: { from: 412 },
    log: [says.xl('vcpu hard affinity map is empty')],
    title: 'a vCPU that may run on no CPU',
    explain:
      'xl leaves of each list in vcpu_hard_affinity what its global settings allow, and stops where that is nothing.',
    advice: ADVICE.config,
    source: 'tools/xl/xl_vcpu.c: apply_global_affinity_masks()',
    when: ({ config }) => {
      const empty = config.b_info?.vcpu_hard_affinity?.items.find(({ value }) => value.bits.length === 0);
      return empty !== undefined && { at: empty.at };
    },
  },
  {
    id: 'LX-60',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('PV vNUMA is not yet supported')],
    title: 'a PV guest with virtual NUMA nodes',
    explain: 'libxl creates no PV guest with virtual NUMA nodes.',
    advice: ADVICE.config,
    source: 'tools/libs/light/libxl_create.c: libxl__domain_config_setdefault()',
    when: ({ type, config }) => {
      const nodes = config.b_info?.vnuma_nodes;
      return type === 'pv' && nodes !== undefined && nodes.count > 0 && { at: nodes.at };
    },
  },
  {
    id: 'LX-61',
    layer: 'libxl',
    severity: 'fatal',
    versions: { from: 410 },
    log: [says.libxl('Unable to copy deprecated fields'), FAILED],
    title: 'an option stands in b_info and in the part of the guest type',
    explain:
      'Options of one guest type have moved to b_info. libxl does not know which one counts where both are there.',
    advice: ADVICE.config,
    source: SOURCE,
    when: (domain) => {
      const name = movedTwice(domain);
      return name !== undefined && { message: `${name} stands in b_info and in type.${domain.kind}` };
    },
  },
  {
    id: 'LX-62',
    layer: 'libxl',
    severity: 'fatal',
    versions: { from: 407 },
    log: [says.libxl('qemu-xen-traditional requires bios=rombios.'), FAILED],
    title: 'firmware that the device model does not have',
    explain: 'qemu-xen-traditional has rombios only, and qemu-xen has anything but rombios.',
    advice: ADVICE.config,
    source: SOURCE,
    when: (domain) => {
      const bios = hvmOf(domain)?.bios;
      if (bios === undefined || bios.value === 'unknown') return false;
      const rombios = bios.value === 'rombios';
      if (isTraditional(domain)) return !rombios && domain.xen < 421 && { at: bios.at };
      return rombios && { at: bios.at, log: [says.libxl('qemu-xen does not support bios=rombios.'), FAILED] };
    },
  },
  {
    id: 'LX-63',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('direct boot parameters specified but kernel missing'), FAILED],
    title: 'a RAM disk or a command line without a kernel',
    explain: 'libxl takes them for an HVM guest only where it boots a kernel.',
    advice: ADVICE.config,
    source: SOURCE,
    when: (domain) => {
      const { kernel, ramdisk, cmdline } = domain.config.b_info ?? {};
      if (domain.kind !== 'hvm' || kernel?.value !== undefined) return false;
      const given = [ramdisk, cmdline].find((one) => one?.value !== undefined);
      return given !== undefined && { at: given.at };
    },
  },
  {
    id: 'LX-64',
    layer: 'libxl',
    severity: 'fatal',
    versions: { from: 407 },
    log: [says.libxl('avail_vcpus bitmap contains too many VCPUS'), FAILED],
    title: 'avail_vcpus names vCPUs beyond what libxl takes',
    explain: 'libxl takes 128 bytes of avail_vcpus at most. How long it is goes by the last number in it.',
    advice: ADVICE.config,
    source: SOURCE,
    when: ({ config }) => {
      const avail = config.b_info?.avail_vcpus;
      return avail !== undefined && avail.value.size > MOST_AVAIL_BYTES && { at: avail.at };
    },
  },
  {
    id: 'LX-65',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('videoram must be at least 8 MB for CIRRUS on QEMU_XEN'), FAILED],
    title: 'less video memory than the VGA needs',
    explain:
      'libxl refuses a domain whose VGA has less memory than QEMU gives it. Without a kind of VGA it is a Cirrus.',
    advice: ADVICE.config,
    source: SOURCE,
    when: (domain) => {
      const hvm = hvmOf(domain);
      const video = domain.config.b_info?.video_memkb;
      if (!hvm || video === undefined) return false;
      const named = hvm.vga?.kind?.value ?? 'unknown';
      const kind = named === 'unknown' ? 'cirrus' : named;
      const least = VIDEO[isTraditional(domain) ? 'traditional' : 'qemu_xen'][kind];
      if (least === undefined || video.value >= least[0]) return false;
      return {
        at: video.at,
        log: [says.libxl(least[1]), FAILED],
        message: `video_memkb is ${video.value}; a ${kind} VGA needs ${least[0]}`,
      };
    },
  },
  {
    id: 'LX-66',
    layer: 'libxl',
    severity: 'fatal',
    log: [
      says.libxl('usbversion and/or usbredirection cannot be enabled with usb and/or usbdevice parameters.'),
      FAILED,
    ],
    title: 'conflicting USB settings',
    explain: 'usbversion, or USB redirection by SPICE, excludes usb, usbdevice and usbdevice_list.',
    advice: ADVICE.config,
    source: SOURCE,
    when: (domain) => {
      const hvm = hvmOf(domain);
      if (!hvm) return false;
      const { usb, usbdevice, usbdevice_list: list, usbversion, spice } = hvm;
      const redirection = spice?.usbredirection?.value ?? 0;
      const redirects = redirection < 0 || (redirection > 0 && spice?.enable?.value === true);
      const other = usb?.value === true ? usb : usbdevice?.value === undefined ? list : usbdevice;
      if ((usbversion?.value ?? 0) === 0 && !redirects) return false;
      return other !== undefined && (other !== list || other.value.length > 0) && { at: other.at };
    },
  },
  {
    id: 'LX-67',
    layer: 'libxl',
    severity: 'fatal',
    versions: { from: 416 },
    log: [says.libxl('max grant version %d out of range'), FAILED],
    title: 'an unknown grant table version',
    explain: 'max_grant_version takes four bits.',
    advice: ADVICE.config,
    source: SOURCE,
    when: ({ config }) => {
      const version = config.b_info?.max_grant_version;
      if (version === undefined || version.value === -1 || (version.value & ~GRANT_VERSIONS) === 0) return false;
      return { at: version.at, values: [version.value] };
    },
  },
  {
    id: 'LX-68',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('nestedhvm and altp2mhvm cannot be used together')],
    title: 'nested virtualisation and altp2m at once',
    explain: 'libxl creates no domain that has both.',
    advice: ADVICE.config,
    source: 'tools/libs/light/libxl_create.c: libxl__domain_config_setdefault()',
    when: (domain) => {
      const { nested_hvm: nested, altp2m } = domain.config.b_info ?? {};
      const hvm = hvmOf(domain);
      if (domain.type === 'pv' || !(nested?.value ?? hvm?.nested_hvm?.value ?? false)) return false;
      if (hvm?.altp2m?.value === true) return { at: hvm.altp2m.at };
      return altp2m !== undefined && altp2m.value !== 'disabled' && { at: altp2m.at };
    },
  },
];
