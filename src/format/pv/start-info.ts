/**
 * start_info: the page that tells a PV guest of its domain. It is a page like any other, found through vCPU 0's edx or
 * rdx. Source: public/xen.h (struct start_info). A restore writes nr_pages, shared_info, flags and the event channels
 * anew, and machine frames for the two rings; what follows the console is of the first boot only.
 */
import { maskOf } from '../kit/bits';
import { decode } from '../kit/decode';
import {
  type Bits,
  bytes,
  type Fields,
  type IntField,
  type IntOptions,
  sizeOf,
  struct,
  text,
  toPfn,
  toVa,
  u32,
  u64,
  zeros,
} from '../kit/layout';
import type { Body, FieldNode } from '../kit/node';
import { PAGE_SIZE } from '../page';

/** Bits of the flags (SIF_*). */
const SIF = {
  PRIVILEGED: { at: 0, doc: 'The domain is privileged.' },
  INITDOMAIN: { at: 1, doc: 'The domain is the first one.' },
  MULTIBOOT_MOD: { at: 2, doc: 'mod_start is a multiboot module.' },
  MOD_START_PFN: { at: 3, doc: 'mod_start is a PFN, not an address.' },
  VIRT_P2M_4TOOLS: { at: 4, doc: 'The toolstack can save a guest that has only the linear P2M.' },
  reserved_5: { at: 5, width: 3, display: 'hex', reserved: true, doc: 'Not used.' },
  PM_MASK: { at: 8, width: 8, display: 'hex', doc: 'Power management options of the first domain.' },
  reserved_16: { at: 16, width: 16, display: 'hex', reserved: true, doc: 'Not used.' },
} as const satisfies Bits;

/** Holes before words of 64 bits: before store_mfn, before the console, and at the end of that. */
interface Holes<S extends Fields, C extends Fields, E extends Fields> {
  readonly store: S;
  readonly console: C;
  readonly end: E;
}

function startInfo<V extends number | bigint, S extends Fields, C extends Fields, E extends Fields>(
  word: (options: IntOptions) => IntField<V>,
  holes: Holes<S, C, E>,
) {
  const fields = {
    magic: text(32, { doc: 'Version and platform of the interface, such as "xen-3.0-x86_64".' }),
    nr_pages: word({ doc: 'Pages that the domain had when it last started or was restored.' }),
    shared_info: word({
      display: 'hex',
      doc: 'Machine address of the shared_info page, on the host that saved.',
    }),
    flags: u32({ display: 'hex', bits: SIF, doc: 'What the domain is (SIF_*).' }),
    ...holes.store,
    store_mfn: word({
      display: 'hex',
      leadsTo: toPfn,
      doc: 'Page of the xenstore ring: the guest makes the machine frame a PFN before it is saved.',
    }),
    store_evtchn: u32({ doc: 'Event channel of xenstore.' }),
    ...holes.console,
    console: struct(
      'console',
      {
        mfn: word({
          display: 'hex',
          leadsTo: toPfn,
          doc: 'Page of the console ring: the guest makes the machine frame a PFN before it is saved.',
        }),
        evtchn: u32({ doc: 'Event channel of the console.' }),
        ...holes.end,
      },
      { doc: 'The console, as a guest other than the first domain has it (console.domU).' },
    ),
    pt_base: word({ display: 'register', leadsTo: toVa, doc: 'Virtual address of the first page tables.' }),
    nr_pt_frames: word({ doc: 'Pages of the first page tables.' }),
    mfn_list: word({ display: 'register', leadsTo: toVa, doc: 'Virtual address of the first P2M.' }),
    mod_start: word({
      display: 'register',
      refine: ({ flags = 0 }) => ({
        display: 'register',
        doc: 'Virtual address (with MOD_START_PFN: PFN) of the module loaded with the kernel; 0 for none.',
        // A restore clears the flags, and leaves the PFN: without the flag there is no telling what it is.
        ...((BigInt(flags) & maskOf(SIF.MOD_START_PFN)) === 0n ? {} : { leadsTo: toPfn }),
      }),
      doc: 'Virtual address (with MOD_START_PFN: PFN) of the module loaded with the kernel; 0 for none.',
    }),
    mod_len: word({ doc: 'Bytes of that module.' }),
    cmd_line: text(1024, { doc: 'Command line of the kernel.' }),
    first_p2m_pfn: word({ display: 'hex', leadsTo: toPfn, doc: 'First PFN of the first P2M.' }),
    nr_p2m_frames: word({ doc: 'Pages of the first P2M.' }),
  };
  const used = sizeOf(struct('start_info', fields));
  return struct(
    'start_info',
    { ...fields, unused: bytes(PAGE_SIZE - used, { reserved: true, doc: 'Rest of the page, behind the structure.' }) },
    { source: 'xen/include/public/xen.h (struct start_info)' },
  );
}

/** The start_info page of a 64-bit guest. */
export const START_INFO_64 = startInfo(u64, {
  store: { pad0: zeros(4) },
  console: { pad1: zeros(4) },
  end: { pad: zeros(4) },
});

/** The start_info page of a 32-bit guest. */
export const START_INFO_32 = startInfo(u32, { store: {}, console: {}, end: {} });

/** Decodes a start_info page; a guest of unknown width is taken for a 64-bit one. */
export const decodeStartInfo = (body: Body): FieldNode[] =>
  decode(body.guest?.width === 4 ? START_INFO_32 : START_INFO_64, body);

/** Tells whether decoded fields are those of a start_info: the register that names the page can be wrong. */
export const isStartInfo = ([magic]: readonly FieldNode[]): boolean => magic?.text.startsWith('xen-') === true;

const inside = (nodes: readonly FieldNode[] | undefined, ...names: readonly string[]): FieldNode | undefined =>
  nodes?.find(({ name }) => names.includes(name));

/** Returns the PFN of start_info from the decoded fields of vCPU 0's X86_PV_VCPU_BASIC; undefined if they do not hold it. */
export function startInfoPfn(vcpu: readonly FieldNode[]): number | undefined {
  const context = inside(vcpu, 'vcpu_guest_context');
  const register = inside(inside(context?.children, 'user_regs')?.children, 'rdx', 'edx')?.value;
  const pfn = register === null || register === undefined ? Number.NaN : Number(register);
  return Number.isSafeInteger(pfn) ? pfn : undefined;
}
