/** vcpu_time_info: how a vCPU makes time of its TSC. Source: public/xen.h (struct vcpu_time_info). */
import { duration } from '../../lib/duration';
import { grouped } from '../../lib/text';
import { type Before, i8, struct, u32, u64, u8, zeros } from '../kit/layout';
import { parse } from '../kit/parse';

const NS = 1_000_000_000n;

/** Frequency of the TSC, Hz: ((10⁹ << 32) / mul) >> shift. Undefined for factors that no TSC has. */
function tscHz({ tsc_to_system_mul: mul = 0, tsc_shift: shift = 0 }: Before): bigint | undefined {
  const by = BigInt(shift);
  if (BigInt(mul) === 0n || by < -32n || by > 31n) return undefined;
  const scaled = (NS << 32n) / BigInt(mul);
  return by < 0n ? scaled << -by : scaled >> by;
}

const megahertz = (hz: bigint): string =>
  `${grouped(hz / 1_000_000n)}.${String((hz / 1000n) % 1000n).padStart(3, '0')} MHz`;

export const VCPU_TIME_INFO = struct(
  'vcpu_time_info',
  {
    version: u32({
      doc: 'Counts updates of the values below; odd while one is going on.',
      note: (value) => (Number(value) % 2 === 1 ? 'update going on' : undefined),
    }),
    pad0: zeros(4),
    tsc_timestamp: u64({ doc: 'TSC at the last update.' }),
    system_time: u64({
      display: 'ns',
      doc: 'Time at the last update, since the host started.',
      note: (value) => (BigInt(value) < NS ? undefined : duration(BigInt(value))),
    }),
    tsc_to_system_mul: u32({
      display: 'hex',
      doc: 'Nanoseconds per TSC tick, shifted ticks taken, as a fraction of 2³².',
    }),
    tsc_shift: i8({
      doc: 'Bits by which TSC ticks are shifted left (right if negative) before they are multiplied.',
      refine: (before) => ({
        doc: 'Bits by which TSC ticks are shifted left (right if negative) before they are multiplied.',
        note: (shift) => {
          const hz = tscHz({ ...before, tsc_shift: shift });
          return hz === undefined ? undefined : `TSC at ${megahertz(hz)}`;
        },
      }),
    }),
    flags: u8({
      display: 'hex',
      doc: 'What the guest may rely on (XEN_PVCLOCK_*).',
      bits: {
        TSC_STABLE_BIT: { at: 0, doc: 'Time goes on without steps between vCPUs.' },
        GUEST_STOPPED: { at: 1, doc: 'The guest was stopped for a while.' },
        reserved_2: { at: 2, width: 6, display: 'hex', reserved: true, doc: 'Not used.' },
      },
    }),
    pad1: zeros(2),
  },
  {
    doc: 'Time since the host started, and how to go on from it by the TSC.',
    source: 'xen/include/public/xen.h (struct vcpu_time_info)',
    summary: (known) => {
      const hz = tscHz(known);
      return hz === undefined ? 'not used' : `${duration(BigInt(known['system_time'] ?? 0))} · TSC at ${megahertz(hz)}`;
    },
  },
);

/** Tells whether Xen ever wrote the values at `at`: it counts the version, which comes first, up at each time. */
export const hasTime = (raw: Uint8Array, at: number, little: boolean): boolean =>
  parse(VCPU_TIME_INFO.fields.version, raw, little, at) !== 0;
