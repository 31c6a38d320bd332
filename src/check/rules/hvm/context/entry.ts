/** An entry of the HVM context as Xen's load functions see it, and what they share. */
import { says } from '../../../kit/log-line';
import type { Hit, Rule } from '../../../kit/rule';
import { ADVICE } from '../../../kit/rule';
import type { GuestCpu } from '../../../target/guest-cpu';
import type { DomainKind } from '../../../kit/domain';
import type { CpuTarget } from '../../../target/target';
import type { XenVersion } from '../../../kit/xen-version';

export interface HvmEntrySubject {
  readonly typecode: number;
  readonly instance: number;
  /** Length by the descriptor, and bytes that the context has behind it. */
  readonly length: number;
  readonly remaining: number;
  /** The body, with zeros up to the size that Xen takes where an older Xen wrote a shorter one. */
  readonly body: Uint8Array;
  readonly xen: XenVersion;
  readonly kind: DomainKind;
  readonly maxVcpus: number;
  readonly nestedHvm: boolean;
  readonly cpu: GuestCpu | undefined;
  /** Whether the stream has the page. */
  readonly isPopulated: (pfn: bigint) => boolean;
  readonly target: CpuTarget | undefined;
  /** XCR0_accum that a CPU_XSAVE entry has set for this VCPU before. */
  readonly accum: bigint;
}

export type EntryRule = Rule<HvmEntrySubject>;

/** How Xen takes the length of a type: exactly, or shorter with zeros for the rest, or as the type itself says. */
export interface HvmSize {
  readonly name: string;
  readonly kind: 'strict' | 'zeroextended' | 'variable';
  /** Bytes that this version of Xen has. */
  readonly size: number;
  /** Bytes of another form that is taken too. */
  readonly compat?: number;
  /** What the handler returns where the length is wrong. */
  readonly errno: number;
  readonly perVcpu: boolean;
  /** Has a check of its own, which is made before anything is loaded; since 4.19, some since 4.20. */
  readonly checked?: boolean;
  /** Devices that a PVH guest has not. */
  readonly hvmOnly?: true;
}

const EINVAL = 22;
const ENODATA = 61;
const EPERM = 1;
const strict = (name: string, size: number, more: Partial<HvmSize> = {}): HvmSize => ({
  name,
  kind: 'strict',
  size,
  errno: EINVAL,
  perVcpu: false,
  ...more,
});
const zeroextended = (name: string, size: number, more: Partial<HvmSize> = {}): HvmSize => ({
  name,
  kind: 'zeroextended',
  size,
  errno: EINVAL,
  perVcpu: false,
  ...more,
});

/** What Xen of this version loads. Source: public/arch-x86/hvm/save.h and the load functions of xen/arch/x86. */
export function hvmSizes(xen: XenVersion): Readonly<Record<number, HvmSize>> {
  // A check of its own fails with another error than the load function did.
  const since = (version: XenVersion) => ({
    checked: xen >= version,
    errno: xen >= version ? ENODATA : EINVAL,
  });
  return {
    // The other form is that before Xen 4.0.
    2: (xen >= 407 ? zeroextended : strict)('CPU', xen >= 407 ? 1032 : 1024, { compat: 1016, perVcpu: true }),
    3: strict('PIC', 8, { hvmOnly: true, ...since(419) }),
    // Up to 4.12 the -1 of the size check came through.
    4: strict('IOAPIC', 400, { hvmOnly: true, errno: xen >= 413 ? ENODATA : EPERM }),
    // pending_esr came with 4.18.5, 4.19.2 and 4.20.1.
    5: zeroextended('LAPIC', xen >= 418 ? 32 : 24, { perVcpu: true, ...since(420) }),
    6: strict('LAPIC_REGS', 1024, { perVcpu: true, ...since(420) }),
    7: strict('PCI_IRQ', 16),
    8: strict('ISA_IRQ', 8),
    9: strict('PCI_LINK', 8, since(419)),
    10: strict('PIT', 56, { hvmOnly: true, errno: ENODATA, checked: xen >= 419 }),
    11: xen >= 414 ? zeroextended('RTC', 24, { hvmOnly: true }) : strict('RTC', 16, { hvmOnly: true }),
    12: strict('HPET', 1048, { hvmOnly: true }),
    13: strict('PMTIMER', 8, { hvmOnly: true }),
    14: strict('MTRR', 240, { perVcpu: true }),
    15: zeroextended('VIRIDIAN_DOMAIN', 32),
    16: { name: 'CPU_XSAVE', kind: 'variable', size: 0, errno: EINVAL, perVcpu: true },
    17:
      xen >= 407
        ? zeroextended('VIRIDIAN_VCPU', xen >= 413 ? 216 : 16, { perVcpu: true })
        : strict('VIRIDIAN_VCPU', 8, { perVcpu: true }),
    18: zeroextended('VMCE_VCPU', xen >= 410 ? 32 : 24, { perVcpu: true, errno: EPERM }),
    19: strict('TSC_ADJUST', 8, { perVcpu: true }),
    20: { name: 'CPU_MSR', kind: 'variable', size: 0, errno: EINVAL, perVcpu: true },
  };
}

const common = { layer: 'hypervisor', severity: 'fatal', errno: EINVAL, advice: ADVICE.copy } as const;
const SAVE = 'xen/arch/x86/hvm/save.c';

const sizeOf = ({ typecode, xen }: HvmEntrySubject): HvmSize | undefined => hvmSizes(xen)[typecode];

