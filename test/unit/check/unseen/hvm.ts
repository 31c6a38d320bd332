/** Broken HVM_CONTEXT and HVM_PARAMS. */
import { brokenOf, copy, fails, insert, OK, remove, SUSPECT, u16, u32, u64, write, zeros } from './case';

const micropvh = brokenOf('micropvh.xlsave');
const withXsave = brokenOf('micropvh-xsave.xlsave');
const hvmbios = brokenOf('hvmbios.xlsave');
const hvmvga = brokenOf('hvmvga.xlsave');

type Line = string | RegExp;
/** The context is refused: what the tools say, and the first line of Xen. */
const refused = (error: string, xen?: Line) =>
  fails(`Unable to restore HVM context (${error})`, 'HVM_CONTEXT', xen === undefined ? {} : { xen });
const INVALID = '22 = Invalid argument';
const NO_DATA = '61 = No data available';
const NO_DEVICE = '19 = No such device';
const UNSUPPORTED = '95 = Operation not supported';
const NO_ADDRESS = '6 = No such device or address';
const entryFailed = (entry: string, rc: number): string => `HVMN restore: failed to load entry ${entry} rc ${rc}`;

/** micropvh: record 10541132, its length 10541136, descriptors as named; bodies 8 later. */
const LENGTH = 10541136;
const HEADER = 10541140;
const CPU0 = 10541172;
const CPU1 = 10542212;
const LAPIC0 = 10543252;
const LAPIC1 = 10543284;
const REGS0 = 10543316;
const PCI_IRQ = 10545380;
const PCI_LINK = 10545420;
const MTRR0 = 10545436;
const VMCE0 = 10545932;
const TSC_ADJUST0 = 10546012;
const END = 10546044;
const cpu0 = (offset: number): number => CPU0 + 8 + offset;
const cpu1 = (offset: number): number => CPU1 + 8 + offset;

/** An entry put before the END, and the record made longer for it. */
const entry = (typecode: number, instance: number, body: string, length = body.length / 2) => [
  write(LENGTH, u32(4912 + 8 + body.length / 2)),
  insert(END, u16(typecode), u16(instance), u32(length), body),
];

const CONTEXT = [
  micropvh(
    'magic',
    [write(HEADER + 8, u32(0x54381287))],
    refused(INVALID, 'HVMN restore: bad magic number 0x54381287'),
    'save.c arch_hvm_load',
  ),
  micropvh(
    'version 0',
    [write(HEADER + 12, u32(0))],
    refused(INVALID, 'HVMN restore: unsupported version 0'),
    'save.c arch_hvm_load',
  ),
  micropvh('CPUID of another CPU', [write(HEADER + 24, u32(0x000306c3))], OK, 'save.c arch_hvm_load: a message'),
  micropvh('instance of the header', [write(HEADER + 2, u16(7))], OK, 'save.c hvm_load does not look'),
  micropvh(
    'header of 32 octets',
    [write(HEADER + 4, u32(32))],
    refused(
      NO_DATA,
      'HVM restore mismatch: expected strict type 1 length 24, saw type 1 length 32.  4904 bytes remaining',
    ),
    'save.c _hvm_check_entry',
  ),
  micropvh(
    'header alone',
    [write(LENGTH, u32(32)), remove(CPU0, 4880)],
    refused(NO_DATA, 'HVMN restore: save did not end with a null entry'),
    'save.c hvm_load',
  ),
  micropvh(
    'record of 4 octets',
    [write(LENGTH, u32(4)), remove(HEADER + 8, 4904)],
    refused(NO_DATA, 'HVM restore: not enough data left to read 8 bytes for type 1 header'),
    'save.c _hvm_check_entry',
  ),
  micropvh(
    'second header',
    [...entry(1, 0, zeros(24))],
    refused(INVALID, 'HVMN restore: unknown entry typecode 1'),
    'save.c hvm_load: no handler',
  ),
  micropvh(
    'entry of type 21',
    [...entry(21, 0, zeros(8))],
    refused(INVALID, 'HVMN restore: unknown entry typecode 21'),
    'save.c hvm_load',
  ),
  micropvh('END with a length', [write(END + 4, u32(99))], OK, 'save.c hvm_load: the type code is enough'),
  micropvh('octets after END', [write(LENGTH, u32(4928)), insert(10546052, 'ff'.repeat(16))], OK, 'save.c hvm_load'),
  micropvh('END in the place of VCPU 1', [write(CPU1, u16(0))], SUSPECT, 'save.c hvm_load: the rest is never read'),
  micropvh('context twice', [copy(10546052, 10541132, 4920)], OK, 'xg_sr_common.h update_blob: the last one counts'),
  micropvh(
    'context twice, the last one broken',
    [copy(10541132, 10541132, 4920), write(cpu0(656), u64(0))],
    fails('Unable to restore HVM context (22 = Invalid argument)', 'HVM_CONTEXT', {
      nth: 1,
      xen: 'HVMN restore: bad CR0 0',
    }),
    'xg_sr_common.h update_blob; hvm.c hvm_load_cpu_ctxt',
  ),
] as const;

