/** Broken vCPUs, start info and page tables of a PV guest. */
import { brokenOf, fails, insert, OK, remove, SUSPECT, u32, u64, write, zeros } from './case';

const micro64 = brokenOf('micro64.xlsave');
const micro32 = brokenOf('micro32.xlsave');

/** struct vcpu_guest_context of vCPU 0 and 1 (flags 512, rdx 616, rip 648, …), and pages: start info (PFN 0x17). */
const VCPU0 = 4192449;
const VCPU1 = 4198577;
const START_INFO = 88201;
const EXTENDED0 = 4197633;
const XSAVE0 = 4197713;
const END = 4203857;
const BAD_ADDRESS = u64(0x0000_8000_0000_0000n);

/** PAGE_DATA of one entry, of type XTAB: takes the page away for what follows. */
const withdraw = (pfn: number) =>
  insert(4188297, u32(1), u32(16), u32(1), u32(0), u64(BigInt(pfn) | 0xf000000000000000n));
const basic = (vcpu: number, error = '22 = Invalid argument') =>
  fails(`Failed to set vcpu${vcpu}'s basic info (${error})`, 'X86_PV_VCPU_BASIC', { nth: vcpu });
/** Refused for what is in a page table: those are the guilty bytes. */
const table = (error = '22 = Invalid argument') => fails(`Failed to set vcpu0's basic info (${error})`, 'PAGE_DATA');
const ofBasic = (line: string, vcpu = 0) => fails(line, 'X86_PV_VCPU_BASIC', { nth: vcpu });

const START = [
  micro64(
    'start info out of range',
    [write(VCPU0 + 616, u64(0x400))],
    ofBasic('Start Info pfn 0x400 out of range'),
    'xg_sr_restore_x86_pv.c process_start_info',
  ),
  micro64(
    'start info is a page table',
    [write(VCPU0 + 616, u64(0x1a))],
    ofBasic('Start Info pfn 0x1a has bad type 12'),
    'xg_sr_restore_x86_pv.c process_start_info: rdx of VCPU 0',
  ),
  micro64(
    'start info is a hole',
    [write(VCPU0 + 616, u64(0xd))],
    ofBasic('Start Info pfn 0xd has bad type 15'),
    'xg_sr_restore_x86_pv.c process_start_info',
  ),
  micro64(
    'start info withdrawn',
    [withdraw(0x17)],
    ofBasic('Start Info pfn 0x17 has bad type 15'),
    'xg_sr_restore_x86_pv.c x86_pv_set_page_type: the last type counts',
  ),
  micro64(
    'start info above 32 bits',
    [write(VCPU0 + 616, u64(0x100000017n))],
    ofBasic('Start Info pfn 0x100000017 out of range'),
    'xen-foreign/mkheader.py: edx is another name of all of rdx',
  ),
  micro64(
    'xenstore page out of range',
    [write(START_INFO + 56, u64(0x400))],
    fails('XenStore pfn 0x400 out of range'),
    'xg_sr_restore_x86_pv.c process_start_info',
  ),
  micro64(
    'xenstore page is a hole',
    [write(START_INFO + 56, u64(0xd))],
    fails('XenStore pfn has bad mfn'),
    'xg_sr_restore_x86_pv.c process_start_info: p2m says none',
  ),
  micro64(
    'console page out of range',
    [write(START_INFO + 72, u64(0xffffff))],
    fails('Console pfn 0xffffff out of range'),
    'xg_sr_restore_x86_pv.c process_start_info',
  ),
  micro64(
    'console page is a hole',
    [write(START_INFO + 72, u64(0x10))],
    fails('Console pfn has bad mfn'),
    'xg_sr_restore_x86_pv.c process_start_info',
  ),
  micro64(
    'start info without its magic',
    [write(START_INFO, zeros(32))],
    OK,
    'xg_sr_restore_x86_pv.c process_start_info does not look',
  ),
] as const;

