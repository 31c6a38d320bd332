/** Names of the views of a vCPU's state, in the order of their buttons. */
export const VIEW_NAMES = ['registers', 'fpu', 'apic', 'mtrr', 'traps', 'tables', 'msrs', 'linux', 'shared'] as const;

export type ViewName = (typeof VIEW_NAMES)[number];

/** How the vCPUs of a file are looked at: kept while other tabs are open. */
export interface VcpuView {
  readonly view: ViewName;
  /** vCPU to compare with; `auto` the one open before, `none` not at all. */
  readonly compareWith: number | 'auto' | 'none';
  /** The open vCPU and the one before it. */
  readonly current: number | undefined;
  readonly previous: number | undefined;
}

/** How the vCPUs of a file are looked at when it is opened. */
export const FIRST_VCPU_VIEW: VcpuView = {
  view: 'registers',
  compareWith: 'auto',
  current: undefined,
  previous: undefined,
};