const CPU = [
  micropvh(
    'pad',
    [write(cpu0(1028), u32(1))],
    refused(INVALID, entryFailed('2/0', -22)),
    'hvm.c hvm_load_cpu_ctxt: without a word',
  ),
  micropvh(
    'flags',
    [write(cpu0(1024), u32(3))],
    refused(INVALID, 'bad flags value in CPU context: 0x3'),
    'hvm.c hvm_load_cpu_ctxt; behind the vCPU of dom0 that asks',
  ),
  micropvh('no FPU state', [write(cpu1(1024), u32(0))], OK, 'hvm.c hvm_load_cpu_ctxt: reset'),
  micropvh(
    'TSC_AUX',
    [write(cpu0(1000), u64(1n << 32n))],
    refused(INVALID, 'dNv0: HVM restore: bad MSR_TSC_AUX 0x100000000'),
    'hvm.c hvm_load_cpu_ctxt',
  ),
  micropvh(
    'CR0 without ET',
    [write(cpu0(656), u64(0x80010023))],
    refused(INVALID, 'HVMN restore: bad CR0 0x80010023'),
    'hvm.c hvm_load_cpu_ctxt',
  ),
  micropvh(
    'CR0 with a reserved bit',
    [write(cpu1(656), u64(0x80010073))],
    refused(INVALID, 'HVMN restore: bad CR0 0x80010073'),
    'hvm/support.h HVM_CR0_GUEST_RESERVED_BITS',
  ),
  micropvh(
    'CR4 with PCIDE',
    [write(cpu0(680), u64(0x60620))],
    refused(INVALID, 'HVMN restore: bad CR4 0x60620'),
    'hvm.c hvm_cr4_guest_valid_bits',
  ),
  micropvh('CR4 with SMEP', [write(cpu1(680), u64(0x140620))], OK, 'hvm.c hvm_cr4_guest_valid_bits: leaf 7 has it'),
  micropvh(
    'CR4 with VMXE',
    [write(cpu1(680), u64(0x42620))],
    refused(INVALID, 'HVMN restore: bad CR4 0x42620'),
    'hvm.c hvm_cr4_guest_valid_bits',
  ),
  micropvh(
    'EFER with LMA alone',
    [write(cpu0(992), u64(0xc01))],
    refused(INVALID, 'dNv0: HVM restore: bad EFER 0xc01 - LMA/LME/CR0.PG inconsistency'),
    'hvm.c hvm_efer_valid',
  ),
  micropvh(
    'EFER with SVME',
    [write(cpu1(992), u64(0x1d01))],
    refused(INVALID, 'dNv1: HVM restore: bad EFER 0x1d01 - SVME without nested virt'),
    'hvm.c hvm_efer_valid',
  ),
  micropvh(
    'EFER with FFXSE',
    [write(cpu0(992), u64(0x4d01))],
    refused(INVALID, 'dNv0: HVM restore: bad EFER 0x4d01 - FFXSE without feature'),
    'hvm.c hvm_efer_valid',
  ),
  micropvh(
    'EFER with an unknown bit',
    [write(cpu0(992), u64(0x200d01))],
    refused(INVALID, 'dNv0: HVM restore: bad EFER 0x200d01 - Unknown bits set'),
    'hvm.c hvm_efer_valid: EFER_KNOWN_MASK',
  ),
  micropvh(
    'paging off under LMA',
    [write(cpu0(656), u64(0x10033))],
    refused(INVALID, 'dNv0: HVM restore: bad EFER 0xd01 - LMA/LME/CR0.PG inconsistency'),
    'hvm.c hvm_efer_valid',
  ),
  micropvh(
    'CR3 of 41 bits',
    [write(cpu0(672), u64(1n << 40n))],
    refused(INVALID, 'HVMN restore: bad CR3 0x10000000000'),
    'hvm.c hvm_load_cpu_ctxt: maxphysaddr 40',
  ),
  micropvh('pending event of type 1', [write(cpu0(1016), u32(0x80000120))], refused(INVALID), 'svm.c svm_vmcb_restore'),
  micropvh('pending event of type 5', [write(cpu1(1016), u32(0x80000520))], refused(INVALID), 'svm.c svm_vmcb_restore'),
  micropvh(
    'pending event that is not valid',
    [write(cpu0(1016), u32(0x00000520))],
    OK,
    'svm.c svm_vmcb_restore: pending_valid first',
  ),
  micropvh(
    'error code of 17 bits',
    [write(cpu0(1016), u32(0x80000b0e), u32(0x10000))],
    refused(INVALID),
    'svm.c svm_vmcb_restore',
  ),
  micropvh(
    'CPU entry of 1040 octets',
    [write(CPU0 + 4, u32(1040))],
    refused(
      INVALID,
      'HVM restore mismatch: expected zeroextended type 2 length 1032, saw type 2 length 1040.  4872 bytes remaining',
    ),
    'save.c _hvm_check_entry',
  ),
  micropvh(
    'CPU entry of 1024 octets',
    [write(CPU0 + 4, u32(1024)), remove(CPU0 + 8 + 1024, 8), write(LENGTH, u32(4904))],
    OK,
    'save.h _hvm_load_entry: zero-extended, _hvm_hw_fix_cpu sets the flags',
  ),
  micropvh(
    'CPU 0 twice',
    [copy(CPU1, CPU0, 1040), write(LENGTH, u32(5952))],
    OK,
    'hvm.c hvm_load_cpu_ctxt: loaded once more',
  ),
  micropvh(
    'CPU of instance 2',
    [write(CPU1 + 2, u16(2))],
    refused(INVALID, entryFailed('2/2', -22)),
    'hvm.c hvm_load_cpu_ctxt: dprintk only',
  ),
] as const;

