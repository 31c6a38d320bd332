/** Bits of MSR ARCH_CAPABILITIES. Source: public/arch-x86/cpufeatureset.h, words 16, 17. */
import type { FeatureRow } from './feature-row';

/** Features of MSR ARCH_CAPABILITIES, low half. */
export const WORD_M10AL = [
  [0, 'RDCL_NO', 'A', 'Not affected by Meltdown.'],
  [1, 'EIBRS', 'A', 'Enhanced IBRS: set once, holds always.'],
  [2, 'RSBA', '!', 'Returns may use other predictors than the RSB: retpolines are not safe.'],
  [3, 'SKIP_L1DFL', '', 'No L1D flush needed on VM entry.'],
  [4, 'INTEL_SSB_NO', 'A', 'Not affected by speculative store bypass.'],
  [5, 'MDS_NO', 'A', 'Not affected by microarchitectural data sampling.'],
  [6, 'IF_PSCHANGE_MC_NO', 'A', 'No machine check when the size of a code page changes.'],
  [7, 'TSX_CTRL', '', 'MSR TSX_CTRL exists.'],
  [8, 'TAA_NO', 'A', 'Not affected by TSX asynchronous abort.'],
  [9, 'MCU_CTRL', '', 'MSR MCU_CTRL exists.'],
  [10, 'MISC_PKG_CTRL', '', 'MSR MISC_PKG_CTRL exists.'],
  [11, 'ENERGY_FILTERING', '', 'Energy reporting can be filtered.'],
  [12, 'DOITM', '', 'Timing independent of data can be asked for.'],
  [13, 'SBDR_SSDP_NO', 'A', 'Not affected by shared buffers data read and sideband stale data.'],
  [14, 'FBSDP_NO', 'A', 'Not affected by fill buffer stale data.'],
  [15, 'PSDP_NO', 'A', 'Not affected by primary stale data.'],
  [16, 'MCU_EXT', '', 'MSRs MCU_ENUMERATION and MCU_STATUS exist.'],
  [17, 'FB_CLEAR', '!A|', 'VERW clears the fill buffers.'],
  [18, 'FB_CLEAR_CTRL', '', 'That VERW clears them can be turned off.'],
  [19, 'RRSBA', '!', 'As RSBA, but only when the RSB runs out.'],
  [20, 'BHI_NO', 'A', 'Not affected by branch history injection.'],
  [21, 'XAPIC_STATUS', '', 'MSR XAPIC_DISABLE_STATUS exists.'],
  [23, 'OVRCLK_STATUS', '', 'MSR OVERCLOCKING_STATUS exists.'],
  [24, 'PBRSB_NO', 'A', 'No predictions from the RSB after a barrier.'],
  [25, 'GDS_CTRL', '', 'The remedy for gather data sampling can be turned off.'],
  [26, 'GDS_NO', 'A', 'Not affected by gather data sampling.'],
  [27, 'RFDS_NO', 'A', 'Not affected by register file data sampling.'],
  [28, 'RFDS_CLEAR', '!A|', 'VERW clears the register files.'],
  [29, 'IGN_UMONITOR', '', 'UMONITOR can be made to do nothing.'],
  [30, 'MON_UMON_MITG', '', 'MONITOR and UMONITOR have a remedy that can be turned on.'],
] as const satisfies readonly FeatureRow[];

/** Features of MSR ARCH_CAPABILITIES, high half. */
export const WORD_M10AH = [
  [0, 'PB_OPT_CTRL', '', 'MSR PB_OPT_CTRL exists.'],
  [30, 'ITS_NO', '!A', 'Not affected by indirect target selection.'],
] as const satisfies readonly FeatureRow[];
