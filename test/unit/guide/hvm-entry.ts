/** An HVM save record that is one small structure. */
import type { Example } from './example';

export const HVM_ENTRY: Example = {
  heading: 'An HVM entry',
  files: 2,
  steps: [
    [
      {
        file: 'src/format/hvm/types.ts',
        before: '} as const;\nexport type HvmType =',
        text: '  WALL_CLOCK: 21,\n',
      },
      {
        file: 'src/format/hvm/types.ts',
        before: '};\n\n/** Names of all types',
        text: "  WALL_CLOCK: { owner: 'domain', sizes: [8], doc: 'Time of day of the guest.' },\n",
      },
    ],
    [
      {
        file: 'src/format/hvm/bodies.ts',
        before: '} as const satisfies Readonly<Partial',
        text: `  WALL_CLOCK: strict(
    struct(
      'hvm_hw_wall_clock',
      { sec: u64({ doc: 'Seconds since 1970.' }) },
      { source: 'public/arch-x86/hvm/save.h (struct hvm_hw_wall_clock)' },
    ),
  ),
`,
      },
    ],
  ],
};
