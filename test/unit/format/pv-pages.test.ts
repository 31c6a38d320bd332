/**
 * Where the fields lie of what a PV guest shares with Xen, against what a C compiler printed (gcc 12, -m64 and -m32,
 * offsetof and sizeof) for xen/include/public/xen.h, arch-x86/xen.h, domctl.h of Xen 4.23-dev.
 */
import { describe, expect, test } from 'vitest';
import type { Field } from '../../../src/format/kit/layout';
import { decode, decodeNode } from '../../../src/format/kit/decode';
import { layoutOfSize } from '../../../src/format/kit/layout';
import { SHARED_INFO_32, SHARED_INFO_64 } from '../../../src/format/libxc/shared-info';
import { EXT_VCPUCONTEXT } from '../../../src/format/pv/extended';
import { GUEST_CONTEXT_32 } from '../../../src/format/pv/guest-context-32';
import { GUEST_CONTEXT_64 } from '../../../src/format/pv/guest-context-64';
import { START_INFO_32, START_INFO_64 } from '../../../src/format/pv/start-info';
import { decodeRecord } from '../../../src/format/decoders';
import { type Places, testPlaces } from '../../fixtures/layouts';
import { nodeAt } from '../../fixtures/nodes';

const TIME: Places = {
  'time.version': [32, 4],
  'time.pad0': [36, 4],
  'time.tsc_timestamp': [40, 8],
  'time.system_time': [48, 8],
  'time.tsc_to_system_mul': [56, 4],
  'time.tsc_shift': [60, 1],
  'time.flags': [61, 1],
  'time.pad1': [62, 2],
};

const LAYOUTS: readonly (readonly [string, Field, number, Places])[] = [
  // The structure has 3136 bytes, the page 4096.
  [
    'shared_info, 64-bit',
    SHARED_INFO_64,
    4096,
    {
      vcpu_info: [0, 2048],
      evtchn_pending: [2048, 512],
      evtchn_mask: [2560, 512],
      wc_version: [3072, 4],
      wc_sec: [3076, 4],
      wc_nsec: [3080, 4],
      wc_sec_hi: [3084, 4],
      arch: [3088, 48],
      'arch.max_pfn': [3088, 8],
      'arch.pfn_to_mfn_frame_list_list': [3096, 8],
      'arch.nmi_reason': [3104, 8],
      'arch.p2m_cr3': [3112, 8],
      'arch.p2m_vaddr': [3120, 8],
      'arch.p2m_generation': [3128, 8],
      unused: [3136, 960],
    },
  ],
  // 2344 bytes.
  [
    'shared_info, 32-bit',
    SHARED_INFO_32,
    4096,
    {
      vcpu_info: [0, 2048],
      evtchn_pending: [2048, 128],
      evtchn_mask: [2176, 128],
      wc_version: [2304, 4],
      wc_sec: [2308, 4],
      wc_nsec: [2312, 4],
      arch: [2316, 28],
      'arch.max_pfn': [2316, 4],
      'arch.pfn_to_mfn_frame_list_list': [2320, 4],
      'arch.nmi_reason': [2324, 4],
      'arch.p2m_cr3': [2328, 4],
      'arch.p2m_vaddr': [2332, 4],
      'arch.p2m_generation': [2336, 4],
      'arch.wc_sec_hi': [2340, 4],
      unused: [2344, 1752],
    },
  ],
  [
    'vcpu_info, 64-bit',
    SHARED_INFO_64.fields.vcpu_info.of,
    64,
    {
      evtchn_upcall_pending: [0, 1],
      evtchn_upcall_mask: [1, 1],
      evtchn_pending_sel: [8, 8],
      arch: [16, 16],
      'arch.cr2': [16, 8],
      'arch.pad': [24, 8],
      time: [32, 32],
      ...TIME,
    },
  ],
  [
    'vcpu_info, 32-bit',
    SHARED_INFO_32.fields.vcpu_info.of,
    64,
    {
      evtchn_upcall_pending: [0, 1],
      evtchn_upcall_mask: [1, 1],
      evtchn_pending_sel: [4, 4],
      arch: [8, 24],
      'arch.cr2': [8, 4],
      'arch.pad': [12, 20],
      time: [32, 32],
      ...TIME,
    },
  ],
  // 1168 bytes.
  [
    'start_info, 64-bit',
    START_INFO_64,
    4096,
    {
      magic: [0, 32],
      nr_pages: [32, 8],
      shared_info: [40, 8],
      flags: [48, 4],
      store_mfn: [56, 8],
      store_evtchn: [64, 4],
      console: [72, 16],
      'console.mfn': [72, 8],
      'console.evtchn': [80, 4],
      pt_base: [88, 8],
      nr_pt_frames: [96, 8],
      mfn_list: [104, 8],
      mod_start: [112, 8],
      mod_len: [120, 8],
      cmd_line: [128, 1024],
      first_p2m_pfn: [1152, 8],
      nr_p2m_frames: [1160, 8],
      unused: [1168, 2928],
    },
  ],
  // 1112 bytes.
  [
    'start_info, 32-bit',
    START_INFO_32,
    4096,
    {
      magic: [0, 32],
      nr_pages: [32, 4],
      shared_info: [36, 4],
      flags: [40, 4],
      store_mfn: [44, 4],
      store_evtchn: [48, 4],
      console: [52, 8],
      'console.mfn': [52, 4],
      'console.evtchn': [56, 4],
      pt_base: [60, 4],
      nr_pt_frames: [64, 4],
      mfn_list: [68, 4],
      mod_start: [72, 4],
      mod_len: [76, 4],
      cmd_line: [80, 1024],
      first_p2m_pfn: [1104, 4],
      nr_p2m_frames: [1108, 4],
      unused: [1112, 2984],
    },
  ],
  [
    'xen_domctl_ext_vcpucontext',
    EXT_VCPUCONTEXT,
    64,
    {
      vcpu: [0, 4],
      size: [4, 4],
      syscall32_callback_eip: [8, 8],
      sysenter_callback_eip: [16, 8],
      syscall32_callback_cs: [24, 2],
      sysenter_callback_cs: [26, 2],
      syscall32_disables_events: [28, 1],
      sysenter_disables_events: [29, 1],
      vmce: [32, 32],
      'vmce.caps': [32, 8],
      'vmce.mci_ctl2_bank0': [40, 8],
      'vmce.mci_ctl2_bank1': [48, 8],
      'vmce.mcg_ext_ctl': [56, 8],
    },
  ],
  [
    'trap_info, 64-bit',
    GUEST_CONTEXT_64.fields.trap_ctxt.of,
    16,
    { vector: [0, 1], flags: [1, 1], cs: [2, 2], address: [8, 8] },
  ],
  [
    'trap_info, 32-bit',
    GUEST_CONTEXT_32.fields.trap_ctxt.of,
    8,
    { vector: [0, 1], flags: [1, 1], cs: [2, 2], address: [4, 4] },
  ],
];

