/** Broken headers, configurations and libxl records. */
import { brokenOf, cut, fails, insert, OK, remove, text, u32, write, zeros } from './case';

const micro64 = brokenOf('micro64.xlsave');
const micropvh = brokenOf('micropvh.xlsave');
const hvmbios = brokenOf('hvmbios.xlsave');
const libvirt = brokenOf('micro64-libvirt.libvirtsave');

const PARSE_FAILED = 'unable to convert libxl__json_object to libxl_domain_config. (rc=-3)';
const NO_GUEST_TYPE = 'Unknown guest type';

/** micro64: magic, byte order at 32, mandatory flags 36, optional flags 40, length 44, data 48, JSON 52 to 824. */
const XL = [
  micro64(
    'flag of the new stream is missing',
    [write(36, u32(1))],
    fails(undefined, 'LIBXL_HEADER'),
    'xl_vmcontrol.c create_domain: stream_version 1, libxl converts from the legacy format',
  ),
  micro64(
    'flag of JSON is missing',
    [write(36, u32(2))],
    fails(/config parsing error near|^Failed to parse config/u, 'XL_HEADER'),
    'xl_vmcontrol.c create_domain: parse_config_data reads the JSON as xl.cfg; xl_parse.c parse_config_data',
  ),
  micro64(
    'optional flags',
    [write(40, 'ffffffff')],
    OK,
    'xl_vmcontrol.c create_domain: optional_flags are printed only',
  ),
  micro64(
    'high mandatory flag',
    [write(36, u32(0x80000003))],
    fails('Savefile has mandatory flag(s) 0x80000000 which are not supported; need newer xl', 'XL_HEADER'),
    'xl_vmcontrol.c create_domain: badflags',
  ),
  micro64(
    'config longer than the optional data',
    [write(48, u32(774))],
    fails('Savefile truncated.', 'XL_HEADER'),
    'xl_vmcontrol.c create_domain: WITH_OPTDATA(config_len)',
  ),
  micro64(
    'config of negative length',
    [write(48, 'ffffffff')],
    fails('xl: Unable to malloc 18446744073709551615 bytes.', 'XL_HEADER'),
    'xl_vmcontrol.c create_domain: int config_len is less than what is left, xl_utils.c xmalloc(size_t)',
  ),
  micro64(
    'optional data shorter than a length',
    [write(44, u32(3))],
    fails('Savefile truncated.', 'XL_HEADER'),
    'xl_vmcontrol.c create_domain: WITH_OPTDATA(4)',
  ),
  micro64(
    'JSON without its end',
    [write(822, text(' '))],
    fails(NO_GUEST_TYPE, 'XL_HEADER'),
    'libxl_json.c libxl__json_parse fails, xl ignores that; xl_vcpu.c apply_global_affinity_masks',
  ),
  micro64('JSON with a stray octet', [write(70, '01')], fails(NO_GUEST_TYPE, 'XL_HEADER'), 'as above: a lexical error'),
  micro64(
    'guest type that is none',
    [write(52 + 35, text('q'))],
    fails(PARSE_FAILED, 'XL_HEADER'),
    'libxl_json.c libxl__object_from_json: libxl_domain_type_from_string returns ERROR_FAIL',
  ),
  micro64(
    'one vCPU in the config',
    [write(52 + 205, text('1'))],
    fails('X86_PV_VCPU_BASIC record vcpu_id (1) exceeds domain max (0)', 'X86_PV_VCPU_BASIC', { nth: 1 }),
    'xg_sr_restore_x86_pv.c handle_x86_pv_vcpu_blob: nr_vcpus comes from the domain that libxl made',
  ),
  micro64(
    'no room for the memory',
    [write(52 + 324, text('1024'))],
    fails('Failed to populate physmap (16 = Device or resource busy)', 'PAGE_DATA'),
    'libxl_dom.c libxl__build_pre: setmaxmem(target_memkb + 1024); xc_domain.c populate_physmap_exact: EBUSY',
  ),
  micro64(
    'cut within the header',
    [cut(47)],
    fails('file/stream truncated reading header from /tmp/b.img'),
    'xl_vmcontrol.c create_domain: libxl_read_exactly of 48 octets',
  ),
  micro64(
    'cut within the config',
    [cut(400)],
    fails('file/stream truncated reading optdata from /tmp/b.img'),
    'xl_vmcontrol.c create_domain: libxl_read_exactly of the optional data',
  ),
  micropvh(
    'one vCPU in the config',
    [write(52 + 207, text('1'))],
    fails('Unable to restore HVM context (22 = Invalid argument)', 'HVM_CONTEXT', {
      xen: 'HVMN restore: failed to load entry 2/1 rc -22',
    }),
    'hvm.c hvm_load_cpu_ctxt: no vCPU 1',
  ),
  libvirt(
    'cut within what xl takes for its header',
    [cut(40)],
    fails('file/stream truncated reading header from /tmp/b.img'),
    'xl_vmcontrol.c create_domain',
  ),
  libvirt(
    'version 99',
    [write(16, u32(99))],
    fails('File has wrong magic number - corrupt or for a different tool?'),
    'xl_vmcontrol.c create_domain: memcmp of the magic',
  ),
] as const;

