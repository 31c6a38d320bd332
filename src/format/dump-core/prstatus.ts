/**
 * Registers of a thread in a core file of Linux: what gdb looks for, as it does not know Xen’s sections. Source:
 * arch/x86/include/uapi/asm/ptrace-abi.h and include/linux/elfcore.h of Linux (struct elf_prstatus, user_regs_struct).
 */
import { bytes, i64, struct, u16, u32, u64 } from '../kit/layout';

/** Kinds of note that Linux writes into core files (n_type). */
export const LinuxNote = { PRSTATUS: 1, FPREGSET: 2 } as const;

const general = (name: string) => u64({ display: 'register', doc: `Register ${name}.` });
const selector = (name: string) => u64({ display: 'hex', doc: `Selector of ${name}.` });

export const ELF_PRSTATUS = struct(
  'elf_prstatus',
  {
    si_signo: u32({ doc: 'Signal that ended the thread; none.' }),
    si_code: u32({ doc: 'Its code.' }),
    si_errno: u32({ doc: 'Its error.' }),
    pr_cursig: u16({ doc: 'Current signal.' }),
    hole: bytes(2, { doc: 'Padding.' }),
    pr_sigpend: u64({ display: 'hex', doc: 'Pending signals.' }),
    pr_sighold: u64({ display: 'hex', doc: 'Blocked signals.' }),
    pr_pid: u32({ doc: 'Number of the thread: in an export that of the vCPU, counted from 1, as 0 is none to gdb.' }),
    pr_ppid: u32({ doc: 'Parent.' }),
    pr_pgrp: u32({ doc: 'Process group.' }),
    pr_sid: u32({ doc: 'Session.' }),
    times: bytes(64, { doc: 'Time used; not known.' }),
    r15: general('r15'),
    r14: general('r14'),
    r13: general('r13'),
    r12: general('r12'),
    rbp: general('rbp'),
    rbx: general('rbx'),
    r11: general('r11'),
    r10: general('r10'),
    r9: general('r9'),
    r8: general('r8'),
    rax: general('rax'),
    rcx: general('rcx'),
    rdx: general('rdx'),
    rsi: general('rsi'),
    rdi: general('rdi'),
    orig_rax: i64({ doc: 'Number of the system call, −1 for none.' }),
    rip: general('rip'),
    cs: selector('cs'),
    rflags: general('rflags'),
    rsp: general('rsp'),
    ss: selector('ss'),
    fs_base: u64({ display: 'register', doc: 'Base of fs.' }),
    gs_base: u64({ display: 'register', doc: 'Base of gs.' }),
    ds: selector('ds'),
    es: selector('es'),
    fs: selector('fs'),
    gs: selector('gs'),
    pr_fpvalid: u32({ doc: 'Whether a note with the FPU follows.' }),
    end: bytes(4, { doc: 'Padding.' }),
  },
  { source: 'Linux include/linux/elfcore.h (struct elf_prstatus)' },
);