const BASIC = [
  micro64(
    'VCPU 2',
    [write(4198569, u32(2))],
    ofBasic('X86_PV_VCPU_BASIC record vcpu_id (2) exceeds domain max (1)', 1),
    'xg_sr_restore_x86_pv.c handle_x86_pv_vcpu_blob',
  ),
  micro64(
    'GDT frame out of range',
    [write(VCPU0 + 4832, u64(0x400))],
    ofBasic('GDT frame 0 (pfn 0x400) out of range'),
    'xg_sr_restore_x86_pv.c process_vcpu_basic',
  ),
  micro64(
    'GDT frame is a page table',
    [write(VCPU0 + 4832, u64(0x1d))],
    ofBasic('GDT frame 0 (pfn 0x1d) has bad type 1'),
    'xg_sr_restore_x86_pv.c process_vcpu_basic',
  ),
  micro64(
    'GDT frame withdrawn',
    [withdraw(0x13)],
    ofBasic('GDT frame 0 (pfn 0x13) has bad type 15'),
    'xg_sr_restore_x86_pv.c process_vcpu_basic',
  ),
  micro64(
    'GDT of VCPU 1 one entry too long',
    [write(VCPU1 + 4960, u64(7169))],
    ofBasic('GDT entry count (7169) out of range (max 7168)', 1),
    'xg_sr_restore_x86_pv.c process_vcpu_basic',
  ),
  micro64(
    'GDT frame that is not counted',
    [write(VCPU0 + 4840, u64(0xffffff))],
    OK,
    'xg_sr_restore_x86_pv.c: 16 entries are one frame',
  ),
  micro64(
    'cr3 is an L3',
    [write(VCPU0 + 5008, u64(0x1b000))],
    ofBasic('cr3 (pfn 0x1b) has bad type 3, expected 4'),
    'xg_sr_restore_x86_pv.c process_vcpu_basic',
  ),
  micro64(
    'cr3 of VCPU 1 out of range',
    [write(VCPU1 + 5008, u64(0x400000))],
    ofBasic('cr3 (pfn 0x400) out of range', 1),
    'xg_sr_restore_x86_pv.c process_vcpu_basic',
  ),
  micro64('low bits of cr3', [write(VCPU0 + 5008, u64(0x1a018))], OK, 'xg_sr_common_x86_pv.c cr3_to_mfn drops them'),
  micro64(
    'cr1 out of range',
    [write(VCPU0 + 4992, u64(0x400001))],
    ofBasic('cr1 (pfn 0x400) out of range'),
    'xg_sr_restore_x86_pv.c process_vcpu_basic',
  ),
  micro64(
    'cr1 is an L1',
    [write(VCPU0 + 4992, u64(0x1d001))],
    ofBasic('cr1 (pfn 0x1d) has bad type 1, expected 4'),
    'xg_sr_restore_x86_pv.c process_vcpu_basic',
  ),
  micro64(
    'cr1 without its valid bit',
    [write(VCPU0 + 4992, u64(0x400000))],
    basic(0),
    'domain.c arch_set_info_guest: libxc leaves it, Xen takes it for a frame of the host',
  ),
  micro64(
    'user mode without a table of its own',
    [write(VCPU0 + 512, u64(0x21))],
    basic(0),
    'domain.c arch_set_info_guest: VGCF_in_kernel',
  ),
  micro64('not online', [write(VCPU0 + 512, u64(5))], OK, 'xg_sr_restore_x86_pv.c process_vcpu_basic sets VGCF_online'),
  micro64('rip that is not canonical', [write(VCPU0 + 648, BAD_ADDRESS)], basic(0), 'domain.c arch_set_info_guest'),
  micro64('rsp that is not canonical', [write(VCPU1 + 672, BAD_ADDRESS)], basic(1), 'domain.c arch_set_info_guest'),
  micro64(
    'kernel_sp that is not canonical',
    [write(VCPU0 + 4976, BAD_ADDRESS)],
    basic(0),
    'domain.c arch_set_info_guest',
  ),
  micro64(
    'fs_base that is not canonical',
    [write(VCPU1 + 5144, BAD_ADDRESS)],
    basic(1),
    'domain.c arch_set_info_guest',
  ),
  micro64(
    'gs_base_user that is not canonical',
    [write(VCPU0 + 5160, u64(0xffff7fffffffffffn))],
    basic(0),
    'domain.c arch_set_info_guest',
  ),
  micro64(
    'event callback that is not canonical',
    [write(VCPU0 + 5112, BAD_ADDRESS)],
    basic(0),
    'domain.c arch_set_info_guest',
  ),
  micro64(
    'failsafe callback that is not canonical',
    [write(VCPU1 + 5120, BAD_ADDRESS)],
    basic(1),
    'domain.c arch_set_info_guest',
  ),
  micro64(
    'system call callback that is not canonical',
    [write(VCPU1 + 5128, BAD_ADDRESS)],
    basic(1),
    'domain.c arch_set_info_guest',
  ),
  micro64(
    'trap 200 that is not canonical',
    [write(VCPU0 + 720 + 200 * 16 + 8, BAD_ADDRESS)],
    basic(0),
    'domain.c arch_set_info_guest',
  ),
  micro64(
    'LDT that is not aligned',
    [write(VCPU0 + 4816, u64(0x123))],
    basic(0),
    'domain.c arch_set_info_guest: even of no entries',
  ),
  micro64('LDT of 8193 entries', [write(VCPU0 + 4824, u64(8193))], basic(0), 'domain.c arch_set_info_guest'),
  micro64(
    'LDT of 8192 entries',
    [write(VCPU1 + 4824, u64(8192))],
    OK,
    'domain.c arch_set_info_guest: the guest may never load it',
  ),
  micro64(
    'LDT in the hypervisor',
    [write(VCPU0 + 4816, u64(0xffff800000000000n))],
    basic(0),
    'domain.c arch_set_info_guest: __addr_ok, even of no entries',
  ),
  micro64(
    'unknown assist of VCPU 0',
    [write(VCPU0 + 5136, u64(1n << 40n))],
    basic(0),
    'domain.c arch_set_info_guest: arch_vm_assist_valid_mask',
  ),
  micro64(
    'unknown assist of VCPU 1',
    [write(VCPU1 + 5136, u64(1n << 40n))],
    OK,
    'domain.c arch_set_info_guest: VCPU 0 only',
  ),
] as const;