/** micro64: header at 825 (version 833, options 837), LIBXC_CONTEXT 841, END of libxc 4203857, of libxl 4203865. */
const LIBXL = [
  micro64(
    'libxl stream of big endian',
    [write(837, '00000001')],
    fails('Unable to handle big endian streams', 'LIBXL_HEADER'),
    'libxl_stream_read.c stream_header_done',
  ),
  micro64(
    'libxl version 0',
    [write(833, '00000000')],
    fails('Unexpected Version: expected 2, got 0', 'LIBXL_HEADER'),
    'libxl_stream_read.c stream_header_done',
  ),
  micro64(
    'LIBXC_CONTEXT with a body',
    [write(845, u32(8)), insert(849, zeros(8))],
    OK,
    'libxl_stream_read.c record_header_done reads the body, process_record does not look at it',
  ),
  micro64(
    'LIBXC_CONTEXT with a body that is the headers',
    [write(845, u32(8))],
    fails('Invalid marker: Got 0x03000000464e4558'),
    'libxl_stream_read.c record_header_done eats the marker; xg_sr_restore.c read_headers',
  ),
  micro64(
    'END of libxl with a body',
    [write(4203869, u32(8)), insert(4203873, zeros(8))],
    OK,
    'libxl_stream_read.c process_record: END is END',
  ),
  micro64(
    'END of libxl with a body that is not there',
    [write(4203869, u32(8))],
    OK,
    'libxl_aoutils.c datacopier_readable: the end of the file ends the read without an error',
  ),
  micro64('cut within the END of libxl', [cut(4203869)], OK, 'as above: the header was zeroed'),
  micro64(
    'libxl record of type 6',
    [insert(4203865, u32(6), u32(0))],
    fails('Unrecognised record 0x00000006'),
    'libxl_stream_read.c process_record',
  ),
  micro64(
    'libxl record of type 0x80000000',
    [insert(4203865, u32(0x80000000), u32(0))],
    fails('Unrecognised record 0x80000000'),
    'libxl_stream_read.c process_record: no optional bit',
  ),
  micro64(
    'xenstore of an emulator for PV',
    [insert(4203865, u32(2), u32(8), zeros(8))],
    fails('Received a xenstore emulator record when none was expected', 'EMULATOR_XENSTORE_DATA'),
    'libxl_stream_read.c process_record',
  ),
  micro64(
    'second LIBXC_CONTEXT after the first',
    [insert(4203865, u32(1), u32(0))],
    fails('Failed to read Image Header from stream (0 = Success)'),
    'xg_sr_restore.c read_headers: 8 octets are left',
  ),
  micro64(
    'octets after the END',
    [insert(4203873, 'deadbeef')],
    OK,
    'libxl_stream_read.c stream_complete: nothing more is read',
  ),
  micropvh(
    'emulator for PVH',
    [insert(10546204, u32(3), u32(16), u32(2), u32(0), text('QEVM'), zeros(4))],
    fails('Received an emulator context record when none was expected', 'EMULATOR_CONTEXT'),
    'libxl_stream_read.c process_record: b_info.type is not HVM',
  ),
  hvmbios(
    'second LIBXC_CONTEXT before the emulator',
    [insert(33529702, u32(1), u32(0))],
    fails('Invalid marker: Got 0x00001e4f00000003'),
    'xg_sr_restore.c read_headers',
  ),
  hvmbios(
    'xenstore data of nothing',
    [insert(33529702, u32(2), u32(8), u32(2), u32(0))],
    OK,
    'libxl_dom.c libxl__restore_emulator_xenstore_data: no key at all',
  ),
  hvmbios(
    'xenstore key without an end',
    [insert(33529702, u32(2), u32(12), u32(2), u32(0), text('abcd'), zeros(4))],
    fails('Key in xenstore data not NUL terminated', 'EMULATOR_XENSTORE_DATA'),
    'libxl_dom.c libxl__restore_emulator_xenstore_data: padding does not count',
  ),
  hvmbios(
    'xenstore key without a value',
    [insert(33529702, u32(2), u32(12), u32(2), u32(0), text('abc'), zeros(5))],
    fails('Val in xenstore data not NUL terminated', 'EMULATOR_XENSTORE_DATA'),
    'libxl_dom.c libxl__restore_emulator_xenstore_data',
  ),
  hvmbios(
    'xenstore key that is empty',
    [insert(33529702, u32(2), u32(16), u32(2), u32(0), zeros(8))],
    fails('empty key found in xenstore data', 'EMULATOR_XENSTORE_DATA'),
    'libxl_dom.c libxl__restore_emulator_xenstore_data',
  ),
  hvmbios(
    'xenstore key that is absolute',
    [insert(33529702, u32(2), u32(16), u32(2), u32(0), text('/a'), '00', text('b'), zeros(4))],
    fails('Key in xenstore data not relative', 'EMULATOR_XENSTORE_DATA'),
    'libxl_dom.c libxl__restore_emulator_xenstore_data',
  ),
  hvmbios(
    'xenstore data of 4 octets',
    [insert(33529702, u32(2), u32(4), u32(2), u32(0))],
    fails('Emulator xenstore data record too short to contain header', 'EMULATOR_XENSTORE_DATA'),
    'libxl_stream_read.c process_record',
  ),
  hvmbios(
    'cut within the type of the emulator record',
    [cut(33529702 + 2)],
    fails('Emulator record too short to contain header'),
    'libxl_stream_read.c: the header was zeroed, so it reads as type 3, length 0',
  ),
  hvmbios(
    'cut after libxc',
    [cut(33529702)],
    fails('domain N device model: spawn failed (rc=-3)'),
    'libxl_stream_read.c: the end reads as END; QEMU finds no saved state',
  ),
  hvmbios(
    'empty state of QEMU',
    [write(33529706, u32(8)), remove(33529718, 7752)],
    fails('domain N device model: spawn failed (rc=-3)', 'EMULATOR_CONTEXT'),
    'QEMU migration/savevm.c qemu_loadvm_state: no magic',
  ),
  hvmbios(
    'QEMU file of another version',
    [write(33529722, '00000009')],
    fails('domain N device model: spawn failed (rc=-3)', 'EMULATOR_CONTEXT'),
    'QEMU migration/savevm.c qemu_loadvm_state_header',
  ),
  hvmbios(
    'index of the emulator',
    [write(33529714, u32(9))],
    OK,
    'libxl_stream_read.c write_emulator_blob: only the body counts',
  ),
] as const;

export const TOOLS_UNSEEN = [...XL, ...LIBXL];
