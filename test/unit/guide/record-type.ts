/** A libxc record that holds a time. */
import type { Example } from './example';

export const RECORD_TYPE: Example = {
  heading: 'A record type',
  files: 3,
  steps: [
    [
      {
        file: 'src/format/libxc/types.ts',
        before: '} as const;\n\n/** Bit 31 of a type',
        text: '  X86_WALL_CLOCK: 0x13,\n',
      },
    ],
    [
      {
        file: 'src/format/libxc/types.ts',
        before: '} as const satisfies Readonly<Record<keyof typeof LibxcType, LibxcRow>>',
        text: `  X86_WALL_CLOCK: {
    group: 'info',
    doc: 'Time of day of the guest.',
    logName: 'x86 wall clock',
    length: exactly(16),
    takenFor: 'all',
    kept: 'none',
    stream: 3,
  },
`,
      },
    ],
    [
      {
        file: 'src/format/libxc/info.ts',
        before: '/**\n * The records whose whole body',
        text: `const X86_WALL_CLOCK = struct(
  'X86_WALL_CLOCK',
  {
    sec: u64({ doc: 'Seconds since 1970.' }),
    nsec: u32({ doc: 'Nanoseconds within the second.' }),
    reserved: u32({ reserved: true, display: 'hex', mustBe: 0, doc: 'Reserved, 0.' }),
  },
  spec('X86_WALL_CLOCK'),
);

`,
      },
      { file: 'src/format/libxc/info.ts', before: ' } as const;\n\n/** The body of records', text: ', X86_WALL_CLOCK' },
    ],
    [
      {
        file: 'src/check/simulate/libxc-handlers.ts',
        before: '} satisfies Readonly<Record<TakenNames',
        text: "  X86_WALL_CLOCK: { stage: 'state', take: () => undefined },\n",
      },
    ],
  ],
};
