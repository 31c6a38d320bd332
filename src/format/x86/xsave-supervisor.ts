/** Components that only XSAVES writes: no XSAVE area of a stream holds them but a compacted one. Source: Intel SDM vol. 1 § 13.5, vol. 4. */
import { hex } from '../../lib/text';
import { array, bytes, struct, toGpa, toVa, u32, u64, u8 } from '../kit/layout';
import { address, reserved, word } from './fxsave';

/** Processor trace. */
export const PROC_TRACE = struct('PT', {
  rtit_ctl: word('IA32_RTIT_CTL: what is traced.'),
  rtit_output_base: u64({
    display: 'register',
    leadsTo: toGpa,
    doc: 'IA32_RTIT_OUTPUT_BASE: where packets go.',
  }),
  rtit_output_mask_ptrs: word('IA32_RTIT_OUTPUT_MASK_PTRS: size of the output, and how far it is filled.'),
  rtit_status: word('IA32_RTIT_STATUS: state of the trace.'),
  rtit_cr3_match: u64({
    display: 'register',
    leadsTo: (value) => toGpa(BigInt(value) & ~0x1fn),
    doc: 'IA32_RTIT_CR3_MATCH: address space traced.',
  }),
  rtit_addr0_a: address('Start of the first range.'),
  rtit_addr0_b: address('End of the first range.'),
  rtit_addr1_a: address('Start of the second range.'),
  rtit_addr1_b: address('End of the second range.'),
});

/** Process address space of ENQCMD. */
export const PASID = struct('PASID', {
  ia32_pasid: u64({
    display: 'register',
    doc: 'IA32_PASID: address space that ENQCMD names to a device.',
    bits: {
      pasid: { at: 0, width: 20, display: 'hex', doc: 'Number' },
      reserved_20: reserved(20, 11),
      valid: { at: 31, doc: 'The number counts' },
      reserved_32: reserved(32, 32),
    },
  }),
});

/** Control-flow enforcement of user mode. */
export const CET_U = struct('CET_U', {
  u_cet: u64({
    display: 'register',
    doc: 'IA32_U_CET: control-flow enforcement of user mode.',
    bits: {
      SH_STK_EN: { at: 0, doc: 'Shadow stack on' },
      WR_SHSTK_EN: { at: 1, doc: 'WRSS instructions allowed' },
      ENDBR_EN: { at: 2, doc: 'Indirect branches must land on ENDBR' },
      LEG_IW_EN: { at: 3, doc: 'Legacy code bitmap counts' },
      NO_TRACK_EN: { at: 4, doc: 'NOTRACK prefix counts' },
      SUPPRESS_DIS: { at: 5, doc: 'Tracking cannot be suppressed' },
      reserved_6: reserved(6, 4),
      SUPPRESS: { at: 10, doc: 'Tracking is suppressed' },
      TRACKER: { at: 11, doc: 'An ENDBR is due' },
      EB_LEG_BITMAP_BASE: { at: 12, width: 52, display: 'hex', doc: 'Page of the legacy code bitmap' },
    },
  }),
  pl3_ssp: address('Shadow stack pointer of ring 3.'),
});

/** Shadow stacks of rings 0 to 2. */
export const CET_S = struct('CET_S', {
  pl0_ssp: address('Shadow stack pointer of ring 0.'),
  pl1_ssp: address('Shadow stack pointer of ring 1.'),
  pl2_ssp: address('Shadow stack pointer of ring 2.'),
});

/** Hardware duty cycling. */
export const HDC = struct('HDC', {
  ia32_pm_ctl1: u64({
    display: 'register',
    doc: 'IA32_PM_CTL1.',
    bits: { HDC_ALLOW_BLOCK: { at: 0, doc: 'The CPU may be forced idle' }, reserved_1: reserved(1, 63) },
  }),
});

/** User interrupts. */
export const UINTR = struct('UINTR', {
  handler: address('Handler of user interrupts.'),
  stack_adjust: word('What is taken from rsp, or the new rsp where bit 0 is set.'),
  uitt_size: u32({ doc: 'Highest index of the target table.' }),
  uinv: u8({ display: 'hex', doc: 'Vector that notifies of user interrupts.' }),
  pad: bytes(2, { reserved: true, doc: 'Reserved.' }),
  uif: u8({
    display: 'hex',
    doc: 'Flags.',
    bits: { reserved_0: reserved(0, 7), UIF: { at: 7, doc: 'User interrupts are on' } },
  }),
  upid_addr: address('Descriptor of posted user interrupts.'),
  uirr: word('User interrupts requested, a bit each.'),
  uitt_addr: u64({
    display: 'register',
    leadsTo: (value) => toVa(BigInt(value) & ~1n),
    doc: 'Target table of SENDUIPI; bit 0: valid.',
  }),
});

const LBR_ENTRY = struct(
  'branch',
  {
    from: address('Where the branch was.'),
    to: address('Where it led.'),
    info: word('Cycles, kind, and whether it was predicted.'),
  },
  { summary: ({ from = 0n, to = 0n }) => `${hex(from, 16)} → ${hex(to, 16)}` },
);

/** Last branch records. */
export const LBR = struct('LBR', {
  lbr_ctl: word('IA32_LBR_CTL: which branches are recorded.'),
  lbr_depth: word('IA32_LBR_DEPTH: how many.'),
  ler_from_ip: address('Last branch before an exception: from.'),
  ler_to_ip: address('Last branch before an exception: to.'),
  ler_info: word('Last branch before an exception: about it.'),
  branches: array(LBR_ENTRY, 32, { doc: 'Branches, the latest first.' }),
});

/** Hardware P-states. */
export const HWP = struct('HWP', {
  ia32_hwp_request: u64({
    display: 'register',
    doc: 'IA32_HWP_REQUEST: performance asked for.',
    bits: {
      minimum: { at: 0, width: 8, doc: 'Lowest performance level wanted' },
      maximum: { at: 8, width: 8, doc: 'Highest performance level wanted' },
      desired: { at: 16, width: 8, doc: 'Level wanted; 0: the CPU chooses' },
      energy_preference: { at: 24, width: 8, doc: 'From 0, performance, to 255, saving' },
      activity_window: { at: 32, width: 10, doc: 'Time over which the CPU looks at the load; 0: it chooses' },
      package_control: { at: 42, doc: 'The request for the package counts instead' },
      reserved_43: reserved(43, 16),
      window_valid: { at: 59, doc: 'The window counts even under package control' },
      preference_valid: { at: 60, doc: 'The preference counts even under package control' },
      desired_valid: { at: 61, doc: 'The desired level counts even under package control' },
      maximum_valid: { at: 62, doc: 'The highest level counts even under package control' },
      minimum_valid: { at: 63, doc: 'The lowest level counts even under package control' },
    },
  }),
});
