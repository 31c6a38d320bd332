/** Basic leaves but those of caches, topology and extended state. Source: Intel SDM vol. 2A (CPUID); Xen's struct cpu_policy. */
import { hex0x } from '../../../lib/text';
import { featureWord } from './features';
import { fields, flag, type LeafText, part, type RegisterText } from './leaf';
import { lettersOf } from './letters';
import { signature } from './signature';

/** Returns four letters of the vendor's name. */
export const vendorLetters = (which: string): RegisterText => ({
  doc: `Letters ${which} of the vendor’s name.`,
  note: (value) => lettersOf([Number(value)]),
});

/** Family, model and stepping, as leaf 1 has them in eax. */
export const SIGNATURE = fields(
  'Family, model and stepping.',
  {
    stepping: part(0, 4, 'Revision.'),
    model: part(4, 4, 'Low digit of the model.', { display: 'hex' }),
    family: part(8, 4, 'Base family; 0xf says that ext_family is to be added.', { display: 'hex' }),
    type: part(12, 2, 'Intel: processor type.', { names: { 0: 'original', 1: 'OverDrive', 2: 'dual processor' } }),
    ext_model: part(16, 4, 'High digit of the model, where the base family is 6 or 0xf.', { display: 'hex' }),
    ext_family: part(20, 8, 'Added to the family where that is 0xf.', { display: 'hex' }),
  },
  {
    note: (value) => {
      const { family, model, stepping } = signature(Number(value));
      return `family ${hex0x(family)}, model ${hex0x(model)}, stepping ${stepping}`;
    },
  },
);

/** Descriptors of leaf 2 since Nehalem; older ones stand as numbers. */
const DESCRIPTORS = {
  0x00: 'none',
  0x03: 'data TLB: 64 × 4 KiB',
  0x0d: 'L1 data 16 KiB',
  0x0e: 'L1 data 24 KiB',
  0x2c: 'L1 data 32 KiB',
  0x30: 'L1 instruction 32 KiB',
  0x55: 'instruction TLB: 7 × 2 or 4 MiB',
  0x5a: 'data TLB: 32 × 2 or 4 MiB',
  0x63: 'data TLB: 32 × 2 or 4 MiB, 4 × 1 GiB',
  0x76: 'instruction TLB: 8 × 2 or 4 MiB',
  0xb5: 'instruction TLB: 64 × 4 KiB',
  0xb6: 'instruction TLB: 128 × 4 KiB',
  0xc1: 'shared TLB: 1024 × 4 KiB or 2 MiB',
  0xc3: 'shared TLB: 1536 × 4 KiB or 2 MiB, 16 × 1 GiB',
  0xca: 'shared TLB: 512 × 4 KiB',
  0xf0: 'prefetches 64 B',
  0xf1: 'prefetches 128 B',
  0xfe: 'TLBs by leaf 0x18',
  0xff: 'caches by leaf 4',
} as const;

const DESCRIPTOR = { display: 'hex', names: DESCRIPTORS } as const;
const descriptors = (register: string): RegisterText =>
  fields(`Cache and TLB descriptors in ${register}, a byte each; none of them holds where bit 31 is set.`, {
    desc_0: part(0, 8, 'Descriptor.', DESCRIPTOR),
    desc_1: part(8, 8, 'Descriptor.', DESCRIPTOR),
    desc_2: part(16, 8, 'Descriptor.', DESCRIPTOR),
    desc_3: part(24, 8, 'Descriptor.', DESCRIPTOR),
  });

const subStates = Object.fromEntries(
  Array.from({ length: 8 }, (_, state) => [
    `C${state}`,
    part(state * 4, 4, `Sub-states of C${state} that MWAIT knows.`),
  ]),
);

const EVENTS = [
  'core cycles',
  'instructions retired',
  'reference cycles',
  'last-level cache references',
  'last-level cache misses',
  'branches retired',
  'branches mispredicted',
  'slots',
];
const missing = Object.fromEntries(
  EVENTS.map((event, bit) => [
    `no_${event.replaceAll(/\W/gu, '_')}`,
    flag(bit, `The event “${event}” does not exist.`),
  ]),
);

