/** Feature bits of leaf 7. Source: public/arch-x86/cpufeatureset.h, words 5, 6, 9, 10, 12–15. */
import type { FeatureRow } from './feature-row';

/** Features of leaf 7, subleaf 0, ebx. */
export const WORD_7B0 = [
  [0, 'FSGSBASE', 'A', 'Bases of fs and gs read and written by instruction.'],
  [1, 'TSC_ADJUST', 'S', 'MSR that shifts the TSC.'],
  [2, 'SGX', '', 'Enclaves.'],
  [3, 'BMI1', 'A', 'First set of bit instructions (ANDN, TZCNT, …).'],
  [4, 'HLE', '!a', 'Lock elision by prefix.'],
  [5, 'AVX2', 'A', 'Integer instructions on ymm registers, gathers.'],
  [6, 'FDP_EXCP_ONLY', '!', 'The x87 data pointer is kept for exceptions only.'],
  [7, 'SMEP', 'S', 'The kernel cannot execute user pages.'],
  [8, 'BMI2', 'A', 'Second set of bit instructions (PDEP, MULX, …).'],
  [9, 'ERMS', 'A', 'REP MOVSB and REP STOSB are fast.'],
  [10, 'INVPCID', 'H', 'INVPCID: drops TLB entries by context.'],
  [11, 'RTM', '!A', 'Memory transactions (TSX).'],
  [12, 'PQM', '', 'Monitoring of cache and memory bandwidth.'],
  [13, 'NO_FPU_SEL', '!', 'FPU code and data selectors are saved as 0.'],
  [14, 'MPX', 's', 'Bounds registers.'],
  [15, 'PQE', '', 'Allocation of cache and memory bandwidth.'],
  [16, 'AVX512F', 'A', 'AVX-512: zmm and mask registers.'],
  [17, 'AVX512DQ', 'A', 'AVX-512 on double and quad words.'],
  [18, 'RDSEED', 'A', 'Seeds for random generators by instruction.'],
  [19, 'ADX', 'A', 'ADCX and ADOX: two carry chains.'],
  [20, 'SMAP', 'S', 'The kernel cannot touch user pages unless it says so.'],
  [21, 'AVX512_IFMA', 'A', 'AVX-512: 52-bit multiply and add.'],
  [23, 'CLFLUSHOPT', 'A', 'CLFLUSH in weak order.'],
  [24, 'CLWB', '!A', 'Cache line written back and kept.'],
  [25, 'PROC_TRACE', '', 'Processor trace.'],
  [26, 'AVX512PF', '', 'AVX-512 prefetches (Xeon Phi).'],
  [27, 'AVX512ER', '', 'AVX-512 exponentials and reciprocals (Xeon Phi).'],
  [28, 'AVX512CD', 'A', 'AVX-512: conflicts between addresses found.'],
  [29, 'SHA', 'A', 'SHA-1 and SHA-256 instructions.'],
  [30, 'AVX512BW', 'A', 'AVX-512 on bytes and words.'],
  [31, 'AVX512VL', 'A', 'AVX-512 on xmm and ymm registers.'],
] as const satisfies readonly FeatureRow[];

