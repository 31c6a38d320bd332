/** Broken headers and records of libxc, pages, and the CPU policies. */
import { brokenOf, copy, cut, fails, insert, OK, remove, SUSPECT, u16, u32, u64, u8, write, zeros } from './case';

const micro64 = brokenOf('micro64.xlsave');
const old64 = brokenOf('micro64-xen413.xlsave');
const micropvh = brokenOf('micropvh.xlsave');
const oldPvh = brokenOf('micropvh-xen413.xlsave');
const live = brokenOf('micro64-live.migr');
const remus = brokenOf('micro64-remus.migr');

/** micro64: image header 849, domain header 873 (page shift 877), X86_PV_INFO 889, CPUID 905, MSR 2089, end 2129. */
const HEADERS = [
  micro64(
    'pages of 8 KiB',
    [write(877, u16(13))],
    fails('Invalid page size 8192 for x86_pv domains', 'DOMAIN_HEADER'),
    'xg_sr_restore_x86_pv.c x86_pv_setup',
  ),
  micro64(
    'page shift 0',
    [write(877, u16(0))],
    fails('Invalid page size 1 for x86_pv domains', 'DOMAIN_HEADER'),
    'xg_sr_restore_x86_pv.c x86_pv_setup',
  ),
  micro64(
    'page shift 44',
    [write(877, u16(44))],
    OK,
    'xg_sr_restore.c read_headers: 1U << 44 is undefined in C, and shl of x86 takes the count modulo 32',
  ),
  micro64('reserved of the domain header', [write(879, 'ffff')], OK, 'xg_sr_restore.c read_headers does not look'),
  micro64(
    'converted from the legacy stream',
    [write(881, u32(0), u32(2))],
    OK,
    'xg_sr_restore.c read_headers: a message',
  ),
  micro64(
    'both option bits',
    [write(865, '8001')],
    fails('Unable to handle big endian streams', 'IMAGE_HEADER'),
    'xg_sr_restore.c read_headers',
  ),
  micro64(
    'libxc version 0xffffffff',
    [write(861, 'ffffffff')],
    fails('Invalid Version: Expected 2 <= ver <= 3, Got -1', 'IMAGE_HEADER'),
    'xg_sr_restore.c read_headers: %d of a uint32_t',
  ),
  micropvh(
    'pages of 2 MiB',
    [write(912, u16(21))],
    fails('Invalid page size 2097152 for x86 HVM domains', 'DOMAIN_HEADER'),
    'xg_sr_restore_x86_hvm.c x86_hvm_setup',
  ),
  micropvh(
    'domain of a reserved type',
    [write(908, 'ffffffff')],
    fails('Unable to restore Reserved domain into an x86 HVM domain', 'DOMAIN_HEADER'),
    'xg_sr_restore_x86_hvm.c x86_hvm_setup',
  ),
] as const;

