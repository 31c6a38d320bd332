/** Breakpoints as dr7 sets them up. Source: Intel SDM vol. 3B § 19.2.4, AMD APM vol. 2 § 13.1.1.4. */

/** R/Wn: which accesses break. 2 means I/O only while CR4.DE is set. */
const ACCESS = ['execute', 'write', 'I/O', 'read or write'] as const;
/** LENn, bytes. 2 means 8 bytes in long mode, and is undefined on CPUs without it. */
const LENGTH = [1, 2, 8, 4] as const;

/** A breakpoint as dr7 sets it up. */
export interface Breakpoint {
  readonly access: (typeof ACCESS)[number];
  /** Bytes watched. */
  readonly length: (typeof LENGTH)[number];
  /** Ln: cleared by a task switch; Gn: not. */
  readonly local: boolean;
  readonly global: boolean;
}

const field = (dr7: bigint, at: number, width: number): number => Number(BigInt.asUintN(width, dr7 >> BigInt(at)));

/** Returns what breakpoint `index` (0 to 3) watches, whether it is on or off. */
export function breakpoint(dr7: bigint, index: number): Breakpoint {
  const enabled = field(dr7, index * 2, 2);
  return {
    access: ACCESS[field(dr7, 16 + index * 4, 2)] ?? 'execute',
    length: LENGTH[field(dr7, 18 + index * 4, 2)] ?? 1,
    local: (enabled & 1) !== 0,
    global: (enabled & 2) !== 0,
  };
}

/** Returns a breakpoint in words: `on execute · local, global`, `on write of 4 bytes · global`, `off`. */
export function breakpointText(dr7: bigint, index: number): string {
  const { access, length, local, global } = breakpoint(dr7, index);
  if (!local && !global) return 'off';
  const scope = [...(local ? ['local'] : []), ...(global ? ['global'] : [])].join(', ');
  const bytes = access === 'execute' && length === 1 ? '' : ` of ${length} ${length === 1 ? 'byte' : 'bytes'}`;
  return `on ${access}${bytes} · ${scope}`;
}