const APIC = [
  micropvh(
    'x2APIC while disabled',
    [write(LAPIC0 + 8, u64(0xfee00500))],
    refused(INVALID, entryFailed('5/0', -22)),
    'vlapic.c lapic_load_hidden',
  ),
  micropvh(
    'LAPIC of 16 octets',
    [write(LAPIC0 + 4, u32(16)), remove(LAPIC0 + 24, 8), write(LENGTH, u32(4904))],
    OK,
    'vlapic.c lapic_load_hidden: zero-extended',
  ),
  micropvh(
    'LAPIC of instance 9',
    [write(LAPIC1 + 2, u16(9))],
    refused(INVALID, entryFailed('5/9', -22)),
    'vlapic.c lapic_load_hidden',
  ),
  micropvh(
    'LAPIC_REGS of 1016 octets',
    [write(REGS0 + 4, u32(1016))],
    refused(
      INVALID,
      'HVM restore mismatch: expected strict type 6 length 1024, saw type 6 length 1016.  2728 bytes remaining',
    ),
    'vlapic.c lapic_load_regs',
  ),
  micropvh(
    'LAPIC_REGS of VCPU 0 missing',
    [remove(REGS0, 1032), write(LENGTH, u32(3880))],
    SUSPECT,
    'vlapic.c lapic_load_regs is not called',
  ),
  micropvh('LAPIC_REGS before LAPIC', [remove(REGS0, 1032), copy(LAPIC0, REGS0, 1032)], OK, 'vlapic.c: either order'),
  micropvh(
    'PCI_IRQ of 8 octets',
    [write(PCI_IRQ + 4, u32(8))],
    refused(
      INVALID,
      'HVM restore mismatch: expected strict type 7 length 16, saw type 7 length 8.  664 bytes remaining',
    ),
    'irq.c irq_load_pci',
  ),
  micropvh(
    'PCI link 16',
    [write(PCI_LINK + 8 + 3, '10')],
    refused(INVALID, 'HVM restore: PCI-ISA link 3 out of range (16)'),
    'irq.c irq_load_link',
  ),
  micropvh('PCI link 15', [write(PCI_LINK + 8, '0f')], OK, 'irq.c irq_load_link'),
  micropvh(
    'nine variable MTRRs',
    [write(MTRR0 + 8 + 224, u64(0x509))],
    refused(INVALID, entryFailed('14/0', -22)),
    'mtrr.c hvm_load_mtrr_msr: dprintk only',
  ),
  micropvh(
    'MTRR of 232 octets',
    [write(MTRR0 + 4, u32(232))],
    refused(
      INVALID,
      'HVM restore mismatch: expected strict type 14 length 240, saw type 14 length 232.  608 bytes remaining',
    ),
    'mtrr.c hvm_load_mtrr_msr',
  ),
  micropvh(
    'MTRR of instance 2',
    [write(MTRR0 + 2, u16(2))],
    refused(INVALID, entryFailed('14/2', -22)),
    'mtrr.c hvm_load_mtrr_msr',
  ),
  micropvh(
    'machine check capabilities',
    [write(VMCE0 + 8, u64(0x8000002))],
    refused(INVALID, 'HVM restore: unsupported MCA capabilities 0x8000002 for dNv0 (supported: 0)'),
    'vmce.c vmce_restore_vcpu: LMCE is Intel’s',
  ),
  micropvh(
    'machine check bank count and CTL_P',
    [write(VMCE0 + 8, u64(0x1ff))],
    OK,
    'vmce.c vmce_restore_vcpu: MCG_CAP_COUNT, MCG_CTL_P',
  ),
  micropvh(
    'TSC_ADJUST of instance 3',
    [write(TSC_ADJUST0 + 2, u16(3))],
    refused(INVALID, entryFailed('19/3', -22)),
    'hvm.c hvm_load_tsc_adjust',
  ),
] as const;