const RECORDS = [
  micro64(
    'X86_PV_INFO of 4 octets',
    [write(893, u32(4))],
    fails('X86_PV_INFO record truncated: length 4, expected 8', 'X86_PV_INFO'),
    'xg_sr_restore_x86_pv.c handle_x86_pv_info',
  ),
  micro64(
    'X86_PV_INFO of 16 octets',
    [write(893, u32(16)), insert(905, zeros(8))],
    OK,
    'xg_sr_restore_x86_pv.c handle_x86_pv_info: longer is taken',
  ),
  micro64(
    'X86_PV_INFO of width 8, levels 3',
    [write(898, u8(3))],
    fails('Invalid X86_PV_INFO combination: width 8, pt_levels 3', 'X86_PV_INFO'),
    'xg_sr_restore_x86_pv.c valid_x86_pv_info_combination',
  ),
  micro64(
    'X86_PV_INFO with reserved octets',
    [write(899, 'ffffffffffff')],
    OK,
    'xg_sr_restore_x86_pv.c handle_x86_pv_info',
  ),
  micro64(
    'X86_PV_INFO after STATIC_DATA_END',
    [remove(889, 16), copy(2137, 889, 16)],
    OK,
    'xg_sr_restore_x86_pv.c handle_x86_pv_p2m_frames: it has only to come before P2M_FRAMES',
  ),
  micro64(
    'SHARED_INFO before X86_PV_INFO',
    [copy(889, 4188329, 4104)],
    fails('Not yet received X86_PV_INFO record', 'SHARED_INFO'),
    'xg_sr_restore_x86_pv.c handle_shared_info',
  ),
  micro64(
    'X86_PV_INFO as an optional record',
    [write(889, u32(0x80000002))],
    fails('Not yet received X86_PV_INFO record', 'X86_PV_P2M_FRAMES'),
    'xg_sr_restore.c restore: an optional record is ignored',
  ),
  micro64(
    'P2M_FRAMES as an optional record',
    [write(2137, u32(0x80000003))],
    fails('pfn 0x1 (index 1) outside domain maximum', 'PAGE_DATA'),
    'xg_sr_restore_x86_pv.c x86_pv_pfn_is_valid: max_pfn is 0',
  ),
  micro64(
    'END as an optional record',
    [write(4203857, u32(0x80000000))],
    OK,
    'xg_sr_restore.c restore: ignored; the END of libxl is read in its place',
  ),
  micro64(
    'END with a body',
    [write(4203861, u32(8)), insert(4203865, 'ffffffffffffffff')],
    OK,
    'xg_sr_restore.c process_record',
  ),
  micro64(
    'STATIC_DATA_END with a body',
    [write(2133, u32(8)), insert(2137, 'ffffffffffffffff')],
    OK,
    'xg_sr_restore.c process_record',
  ),
  micro64(
    'record of type 0x12 with a length beyond the limit',
    [insert(4188297, u32(0x13), u32(0x8000001))],
    fails('Record (0x00000013, Reserved) length 0x8000001 exceeds max (0x8000000)'),
    'xg_sr_common.c read_record',
  ),
  micro64(
    'cut within the padding of a record',
    [cut(4203857), insert(4203857, u32(0x80000013), u32(1), zeros(4))],
    fails('Failed to read 8 bytes of data for record (0x80000013, Reserved) (0 = Success)'),
    'xg_sr_common.c read_record',
  ),
  micro64(
    'cut within VCPU 0',
    [cut(4195000)],
    fails('Failed to read 5176 bytes of data for record (0x00000004, x86 PV vcpu basic) (0 = Success)'),
    'xg_sr_common.c read_record',
  ),
  micro64(
    'cut within SHARED_INFO',
    [cut(4190000)],
    fails('Failed to read 4096 bytes of data for record (0x00000007, Shared info) (0 = Success)'),
    'xg_sr_common.c read_record',
  ),
  micro64(
    'SHARED_INFO of 4104 octets',
    [write(4188333, u32(4104)), insert(4192433, zeros(8))],
    fails('X86_PV_SHARED_INFO record wrong size: length 4104, expected 4096', 'SHARED_INFO'),
    'xg_sr_restore_x86_pv.c handle_shared_info',
  ),
  micro64(
    'TSC mode 3',
    [write(4188305, u32(3))],
    fails('Unable to set TSC information (22 = Invalid argument)', 'X86_TSC_INFO'),
    'time.c tsc_set_info: 0 to 2 since 4.13',
  ),
  micro64(
    'TSC mode 0x100',
    [write(4188305, u32(0x100))],
    fails('Unable to set TSC information (22 = Invalid argument)', 'X86_TSC_INFO'),
    'time.c tsc_set_info',
  ),
  micro64('TSC of no frequency', [write(4188309, u32(0))], OK, 'time.c tsc_set_info: cpu_khz in its place'),
  micropvh(
    'TSC mode 4',
    [write(10541108, u32(4))],
    fails('Unable to set TSC information (22 = Invalid argument)', 'X86_TSC_INFO'),
    'time.c tsc_set_info',
  ),
  micropvh(
    'X86_PV_INFO in a PVH guest',
    [insert(924, u32(2), u32(8), '0804000000000000')],
    fails('Mandatory record 0x2 (x86 PV info) not handled', 'X86_PV_INFO'),
    'xg_sr_restore_x86_hvm.c x86_hvm_process_record',
  ),
  micropvh(
    'SHARED_INFO in a PVH guest',
    [insert(10546196, u32(7), u32(0))],
    fails('Mandatory record 0x7 (Shared info) not handled', 'SHARED_INFO'),
    'xg_sr_restore_x86_hvm.c x86_hvm_process_record',
  ),
  micropvh(
    'CHECKPOINT_DIRTY_PFN_LIST, optional',
    [insert(10546196, u32(0x8000000f), u32(0))],
    OK,
    'xg_sr_restore.c restore',
  ),
  micropvh(
    'cut within HVM_CONTEXT',
    [cut(10543000)],
    fails('Failed to read 4912 bytes of data for record (0x00000009, HVM context) (0 = Success)'),
    'xg_sr_common.c read_record',
  ),
  micropvh(
    'cut between HVM_CONTEXT and HVM_PARAMS',
    [cut(10546052)],
    fails('Failed to read Record Header from stream (0 = Success)'),
    'xg_sr_common.c read_record',
  ),
  remus(
    'plain restore',
    [],
    fails('Found checkpoint in non-checkpointed stream', 'CHECKPOINT'),
    'xg_sr_restore.c handle_checkpoint',
  ),
  remus(
    'without its first CHECKPOINT',
    [remove(4327082, 8)],
    fails('X86_PV_VCPU_BASIC record truncated: length 0, header size 8'),
    'xg_sr_restore_x86_pv.c handle_x86_pv_vcpu_blob: libxl’s CHECKPOINT_END is type 4 to libxc',
  ),
] as const;