describe.each(LAYOUTS)('%s', (_name, layout, size, places) => testPlaces(layout, size, places));

const bodyOf = (bytes: Uint8Array, width?: 4 | 8) => ({
  bytes,
  offset: 0,
  length: bytes.length,
  claimed: bytes.length,
  littleEndian: true,
  ...(width === undefined ? {} : { guest: { width } }),
});

describe('xen_domctl_ext_vcpucontext of older Xen', () => {
  test.each([
    [32, undefined],
    [40, 8],
    [56, 24],
    [64, 32],
  ])('%i bytes', (size, vmce) => {
    const nodes = decode(layoutOfSize(EXT_VCPUCONTEXT, size), bodyOf(new Uint8Array(size)));
    expect(nodes.find(({ name }) => name === 'vmce')?.length).toBe(vmce);
    expect(nodes.reduce((sum, { length }) => sum + length, 0)).toBe(size);
    expect(nodes.filter(({ problem }) => problem !== undefined)).toEqual([]);
  });

  test.each([
    [40, 40],
    [64, 64],
    [0x7777_7777, 64],
  ])('128 bytes of the legacy format, of which it says %i', (said, used) => {
    const bytes = new Uint8Array(136).fill(0xee);
    bytes.set([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], 0);
    new DataView(bytes.buffer).setUint32(12, said, true);
    const nodes = decodeRecord('libxc', 5, bodyOf(bytes));
    expect(nodes.map(({ name, length }) => [name, length])).toEqual([
      ['vcpu_id', 4],
      ['reserved', 4],
      ['xen_domctl_ext_vcpucontext', used],
      ['unused', 128 - used],
    ]);
  });
});