/** Leaves from 0 on that have one reading. */
export const BASIC_LEAVES: Readonly<Record<number, LeafText>> = {
  0x0: {
    name: 'Highest leaf, vendor',
    eax: { display: 'hex', doc: 'Highest basic leaf.' },
    ebx: vendorLetters('1–4'),
    ecx: vendorLetters('9–12'),
    edx: vendorLetters('5–8'),
  },
  0x1: {
    name: 'Model, features',
    eax: SIGNATURE,
    ebx: fields('Brand, cache line, processors, APIC id.', {
      brand_id: part(0, 8, 'Number of a brand name, on old CPUs.'),
      clflush_size: part(8, 8, 'Bytes that CLFLUSH takes, in units of 8.'),
      lppp: part(16, 8, 'Logical processors per package; holds only with HTT.'),
      apic_id: part(24, 8, 'Initial APIC id: differs by vCPU, so 0 in a policy.'),
    }),
    ecx: featureWord(1),
    edx: featureWord(0),
  },
  0x2: {
    name: 'Cache descriptors',
    eax: fields('Times to ask, and cache descriptors.', {
      l2_nr_queries: part(0, 8, 'Times that this leaf is to be read: 1.'),
      desc_1: part(8, 8, 'Descriptor.', DESCRIPTOR),
      desc_2: part(16, 8, 'Descriptor.', DESCRIPTOR),
      desc_3: part(24, 8, 'Descriptor.', DESCRIPTOR),
    }),
    ebx: descriptors('ebx'),
    ecx: descriptors('ecx'),
    edx: descriptors('edx'),
  },
  0x3: {
    name: 'Serial number',
    ecx: { doc: 'Serial number, low part; only a few old CPUs have one.' },
    edx: { doc: 'Serial number, middle part.' },
  },
  0x5: {
    name: 'MONITOR and MWAIT',
    eax: fields('Smallest monitored area.', { smallest: part(0, 16, 'Bytes.', { display: 'bytes' }) }),
    ebx: fields('Largest monitored area.', { largest: part(0, 16, 'Bytes.', { display: 'bytes' }) }),
    ecx: fields('Extensions of MWAIT.', {
      EMX: flag(0, 'Extensions are enumerated.'),
      IBE: flag(1, 'Interrupts end a wait even where they are masked.'),
    }),
    edx: fields('Sub-states of each C-state.', subStates),
  },
  0x6: {
    name: 'Thermal and power',
    eax: fields('Thermal and power features.', {
      digital_temp_sensor: flag(0, 'Digital temperature sensor.'),
      turbo_boost: flag(1, 'Turbo boost.'),
      arat: flag(2, 'The APIC timer runs on in deep C-states.'),
      pln: flag(4, 'Power limit notification.'),
      ecmd: flag(5, 'Clock modulation in finer steps.'),
      pkg_therm_mgmt: flag(6, 'Thermal management of the package.'),
      hwp: flag(7, 'Hardware chooses P-states.'),
      hwp_interrupt: flag(8, 'Interrupts of HWP.'),
      hwp_activity_window: flag(9, 'Activity window of HWP.'),
      hwp_epp: flag(10, 'Preference between energy and performance.'),
      hwp_request_pkg: flag(11, 'HWP requests by package.'),
      hdc: flag(13, 'Hardware duty cycling.'),
      hwp_peci_override: flag(16, 'HWP can be overridden from outside.'),
      hw_feedback: flag(19, 'Hardware feedback interface.'),
    }),
    ebx: fields('Thermal interrupts.', { thresholds: part(0, 4, 'Interrupt thresholds of the sensor.') }),
    ecx: fields('Feedback on performance.', {
      hw_feedback_cap: flag(0, 'MSRs APERF and MPERF.'),
      energy_perf_bias: flag(3, 'MSR ENERGY_PERF_BIAS.'),
    }),
    edx: { doc: 'Layout of the hardware feedback table.' },
  },
  0x8: { name: 'Not assigned' },
  0x9: { name: 'Direct cache access', eax: { doc: 'Value of MSR PLATFORM_DCA_CAP.' } },
  0xa: {
    name: 'Performance monitoring',
    eax: fields('Version and general counters.', {
      pmu_version: part(0, 8, 'Version of architectural performance monitoring.'),
      counters: part(8, 8, 'General counters of a processor.'),
      width: part(16, 8, 'Bits of a general counter.'),
      events: part(24, 8, 'Bits of ebx that count.'),
    }),
    ebx: fields('Events that do not exist.', missing),
    ecx: { doc: 'Fixed counters, a bit each, from version 5 on.' },
    edx: fields('Fixed counters.', {
      fixed_counters: part(0, 5, 'Fixed counters of a processor.'),
      fixed_width: part(5, 8, 'Bits of a fixed counter.'),
      anythread_deprecated: flag(15, 'Counting of both threads is no more.'),
    }),
  },
  0xc: { name: 'Not assigned' },
};

/** Leaf 7, by subleaf. */
export const FEATURE_LEAVES: readonly LeafText[] = [
  {
    name: 'More features',
    eax: { display: 'hex', doc: 'Highest subleaf of leaf 7.' },
    ebx: featureWord(5),
    ecx: featureWord(6),
    edx: featureWord(9),
  },
  {
    name: 'More features',
    eax: featureWord(10),
    ebx: featureWord(12),
    ecx: featureWord(14),
    edx: featureWord(15),
  },
  { name: 'More features', edx: featureWord(13) },
];