/** P2M_FRAMES 2137 (start 2145, end 2149, list 2153), PAGE_DATA 2169 (length 2173, count 2177, PFNs 2185, pages 10377). */
const PAGES = [
  micro64(
    'end PFN one less',
    [write(2149, u32(0x3fe))],
    fails('pfn 0x3ff (index 1023) outside domain maximum', 'PAGE_DATA'),
    'xg_sr_restore_x86_pv.c x86_pv_pfn_is_valid',
  ),
  micro64(
    'P2M_FRAMES again after the pages',
    [copy(4188297, 2137, 32)],
    OK,
    'xg_sr_restore_x86_pv.c handle_x86_pv_p2m_frames',
  ),
  micro64(
    'third p2m frame out of range',
    [write(2141, u32(32)), write(2149, u32(0x5ff)), insert(2169, u64(0xffffff))],
    fails('pfn (0xffffff) for p2m_frame_list[2] out of range', 'X86_PV_P2M_FRAMES'),
    'xg_sr_restore_x86_pv.c update_guest_p2m',
  ),
  micro64(
    'p2m frame that is none',
    [write(2161, 'ffffffffffffffff')],
    fails('pfn (0xffffffffffffffff) for p2m_frame_list[1] out of range', 'X86_PV_P2M_FRAMES'),
    'xg_sr_restore_x86_pv.c update_guest_p2m',
  ),
  micro64(
    'p2m frame that is a page table',
    [write(2153, u64(0x1a))],
    fails('pfn (0x1a) for p2m_frame_list[0] has bad type 12', 'X86_PV_P2M_FRAMES'),
    'xg_sr_restore_x86_pv.c update_guest_p2m',
  ),
  micro64(
    'p2m frame that is a hole',
    [write(2153, u64(0xd))],
    fails('pfn (0xd) for p2m_frame_list[0] has bad type 15', 'X86_PV_P2M_FRAMES'),
    'xg_sr_restore_x86_pv.c update_guest_p2m',
  ),
  micro64(
    'P2M_FRAMES one list entry too long',
    [write(2141, u32(32)), insert(2169, u64(0x15))],
    fails(
      'X86_PV_P2M_FRAMES record wrong size: start_pfn 0, end_pfn 0x3ff, length 32, expected 8 + (2 - 0) * 8',
      'X86_PV_P2M_FRAMES',
    ),
    'xg_sr_restore_x86_pv.c handle_x86_pv_p2m_frames: %#x of 0 is 0',
  ),
  micro64(
    'page with content said to have none',
    [write(2192, 'f0')],
    fails('PAGE_DATA record wrong size: length 4186120, expected 8 + 8192 + 4173824', 'PAGE_DATA'),
    'xg_sr_restore.c handle_page_data',
  ),
  micro64(
    'hole said to have content',
    [write(2296, '00')],
    fails('PAGE_DATA record wrong size: length 4186120, expected 8 + 8192 + 4182016', 'PAGE_DATA'),
    'xg_sr_restore.c handle_page_data',
  ),
  micro64(
    'hole of type XALLOC',
    [write(2296, 'e0')],
    OK,
    'xg_sr_common.h page_type_to_populate, page_type_has_stream_data',
  ),
  micro64('hole of type BROKEN', [write(2296, 'd0')], OK, 'xg_sr_common.h is_known_page_type'),
  micro64(
    'PAGE_DATA of 4 octets',
    [insert(4188297, u32(1), u32(4), zeros(8))],
    fails('PAGE_DATA record truncated: length 4, min 8', 'PAGE_DATA', { nth: 1 }),
    'xg_sr_restore.c handle_page_data',
  ),
  micro64(
    'PAGE_DATA with an octet too many',
    [insert(4188297, u32(1), u32(17), u32(1), u32(0), u64(0xd), zeros(8))],
    fails('PAGE_DATA record wrong size: length 17, expected 8 + 8 + 4096', 'PAGE_DATA', { nth: 1 }),
    'xg_sr_restore.c handle_page_data',
  ),
  micro64(
    'second entry of an unknown type',
    [write(2200, '10'), write(2208, '80')],
    fails('Unknown type 0x80000000 for pfn 0x2 (index 2)', 'PAGE_DATA'),
    'xg_sr_restore.c handle_page_data: L1 of index 1 is known',
  ),
  micro64(
    'pages as an optional record',
    [write(2169, u32(0x80000001))],
    fails('Start Info has bad mfn', 'X86_PV_VCPU_BASIC'),
    'xg_sr_restore.c restore: ignored; process_start_info',
  ),
  micropvh(
    'page far above, with content',
    [write(2172, u64(0xfffffff))],
    OK,
    'xg_sr_restore_x86_hvm.c x86_hvm_pfn_is_valid: any',
  ),
  micropvh(
    'second page of content said to be pinned L4',
    [write(2187, 'c0')],
    OK,
    'xg_sr_restore_x86_hvm.c x86_hvm_localise_page: no-op',
  ),
  micropvh('hole of type XALLOC', [write(10363, 'e0')], OK, 'xg_sr_common.h page_type_to_populate'),
  live(
    'page of the VERIFY pass differs',
    [write(4537249 + 16 + 8192 + 0x200 * 4096 + 8, 'deadbeef')],
    SUSPECT,
    'xg_sr_restore.c process_page_data: ERROR “verify pfn …”, and on it goes',
  ),
  live('no VERIFY', [remove(4537241, 8)], OK, 'xg_sr_restore.c: all pages are stored once more'),
  live('without the line of xl migrate', [cut(8738953)], OK, 'libxl_stream_read.c: END was read'),
] as const;