describe('SHARED_INFO', () => {
  const sharedInfo = (bytes: Uint8Array, width?: 4 | 8) => decodeRecord('libxc', 7, bodyOf(bytes, width));

  test('event channels are sets, and each word says which are its own', () => {
    const bytes = new Uint8Array(4096);
    // Channels 3, 7 and 64 to 66 of a 64-bit guest are pending.
    bytes[2048] = 0x88;
    bytes[2056] = 0x07;
    bytes.fill(0xff, 2560, 3072);
    bytes[2560] = 0xfd;
    const nodes = sharedInfo(bytes, 8);
    const pending = nodeAt(nodes, 'evtchn_pending');
    expect(pending.note).toBe('3, 7, 64–66');
    expect(pending.items?.decode(1, bytes.subarray(2056, 2064)).note).toBe('channels 64–66');
    expect(nodeAt(nodes, 'evtchn_mask').note).toBe('all but 1');
  });

  test('of a 32-bit guest', () => {
    const bytes = new Uint8Array(4096);
    bytes[2048 + 4] = 0x01;
    const nodes = sharedInfo(bytes, 4);
    expect(nodeAt(nodes, 'evtchn_pending').note).toBe('32');
    expect(nodeAt(nodes, 'evtchn_mask').note).toBe('none');
  });

  test('a guest of unknown width is taken for a 64-bit one, and it says so', () => {
    expect(nodeAt(sharedInfo(new Uint8Array(4096)), 'vcpu_info').note).toContain('taken for a 64-bit guest');
  });

  test('the wall clock as date, also after 2106', () => {
    const bytes = new Uint8Array(4096);
    const view = new DataView(bytes.buffer);
    view.setUint32(3076, 1_795_398_925, true);
    expect(nodeAt(sharedInfo(bytes, 8), 'wc_sec').note).toBe('2026-11-23T01:55:25Z');
    view.setUint32(3076, 0, true);
    view.setUint32(3084, 1, true);
    expect(nodeAt(sharedInfo(bytes, 8), 'wc_sec_hi').note).toBe('2106-02-07T06:28:16Z');
    view.setUint32(3084, 0xffff_ffff, true);
    expect(nodeAt(sharedInfo(bytes, 8), 'wc_sec_hi').note).toBeUndefined();
  });

  test('the TSC’s frequency is what public/xen.h computes of its factors', () => {
    const bytes = new Uint8Array(64);
    const view = new DataView(bytes.buffer);
    const time = () =>
      nodeAt(decodeNode('vcpu', SHARED_INFO_64.fields.vcpu_info.of, bodyOf(bytes)).children ?? [], 'time');
    expect(time().text).toBe('not used');
    // (10⁹ << 32) / 0x80000000 = 2 × 10⁹; a shift of 1 halves it, of -1 doubles it.
    view.setUint32(56, 0x8000_0000, true);
    view.setBigUint64(48, 12_345_678_901n, true);
    expect(time().text).toBe('12.345 s · TSC at 2\u2009000.000 MHz');
    view.setInt8(60, 1);
    expect(time().text).toBe('12.345 s · TSC at 1\u2009000.000 MHz');
    view.setInt8(60, -1);
    expect(time().text).toBe('12.345 s · TSC at 4\u2009000.000 MHz');
    view.setInt8(60, -128);
    expect(time().text).toBe('not used');
  });
});

describe('X86_PV_P2M_FRAMES: the PFNs that each frame is for', () => {
  const notes = (width: 4 | 8 | undefined, start: number, end: number, frames: number) => {
    const bytes = new Uint8Array(8 + 8 * frames);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, start, true);
    view.setUint32(4, end, true);
    const { items } = nodeAt(decodeRecord('libxc', 3, bodyOf(bytes, width)), 'p2m_pfn');
    return Array.from({ length: frames }, (_, index) => items?.decode(index, bytes.subarray(8, 16)).note);
  };

  test('512 of a 64-bit guest, 1024 of a 32-bit one, up to the last', () => {
    expect(notes(8, 0, 1023, 2)).toEqual(['for PFN 0x0–0x1ff', 'for PFN 0x200–0x3ff']);
    expect(notes(4, 0, 1023, 1)).toEqual(['for PFN 0x0–0x3ff']);
    expect(notes(8, 0x3ff, 0x401, 3)).toEqual(['for PFN 0x200–0x3ff', 'for PFN 0x400–0x401', undefined]);
    expect(notes(undefined, 0, 1023, 1)).toEqual([undefined]);
  });
});
