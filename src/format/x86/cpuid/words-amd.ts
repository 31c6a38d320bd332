/** Feature bits of leaves 0x80000007, 8 and 0x21. Source: public/arch-x86/cpufeatureset.h, words 7, 8, 11, 18. */
import type { FeatureRow } from './feature-row';

/** Features of leaf 0x80000007, edx. */
export const WORD_E7D = [
  [7, 'HW_PSTATE', '', 'P-states by MSR.'],
  [8, 'ITSC', 'a', 'The TSC runs at one rate whatever the CPU does.'],
  [9, 'CPB', '', 'Core performance boost.'],
  [10, 'EFRO', '', 'Read-only APERF and MPERF.'],
] as const satisfies readonly FeatureRow[];

/** Features of leaf 0x80000008, ebx. */
export const WORD_E8B = [
  [0, 'CLZERO', 'A', 'CLZERO: zeroes a cache line.'],
  [2, 'RSTR_FP_ERR_PTRS', 'A', 'FXSAVE and XSAVE always keep the FPU error pointers.'],
  [9, 'WBNOINVD', '', 'Caches written back and kept.'],
  [12, 'IBPB', 'A', 'PRED_CMD.IBPB: barrier for indirect branch predictions.'],
  [14, 'IBRS', 'S', 'SPEC_CTRL.IBRS.'],
  [15, 'AMD_STIBP', 'S', 'SPEC_CTRL.STIBP.'],
  [16, 'IBRS_ALWAYS', 'S', 'IBRS is best left on.'],
  [17, 'STIBP_ALWAYS', 'S', 'STIBP is best left on.'],
  [18, 'IBRS_FAST', 'S', 'IBRS is better than remedies in software.'],
  [19, 'IBRS_SAME_MODE', 'S', 'IBRS protects within one mode too.'],
  [20, 'NO_LMSL', 'S|', 'EFER.LMSLE does not exist: no segment limits in long mode.'],
  [23, 'AMD_PPIN', '', 'Protected number of the processor.'],
  [24, 'AMD_SSBD', 'S', 'SPEC_CTRL.SSBD.'],
  [25, 'VIRT_SSBD', '!', 'SSBD through MSR VIRT_SPEC_CTRL.'],
  [26, 'SSB_NO', 'A', 'Not affected by speculative store bypass.'],
  [27, 'CPPC', '', 'Performance levels agreed between system and CPU.'],
  [28, 'PSFD', 'S', 'SPEC_CTRL.PSFD.'],
  [29, 'BTC_NO', 'A', 'Not affected by branch type confusion.'],
  [30, 'IBPB_RET', 'A', 'IBPB empties the return predictor too.'],
] as const satisfies readonly FeatureRow[];

/** Features of leaf 0x80000021, eax. */
export const WORD_E21A = [
  [0, 'NO_NEST_BP', 'A', 'Data breakpoints do not nest.'],
  [1, 'FS_GS_NS', 'S|', 'Writes of the fs and gs base MSRs do not serialise.'],
  [2, 'LFENCE_DISPATCH', 'A', 'LFENCE always stops dispatch.'],
  [5, 'VERW_CLEAR', '!A|', 'VERW empties buffers that TSA could read.'],
  [6, 'NSCB', 'A', 'A null selector clears base and limit.'],
  [8, 'AUTO_IBRS', 'S', 'EFER.AUTOIBRS: IBRS without writes to an MSR.'],
  [10, 'AMD_FSRS', 'A', 'Short REP STOSB is fast.'],
  [11, 'AMD_FSRC', 'A', 'Short REP CMPSB is fast.'],
  [17, 'CPUID_USER_DIS', '', 'CPUID can be made to fault in user mode.'],
  [18, 'EPSF', 'A', 'Enhanced predictive store forwarding.'],
  [19, 'FSRSC', 'A', 'Short REP SCASB is fast.'],
  [20, 'AMD_PREFETCHI', 'A', 'Code can be prefetched.'],
  [23, 'AVX512_BMM', 'a', 'AVX-512: bit matrices multiplied, bits reversed.'],
  [27, 'SBPB', 'A', 'PRED_CMD.SBPB: barrier for chosen predictions.'],
  [28, 'IBPB_BRTYPE', 'A', 'IBPB empties branch type predictions too.'],
  [29, 'SRSO_NO', 'A', 'Not affected by SRSO (Inception).'],
  [30, 'SRSO_US_NO', 'A!', 'Not affected by SRSO between user and kernel.'],
  [31, 'SRSO_MSR_FIX', '', 'BP_CFG.BP_SPEC_REDUCE remedies SRSO.'],
] as const satisfies readonly FeatureRow[];

/** Features of leaf 0x80000021, ecx. */
export const WORD_E21C = [
  [1, 'TSA_SQ_NO', 'A', 'Not affected by TSA through the store queue.'],
  [2, 'TSA_L1_NO', 'A', 'Not affected by TSA through the L1 data cache.'],
] as const satisfies readonly FeatureRow[];
