/** Numbers of the libxc record types. Source: tools/libs/guest/xg_sr_stream_format.h (REC_TYPE_*). */
export const LibxcType = {
  END: 0x00,
  PAGE_DATA: 0x01,
  X86_PV_INFO: 0x02,
  X86_PV_P2M_FRAMES: 0x03,
  X86_PV_VCPU_BASIC: 0x04,
  X86_PV_VCPU_EXTENDED: 0x05,
  X86_PV_VCPU_XSAVE: 0x06,
  SHARED_INFO: 0x07,
  X86_TSC_INFO: 0x08,
  HVM_CONTEXT: 0x09,
  HVM_PARAMS: 0x0a,
  TOOLSTACK: 0x0b,
  X86_PV_VCPU_MSRS: 0x0c,
  VERIFY: 0x0d,
  CHECKPOINT: 0x0e,
  CHECKPOINT_DIRTY_PFN_LIST: 0x0f,
  STATIC_DATA_END: 0x10,
  X86_CPUID_POLICY: 0x11,
  X86_MSR_POLICY: 0x12,
} as const;

/** Bit 31 of a type: a reader that does not know the record may skip it. */
export const OPTIONAL_RECORD = 0x8000_0000;

/** Longest body that Xen accepts, bytes: REC_LENGTH_MAX since 4.10. */
export const REC_LENGTH_MAX = 128 * 1024 * 1024;