/** Features of leaf 7, subleaf 0, ecx. */
export const WORD_7C0 = [
  [0, 'PREFETCHWT1', 'A', 'Prefetch for writing, into the second level.'],
  [1, 'AVX512_VBMI', 'A', 'AVX-512: bytes permuted.'],
  [2, 'UMIP', 'S', 'SGDT, SIDT and the like fault in user mode.'],
  [3, 'PKU', 'H', 'Protection keys of user pages.'],
  [4, 'OSPKE', '!', 'Protection keys turned on by the kernel; follows cr4, so 0 in a policy.'],
  [5, 'WAITPKG', '', 'UMONITOR, UMWAIT, TPAUSE.'],
  [6, 'AVX512_VBMI2', 'A', 'AVX-512: bytes and words compressed, expanded, shifted.'],
  [7, 'CET_SS', '', 'Shadow stacks.'],
  [8, 'GFNI', 'A', 'Arithmetic in GF(2⁸).'],
  [9, 'VAES', 'A', 'AES on wide vectors.'],
  [10, 'VPCLMULQDQ', 'A', 'PCLMULQDQ on wide vectors.'],
  [11, 'AVX512_VNNI', 'A', 'AVX-512: dot products of small integers.'],
  [12, 'AVX512_BITALG', 'A', 'AVX-512: bits counted and gathered in bytes and words.'],
  [13, 'TME', '', 'All memory encrypted.'],
  [14, 'AVX512_VPOPCNTDQ', 'A', 'AVX-512: bits counted in double and quad words.'],
  [16, 'LA57', '', '5-level paging: 57-bit addresses.'],
  [22, 'RDPID', 'A', 'RDPID: reads TSC_AUX.'],
  [24, 'BLD', '', '#DB on bus locks.'],
  [25, 'CLDEMOTE', 'A', 'Hint that moves a line to a lower cache level.'],
  [27, 'MOVDIRI', 'a', 'Direct store of a word.'],
  [28, 'MOVDIR64B', 'a', 'Direct store of 64 bytes.'],
  [29, 'ENQCMD', '', 'Commands enqueued to devices.'],
  [30, 'SGX_LC', '', 'Enclave launch keys can be set.'],
  [31, 'PKS', 'H', 'Protection keys of supervisor pages.'],
] as const satisfies readonly FeatureRow[];

/** Features of leaf 7, subleaf 0, edx. */
export const WORD_7D0 = [
  [1, 'SGX_KEYS', '', 'Enclave attestation services.'],
  [2, 'AVX512_4VNNIW', '', 'AVX-512 neural network instructions (Xeon Phi).'],
  [3, 'AVX512_4FMAPS', '', 'AVX-512 four-step multiply and add (Xeon Phi).'],
  [4, 'FSRM', 'A', 'Short REP MOVSB is fast.'],
  [5, 'UINTR', '', 'Interrupts delivered to user mode.'],
  [8, 'AVX512_VP2INTERSECT', 'a', 'AVX-512: intersection of vectors.'],
  [9, 'SRBDS_CTRL', '', 'The remedy for SRBDS can be turned off.'],
  [10, 'MD_CLEAR', '!A|', 'VERW empties buffers that MDS could read.'],
  [11, 'RTM_ALWAYS_ABORT', '!', 'Every transaction aborts at once.'],
  [13, 'TSX_FORCE_ABORT', '', 'MSR that makes transactions abort.'],
  [14, 'SERIALIZE', 'A', 'SERIALIZE instruction.'],
  [15, 'HYBRID', '', 'Cores of different kinds in the package.'],
  [16, 'TSXLDTRK', 'a', 'Transactions may leave loads untracked.'],
  [18, 'PCONFIG', '', 'PCONFIG: platform features such as encryption keys.'],
  [19, 'ARCH_LBR', '', 'Architectural records of last branches.'],
  [20, 'CET_IBT', '', 'Indirect branches must land on ENDBR.'],
  [22, 'AMX_BF16', '', 'Tiles of bfloat16.'],
  [23, 'AVX512_FP16', 'A', 'AVX-512 in half precision.'],
  [24, 'AMX_TILE', '', 'Tile registers.'],
  [25, 'AMX_INT8', '', 'Tiles of 8-bit integers.'],
  [26, 'IBRSB', 'A', 'SPEC_CTRL.IBRS and PRED_CMD.IBPB, as Intel enumerates them.'],
  [27, 'STIBP', 'A', 'SPEC_CTRL.STIBP.'],
  [28, 'L1D_FLUSH', 'S', 'MSR FLUSH_CMD empties the L1 data cache.'],
  [29, 'ARCH_CAPS', '!A', 'MSR ARCH_CAPABILITIES exists.'],
  [30, 'CORE_CAPS', '', 'MSR CORE_CAPABILITIES exists.'],
  [31, 'SSBD', 'A', 'SPEC_CTRL.SSBD.'],
] as const satisfies readonly FeatureRow[];

