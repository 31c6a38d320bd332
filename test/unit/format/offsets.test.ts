/**
 * Where fields lie and how large they are, against numbers written out from Xen's public headers and specifications:
 * xen/include/public/arch-x86/{xen,xen-x86_64}.h, arch-x86/hvm/save.h, docs/specs, tools/xl/xl.h.
 */
import { foldedPfn } from '../../../src/format/pv/roots';
import { describe, expect, test } from 'vitest';
import { decodeNode } from '../../../src/format/kit/decode';
import type { Field } from '../../../src/format/kit/layout';
import { HVM_CPU } from '../../../src/format/hvm/cpu';
import { HVM_HEADER } from '../../../src/format/hvm/header';
import { LIBVIRT_HEADER } from '../../../src/format/libvirt/header';
import { DOMAIN_HEADER, IMAGE_HEADER } from '../../../src/format/libxc/headers';
import { X86_PV_INFO, X86_TSC_INFO } from '../../../src/format/libxc/info';
import { CPUID_LEAF, MSR_ENTRY } from '../../../src/format/libxc/policy';
import { LIBXL_HEADER } from '../../../src/format/libxl/header';
import { EMULATOR_HEADER } from '../../../src/format/libxl/layouts';
import { GUEST_CONTEXT_32 } from '../../../src/format/pv/guest-context-32';
import { GUEST_CONTEXT_64 } from '../../../src/format/pv/guest-context-64';
import { XL_HEADER } from '../../../src/format/xl/header';
import { type Places, series, testPlaces } from '../../fixtures/layouts';
import { nodeAt } from '../../fixtures/nodes';

/** Size of a register. */
const W = 8;

const CONTEXT: Places = {
  fpu_ctxt: [0, 512],
  flags: [512, W],
  user_regs: [520, 200],
  'user_regs.r15': [520, W],
  'user_regs.r14': [528, W],
  'user_regs.r13': [536, W],
  'user_regs.r12': [544, W],
  'user_regs.rbp': [552, W],
  'user_regs.rbx': [560, W],
  'user_regs.r11': [568, W],
  'user_regs.r10': [576, W],
  'user_regs.r9': [584, W],
  'user_regs.r8': [592, W],
  'user_regs.rax': [600, W],
  'user_regs.rcx': [608, W],
  'user_regs.rdx': [616, W],
  'user_regs.rsi': [624, W],
  'user_regs.rdi': [632, W],
  'user_regs.error_code': [640, 4],
  'user_regs.entry_vector': [644, 4],
  'user_regs.rip': [648, W],
  'user_regs.cs': [656, 2],
  'user_regs.saved_upcall_mask': [660, 1],
  'user_regs.rflags': [664, W],
  'user_regs.rsp': [672, W],
  'user_regs.ss': [680, 2],
  'user_regs.es': [688, 2],
  'user_regs.ds': [696, 2],
  'user_regs.fs': [704, 2],
  'user_regs.gs': [712, 2],
  trap_ctxt: [720, 4096],
  ldt_base: [4816, W],
  ldt_ents: [4824, W],
  gdt_frames: [4832, 128],
  gdt_ents: [4960, W],
  kernel_ss: [4968, W],
  kernel_sp: [4976, W],
  'ctrlreg.cr0': [4984, W],
  'ctrlreg.cr1': [4992, W],
  'ctrlreg.cr2': [5000, W],
  'ctrlreg.cr3': [5008, W],
  'ctrlreg.cr4': [5016, W],
  'ctrlreg.cr7': [5040, W],
  'debugreg.dr0': [5048, W],
  'debugreg.dr3': [5072, W],
  'debugreg.dr6': [5096, W],
  'debugreg.dr7': [5104, W],
  event_callback_eip: [5112, W],
  failsafe_callback_eip: [5120, W],
  syscall_callback_eip: [5128, W],
  vm_assist: [5136, W],
  fs_base: [5144, W],
  gs_base_kernel: [5152, W],
  gs_base_user: [5160, W],
};

const CPU: Places = {
  fpu_regs: [0, 512],
  ...series(512, W, ['rax', 'rbx', 'rcx', 'rdx', 'rbp', 'rsi', 'rdi', 'rsp']),
  ...series(576, W, ['r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15']),
  rip: [640, W],
  rflags: [648, W],
  ...series(656, W, ['cr0', 'cr2', 'cr3', 'cr4']),
  ...series(688, W, ['dr0', 'dr1', 'dr2', 'dr3', 'dr6', 'dr7']),
  ...series(736, 4, ['cs_sel', 'ds_sel', 'es_sel', 'fs_sel', 'gs_sel', 'ss_sel', 'tr_sel', 'ldtr_sel']),
  ...series(768, 4, ['cs_limit', 'ds_limit', 'es_limit', 'fs_limit', 'gs_limit', 'ss_limit', 'tr_limit']),
  ...series(796, 4, ['ldtr_limit', 'idtr_limit', 'gdtr_limit']),
  ...series(808, W, ['cs_base', 'ds_base', 'es_base', 'fs_base', 'gs_base', 'ss_base', 'tr_base', 'ldtr_base']),
  ...series(872, W, ['idtr_base', 'gdtr_base']),
  ...series(888, 4, ['cs_arbytes', 'ds_arbytes', 'es_arbytes', 'fs_arbytes', 'gs_arbytes', 'ss_arbytes']),
  ...series(912, 4, ['tr_arbytes', 'ldtr_arbytes']),
  ...series(920, W, ['sysenter_cs', 'sysenter_esp', 'sysenter_eip', 'shadow_gs', 'msr_flags']),
  ...series(960, W, ['msr_lstar', 'msr_star', 'msr_cstar', 'msr_syscall_mask', 'msr_efer', 'msr_tsc_aux', 'tsc']),
  pending_event: [1016, 4],
  error_code: [1020, 4],
  flags: [1024, 4],
  pad0: [1028, 4],
};

