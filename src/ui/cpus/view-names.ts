/** Names of the views of a vCPU's state, in the order of their buttons. */
export const VIEW_NAMES = ['registers', 'fpu', 'apic', 'mtrr', 'traps', 'tables', 'msrs', 'linux', 'shared'] as const;

export type ViewName = (typeof VIEW_NAMES)[number];
