/** Leaves about virtualisation. Source: AMD APM vol. 3 app. E; names of SVM features: Xen, asm/hvm/svm.h; hv_limit: Xen's struct cpu_policy. */
import { fields, flag, type LeafText, part } from './leaf';

/** Leaf 0x8000000a: virtualisation of AMD (SVM). */
export const SVM_LEAF: LeafText = {
  name: 'SVM',
  eax: fields('Revision.', { revision: part(0, 8, 'Revision of SVM.') }),
  ebx: { display: 'dec', doc: 'Address space ids.' },
  edx: fields('Features of SVM.', {
    NPT: flag(0, 'Nested paging.'),
    LBRV: flag(1, 'Last branch records kept by guest.'),
    SVML: flag(2, 'SVM can be locked.'),
    NRIPS: flag(3, 'The address of the next instruction is saved.'),
    TSCRATEMSR: flag(4, 'TSC rate by MSR.'),
    VMCBCLEAN: flag(5, 'Clean bits of the VMCB.'),
    FLUSHBYASID: flag(6, 'TLB flushes by address space id.'),
    DECODEASSISTS: flag(7, 'Help with decoding of what was intercepted.'),
    PAUSEFILTER: flag(10, 'PAUSE intercepted after a count.'),
    PAUSETHRESH: flag(12, 'Count of PAUSE with a threshold in time.'),
    VLOADSAVE: flag(15, 'VMLOAD and VMSAVE without intercepts.'),
    VGIF: flag(16, 'Global interrupt flag for the guest.'),
    SSS: flag(19, 'Shadow stacks checked by nested paging.'),
    SPEC_CTRL: flag(20, 'SPEC_CTRL kept by guest.'),
    VNMI: flag(25, 'NMIs for the guest.'),
    BUS_LOCK: flag(29, 'Bus locks intercepted after a count.'),
  }),
};

/** Leaf 0x8000001f: encrypted memory. */
export const ENCRYPTION_LEAF: LeafText = {
  name: 'Memory encryption',
  eax: fields('Features of memory encryption.', {
    sme: flag(0, 'Memory encryption.'),
    sev: flag(1, 'Encrypted guests.'),
    page_flush_msr: flag(2, 'MSR that flushes a page.'),
    sev_es: flag(3, 'Registers of guests encrypted too.'),
    sev_snp: flag(4, 'Integrity of guest memory.'),
    vmpl: flag(5, 'Privilege levels within a guest.'),
  }),
  ebx: fields('Place of the encryption bit.', {
    c_bit: part(0, 6, 'Number of the bit in a page table entry.'),
    phys_addr_reduction: part(6, 6, 'Bits that physical addresses lose.'),
    nr_vmpl: part(12, 4, 'Privilege levels within a guest.'),
  }),
  ecx: { display: 'dec', doc: 'Encrypted guests at once.' },
  edx: { display: 'dec', doc: 'Lowest id of guests whose registers are not encrypted.' },
};

const LIMIT =
  'low byte; 0: the toolstack sets none. Names and versions are made when the guest asks, so only eax is kept.';
/** Leaves from 0x40000000 on, which the hypervisor makes. */
export const HYPERVISOR_LEAVES: Readonly<Record<number, LeafText>> = {
  0x4000_0000: {
    name: 'Hypervisor',
    eax: { display: 'hex', doc: `hv_limit: highest hypervisor leaf from 0x40000000 on, counted from there; ${LIMIT}` },
  },
  0x4000_0100: {
    name: 'Xen beside Viridian',
    eax: { display: 'hex', doc: `hv2_limit: highest of Xen’s leaves from 0x40000100 on, counted from there; ${LIMIT}` },
  },
};