const extended = (error: string) => fails(`Failed to set vcpu0's extended info (${error})`, 'X86_PV_VCPU_EXTENDED');
const xsave = (error: string, vcpu = 0) =>
  fails(`Failed to set vcpu${vcpu}'s xsave info (${error})`, 'X86_PV_VCPU_XSAVE', { nth: vcpu });
const msrs = (...list: readonly string[]) => insert(END, u32(12), u32(8 + 16 * list.length), u32(0), u32(0), ...list);
const msr = (index: number, value: number | bigint, reserved = 0) => u32(index) + u32(reserved) + u64(value);
const BAD_MSRS = fails("Failed to set vcpu0's msrs (22 = Invalid argument)", 'X86_PV_VCPU_MSRS');
const INVALID = '22 = Invalid argument';

const STATE = [
  micro64(
    'VCPU within the extended state',
    [write(EXTENDED0, u32(5))],
    extended('3 = No such process'),
    'domctl.c XEN_DOMCTL_set_ext_vcpucontext: that within counts, not that of the record',
  ),
  micro64(
    'size within the extended state',
    [write(EXTENDED0 + 4, u32(31))],
    extended(INVALID),
    'domctl.c: less than up to vmce',
  ),
  micro64(
    'size 32 within the extended state',
    [write(EXTENDED0 + 4, u32(32))],
    OK,
    'domctl.c, vmce.c vcpu_set_vmce: without vmce',
  ),
  micro64('sysenter callback', [write(EXTENDED0 + 8, BAD_ADDRESS)], extended(INVALID), 'domctl.c: not canonical'),
  micro64('syscall32 callback', [write(EXTENDED0 + 16, BAD_ADDRESS)], extended(INVALID), 'domctl.c: not canonical'),
  micro64(
    'machine check capabilities',
    [write(EXTENDED0 + 32, u64(0x1000002))],
    fails("Failed to set vcpu0's extended info (22 = Invalid argument)", 'X86_PV_VCPU_EXTENDED', {
      xen: /^PV restore: unsupported MCA capabilities 0x1000002 for dNv0 \(supported: 0\)$/u,
    }),
    'vmce.c vmce_restore_vcpu: AMD_GUEST_MCG_CAP is the bank count alone, %#Lx of 0 is 0, vsprintf.c',
  ),
  micro64(
    'extended state of 136 octets',
    [write(4197621, u32(144)), insert(4197697, zeros(72))],
    fails('X86_PV_VCPU_EXTENDED record too long: max 136, got 144', 'X86_PV_VCPU_EXTENDED'),
    'xg_sr_restore_x86_pv.c handle_x86_pv_vcpu_blob',
  ),
  micro64(
    'xstate_bv beyond xcr0_accum',
    [write(XSAVE0 + 16 + 512, u64(0x207))],
    xsave(INVALID),
    'xstate.c validate_xstate',
  ),
  micro64(
    'xcomp_bv',
    [write(XSAVE0 + 16 + 520, u64(1))],
    xsave('95 = Operation not supported'),
    'xstate.c validate_xstate',
  ),
  micro64(
    'reserved of the xsave header',
    [write(XSAVE0 + 16 + 528, u64(1))],
    xsave('5 = Input/output error'),
    'xstate.c validate_xstate',
  ),
  micro64(
    'xsave area cut before AVX',
    [write(4197701, u32(600)), remove(XSAVE0 + 592, 256)],
    xsave(INVALID),
    'domctl.c: PV_XSAVE_SIZE(xcr0_accum)',
  ),
  micro64(
    'xsave of the two words alone',
    [write(4197701, u32(24)), remove(XSAVE0 + 16, 832)],
    xsave(INVALID),
    'domctl.c: xcr0_accum but no area',
  ),
  micro64(
    'xsave area too long',
    [write(4197701, u32(920)), insert(4198561, zeros(64))],
    xsave(INVALID),
    'domctl.c: more than PV_XSAVE_SIZE(xfeature_mask)',
  ),
  micro64(
    'xsave area of no components',
    [write(XSAVE0, zeros(16))],
    xsave(INVALID),
    'domctl.c: the size is not PV_XSAVE_SIZE(0)',
  ),
  micro64(
    'xcr0 of VCPU 1 without xcr0_accum',
    [write(4203841, u64(7))],
    xsave(INVALID, 1),
    'domctl.c: neither of the two is checked, ret stays',
  ),
  micro64('xcr0 without SSE', [write(XSAVE0, u64(5))], xsave(INVALID), 'xstate.c valid_xcr0'),
  micro64('xcr0 without FP', [write(XSAVE0, u64(6))], xsave(INVALID), 'xstate.c valid_xcr0'),
  micro64(
    'xsave of 16 octets',
    [write(4197701, u32(16)), remove(XSAVE0 + 8, 840)],
    fails('X86_PV_VCPU_XSAVE record too short: min 24, got 16', 'X86_PV_VCPU_XSAVE'),
    'xg_sr_restore_x86_pv.c handle_x86_pv_vcpu_blob',
  ),
  micro64(
    'MSRs of VCPU 9',
    [insert(END, u32(12), u32(24), u32(9), u32(0), msr(0x140, 0))],
    fails('X86_PV_VCPU_MSRS record vcpu_id (9) exceeds domain max (1)', 'X86_PV_VCPU_MSRS'),
    'xg_sr_restore_x86_pv.c handle_x86_pv_vcpu_blob',
  ),
  micro64(
    'no MSRs of VCPU 9',
    [insert(END, u32(12), u32(8), u32(9), u32(0))],
    OK,
    'xg_sr_restore_x86_pv.c: empty ones are skipped first',
  ),
  micro64('TSC_AUX', [msrs(msr(0xc0000103, 1))], OK, 'msr.c guest_wrmsr: rdtscp is there'),
  micro64('TSC_AUX above 32 bits', [msrs(msr(0xc0000103, 1n << 32n))], BAD_MSRS, 'msr.c guest_wrmsr'),
  micro64('SPEC_CTRL', [msrs(msr(0x48, 0))], BAD_MSRS, 'msr.c guest_wrmsr: no IBRS in the policy'),
  micro64('debug address mask', [msrs(msr(0xc0011027, 0))], BAD_MSRS, 'msr.c guest_wrmsr: no DBEXT in the policy'),
  micro64('MISC_FEATURES_ENABLES of 0', [msrs(msr(0x140, 0))], OK, 'msr.c guest_wrmsr'),
  micro64('MISC_FEATURES_ENABLES of 1', [msrs(msr(0x140, 1))], BAD_MSRS, 'msr.c guest_wrmsr: no CPUID faulting'),
  micro64('EFER', [msrs(msr(0xc0000080, 0x501))], BAD_MSRS, 'domctl.c: not in the list'),
  micro64('reserved of an MSR', [msrs(msr(0xc0000103, 0, 1))], BAD_MSRS, 'domctl.c XEN_DOMCTL_set_vcpu_msrs'),
  micro64(
    'eight MSRs',
    [msrs(...Array.from({ length: 8 }, () => msr(0xc0000103, 1)))],
    BAD_MSRS,
    'domctl.c: seven without DBEXT',
  ),
] as const;