const SET_POLICY = 'Failed to set CPUID policy: ';
const policy = (leaf: string, subleaf: string, msr: string, error: string, record = 'X86_CPUID_POLICY') =>
  fails(`${SET_POLICY}leaf ${leaf}, subleaf ${subleaf}, msr ${msr} (${error})`, record);
const NONE = 'ffffffff';
const RANGE = '34 = Numerical result out of range';
const INVALID = '22 = Invalid argument';

/** Leaves of 24 octets at 913: leaf 1 at 937, 4 at 1009, 7 at 1081, 0xd/2 at 1273, 0x40000000 at 1297, last at 2065. */
const POLICIES = [
  micro64(
    'subleaf 0x3f of leaf 0xd',
    [write(1277, u32(0x3f))],
    policy('0000000d', '0000003f', NONE, RANGE),
    'lib/x86/cpuid.c x86_cpuid_copy_from_buffer: 63 subleaves',
  ),
  micro64('subleaf 9 of leaf 7', [write(1085, u32(9))], policy('00000007', '00000009', NONE, RANGE), 'lib/x86/cpuid.c'),
  micro64('subleaf 6 of leaf 4', [write(1013, u32(6))], policy('00000004', '00000006', NONE, RANGE), 'lib/x86/cpuid.c'),
  micro64('subleaf 5 of leaf 4', [write(1013, u32(5))], OK, 'lib/x86/cpuid.c: six subleaves, 0 to 5'),
  micro64('subleaf 0 of leaf 1', [write(941, u32(0))], policy('00000001', '00000000', NONE, RANGE), 'lib/x86/cpuid.c'),
  micro64('leaf 0x40000001', [write(1297, u32(0x40000001))], policy('40000001', NONE, NONE, RANGE), 'lib/x86/cpuid.c'),
  micro64(
    'leaf 0x80000022',
    [write(2065, u32(0x80000022))],
    policy('80000022', NONE, NONE, RANGE),
    'lib/x86/cpuid.c: 0x22 extended leaves',
  ),
  micro64('leaf 0x80000021', [write(2065, u32(0x80000021))], OK, 'lib/x86/cpuid.c'),
  micro64(
    'subleaves of leaf 7 beyond the host',
    [write(1089, u32(3))],
    policy('00000007', '00000000', NONE, INVALID),
    'lib/x86/policy.c: PV Max of the host says 2',
  ),
  micro64('subleaves of leaf 7 as of the host', [write(1089, u32(2))], OK, 'lib/x86/policy.c'),
  micro64(
    'extended leaves beyond the host',
    [write(1353, u32(0x8000001f))],
    policy('80000000', NONE, NONE, INVALID),
    'lib/x86/policy.c',
  ),
  micro64('fewer leaves', [write(921, u32(7))], OK, 'lib/x86/policy.c: fewer is fine'),
  micro64(
    '121 leaves',
    [write(909, u32(121 * 24)), ...Array.from({ length: 72 }, () => copy(2089, 961, 24))],
    policy(NONE, NONE, NONE, '7 = Argument list too long'),
    'lib/x86/cpuid.c: CPUID_MAX_SERIALISED_LEAVES is 120',
  ),
  micro64(
    'MSR 0x10b',
    [write(2113, u32(0x10b))],
    policy(NONE, NONE, '0000010b', RANGE, 'X86_MSR_POLICY'),
    'lib/x86/msr.c',
  ),
  micro64(
    'flags of an MSR',
    [write(2101, u32(1))],
    policy(NONE, NONE, '000000ce', INVALID, 'X86_MSR_POLICY'),
    'lib/x86/msr.c',
  ),
  micro64(
    'PLATFORM_INFO above 32 bits',
    [write(2105, u64(0x100000000n))],
    policy(NONE, NONE, '000000ce', '75 = Value too large for defined data type', 'X86_MSR_POLICY'),
    'lib/x86/msr.c ASSIGN',
  ),
  micro64(
    'three MSRs',
    [write(2093, u32(48)), insert(2129, u32(0x10a), zeros(12))],
    policy(NONE, NONE, NONE, '7 = Argument list too long', 'X86_MSR_POLICY'),
    'lib/x86/msr.c: MSR_MAX_SERIALISED_ENTRIES is 2',
  ),
  micro64(
    'no MSRs',
    [write(2093, u32(0)), remove(2097, 32)],
    fails('X86_MSR_POLICY size 0 should be multiple of 24', 'X86_MSR_POLICY'),
    'xg_sr_common_x86.c handle_x86_msr_policy prints the size of a leaf',
  ),
  micro64(
    'MSR policy of 20 octets',
    [write(2093, u32(20)), remove(2121, 8)],
    fails('X86_MSR_POLICY size 20 should be multiple of 24', 'X86_MSR_POLICY'),
    'xg_sr_common_x86.c handle_x86_msr_policy',
  ),
  micro64(
    'policies after STATIC_DATA_END, broken',
    [insert(2137, u32(0x11), u32(24), '78563412', zeros(20))],
    OK,
    'xg_sr_common_x86.c: stored, never given to Xen',
  ),
  micro64('no CPUID policy', [remove(905, 1184)], OK, 'xg_sr_common_x86.c x86_static_data_complete: libxl makes one'),
  micropvh(
    'subleaves of leaf 7 beyond the host',
    [write(1108, u32(9))],
    policy('00000007', '00000000', NONE, INVALID),
    'lib/x86/policy.c',
  ),
  micropvh(
    'PLATFORM_INFO bits',
    [write(2124, u64(0x80000001))],
    policy(NONE, NONE, '000000ce', INVALID, 'X86_MSR_POLICY'),
    'lib/x86/policy.c',
  ),
] as const;

