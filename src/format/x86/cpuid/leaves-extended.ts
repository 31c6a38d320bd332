/** Extended leaves but those of caches and topology. Source: AMD APM vol. 3 app. E; Xen's struct cpu_policy. */
import { vendorLetters, SIGNATURE } from './leaves-basic';
import { SVM_LEAF } from './leaves-virtual';
import { featureWord } from './features';
import { fields, flag, type LeafText, part, type RegisterText } from './leaf';
import { lettersOf } from './letters';

const brandLetters: RegisterText = {
  doc: 'Four letters of the brand string.',
  note: (value) => lettersOf([Number(value)]),
};
const brand = (third: string): LeafText => ({
  name: `Brand string, ${third} third`,
  eax: brandLetters,
  ebx: brandLetters,
  ecx: brandLetters,
  edx: brandLetters,
});

const LWP_FEATURES = {
  avail: flag(0, 'LWP as a whole.'),
  val: flag(1, 'LWPVAL instruction.'),
  ire: flag(2, 'Instructions retired are recorded.'),
  bre: flag(3, 'Branches retired are recorded.'),
  dme: flag(4, 'Data cache misses are recorded.'),
  cnh: flag(5, 'Core clocks are recorded.'),
  rnh: flag(6, 'Reference clocks are recorded.'),
  cont: flag(29, 'Sampling in continuous mode.'),
  ptsc: flag(30, 'Records hold the performance time stamp.'),
  int: flag(31, 'Interrupt when the buffer fills.'),
};

/** Leaves from 0x80000000 on. */
export const EXTENDED_LEAVES: Readonly<Record<number, LeafText>> = {
  0x8000_0000: {
    name: 'Highest extended leaf, vendor',
    eax: { display: 'hex', doc: 'Highest extended leaf.' },
    ebx: vendorLetters('1–4'),
    ecx: vendorLetters('9–12'),
    edx: vendorLetters('5–8'),
  },
  0x8000_0001: {
    name: 'Extended features',
    eax: SIGNATURE,
    ebx: fields('AMD: brand and package.', {
      brand_id: part(0, 16, 'Number of a brand name.', { display: 'hex' }),
      pkg_type: part(28, 4, 'Kind of socket, by family.', { display: 'hex' }),
    }),
    ecx: featureWord(3),
    edx: featureWord(2),
  },
  0x8000_0002: brand('first'),
  0x8000_0003: brand('second'),
  0x8000_0004: brand('last'),
  0x8000_0007: {
    name: 'Power management, RAS',
    ebx: fields('Reliability features.', {
      mca_overflow_recov: flag(0, 'Overflow of a machine check bank can be survived.'),
      succor: flag(1, 'Uncorrectable errors can be contained and survived.'),
      hwa: flag(2, 'Hardware asserts.'),
      scalable_mca: flag(3, 'Scalable machine check banks.'),
    }),
    ecx: { doc: 'Compute unit power sample time ratio.' },
    edx: featureWord(7),
  },
  0x8000_0008: {
    name: 'Address sizes, more features',
    eax: fields('Widths of addresses.', {
      maxphysaddr: part(0, 8, 'Bits of a physical address.'),
      maxlinaddr: part(8, 8, 'Bits of a linear address.'),
      guestphysaddr: part(16, 8, 'Bits of a guest-physical address under nested paging; 0: as maxphysaddr.'),
    }),
    ebx: featureWord(8),
    ecx: fields('AMD: cores and ids.', {
      nc: part(0, 8, 'Logical processors of the package, less 1.'),
      apic_id_size: part(12, 4, 'Bits of an APIC id within the package; 0: told by nc.'),
      perf_tsc_size: part(16, 2, 'Bits of the performance time stamp.', {
        names: { 0: '40', 1: '48', 2: '56', 3: '64' },
      }),
    }),
    edx: fields('AMD: INVLPGB and RDPRU.', {
      invlpgb_max: part(0, 16, 'Most pages of one INVLPGB.'),
      rdpru_max: part(16, 16, 'Highest register that RDPRU reads.'),
    }),
  },
  0x8000_0009: { name: 'Not assigned' },
  0x8000_000a: SVM_LEAF,
  0x8000_001a: {
    name: 'Performance hints',
    eax: fields('How code runs best.', {
      fp128: flag(0, '128-bit SSE runs whole.'),
      movu: flag(1, 'Unaligned moves beat pairs of halves.'),
      fp256: flag(2, '256-bit AVX runs whole.'),
    }),
  },
  0x8000_001b: {
    name: 'Instruction-based sampling',
    eax: fields('Features of IBS.', {
      ibs_ffv: flag(0, 'The other flags hold.'),
      fetch_sam: flag(1, 'Fetches are sampled.'),
      op_sam: flag(2, 'Operations are sampled.'),
      rd_wr_op_cnt: flag(3, 'The operation counter can be read and written.'),
      op_cnt: flag(4, 'Operations are counted.'),
      brn_trgt: flag(5, 'Branch targets are kept.'),
      op_cnt_ext: flag(6, 'Operation counters are 7 bits wider.'),
      rip_invalid_chk: flag(7, 'A sample says when its address is not valid.'),
      op_brn_fuse: flag(8, 'Fused branches are told apart.'),
      fetch_ctl_extd: flag(9, 'Extended fetch control MSR.'),
      op_data4: flag(10, 'MSR IBS_OP_DATA4.'),
    }),
  },
  0x8000_001c: {
    name: 'Lightweight profiling',
    eax: fields('What XCR0 lets the guest use.', LWP_FEATURES),
    ebx: fields('Sizes.', {
      cb_size: part(0, 8, 'Control block, in units of 8 bytes.'),
      event_size: part(8, 8, 'Bytes of a record.'),
      max_events: part(16, 8, 'Highest event number.'),
      event_offset: part(24, 8, 'Offset of the first event in the control block, bytes.'),
    }),
    ecx: fields('Latency and filters.', {
      latency_max: part(0, 5, 'Bits of a latency counter.'),
      data_address: flag(5, 'Cache miss records hold the address.'),
      latency_rnd: part(6, 3, 'How far latencies are rounded.'),
      version: part(9, 7, 'Version of LWP.'),
      min_buffer_size: part(16, 8, 'Smallest buffer, in units of 32 records.'),
      branch_prediction: flag(28, 'Branches can be filtered by prediction.'),
      ip_filtering: flag(29, 'Events can be filtered by address.'),
      cache_levels: flag(30, 'Misses can be filtered by level.'),
      cache_latency: flag(31, 'Misses can be filtered by latency.'),
    }),
    edx: fields('What the CPU has.', LWP_FEATURES),
  },
  0x8000_0021: {
    name: 'Extended features 2',
    eax: featureWord(11),
    ebx: fields('Sizes.', {
      ucode_size: part(0, 16, 'Size of a microcode patch, in units of 16 bytes.'),
      rap_size: part(16, 8, 'Entries of the return address predictor, in units of 8.'),
    }),
    ecx: featureWord(18),
  },
};
