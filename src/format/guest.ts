/** What earlier records tell of the guest, on which the layout of later structures depends. */

/** Where a component of the extended state lies in the uncompacted XSAVE area, by CPUID leaf 0xd. */
export interface XstateComponent {
  /** Number of the component: its bit in XCR0. */
  readonly component: number;
  /** Bytes. */
  readonly size: number;
  /** Offset from the start of the area, bytes. */
  readonly offset: number;
  /** The component begins at a multiple of 64 in a compacted area. */
  readonly aligned?: boolean;
}

/** The guest as far as it is known. Everything may be missing: streams are damaged, and old ones say less. */
export interface Guest {
  /** Number of the domain header: 1 PV, 2 HVM or PVH. */
  readonly domainType?: number;
  /** Bytes in a word of a PV guest: 4 or 8. */
  readonly width?: number;
  /** Components that X86_CPUID_POLICY places; none in streams of version 2. */
  readonly xstate?: readonly XstateComponent[];
}
