/** Bits of the x86 control and status registers. Source: Intel SDM vol. 3A ch. 2, AMD APM vol. 2 ch. 3. */
import type { Bits } from '../kit/layout';

export const RFLAGS: Bits = {
  CF: 0,
  PF: 2,
  AF: 4,
  ZF: 6,
  SF: 7,
  TF: 8,
  IF: 9,
  DF: 10,
  OF: 11,
  IOPL: { at: 12, width: 2, doc: 'I/O privilege level' },
  NT: 14,
  RF: 16,
  VM: 17,
  AC: 18,
  VIF: 19,
  VIP: 20,
  ID: 21,
};

export const CR0: Bits = { PE: 0, MP: 1, EM: 2, TS: 3, ET: 4, NE: 5, WP: 16, AM: 18, NW: 29, CD: 30, PG: 31 };

export const CR4: Bits = {
  VME: 0,
  PVI: 1,
  TSD: 2,
  DE: 3,
  PSE: 4,
  PAE: 5,
  MCE: 6,
  PGE: 7,
  PCE: 8,
  OSFXSR: 9,
  OSXMMEXCPT: 10,
  UMIP: 11,
  LA57: 12,
  VMXE: 13,
  SMXE: 14,
  FSGSBASE: 16,
  PCIDE: 17,
  OSXSAVE: 18,
  SMEP: 20,
  SMAP: 21,
  PKE: 22,
  CET: 23,
  PKS: 24,
};

export const EFER: Bits = { SCE: 0, LME: 8, LMA: 10, NXE: 11, SVME: 12, LMSLE: 13, FFXSR: 14, TCE: 15, AUTOIBRS: 21 };

export const DR6: Bits = { B0: 0, B1: 1, B2: 2, B3: 3, BD: 13, BS: 14, BT: 15 };

export const DR7: Bits = { L0: 0, G0: 1, L1: 2, G1: 3, L2: 4, G2: 5, L3: 6, G3: 7, LE: 8, GE: 9, RTM: 11, GD: 13 };
