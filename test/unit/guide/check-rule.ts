/** A rule about a guest whose TSC has never counted. */
import type { Example } from './example';

export const CHECK_RULE: Example = {
  heading: 'A check rule',
  files: 1,
  tests: `
  {
    key: 'LC-99',
    base: pvParts,
    bad: { tsc: patch(tsc, 16, u64(0)) },
    near: { tsc: patch(tsc, 16, u64(1)) },
    at: ['tsc', 16],
  },
`,
  steps: [
    [
      {
        file: 'src/check/rules/libxc/tsc.ts',
        before: '];\n\nexport const TSC_PRESENCE_RULES',
        text: `  {
    id: 'LC-99',
    layer: 'spec',
    severity: 'note',
    title: 'a guest whose TSC has never counted',
    explain: 'Xen takes it; the guest’s time starts anew.',
    advice: ADVICE.none,
    source: 'xen/arch/x86/time.c: tsc_set_info()',
    when: ({ nanoseconds }) => nanoseconds === 0n && { at: field('nanoseconds') },
  },
`,
      },
    ],
    [
      {
        file: 'src/check/rules/libxc/tsc.ts',
        insteadOf: "when: ({ nanoseconds }) => nanoseconds === 0n && { at: field('nanoseconds') },",
        text: "when: ({ nsec }) => nsec === 0n && { at: field('nsec') },",
      },
    ],
  ],
};