/** Devices that a PVH guest does not have. */
const NO_DEVICES = [
  micropvh('PIC', entry(3, 0, zeros(8)), refused(NO_DEVICE, entryFailed('3/0', -19)), 'vpic.c vpic_load: has_vpic'),
  micropvh(
    'IOAPIC',
    entry(4, 0, zeros(400)),
    refused(NO_DEVICE, entryFailed('4/0', -19)),
    'vioapic.c ioapic_load: has_vioapic',
  ),
  micropvh(
    'PIT',
    entry(10, 0, zeros(56)),
    refused(NO_DEVICE, entryFailed('10/0', -19)),
    'emul-i8254.c pit_load: has_vpit',
  ),
  micropvh('RTC', entry(11, 0, zeros(24)), refused(NO_DEVICE, entryFailed('11/0', -19)), 'rtc.c rtc_load: has_vrtc'),
  micropvh(
    'HPET',
    entry(12, 0, zeros(1048)),
    refused(NO_DEVICE, entryFailed('12/0', -19)),
    'hpet.c hpet_load: has_vhpet',
  ),
  micropvh(
    'PMTIMER',
    entry(13, 0, zeros(8)),
    refused(NO_DEVICE, entryFailed('13/0', -19)),
    'pmtimer.c acpi_load: has_vpm',
  ),
  micropvh(
    'VIRIDIAN_DOMAIN',
    entry(15, 0, zeros(32)),
    OK,
    'viridian.c viridian_load_domain_ctxt: hvm.c makes it for every domain',
  ),
] as const;

