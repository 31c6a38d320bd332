/** What Xen looks at in the entries of emulated devices. Sources: the load and check functions of xen/arch/x86. */
import { readU32, readU64 } from '../../../../format/kit/bytes';
import { says } from '../../../kit/log-line';
import { ADVICE } from '../../../kit/rule';
import type { EntryRule, HvmEntrySubject } from './entry';
import { MTRR_RULES } from './mtrr';

const DESCRIPTOR = 8;
const place = (at: number, length = 1) => ({ offset: DESCRIPTOR + at, length });
const byte = ({ body }: HvmEntrySubject, at: number): number => body[at] ?? 0;
const common = { layer: 'hypervisor', severity: 'fatal', errno: 22, advice: ADVICE.copy } as const;

/** Offsets in struct hvm_hw_vpic. */
const PIC = { initState: 4, flags: 5, elcr: 6, intOutput: 7 } as const;
const IS_MASTER = 0x40;
const PIC_CHECK = 'xen/arch/x86/hvm/vpic.c: vpic_check()';

const PIC_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-48',
    errno: 33,
    versions: { from: 419 },
    title: 'an interrupt output of a PIC that is neither 0 nor 1',
    explain: 'It is a line: high or low.',
    source: PIC_CHECK,
    when: (entry) => entry.typecode === 3 && byte(entry, PIC.intOutput) > 1 && { at: place(PIC.intOutput) },
  },
  {
    ...common,
    id: 'HH-49',
    versions: { from: 419 },
    title: 'a PIC in a state that it cannot be in',
    explain:
      'Instance 0 is the master; no interrupt is raised while it is initialised; fixed lines cannot be level-triggered.',
    source: PIC_CHECK,
    when: (entry) => {
      if (entry.typecode !== 3) return false;
      const master = (byte(entry, PIC.flags) & IS_MASTER) !== 0;
      const initialising = (byte(entry, PIC.initState) & 0xf) !== 0;
      if (master !== (entry.instance === 0)) return { at: place(PIC.flags) };
      if (byte(entry, PIC.intOutput) !== 0 && initialising) return { at: place(PIC.initState) };
      return (byte(entry, PIC.elcr) & ~(master ? 0xfc : 0xde)) !== 0 && { at: place(PIC.elcr) };
    },
  },
];

/** Offsets in struct hvm_hw_pit and its channels of 16 bytes. */
const PIT = { channel: 16, speaker: 48, pad: 52 } as const;
const CHANNEL = { count: 0, countLatched: 6, readState: 9, writeState: 10, rwMode: 12, bcd: 14, gate: 15 } as const;
const PIT_CHECK = 'xen/arch/x86/emul-i8254.c: pit_check()';

/** Offset in the entry of the first field of a channel that is out of range. */
function badChannel(entry: HvmEntrySubject): number | undefined {
  for (let channel = 0; channel < 3; channel++) {
    const at = channel * PIT.channel;
    if (readU32(entry.body, at + CHANNEL.count, true) > 0x1_0000) return at + CHANNEL.count;
    for (const [field, most] of [
      [CHANNEL.countLatched, 4],
      [CHANNEL.readState, 4],
      [CHANNEL.writeState, 4],
      [CHANNEL.rwMode, 3],
      [CHANNEL.gate, 1],
      [CHANNEL.bcd, 1],
    ] as const)
      if (byte(entry, at + field) > most) return at + field;
  }
  return undefined;
}

const PIT_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-50',
    errno: 33,
    versions: { from: 419 },
    title: 'a speaker of the PIT that is neither on nor off, or padding that is set',
    explain: 'The speaker is 0 or 1, the padding 0.',
    source: PIT_CHECK,
    when: ({ typecode, body }) =>
      typecode === 10 &&
      (readU32(body, PIT.speaker, true) > 1 || readU32(body, PIT.pad, true) !== 0) && { at: place(PIT.speaker, 8) },
  },
  {
    ...common,
    id: 'HH-51',
    errno: 33,
    versions: { from: 419 },
    title: 'a channel of the PIT in a state that it cannot be in',
    explain: 'Counts go to 65536, latch and access states to 4, the access mode to 3, gate and BCD are bits.',
    source: PIT_CHECK,
    when: (entry) => {
      const bad = entry.typecode === 10 ? badChannel(entry) : undefined;
      return (
        bad !== undefined && {
          message: `channel ${Math.floor(bad / PIT.channel)} of the PIT in a state that it cannot be in`,
          at: place(bad),
        }
      );
    },
  },
  {
    ...common,
    id: 'HH-52',
    versions: { from: 419 },
    title: 'channel 0 or 1 of the PIT with its gate closed',
    explain: 'In a PC only the gate of channel 2 can be closed.',
    source: PIT_CHECK,
    when: (entry) => {
      const bad = [0, 1].find((channel) => byte(entry, channel * PIT.channel + CHANNEL.gate) === 0);
      return entry.typecode === 10 && bad !== undefined && { at: place(bad * PIT.channel + CHANNEL.gate) };
    },
  },
];

