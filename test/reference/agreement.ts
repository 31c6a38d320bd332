/** How the check agrees with a real Xen 4.17, by the image that was broken: test/unit/check/broken.test.ts holds it so. */
export interface Agreement {
  readonly base: string;
  /** Variants, and how many of them come to the same verdict and first log line, but for those listed below. */
  readonly all: number;
  readonly agree: number;
  readonly fails: number;
  readonly suspect: number;
  readonly ok: number;
  readonly unknown: number;
}

export const AGREEMENT: readonly Agreement[] = [
  { base: 'micro64.xlsave', all: 158, agree: 158, fails: 111, suspect: 12, ok: 35, unknown: 0 },
  { base: 'micropvh.xlsave', all: 110, agree: 110, fails: 66, suspect: 4, ok: 40, unknown: 0 },
  { base: 'hvmbios.xlsave', all: 40, agree: 40, fails: 25, suspect: 4, ok: 11, unknown: 0 },
  { base: 'micropvh-xsave.xlsave', all: 9, agree: 9, fails: 6, suspect: 0, ok: 3, unknown: 0 },
];

/** First lines that only the host decides. */
export const OTHER_LINE: Readonly<Record<string, string>> = {
  'micro64-xl-optlen-huge': 'dom0 had no 2 GiB for the optional data; with more memory xl finds the file too short',
  'micro64-pvinfo-32-on-64':
    'that Xen was built without 32-bit PV and stops there; one with it stops at the next record',
};

/**
 * Accepted, and the guest was still there after the moment that it was watched: but it is damaged, as something of it
 * is lost. What it was is in the base image; in the variant nothing tells that it does not matter.
 */
export const LOST: Readonly<Record<string, string>> = {
  'micro64-basic1-missing': 'a vCPU is missing: vCPU 1, of which there is other state, never runs',
  'micro64-ext1-missing': 'SYSCALL and SYSENTER entries of vCPU 1 are lost: its 32-bit processes die',
  'micro64-ext-vcpu1-for-0': 'the same of vCPU 0',
  'micro64-ext-len-short': 'state cut off: machine-check banks read as zeros',
  'micro64-ext-len8': 'SYSCALL and SYSENTER entries of vCPU 0 are lost',
  'micro64-xsave0-missing': 'XCR0 and the upper halves of the vector registers of vCPU 0 are lost: AVX faults',
  'micro64-xsave-vcpu1-for-0': 'the same',
  'micro64-xsave-len8': 'the same',
  'micro64-pte-l1-to-hole': 'a page that the guest has mapped is empty',
  'micro64-pte-l2-to-hole': 'a page table is lost: an empty page is put in its place',
  'micropvh-hvmctx-cpu-missing': 'a vCPU is missing: vCPU 0 never runs',
  'micropvh-hvmctx-lapic-missing': 'the local APIC of vCPU 0 stays disabled: no interrupt reaches it',
  'hvmbios-hvmctx-lapic-missing': 'the same',
  'micropvh-params-missing': 'the rings of xenstore and console are put into page 0',
  'hvmbios-params-missing': 'the same, and no device model serves the guest’s pages for it',
  'hvmbios-emu-trunc-file': 'state cut off: most of the device model’s reads as zeros',
};