/** hvmbios: body 33524006 of 5480 octets. */
const DEVICES = [
  hvmbios(
    'PIC of instance 2',
    [write(33525094 + 2, u16(2))],
    refused('2 = No such file or directory', entryFailed('3/2', -2)),
    'vpic.c vpic_load',
  ),
  hvmbios(
    'PIC 0 twice, PIC 1 never',
    [write(33525094 + 2, u16(0))],
    SUSPECT,
    'vpic.c vpic_load: the slave is as after reset',
  ),
  hvmbios('no PIC 1', [remove(33525094, 16), write(33524002, u32(5464))], SUSPECT, 'vpic.c vpic_load is not called'),
  hvmbios(
    'no IOAPIC',
    [remove(33525110, 408), write(33524002, u32(5072))],
    SUSPECT,
    'vioapic.c ioapic_load is not called',
  ),
  hvmbios('no PIT', [remove(33527702, 64), write(33524002, u32(5416))], SUSPECT, 'emul-i8254.c pit_load is not called'),
  hvmbios('no RTC', [remove(33527766, 32), write(33524002, u32(5448))], SUSPECT, 'rtc.c rtc_load is not called'),
  hvmbios('no HPET', [remove(33527798, 1056), write(33524002, u32(4424))], SUSPECT, 'hpet.c hpet_load is not called'),
  hvmbios(
    'no VMCE',
    [remove(33529366, 80), write(33524002, u32(5400))],
    OK,
    'vmce.c vmce_init_vcpu: what it holds is the default',
  ),
  hvmbios(
    'IOAPIC of 392 octets',
    [write(33525110 + 4, u32(392))],
    refused(
      NO_DATA,
      'HVM restore mismatch: expected strict type 4 length 400, saw type 4 length 392.  4368 bytes remaining',
    ),
    'vioapic.c ioapic_load',
  ),
  hvmbios(
    'PIT of 48 octets',
    [write(33527702 + 4, u32(48))],
    refused(
      NO_DATA,
      'HVM restore mismatch: expected strict type 10 length 56, saw type 10 length 48.  1776 bytes remaining',
    ),
    'emul-i8254.c pit_load',
  ),
  hvmbios(
    'RTC of 16 octets',
    [write(33527766 + 4, u32(16)), remove(33527790, 8), write(33524002, u32(5472))],
    OK,
    'rtc.c rtc_load: zero-extended',
  ),
  hvmbios(
    'RTC of 32 octets',
    [write(33527766 + 4, u32(32))],
    refused(
      INVALID,
      'HVM restore mismatch: expected zeroextended type 11 length 24, saw type 11 length 32.  1712 bytes remaining',
    ),
    'rtc.c rtc_load',
  ),
  hvmbios(
    'HPET of 1040 octets',
    [write(33527798 + 4, u32(1040))],
    refused(
      INVALID,
      'HVM restore mismatch: expected strict type 12 length 1048, saw type 12 length 1040.  1680 bytes remaining',
    ),
    'hpet.c hpet_load',
  ),
  hvmbios(
    'PMTIMER of 4 octets',
    [write(33528854 + 4, u32(4))],
    refused(
      INVALID,
      'HVM restore mismatch: expected strict type 13 length 8, saw type 13 length 4.  624 bytes remaining',
    ),
    'pmtimer.c acpi_load',
  ),
  hvmbios(
    'PCI link 255',
    [write(33527694, 'ff')],
    refused(INVALID, 'HVM restore: PCI-ISA link 0 out of range (255)'),
    'irq.c irq_load_link',
  ),
  hvmbios('IOAPIC of an odd address', [write(33525118, u64(0x12345))], OK, 'vioapic.c ioapic_load does not look'),
  hvmvga(
    'pad of VIRIDIAN_VCPU',
    [write(33594006 + 9, '01')],
    refused(INVALID, entryFailed('17/0', -22)),
    'viridian.c viridian_load_vcpu_ctxt',
  ),
  hvmvga(
    'VIRIDIAN_VCPU of instance 1',
    [write(33593998 + 2, u16(1))],
    refused(INVALID, entryFailed('17/1', -22)),
    'viridian.c viridian_load_vcpu_ctxt',
  ),
  hvmvga(
    'VIRIDIAN_DOMAIN of 40 octets',
    [write(33593958 + 4, u32(40))],
    refused(
      INVALID,
      'HVM restore mismatch: expected zeroextended type 15 length 32, saw type 15 length 40.  320 bytes remaining',
    ),
    'viridian.c viridian_load_domain_ctxt',
  ),
] as const;

