/** Where the creation of the domain ends: what libxl and Xen refuse of what the configuration asks for. */
import type { NewDomain } from '../../kit/new-domain';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

/** vCPUs that Xen takes: MAX_VIRT_CPUS and HVM_MAX_VCPUS. */
const MOST_VCPUS = { pv: 8192, hvm: 128 } as const;
const PAGE = 4096;
const MOST_VMTRACE = 64 * 1024 * 1024;

/** Xen refuses XEN_DOMCTL_createdomain. */
const REFUSED = [says.libxl('domain creation fail: Invalid argument'), says.libxl('cannot make domain: -3')];
const NOT_BUILT = says.libxl('cannot (re-)build domain: %d');

const mostVcpus = ({ type }: NewDomain): number => MOST_VCPUS[type === 'pv' ? 'pv' : 'hvm'];

/** Bytes of a vCPU's trace buffer as libxl asks for them: a number of 32 bits, in whole pages. */
const vmtraceSize = (kib: number): number => (Math.ceil((kib << 10) / PAGE) * PAGE) >>> 0;

export const DOMAIN_CREATE_RULES: readonly Rule<NewDomain>[] = [
  {
    id: 'LX-33',
    layer: 'libxl',
    severity: 'fatal',
    versions: { from: 410 },
    log: [],
    title: 'the configuration does not say what type of domain to create: libxl aborts',
    explain:
      'c_info.type is missing. Its default is -1, which libxl does not take for missing, and then knows no type to create: it calls abort(), and xl dies silently.',
    advice: ADVICE.config,
    source: 'tools/libs/light/libxl_x86.c: libxl__arch_domain_prepare_config()',
    when: ({ type }) => type === undefined,
  },
  {
    id: 'LX-70',
    variant: 'create',
    layer: 'libxl',
    severity: 'fatal',
    versions: { from: 412 },
    log: REFUSED,
    title: 'more vCPUs than Xen gives a domain',
    explain: 'Xen creates PV guests with up to 8192 vCPUs and others with up to 128.',
    advice: ADVICE.config,
    source: 'xen/arch/x86/domain.c: arch_sanitise_domain_config()',
    when: (domain) => {
      const vcpus = domain.config.b_info?.max_vcpus;
      return vcpus !== undefined && (vcpus.value < 0 || vcpus.value > mostVcpus(domain)) && { at: vcpus.at };
    },
  },
  {
    id: 'LX-71',
    layer: 'libxl',
    severity: 'fatal',
    versions: { from: 415 },
    log: REFUSED,
    title: 'an unsupported trace buffer size',
    explain:
      'vmtrace_buf_kb is for HVM and PVH guests. Xen takes a power of two from 4 KiB to 64 MiB; libxl rounds up to whole pages.',
    advice: ADVICE.config,
    source: 'xen/arch/x86/domain.c: arch_sanitise_domain_config()',
    when: ({ type, config }) => {
      const trace = config.b_info?.vmtrace_buf_kb;
      const size = vmtraceSize(trace?.value ?? 0);
      if (trace === undefined || size === 0) return false;
      return (type === 'pv' || size > MOST_VMTRACE || (size & (size - 1)) !== 0) && { at: trace.at };
    },
  },
  {
    id: 'LX-72',
    layer: 'libxl',
    severity: 'fatal',
    versions: { from: 412 },
    log: REFUSED,
    title: 'no grant table: the guest gets none that it can use',
    explain: 'max_grant_frames must be 1 at least, and max_grant_version 1 or 2.',
    advice: ADVICE.config,
    source: 'xen/common/grant_table.c: grant_table_init()',
    when: ({ config }) => {
      const { max_grant_frames: frames, max_grant_version: version } = config.b_info ?? {};
      if (frames?.value === 0) return { at: frames.at };
      const isOdd = version !== undefined && version.value !== -1 && (version.value < 1 || version.value > 2);
      return isOdd && { at: version.at };
    },
  },
  {
    id: 'LX-73',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('New domain name not specified'), says.libxl('cannot make domain: -6')],
    title: 'the domain has no name',
    explain: 'c_info.name is missing. libxl has created the domain by then, and cannot enter it into xenstore.',
    advice: ADVICE.config,
    source: 'tools/libs/light/libxl_domain.c: libxl__domain_rename()',
    when: ({ config, xen }) => {
      if (config.c_info?.name?.value !== undefined) return false;
      // Up to 4.8 the line starts with a small letter.
      if (xen >= 409) return true;
      return { log: [says.libxl('new domain name not specified'), says.libxl('cannot make domain: -6')] };
    },
  },
];