/** Tables: L4 0x1a (100489), L3 0x1b (104585), L2 0x1c (108681), L1 0x1d (112777), L1 0x1e (116873); types in PAGE_DATA. */
const TABLES = [
  micro64('L4 not pinned', [write(2400, '40')], OK, 'xg_sr_restore_x86_pv.c pin_pagetables'),
  micro64('L1 pinned', [write(2432, '90')], OK, 'mm.c MMUEXT_PIN_L1_TABLE'),
  micro64('L3 pinned', [write(2408, 'b0')], OK, 'mm.c MMUEXT_PIN_L3_TABLE'),
  micro64(
    'L4 said to be L3',
    [write(2400, '30')],
    ofBasic('cr3 (pfn 0x1a) has bad type 3, expected 4'),
    'xg_sr_restore_x86_pv.c process_vcpu_basic',
  ),
  micro64(
    'L4 said to be a pinned L3',
    [write(2400, 'b0')],
    ofBasic('cr3 (pfn 0x1a) has bad type 11, expected 4'),
    'xg_sr_restore_x86_pv.c process_vcpu_basic',
  ),
  micro64(
    'L4 withdrawn',
    [withdraw(0x1a)],
    ofBasic('cr3 (pfn 0x1a) has bad type 15, expected 4'),
    'xg_sr_restore_x86_pv.c process_vcpu_basic',
  ),
  micro64('L2 said to be L1', [write(2416, '10')], OK, 'xg_sr_restore_x86_pv.c x86_pv_localise_page: all four alike'),
  micro64(
    'L2 pinned as L1',
    [write(2416, '90')],
    fails('Failed to pin batch of pagetables (22 = Invalid argument)'),
    'mm.c _get_page_type: it is in use as L2',
  ),
  micro64(
    'L1 said to be data',
    [write(2432, '00')],
    table('16 = Device or resource busy'),
    'xg_sr_restore_x86_pv.c x86_pv_localise_page: not done, so it holds PFNs',
  ),
  micro64(
    'L1 maps the L4 writable',
    [write(112777 + 8 * 0x1a, '27')],
    table('16 = Device or resource busy'),
    'mm.c get_page_from_l1e: could_not_pin',
  ),
  micro64(
    'L1 maps the GDT writable',
    [write(112777 + 8 * 0x13, u64(0x13067))],
    table('16 = Device or resource busy'),
    'mm.c get_page_from_l1e: pv_set_gdt took it as PGT_seg_desc_page before',
  ),
  micro64('L2 entry of a large page', [write(108681, 'e7')], table(), 'mm.c get_page_from_l2e: L2_DISALLOW_MASK'),
  micro64('L4 entry with PSE', [write(100489 + 8 * 511, 'e7')], table(), 'mm.c get_page_from_l4e: L4_DISALLOW_MASK'),
  micro64(
    'L4 entry in Xen’s range',
    [write(100489 + 8 * 256, u64(0x1b067))],
    OK,
    'mm.c promote_l4_table: not a slot of the guest',
  ),
  micro64(
    'L4 entry names an L1',
    [write(100489, u64(0x1d067))],
    table(),
    'mm.c promote_l3_table: PFN 0 as L2 has bad flags',
  ),
  micro64(
    'L3 entry names itself',
    [write(104585, u64(0x1b067))],
    table(),
    'mm.c get_page_from_l3e: a type of two kinds',
  ),
  micro64('L3 entry names itself, read only', [write(104585, u64(0x1b025))], OK, 'mm.c get_l3_linear_pagetable'),
  micro64(
    'entry not present, out of range',
    [write(116865, u64(0xfffff026))],
    OK,
    'xg_sr_restore_x86_pv.c x86_pv_localise_page: _PAGE_PRESENT only',
  ),
  micro64(
    'entry of a page table above 40 bits',
    [write(116865, u64(0xf_ffff_ffff_f027n))],
    fails("libxl-save-helper: xg_sr_restore_x86_pv.c:7: pfn_to_mfn: Assertion `pfn <= ctx->x86.pv.max_pfn' failed."),
    'xg_sr_restore_x86_pv.c pfn_to_mfn',
  ),
  micro64(
    'page table entry of the next PFN after the last',
    [write(116865, u64(0x400027))],
    fails("libxl-save-helper: xg_sr_restore_x86_pv.c:7: pfn_to_mfn: Assertion `pfn <= ctx->x86.pv.max_pfn' failed."),
    'xg_sr_restore_x86_pv.c pfn_to_mfn',
  ),
  micro64(
    'two entries name the same hole',
    [write(116865, u64(0xd027)), write(116857, u64(0xd027))],
    SUSPECT,
    'xg_sr_restore.c populate_pfns: pfn_is_populated is asked for each in turn, so the second is left out',
  ),
] as const;

/** micro32: BASIC of vCPU 0 at 4192425, of vCPU 1 at 4195353 (length 4195357). */
const WIDTH_4 = [
  micro32(
    'VCPU 1 of another size',
    [write(4195357, u32(2800)), remove(4198161, 8)],
    fails('X86_PV_VCPU_BASIC record wrong size: expected 2808, got 2800', 'X86_PV_VCPU_BASIC', { nth: 1 }),
    'xg_sr_restore_x86_pv.c handle_x86_pv_vcpu_blob',
  ),
  micro32(
    'P2M_FRAMES with a second frame',
    [write(2141, u32(24)), insert(2161, u64(0x13))],
    fails(
      'X86_PV_P2M_FRAMES record wrong size: start_pfn 0, end_pfn 0x3ff, length 24, expected 8 + (1 - 0) * 8',
      'X86_PV_P2M_FRAMES',
    ),
    'xg_sr_restore_x86_pv.c handle_x86_pv_p2m_frames: 1024 entries in a frame',
  ),
] as const;

export const PV_UNSEEN = [...START, ...BASIC, ...STATE, ...TABLES, ...WIDTH_4];