/** micropvh-xsave: CPU_XSAVE at 10545932, header of the area at 10546476. */
const XSAVE = [
  withXsave(
    'xstate_bv',
    [write(10546476, u64(0x207))],
    refused(INVALID, 'HVMN.0 restore: inconsistent xsave state (feat=0x7 accum=0x7 xcr0=0x7 bv=0x207 err=-22)'),
    'hvm.c hvm_load_cpu_xsave_states',
  ),
  withXsave(
    'reserved',
    [write(10546492, u64(1))],
    refused(
      '5 = Input/output error',
      'HVMN.0 restore: inconsistent xsave state (feat=0x7 accum=0x7 xcr0=0x7 bv=0x7 err=-5)',
    ),
    'xstate.c validate_xstate',
  ),
  withXsave('feature mask', [write(10545940, u64(0xffff))], OK, 'hvm.c hvm_load_cpu_xsave_states: printed only'),
  withXsave(
    '500 octets',
    [write(10545936, u32(500))],
    refused(INVALID, 'HVMN.0 restore mismatch: xsave length 500 < 600'),
    'hvm.c hvm_load_cpu_xsave_states',
  ),
  withXsave(
    'more than is left',
    [write(10545936, u32(65535))],
    refused(NO_DATA, 'HVMN.0 restore: not enough data left to read 65535 xsave bytes'),
    'hvm.c hvm_load_cpu_xsave_states',
  ),
  withXsave(
    'longer, and not zero',
    [write(10545936, u32(0x398)), insert(10546796, zeros(8), '01', zeros(55)), write(10541136, u32(5840))],
    refused(UNSUPPORTED, 'HVMN.0 restore mismatch: xsave length 0x398 > 0x358 (non-zero data at 0x360)'),
    'hvm.c hvm_load_cpu_xsave_states',
  ),
  withXsave(
    'instance 2',
    [write(10545934, u16(2))],
    refused(INVALID, entryFailed('16/2', -22)),
    'hvm.c hvm_load_cpu_xsave_states',
  ),
  withXsave(
    'xcr0 0',
    [write(10545948, u64(0))],
    refused(INVALID, 'HVMN.0 restore: inconsistent xsave state (feat=0x7 accum=0x7 xcr0=0 bv=0x7 err=-22)'),
    'xstate.c valid_xcr0',
  ),
] as const;