/** The 32-bit context, as xen-x86_32.h and xen.h lay it out for a 32-bit compiler. */
const CONTEXT_32: Places = {
  fpu_ctxt: [0, 512],
  flags: [512, 4],
  user_regs: [516, 68],
  ...series(
    516,
    4,
    ['ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp', 'eax'].map((name) => `user_regs.${name}`),
  ),
  'user_regs.error_code': [544, 2],
  'user_regs.entry_vector': [546, 2],
  'user_regs.eip': [548, 4],
  'user_regs.cs': [552, 2],
  'user_regs.saved_upcall_mask': [554, 1],
  'user_regs.eflags': [556, 4],
  'user_regs.esp': [560, 4],
  'user_regs.ss': [564, 2],
  'user_regs.es': [568, 2],
  'user_regs.ds': [572, 2],
  'user_regs.fs': [576, 2],
  'user_regs.gs': [580, 2],
  trap_ctxt: [584, 2048],
  ldt_base: [2632, 4],
  ldt_ents: [2636, 4],
  gdt_frames: [2640, 64],
  gdt_ents: [2704, 4],
  kernel_ss: [2708, 4],
  kernel_sp: [2712, 4],
  'ctrlreg.cr0': [2716, 4],
  'ctrlreg.cr3': [2728, 4],
  'ctrlreg.cr4': [2732, 4],
  'debugreg.dr0': [2748, 4],
  'debugreg.dr6': [2772, 4],
  'debugreg.dr7': [2776, 4],
  event_callback_cs: [2780, 4],
  event_callback_eip: [2784, 4],
  failsafe_callback_cs: [2788, 4],
  failsafe_callback_eip: [2792, 4],
  vm_assist: [2796, 4],
};

const LAYOUTS: readonly (readonly [string, Field, number | undefined, Places])[] = [
  ['vcpu_guest_context, 64-bit', GUEST_CONTEXT_64, 5168, CONTEXT],
  ['vcpu_guest_context, 32-bit', GUEST_CONTEXT_32, 2800, CONTEXT_32],
  ['hvm_hw_cpu', HVM_CPU, 1032, CPU],
  [
    'hvm_save_header',
    HVM_HEADER,
    24,
    { magic: [0, 4], version: [4, 4], changeset: [8, 8], cpuid: [16, 4], gtsc_khz: [20, 4] },
  ],
  [
    'xl header',
    XL_HEADER,
    48,
    {
      magic: [0, 32],
      byteorder: [32, 4],
      mandatory_flags: [36, 4],
      optional_flags: [40, 4],
      optional_data_len: [44, 4],
    },
  ],
  [
    'libvirt header',
    LIBVIRT_HEADER,
    undefined,
    { magic: [0, 16], version: [16, 4], xmlLen: [20, 4], unused: [24, 40] },
  ],
  ['libxl header', LIBXL_HEADER, 16, { ident: [0, 8], version: [8, 4], options: [12, 4] }],
  ['emulator header', EMULATOR_HEADER, 8, { emulator_id: [0, 4], index: [4, 4] }],
  [
    'image header',
    IMAGE_HEADER,
    24,
    { marker: [0, 8], id: [8, 4], version: [12, 4], options: [16, 2], reserved16: [18, 2], reserved32: [20, 4] },
  ],
  [
    'domain header',
    DOMAIN_HEADER,
    16,
    { type: [0, 4], page_shift: [4, 2], reserved: [6, 2], xen_major: [8, 4], xen_minor: [12, 4] },
  ],
  ['X86_PV_INFO', X86_PV_INFO, 8, { guest_width: [0, 1], pt_levels: [1, 1], reserved: [2, 6] }],
  [
    'X86_TSC_INFO',
    X86_TSC_INFO,
    24,
    { mode: [0, 4], khz: [4, 4], nsec: [8, 8], incarnation: [16, 4], reserved: [20, 4] },
  ],
  [
    'CPUID leaf',
    CPUID_LEAF,
    24,
    { leaf: [0, 4], subleaf: [4, 4], eax: [8, 4], ebx: [12, 4], ecx: [16, 4], edx: [20, 4] },
  ],
  ['MSR entry', MSR_ENTRY, 16, { idx: [0, 4], flags: [4, 4], val: [8, 8] }],
];

describe.each(LAYOUTS)('%s', (_name, layout, size, places) => testPlaces(layout, size, places));

test('trap_ctxt: 256 entries of 16 bytes', () => {
  const bytes = new Uint8Array(5168);
  const body = { bytes, offset: 0, length: 5168, claimed: 5168, littleEndian: true };
  const { items } = nodeAt(decodeNode('context', GUEST_CONTEXT_64, body).children ?? [], 'trap_ctxt');
  expect([items?.count, items?.stride, items?.offset]).toEqual([256, 16, 720]);
});

test('gdt_frames: 16 entries of 8 bytes', () => {
  const bytes = new Uint8Array(5168);
  const body = { bytes, offset: 0, length: 5168, claimed: 5168, littleEndian: true };
  const { items } = nodeAt(decodeNode('context', GUEST_CONTEXT_64, body).children ?? [], 'gdt_frames');
  expect([items?.count, items?.stride, items?.offset]).toEqual([16, 8, 4832]);
});

test('a folded cr3 names frames below and above 4 GiB', () => {
  expect(foldedPfn(0x0012_3000)).toBe(0x123);
  expect(foldedPfn(0x29a1_7001)).toBe(0x12_9a17);
  expect(foldedPfn(0xffff_ffff)).toBe(0xffff_ffff);
});