const MISMATCH = says.xen(
  'HVM restore mismatch: expected %s type %u length %u, saw type %u length %u.  %zu bytes remaining',
);

const mismatch = (entry: HvmEntrySubject, { kind, size, compat }: HvmSize): Hit => {
  const { typecode, length, remaining } = entry;
  const sizes = compat === undefined ? [size] : [size, compat];
  const lines = sizes.map((one) =>
    says.xen(
      `HVM restore mismatch: expected ${kind} type ${typecode} length ${one}, saw type ${typecode} length ${length}.  ${remaining} bytes remaining`,
    ),
  );
  return {
    log: lines,
    message: `length ${length}, Xen takes ${kind === 'strict' ? '' : 'up to '}${size}${length > remaining ? `, and ${remaining} bytes are left` : ''}`,
    at: { offset: 4, length: 4 },
  };
};

const isBadLength = ({ length, remaining }: HvmEntrySubject, { kind, size, compat }: HvmSize): boolean => {
  if (kind === 'variable') return false;
  const fits = (most: number): boolean => (kind === 'strict' ? length === most : length <= most) && length <= remaining;
  return !fits(size) && !(compat !== undefined && fits(compat));
};

const badStrict = (entry: HvmEntrySubject): Hit | false => {
  const size = sizeOf(entry);
  return size?.kind === 'strict' && isBadLength(entry, size) && { ...mismatch(entry, size), errno: size.errno };
};

/** Tests that all load functions make, in the order in which they make them. */
export const ENTRY_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-43',
    errno: 19,
    versions: { from: 407 },
    title: 'an I/O APIC in a guest that has none',
    explain: 'A PVH guest has no I/O APIC: the context was saved from an HVM guest.',
    advice: ADVICE.config,
    source: 'xen/arch/x86/hvm/vioapic.c: ioapic_load()',
    when: ({ typecode, kind }) => typecode === 4 && kind === 'pvh',
  },
  {
    ...common,
    id: 'HH-46',
    errno: 19,
    versions: { from: 407 },
    title: 'a device of a PC in a guest that has none',
    explain:
      'A PVH guest has neither PIC, PIT, RTC, HPET nor power management timer: the context was saved from an HVM guest.',
    advice: ADVICE.config,
    source: 'xen/arch/x86: vpic_load(), pit_load(), rtc_load(), hpet_load(), acpi_load()',
    when: (entry) => entry.typecode !== 4 && entry.kind === 'pvh' && sizeOf(entry)?.hvmOnly === true,
  },
  {
    ...common,
    id: 'HH-47',
    errno: 2,
    title: 'a third PIC',
    explain: 'A PC has two: instances 0 and 1.',
    source: 'xen/arch/x86/hvm/vpic.c: vpic_load()',
    when: ({ typecode, instance }) => typecode === 3 && instance >= 2 && { at: { offset: 2, length: 2 } },
  },
  {
    ...common,
    id: 'HH-13',
    debug: true,
    log: [says.xen('HVM restore: dom{N} has no vcpu%u')],
    title: 'state of a VCPU that the configuration does not have',
    explain: 'The domain is created with max_vcpus of the configuration; the context has a VCPU beyond.',
    advice: ADVICE.config,
    source: 'xen/arch/x86/hvm/hvm.c: hvm_load_cpu_ctxt() and others',
    when: (entry) =>
      sizeOf(entry)?.perVcpu === true &&
      entry.instance >= entry.maxVcpus && {
        message: `VCPU ${entry.instance}; the configuration has ${entry.maxVcpus}`,
        at: { offset: 2, length: 2 },
      },
  },
  {
    ...common,
    id: 'HH-45',
    log: [MISMATCH],
    title: 'an I/O APIC of another length',
    explain: 'It has 48 pins, which take 400 bytes.',
    source: 'xen/arch/x86/hvm/vioapic.c: ioapic_load()',
    when: (entry) => entry.typecode === 4 && badStrict(entry),
  },
  {
    ...common,
    id: 'HH-10',
    log: [MISMATCH],
    title: 'an entry of another length than its type has',
    explain: 'The length in the descriptor must be that of the structure, and must not lead out of the context.',
    source: `${SAVE}: _hvm_check_entry()`,
    when: badStrict,
  },
  {
    ...common,
    id: 'HH-11',
    variant: 'too-long',
    log: [MISMATCH],
    title: 'an entry longer than its type is in this Xen',
    explain:
      'An older Xen refuses what a newer one has made longer; a shorter entry is filled up with zeros. A length that leads out of the context is refused too.',
    advice: ADVICE.newer,
    source: `${SAVE}: _hvm_check_entry()`,
    when: (entry) => {
      const size = sizeOf(entry);
      return (
        size?.kind === 'zeroextended' && isBadLength(entry, size) && { ...mismatch(entry, size), errno: size.errno }
      );
    },
  },
  {
    ...common,
    id: 'HH-11',
    variant: 'lapic-32',
    certainty: 'target',
    versions: { from: 418, before: 421 },
    log: [MISMATCH],
    title: 'a LAPIC of 32 bytes; early point releases take 24',
    explain: 'Before 4.18.5, 4.19.2 and 4.20.1 the entry had no pending_esr.',
    advice: ADVICE.newer,
    source: 'xen/include/public/arch-x86/hvm/save.h: struct hvm_hw_lapic',
    when: (entry) => {
      const size = sizeOf(entry);
      return (
        entry.typecode === 5 &&
        size !== undefined &&
        entry.length > 24 && { ...mismatch(entry, { ...size, size: 24 }), errno: size.errno }
      );
    },
  },
];