const one = (index: number, value: number | bigint, reserved = 0) => u32(index) + u32(reserved) + u64(value);
const MSRS = [
  micropvh(
    'no MSR',
    entry(20, 0, u32(0) + zeros(4)),
    refused(INVALID, 'HVMN.0 restore mismatch: MSR length 8 < 24'),
    'hvm.c hvm_load_cpu_msrs',
  ),
  micropvh(
    'MSR count',
    entry(20, 0, u32(2) + zeros(4) + one(0x140, 0)),
    refused(UNSUPPORTED, 'HVMN.0 restore mismatch: MSR length 24 != 40'),
    'hvm.c hvm_load_cpu_msrs',
  ),
  micropvh(
    'MSR reserved',
    entry(20, 1, u32(1) + zeros(4) + one(0x140, 0, 1)),
    refused(UNSUPPORTED, entryFailed('20/1', -95)),
    'hvm.c hvm_load_cpu_msrs',
  ),
  micropvh(
    'MSR that is not in the list',
    entry(20, 0, u32(1) + zeros(4) + one(0x10, 0)),
    refused(NO_ADDRESS, entryFailed('20/0', -6)),
    'hvm.c hvm_load_cpu_msrs',
  ),
  micropvh(
    'MSR TSC_AUX',
    entry(20, 0, u32(1) + zeros(4) + one(0xc0000103, 0)),
    refused(NO_ADDRESS, entryFailed('20/0', -6)),
    'hvm.c hvm_load_cpu_msrs: not of HVM',
  ),
  micropvh(
    'MSR DR0_ADDRESS_MASK',
    entry(20, 0, u32(1) + zeros(4) + one(0xc0011027, 0)),
    refused(NO_ADDRESS, entryFailed('20/0', -6)),
    'msr.c guest_wrmsr: no DBEXT',
  ),
  micropvh(
    'MSR XSS',
    entry(20, 0, u32(1) + zeros(4) + one(0xda0, 0)),
    refused(NO_ADDRESS, entryFailed('20/0', -6)),
    'msr.c guest_wrmsr: no XSAVES',
  ),
  micropvh(
    'MSR VIRT_SPEC_CTRL',
    entry(20, 0, u32(1) + zeros(4) + one(0xc001011f, 0)),
    refused(NO_ADDRESS, entryFailed('20/0', -6)),
    'msr.c guest_wrmsr: no VIRT_SSBD',
  ),
  micropvh(
    'MSR MISC_FEATURES_ENABLES',
    entry(20, 0, u32(1) + zeros(4) + one(0x140, 1)),
    OK,
    'msr.c guest_wrmsr: CPUID faulting is in the policy',
  ),
  micropvh(
    'MSR of VCPU 2',
    entry(20, 2, u32(1) + zeros(4) + one(0x140, 0)),
    refused(INVALID, entryFailed('20/2', -22)),
    'hvm.c hvm_load_cpu_msrs',
  ),
  micropvh(
    'MSR entry longer than what is left',
    entry(20, 0, u32(1) + zeros(4) + one(0x140, 0), 999),
    refused(NO_DATA, 'HVMN.0 restore: not enough data left to read 999 MSR bytes'),
    'hvm.c hvm_load_cpu_msrs',
  ),
] as const;

/** micropvh: count at 10546060, entries of 16 octets at 10546068; the last (12, the identity page table) is not needed. */
const LAST = 10546180;
const param = (index: number | bigint, value: number | bigint) => [write(LAST, u64(index), u64(value))];
const set = (index: number | bigint, value: number | bigint, error = INVALID) =>
  fails(`set HVM param ${index} = 0x${value.toString(16).padStart(16, '0')} (${error})`, 'HVM_PARAMS');
