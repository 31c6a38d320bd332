/** Leaf 0xd: extended state. Source: Intel SDM vol. 1 ch. 13, vol. 2A (CPUID leaf 0xd); Xen's struct cpu_policy. */
import type { BitRange } from '../../kit/layout';
import { XSTATE, xstateName } from '../xcr0';
import { featureWord } from './features';
import { fields, flag, type LeafText, type RegisterText } from './leaf';

/** Components that only the kernel may save stand in XSS, all others in XCR0. */
const SUPERVISOR = new Set([8, 10, 11, 12, 13, 14, 15, 16]);

/** Half of XCR0 or XSS: a bit for each component. */
function half(doc: string, high: boolean, supervisor: boolean): RegisterText {
  const named = Object.entries(XSTATE).flatMap(([bit, [name, meaning]]): [string, BitRange][] => {
    const number = Number(bit);
    if (SUPERVISOR.has(number) !== supervisor || number >= 32 !== high) return [];
    return [[name, flag(number % 32, `${meaning}.`)]];
  });
  return fields(doc, Object.fromEntries(named));
}

const AREA: LeafText = {
  name: 'Extended state (XSAVE)',
  eax: half('Low half of XCR0: components that the guest may enable.', false, false),
  ebx: { display: 'bytes', doc: 'Bytes of the area for what is enabled: follows XCR0, so 0 in a policy.' },
  ecx: { display: 'bytes', doc: 'Bytes of the uncompacted area for all components.' },
  edx: half('High half of XCR0.', true, false),
};
const INSTRUCTIONS: LeafText = {
  name: 'Extended state: instructions',
  eax: featureWord(4),
  ebx: {
    display: 'bytes',
    doc: 'Bytes of the compacted area for what is enabled: follows XCR0 and XSS, so 0 in a policy.',
  },
  ecx: half('Low half of XSS: supervisor components that the guest may enable.', false, true),
  edx: half('High half of XSS.', true, true),
};
const COMPONENT: Omit<LeafText, 'name'> = {
  eax: { display: 'bytes', doc: 'Bytes of the component; 0 if it does not exist.' },
  ebx: { display: 'dec', doc: 'Offset in the uncompacted area, bytes; 0 for a supervisor component.' },
  ecx: fields('Kind of the component.', {
    xss: flag(0, 'Supervisor state: enabled by XSS, not XCR0.'),
    align: flag(1, 'Starts at a multiple of 64 bytes in a compacted area.'),
    xfd: flag(2, 'Can be made to fault on first use.'),
  }),
};

/** Describes a subleaf of leaf 0xd. */
export function xstateLeaf(subleaf: number): LeafText {
  if (subleaf === 0) return AREA;
  if (subleaf === 1) return INSTRUCTIONS;
  if (subleaf > 62) return { name: 'Extended state: no such component' };
  return { name: `Extended state: ${xstateName(subleaf)}`, ...COMPONENT };
}
