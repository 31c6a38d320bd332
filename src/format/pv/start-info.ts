/**
 * start_info: the page that tells a PV guest of its domain. It is a page like any other, found through VCPU 0's edx or
 * rdx. Source: public/xen.h (struct start_info). A restore writes nr_pages, shared_info, flags and the event channels
 * anew, and machine frames for the two rings; what follows the console is of the first boot only.
 */
import { PAGE_SIZE } from '../page';
import { decode } from '../kit/decode';
import {
  type Bits,
  bytes,
  type IntField,
  type IntOptions,
  struct,
  text,
  toPfn,
  toVa,
  u32,
  u64,
  zeros,
} from '../kit/layout';
import type { Body, FieldNode } from '../kit/node';

type Width = 4 | 8;

const SIF: Bits = {
  PRIVILEGED: { at: 0, doc: 'The domain is privileged.' },
  INITDOMAIN: { at: 1, doc: 'The domain is the first one.' },
  MULTIBOOT_MOD: { at: 2, doc: 'mod_start is a multiboot module.' },
  MOD_START_PFN: { at: 3, doc: 'mod_start is a PFN, not an address.' },
  VIRT_P2M_4TOOLS: { at: 4, doc: 'The toolstack can save a guest that has only the linear P2M.' },
  reserved_5: { at: 5, width: 3, display: 'hex', quiet: true, doc: 'Not used.' },
  PM_MASK: { at: 8, width: 8, display: 'hex', doc: 'Power management options of the first domain.' },
  reserved_16: { at: 16, width: 16, display: 'hex', quiet: true, doc: 'Not used.' },
};

const word = (width: Width, options: IntOptions): IntField => (width === 8 ? u64(options) : u32(options));

/** Holes before words of 64 bits. */
const hole = (width: Width, name: string): Record<string, ReturnType<typeof zeros>> =>
  width === 8 ? { [name]: zeros(4) } : {};

const sizes: Readonly<Record<Width, number>> = { 4: 1112, 8: 1168 };

const startInfo = (width: Width) =>
  struct(
    'start_info',
    {
      magic: text(32, { doc: 'Version and platform of the interface, such as "xen-3.0-x86_64".' }),
      nr_pages: word(width, { doc: 'Pages that the domain had when it last started or was restored.' }),
      shared_info: word(width, {
        display: 'hex',
        doc: 'Machine address of the shared_info page, on the host that saved.',
      }),
      flags: u32({ display: 'hex', bits: SIF, doc: 'What the domain is (SIF_*).' }),
      ...hole(width, 'pad0'),
      store_mfn: word(width, {
        display: 'hex',
        target: toPfn,
        doc: 'Page of the xenstore ring: the guest makes the machine frame a PFN before it is saved.',
      }),
      store_evtchn: u32({ doc: 'Event channel of xenstore.' }),
      ...hole(width, 'pad1'),
      console: struct(
        'console',
        {
          mfn: word(width, {
            display: 'hex',
            target: toPfn,
            doc: 'Page of the console ring: the guest makes the machine frame a PFN before it is saved.',
          }),
          evtchn: u32({ doc: 'Event channel of the console.' }),
          ...hole(width, 'pad'),
        },
        { doc: 'The console, as a guest other than the first domain has it (console.domU).' },
      ),
      pt_base: word(width, { display: 'register', target: toVa, doc: 'Virtual address of the first page tables.' }),
      nr_pt_frames: word(width, { doc: 'Pages of the first page tables.' }),
      mfn_list: word(width, { display: 'register', target: toVa, doc: 'Virtual address of the first P2M.' }),
      mod_start: word(width, {
        display: 'register',
        refine: ({ flags = 0 }) => ({
          display: 'register',
          doc: 'Virtual address (with MOD_START_PFN: PFN) of the module loaded with the kernel; 0 for none.',
          // A restore clears the flags, and leaves the PFN: without the flag there is no telling what it is.
          ...((Number(flags) & 8) === 0 ? {} : { target: toPfn }),
        }),
        doc: 'Virtual address (with MOD_START_PFN: PFN) of the module loaded with the kernel; 0 for none.',
      }),
      mod_len: word(width, { doc: 'Bytes of that module.' }),
      cmd_line: text(1024, { doc: 'Command line of the kernel.' }),
      first_p2m_pfn: word(width, { display: 'hex', target: toPfn, doc: 'First PFN of the first P2M.' }),
      nr_p2m_frames: word(width, { doc: 'Pages of the first P2M.' }),
      unused: bytes(PAGE_SIZE - sizes[width], { doc: 'Rest of the page, behind the structure.' }),
    },
    { source: 'xen/include/public/xen.h (struct start_info)' },
  );

export const START_INFO_64 = startInfo(8);
export const START_INFO_32 = startInfo(4);

/** The fields of a start_info page; a guest of unknown width is taken for a 64-bit one. */
export const decodeStartInfo = (body: Body): FieldNode[] =>
  decode(body.guest?.width === 4 ? START_INFO_32 : START_INFO_64, body);

/** Whether decoded fields are those of a start_info: any page could be named by a register that lies. */
export const isStartInfo = ([magic]: readonly FieldNode[]): boolean => magic?.text.startsWith('xen-') === true;

const inside = (nodes: readonly FieldNode[] | undefined, ...names: readonly string[]): FieldNode | undefined =>
  nodes?.find(({ name }) => names.includes(name));

/** The PFN of start_info, out of the decoded fields of VCPU 0's X86_PV_VCPU_BASIC; undefined if they do not hold it. */
export function startInfoPfn(vcpu: readonly FieldNode[]): number | undefined {
  const context = inside(vcpu, 'vcpu_guest_context');
  const register = inside(inside(context?.children, 'user_regs')?.children, 'rdx', 'edx')?.value;
  const pfn = register === null || register === undefined ? Number.NaN : Number(register);
  return Number.isSafeInteger(pfn) ? pfn : undefined;
}
