/**
 * Sizes of vcpu_guest_context, bytes, apart from its layouts, which are large: a scan tells a record by them. A test
 * holds them against the layouts. Source: public/arch-x86/xen.h.
 */
export const CONTEXT_SIZE = { pv32: 2800, pv64: 5168 } as const;