const LINK_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-53',
    versions: { from: 419 },
    title: 'padding of PCI_LINK is set',
    explain: 'It must be zero.',
    source: 'xen/arch/x86/hvm/irq.c: irq_check_link()',
    when: ({ typecode, body }) => typecode === 9 && body.subarray(4, 8).some((one) => one !== 0) && { at: place(4, 4) },
  },
  {
    ...common,
    id: 'HH-54',
    log: [says.xen('HVM restore: PCI-ISA link %u out of range (%u)')],
    title: 'a PCI interrupt link that leads to no ISA interrupt',
    explain: 'Links lead to interrupts 0 to 15.',
    source: 'xen/arch/x86/hvm/irq.c: irq_load_link()',
    when: (entry) => {
      const link = [0, 1, 2, 3].find((one) => byte(entry, one) > 15);
      return entry.typecode === 9 && link !== undefined && { values: [link, byte(entry, link)], at: place(link) };
    },
  },
];

const APIC_ENABLE = 1n << 11n;
const APIC_EXTD = 1n << 10n;

const APIC_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-55',
    title: 'an APIC in x2APIC mode that is not enabled',
    explain: 'The mode (EXTD) exists only together with EN.',
    source: 'xen/arch/x86/hvm/vlapic.c: lapic_check_hidden()',
    when: ({ typecode, body }) =>
      typecode === 5 && (readU64(body, 0, true) & (APIC_ENABLE | APIC_EXTD)) === APIC_EXTD && { at: place(0, 8) },
  },
];

const INTEL = 'GenuineIntel';
const MCG_LMCE_P = 1n << 27n;
/** SER_P, TES_P, CMCI_P and LMCE_P. */
const MCG_INTEL = (1n << 24n) | (1n << 11n) | (1n << 10n) | MCG_LMCE_P;
/** The number of banks and MCG_CTL, which are never looked at. */
const MCG_IGNORED = 0x1ffn;

const OTHER_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-58',
    versions: { from: 407 },
    title: 'padding of VIRIDIAN_VCPU is set',
    explain: 'It must be zero.',
    source: 'xen/arch/x86/hvm/viridian/viridian.c: viridian_load_vcpu_ctxt()',
    when: ({ typecode, body }) =>
      typecode === 17 && body.subarray(9, 16).some((one) => one !== 0) && { at: place(9, 7) },
  },
  {
    ...common,
    id: 'HH-59',
    certainty: 'target',
    log: [says.xen('HVM restore: unsupported MCA capabilities %#lx for dNv%u (supported: %#lx)')],
    title: 'machine-check capabilities that the target does not have',
    explain: 'Guests on Intel CPUs see more of the machine-check architecture than those on AMD.',
    advice: ADVICE.target,
    source: 'xen/arch/x86/cpu/mcheck/vmce.c: vmce_restore_vcpu()',
    when: ({ typecode, instance, body, target, cpu, xen }) => {
      const vendor = target?.host.vendor ?? cpu?.vendor ?? INTEL;
      const any = xen >= 410 ? MCG_INTEL : MCG_INTEL & ~MCG_LMCE_P;
      const own = vendor === INTEL ? any : 0n;
      const caps = readU64(body, 0, true);
      // Where the target is not known, only what no CPU has counts.
      const has = target === undefined ? any : own;
      if (typecode !== 18 || (caps & ~has & ~MCG_IGNORED) === 0n) return false;
      return { settled: true, values: [caps, instance, own], at: place(0, 8) };
    },
  },
];

export const DEVICE_RULES: readonly EntryRule[] = [
  ...PIC_RULES,
  ...PIT_RULES,
  ...LINK_RULES,
  ...APIC_RULES,
  ...MTRR_RULES,
  ...OTHER_RULES,
];