const PARAMS = [
  micropvh('device model domain', param(13, 0), set(13, 0), 'hvm.c hvm_allow_set_param: deprecated'),
  micropvh('nested HVM', param(24, 1), set(24, 1), 'hvm.c hvm_allow_set_param: deprecated'),
  micropvh('event channel of the buffered ring', param(26, 5), set(26, 5), 'hvm.c hvm_allow_set_param: deprecated'),
  micropvh('PAE', param(4, 99), OK, 'xg_sr_restore_x86_hvm.c handle_hvm_params: skipped'),
  micropvh('timer mode 4', param(10, 4), set(10, 4), 'hvm.c hvm_set_param: 0 to 3'),
  micropvh('timer mode 3', param(10, 3), OK, 'hvm.c hvm_set_param'),
  micropvh('Viridian without its base', param(9, 2), set(9, 2), 'hvm.c hvm_set_param: HVMPV_base_freq'),
  micropvh(
    'Viridian with an unknown feature',
    param(9, 0x80000001),
    set(9, 0x80000001),
    'hvm.c hvm_set_param: HVMPV_feature_mask',
  ),
  micropvh('Viridian', param(9, 1), OK, 'hvm.c hvm_set_param'),
  micropvh('ACPI state 1', param(14, 1), set(14, 1), 'hvm.c hvm_set_param: 0 or 3'),
  micropvh('ACPI ports', param(19, 1), set(19, 1, NO_DEVICE), 'pmtimer.c pmtimer_change_ioport: no PM timer in PVH'),
  micropvh('alternate p2m 4', param(35, 4), set(35, 4), 'hvm.c hvm_set_param: XEN_ALTP2M_limited is 3'),
  micropvh('alternate p2m 3', param(35, 3), OK, 'hvm.c hvm_set_param: libxl has set it to 0 before'),
  micropvh('triple fault reason 6', param(31, 6), set(31, 6), 'hvm.c hvm_set_param: SHUTDOWN_MAX is 5'),
  micropvh('pages of I/O request servers 65', param(33, 65), set(33, 65), 'hvm.c hvm_set_param: 64 bits of mask'),
  micropvh('pages of I/O request servers 0', param(33, 0), set(33, 0), 'hvm.c hvm_set_param'),
  micropvh('x87 width 2', param(36, 2), set(36, 2), 'hvm.c hvm_set_param'),
  micropvh('x87 width 8', param(36, 8), OK, 'hvm.c hvm_set_param'),
  micropvh('TSS above 4 GiB', param(15, 1n << 32n), set(15, 1n << 32n), 'hvm.c hvm_set_param'),
  micropvh(
    'TSS that is too small',
    param(37, 0x6700001000n),
    set(37, 0x6700001000n),
    'hvm.c hvm_set_param: 104 octets',
  ),
  micropvh('TSS that is just large enough', param(37, 0x6800001000n), OK, 'hvm.c hvm_set_param'),
  micropvh('machine check parameter 2', param(38, 2), set(38, 2), 'vmce.c vmce_enable_mca_cap'),
  micropvh('parameter 39', param(39, 0), set(39, 0), 'hvm.c hvmop_set_param: HVM_NR_PARAMS'),
  micropvh(
    'second I/O request page',
    param(5, 0xfeff0),
    set(5, 0xfeff0, '17 = File exists'),
    'hvm.c hvm_allow_set_param: once only',
  ),
  micropvh('same I/O request page again', param(5, 0xfeffd), OK, 'hvm.c hvm_allow_set_param: the same value'),
  micropvh(
    'index above 32 bits',
    param((1n << 32n) + 999n, 0),
    set((1n << 32n) + 999n, 0),
    'xc_domain.c xc_hvm_param_set takes 32 bits, PRId64 prints all',
  ),
  micropvh(
    'index above 32 bits that is one',
    param((1n << 32n) + 10n, 1),
    OK,
    'xc_domain.c xc_hvm_param_set takes 32 bits',
  ),
  micropvh(
    'xenstore page under an index above 32 bits',
    [write(10546072, u32(1))],
    SUSPECT,
    'xg_sr_restore_x86_hvm.c handle_hvm_params: no case of the switch, so xenstore_gfn stays 0',
  ),
  micropvh(
    'one parameter too many',
    [write(10546060, u32(9))],
    fails('HVM_PARAMS record truncated: header 8, count 9, expected len 144, got 136', 'HVM_PARAMS'),
    'xg_sr_restore_x86_hvm.c handle_hvm_params',
  ),
  micropvh(
    'parameters of 4 octets',
    [write(10546056, u32(4)), remove(10546068, 128)],
    fails('HVM_PARAMS record truncated: length 4, header size 8', 'HVM_PARAMS'),
    'xg_sr_restore_x86_hvm.c handle_hvm_params',
  ),
  micropvh(
    'no parameters',
    [write(10546056, u32(8), u32(0)), remove(10546068, 128)],
    SUSPECT,
    'xg_sr_restore_x86_hvm.c handle_hvm_params: skipped; the rings are in page 0',
  ),
  hvmbios(
    'ACPI ports 2',
    [write(33529502 + 8 * 16 + 8, u64(2))],
    set(19, 2),
    'pmtimer.c pmtimer_change_ioport: 0 or 1',
  ),
  hvmbios('ACPI ports 0', [write(33529502 + 8 * 16 + 8, u64(0))], OK, 'pmtimer.c pmtimer_change_ioport: no change'),
  hvmbios('pages of I/O request servers 0', [write(33529502 + 11 * 16 + 8, u64(0))], set(33, 0), 'hvm.c hvm_set_param'),
  hvmbios(
    'TSS of no size',
    [write(33529502 + 6 * 16 + 8, u64(0xfc100280))],
    set(37, 0xfc100280),
    'hvm.c hvm_set_param',
  ),
] as const;

export const HVM_UNSEEN = [...CONTEXT, ...CPU, ...APIC, ...NO_DEVICES, ...DEVICES, ...XSAVE, ...MSRS, ...PARAMS];