/** Features of leaf 7, subleaf 1, eax. */
export const WORD_7A1 = [
  [0, 'SHA512', 'A', 'SHA-512 instructions.'],
  [1, 'SM3', 'A', 'SM3 hash instructions.'],
  [2, 'SM4', 'A', 'SM4 cipher instructions.'],
  [4, 'AVX_VNNI', 'A', 'Dot products of small integers in AVX encoding.'],
  [5, 'AVX512_BF16', 'A', 'AVX-512 on bfloat16.'],
  [6, 'LASS', 's', 'User and kernel halves of the address space kept apart without page walks.'],
  [7, 'CMPCCXADD', 'a', 'Compare and add under a condition.'],
  [8, 'ARCH_PERF_MON', '', 'Performance monitoring leaf 0x23.'],
  [10, 'FZRM', 'A', 'REP MOVSB of length 0 is fast.'],
  [11, 'FSRS', 'A', 'Short REP STOSB is fast.'],
  [12, 'FSRCS', 'A', 'Short REP CMPSB and SCASB are fast.'],
  [17, 'FRED', '', 'New entry to and return from the kernel.'],
  [18, 'LKGS', '', 'Loads the kernel’s gs.'],
  [19, 'WRMSRNS', 'S', 'WRMSR that does not serialise.'],
  [20, 'NMI_SRC', '', 'NMIs say where they come from.'],
  [21, 'AMX_FP16', '', 'Tiles of half precision.'],
  [23, 'AVX_IFMA', 'A', '52-bit multiply and add in AVX encoding.'],
  [26, 'LAM', '', 'Upper address bits ignored, for tags.'],
  [27, 'MSRLIST', '', 'Lists of MSRs read and written.'],
  [30, 'NO_INVD', '', 'INVD cannot be used.'],
  [31, 'MOVRS', 'a', 'Loads with a hint that the line is shared for reading.'],
] as const satisfies readonly FeatureRow[];

/** Features of leaf 7, subleaf 1, ebx. */
export const WORD_7B1 = [
  [0, 'INTEL_PPIN', '', 'Protected number of the processor.'],
] as const satisfies readonly FeatureRow[];

/** Features of leaf 7, subleaf 2, edx. */
export const WORD_7D2 = [
  [0, 'INTEL_PSFD', 'A', 'SPEC_CTRL.PSFD.'],
  [1, 'IPRED_CTRL', 'S', 'SPEC_CTRL.IPRED_DIS_U and IPRED_DIS_S.'],
  [2, 'RRSBA_CTRL', 'S', 'SPEC_CTRL.RRSBA_DIS_U and RRSBA_DIS_S.'],
  [3, 'DDP_CTRL', '', 'SPEC_CTRL.DDP_DIS_U.'],
  [4, 'BHI_CTRL', 'S', 'SPEC_CTRL.BHI_DIS_S.'],
  [5, 'MCDT_NO', 'A', 'Timing independent of data needs no care for MCDT.'],
  [6, 'UC_LOCK_DIS', '', 'Locks on uncached memory can be made to fault.'],
] as const satisfies readonly FeatureRow[];

/** Features of leaf 7, subleaf 1, ecx. */
export const WORD_7C1 = [] as const satisfies readonly FeatureRow[];

/** Features of leaf 7, subleaf 1, edx. */
export const WORD_7D1 = [
  [4, 'AVX_VNNI_INT8', 'A', 'Dot products of 8-bit integers of any sign.'],
  [5, 'AVX_NE_CONVERT', 'A', 'Conversions of small floats without exceptions.'],
  [8, 'AMX_COMPLEX', '', 'Tiles of complex numbers.'],
  [10, 'AVX_VNNI_INT16', 'A', 'Dot products of 16-bit integers of any sign.'],
  [14, 'PREFETCHI', 'A', 'Code can be prefetched.'],
  [17, 'UIRET_UIF', '', 'UIRET sets the user interrupt flag from its frame.'],
  [18, 'CET_SSS', '', 'Shadow stacks of the kernel are safe to use.'],
  [24, 'SLSM', '', 'Static lockstep mode.'],
] as const satisfies readonly FeatureRow[];