/** What libxl sets of a domain that has been created. */
export const BUILD_RULES: readonly Rule<NewDomain>[] = [
  {
    id: 'LX-70',
    variant: 'build',
    layer: 'libxl',
    severity: 'fatal',
    versions: { before: 412 },
    log: [says.libxl("Couldn't set max vcpu count"), says.libxl('cannot (re-)build domain: -3')],
    title: 'more vCPUs than Xen gives a domain',
    explain: 'Xen gives PV guests up to 8192 vCPUs and others up to 128.',
    advice: ADVICE.config,
    source: 'tools/libs/light/libxl_dom.c: libxl__build_pre()',
    when: (domain) => {
      const vcpus = domain.config.b_info?.max_vcpus;
      return vcpus !== undefined && (vcpus.value < 0 || vcpus.value > mostVcpus(domain)) && { at: vcpus.at };
    },
  },
  {
    id: 'LX-74',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl("setting affinity failed on vcpu `%d'"), says.libxl('cannot (re-)build domain: -3')],
    title: 'affinity for a vCPU that the domain does not have',
    explain: 'libxl sets the affinity of as many vCPUs as the longer list has.',
    advice: ADVICE.config,
    source: 'tools/libs/light/libxl_dom.c: libxl__build_pre()',
    when: ({ config: { b_info: build = {} } }) => {
      const vcpus = Math.max(1, build.max_vcpus?.value ?? 1);
      const { vcpu_hard_affinity: hard, vcpu_soft_affinity: soft } = build;
      const longest = (hard?.count ?? 0) > (soft?.count ?? 0) ? hard : soft;
      return longest !== undefined && longest.count > vcpus && { at: longest.at, values: [vcpus] };
    },
  },
  {
    id: 'LX-75',
    layer: 'libxl',
    severity: 'fatal',
    versions: { from: 412 },
    log: [
      says.libxl('TSC Mode native_paravirt (a.k.a PVRDTSCP) has been removed'),
      says.libxl('cannot (re-)build domain: -25'),
    ],
    title: 'tsc_mode native_paravirt, which Xen has not had since 4.12',
    explain: 'libxl refuses this mode in the configuration, before it reads what the stream says of the TSC.',
    advice: 'Set tsc_mode to another one in a configuration of your own; a guest that reads PVRDTSCP needs Xen 4.11.',
    source: 'tools/libs/light/libxl_x86.c: libxl__arch_domain_create()',
    when: ({ config }) => {
      const mode = config.b_info?.tsc_mode;
      return mode?.value === 'native_paravirt' && { at: mode.at };
    },
  },
];

/** Schedulers whose weight and cap libxl tests. */
const WEIGHED = ['credit', 'credit2'];
const MOST_WEIGHT = 65_535;
const SCHED = 'tools/libs/light/libxl_sched.c: libxl_domain_sched_params_set()';

/** What libxl sets once the stream is read. */
export const DOMAIN_FINISH_RULES: readonly Rule<NewDomain>[] = [
  {
    id: 'LX-76',
    variant: 'sedf',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('SEDF scheduler no longer available'), says.libxl('cannot (re-)build domain: -25')],
    title: 'the SEDF scheduler, which Xen no longer has',
    explain: 'libxl sets the scheduler’s parameters after the stream was read, and fails there.',
    advice: ADVICE.config,
    source: SCHED,
    when: ({ config }) => {
      const sched = config.b_info?.sched_params?.sched;
      return sched?.value === 'sedf' && { at: sched.at };
    },
  },
  {
    id: 'LX-76',
    variant: 'weight',
    layer: 'libxl',
    severity: 'fatal',
    log: [
      says.libxl('Cpu weight out of range, valid values are within range from 1 to 65535'),
      says.libxl('cannot (re-)build domain: -6'),
    ],
    title: 'a scheduler weight out of range',
    explain: 'Weights go from 1 to 65535; libxl sets them after the stream was read.',
    advice: ADVICE.config,
    source: SCHED,
    when: ({ config }) => {
      const { sched, weight } = config.b_info?.sched_params ?? {};
      if (weight === undefined || weight.value === -1 || !WEIGHED.includes(sched?.value ?? '')) return false;
      return (weight.value < 1 || weight.value > MOST_WEIGHT) && { at: weight.at };
    },
  },
  {
    id: 'LX-76',
    variant: 'cap',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Cpu cap out of range, valid range is from 0 to %d for specified number of vcpus'), NOT_BUILT],
    title: 'a cap beyond what the vCPUs can use',
    explain: 'The cap is in percent of one CPU, so that 100 times the number of vCPUs is the most.',
    advice: ADVICE.config,
    source: SCHED,
    when: ({ config: { b_info: build = {} }, xen }) => {
      const { sched, cap } = build.sched_params ?? {};
      // credit2 has a cap since 4.10.
      const capped = sched?.value === 'credit' || (sched?.value === 'credit2' && xen >= 410);
      const most = Math.max(1, build.max_vcpus?.value ?? 1) * 100;
      if (cap === undefined || cap.value === -1 || !capped) return false;
      return (cap.value < 0 || cap.value > most) && { at: cap.at, values: [most, -6] };
    },
  },
];
