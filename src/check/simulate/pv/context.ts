/** The basic context of a PV VCPU of either width, brought to one shape. */
import { readU32, readU64 } from '../../../format/kit/bytes';
import type { StructField } from '../../../format/kit/layout';
import { locate } from '../../../format/kit/locate';
import { foldedPfn, GUEST_CONTEXT_32 } from '../../../format/pv/guest-context-32';
import { GUEST_CONTEXT_64 } from '../../../format/pv/guest-context-64';
import type { PvContext } from '../../rules/pv/state';

/** What libxc looks up besides what Xen tests. */
export interface BasicContext extends PvContext {
  readonly startInfo: bigint;
  readonly gdtFrames: readonly bigint[];
  readonly cr3Pfn: bigint;
  readonly frameOffsets: Readonly<Record<'startInfo' | 'gdtFrames' | 'cr3' | 'cr1', number>>;
}

/** Names of fields that the two widths spell differently. */
interface Names {
  readonly layout: StructField;
  readonly width: 4 | 8;
  readonly startInfo: string;
  readonly flags: string;
  /** Addresses that must be canonical. */
  readonly addresses: readonly string[];
}

const WIDE: Names = {
  layout: GUEST_CONTEXT_64,
  width: 8,
  startInfo: 'user_regs.rdx',
  flags: 'user_regs.rflags',
  addresses: [
    'user_regs.rip',
    'user_regs.rsp',
    'kernel_sp',
    'fs_base',
    'gs_base_kernel',
    'gs_base_user',
    'event_callback_eip',
    'syscall_callback_eip',
    'failsafe_callback_eip',
  ],
};
const NARROW: Names = {
  layout: GUEST_CONTEXT_32,
  width: 4,
  startInfo: 'user_regs.edx',
  flags: 'user_regs.eflags',
  addresses: [],
};

const GDT_FRAMES = 16;
const TRAPS = 256;

export function basicContext(raw: Uint8Array, width: number, vcpu: number): BasicContext {
  const names = width === 8 ? WIDE : NARROW;
  const at = (path: string): number => locate(names.layout, path).offset;
  const get = (path: string): bigint => wordAt(raw, at(path), names.width);
  const list = (path: string, count: number): bigint[] =>
    Array.from({ length: count }, (_, index) => wordAt(raw, at(path) + index * names.width, names.width));
  const wide = names.width === 8;
  const cr3 = get('ctrlreg.cr3');
  return {
    vcpu,
    wide,
    flags: get('flags'),
    gdtEntries: get('gdt_ents'),
    ldtBase: get('ldt_base'),
    ldtEntries: get('ldt_ents'),
    rflags: get(names.flags),
    cr1: wide ? get('ctrlreg.cr1') : 0n,
    debug: list('debugreg.dr0', 8),
    vmAssist: get('vm_assist'),
    addresses: wide ? addressesOf(raw, names.addresses, get('ldt_ents') !== 0n) : [],
    offsets: {
      flags: at('flags'),
      gdtEntries: at('gdt_ents'),
      ldtBase: at('ldt_base'),
      rflags: at(names.flags),
      cr1: at('ctrlreg.cr1'),
      debug: at('debugreg'),
      vmAssist: at('vm_assist'),
    },
    startInfo: get(names.startInfo),
    gdtFrames: list('gdt_frames', GDT_FRAMES),
    cr3Pfn: wide ? cr3 >> 12n : BigInt(foldedPfn(Number(cr3))),
    frameOffsets: {
      startInfo: at(names.startInfo),
      gdtFrames: at('gdt_frames'),
      cr3: at('ctrlreg.cr3'),
      cr1: at('ctrlreg.cr1'),
    },
  };
}

const wordAt = (raw: Uint8Array, at: number, width: 4 | 8): bigint =>
  width === 8 ? readU64(raw, at, true) : BigInt(readU32(raw, at, true));

function addressesOf(raw: Uint8Array, names: readonly string[], hasLdt: boolean): PvContext['addresses'] {
  const traps = Array.from({ length: TRAPS }, (_, index) => `trap_ctxt[${index}].address`);
  return [...names, ...(hasLdt ? ['ldt_base'] : []), ...traps].map((path) => {
    const { offset } = locate(GUEST_CONTEXT_64, path);
    return { name: path, value: readU64(raw, offset, true), offset };
  });
}
