/** What the layout of some structures hangs on, told by records before them. */

/** Where a component of the extended state lies in the uncompacted XSAVE area, by CPUID leaf 0xd. */
export interface XstateComponent {
  /** Number of the component: its bit in XCR0. */
  readonly component: number;
  /** Bytes. */
  readonly size: number;
  /** From the start of the area, bytes. */
  readonly offset: number;
  /** In a compacted area it begins at a multiple of 64. */
  readonly aligned?: boolean;
}

/** The guest as far as it is known. Everything may be missing: streams are damaged, and old ones say less. */
export interface Guest {
  /** As in the domain header: 1 PV, 2 HVM or PVH. */
  readonly domainType?: number;
  /** Bytes in a word of a PV guest: 4 or 8. */
  readonly width?: number;
  /** Of X86_CPUID_POLICY; none in streams of version 2. */
  readonly xstate?: readonly XstateComponent[];
}