/** Version 2: X86_PV_INFO 821, P2M_FRAMES 837, PAGE_DATA 869. */
const VERSION_2 = [
  old64(
    'version 3 without STATIC_DATA_END',
    [write(793, '00000003')],
    fails('No STATIC_DATA_END seen', 'X86_PV_P2M_FRAMES'),
    'xg_sr_restore_x86_pv.c handle_x86_pv_p2m_frames',
  ),
  old64(
    'STATIC_DATA_END in version 2',
    [insert(837, u32(16), u32(0))],
    OK,
    'xg_sr_restore.c process_record: of any version',
  ),
  old64(
    'STATIC_DATA_END after the inferred one',
    [insert(869, u32(16), u32(0))],
    fails('Multiple STATIC_DATA_END records found', 'STATIC_DATA_END'),
    'xg_sr_restore.c handle_static_data_end',
  ),
  old64(
    'TSC mode 3 of older Xen',
    [write(4187005, u32(3))],
    fails('Unable to set TSC information (22 = Invalid argument)', 'X86_TSC_INFO'),
    'time.c tsc_set_info: PVRDTSCP is gone',
  ),
  old64(
    'end PFN one less',
    [write(849, u32(0x3fe))],
    fails('pfn 0x3ff (index 1023) outside domain maximum', 'PAGE_DATA'),
    'xg_sr_restore_x86_pv.c x86_pv_pfn_is_valid',
  ),
  old64(
    'cr3 of VCPU 1',
    [write(4197277 + 5008, u64(0x1b000))],
    fails('cr3 (pfn 0x1b) has bad type 3, expected 4', 'X86_PV_VCPU_BASIC', { nth: 1 }),
    'xg_sr_restore_x86_pv.c process_vcpu_basic',
  ),
  oldPvh(
    'version 3 without STATIC_DATA_END',
    [write(771, '00000003')],
    fails('No STATIC_DATA_END seen', 'PAGE_DATA'),
    'xg_sr_restore.c handle_page_data',
  ),
  oldPvh(
    'parameter 4 of another value',
    [write(10544695 + 16 + 8 * 16 + 8, u64(7))],
    OK,
    'xg_sr_restore_x86_hvm.c handle_hvm_params: skipped',
  ),
  oldPvh(
    'VCPU 1 with a bad CR4',
    [write(10540863 + 680, u64(0x240620))],
    fails('Unable to restore HVM context (22 = Invalid argument)', 'HVM_CONTEXT', {
      xen: 'HVMN restore: bad CR4 0x240620',
    }),
    'hvm.c hvm_cr4_guest_valid_bits: no SMAP for this host’s guests',
  ),
] as const;

export const LIBXC_UNSEEN = [...HEADERS, ...RECORDS, ...PAGES, ...POLICIES, ...VERSION_2];
