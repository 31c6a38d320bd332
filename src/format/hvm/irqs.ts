/** HVM save records PCI_IRQ (7), ISA_IRQ (8), PCI_LINK (9): interrupt wires. Source: public/arch-x86/hvm/save.h. */
import { asRuns, setBits } from '../../lib/bit-set';
import { hex } from '../../lib/text';
import { type Bits, type IntField, struct, u64, u8, zeros } from '../kit/layout';

const SOURCE = 'public/arch-x86/hvm/save.h';

/** Wire `number` of the bus, four to a device: `00:03 INTB`. */
const wire = (number: number): string => `00:${hex(number >> 2, 2)} INT${'ABCD'[number & 3] ?? ''}`;

const wires = (numbers: readonly number[]): string =>
  numbers.length === 0 ? 'none asserted' : numbers.map((number) => wire(number)).join(', ');

const half = (first: number): IntField<bigint> =>
  u64({
    display: 'register',
    doc: `Wires of devices ${first >> 2}–${(first >> 2) + 15}, four each: bit (device × 4 + INTx).`,
    bits: Object.fromEntries(
      Array.from({ length: 64 }, (_, at) => [wire(first + at), { at, doc: 'The device asserts this wire.' }]),
    ),
    note: (value) => wires(setBits(value, first)),
  });

export const HVM_PCI_IRQ = struct(
  'hvm_hw_pci_irqs',
  {
    i: struct(
      'i',
      { '[0]': half(0), '[1]': half(64) },
      {
        doc: 'Which devices of the PCI bus assert their interrupt wires.',
        summary: (words) => wires([...setBits(words['[0]'] ?? 0), ...setBits(words['[1]'] ?? 0, 64)]),
      },
    ),
  },
  { source: `${SOURCE} (struct hvm_hw_pci_irqs)` },
);

const ISA_BITS: Bits = Object.fromEntries([
  ...Array.from({ length: 16 }, (_, at) => [`IRQ${at}`, { at, doc: 'A device asserts this wire.' }] as const),
  ['unused', { at: 16, width: 48, display: 'hex', doc: 'Not used: there are 16 ISA interrupts.' }],
]);

export const HVM_ISA_IRQ = struct(
  'hvm_hw_isa_irqs',
  {
    i: u64({
      display: 'hex',
      doc: 'ISA interrupt wires that are asserted, one bit each.',
      bits: ISA_BITS,
      note: (value) => {
        const irqs = setBits(BigInt(value) & 0xffffn);
        return irqs.length === 0 ? 'none asserted' : `IRQ ${asRuns(irqs)}`;
      },
    }),
  },
  { source: `${SOURCE} (struct hvm_hw_isa_irqs)` },
);

const target = (irq: number | bigint): string => (Number(irq) === 0 ? 'not routed' : `IRQ ${irq}`);

const link = (letter: string): IntField<number> =>
  u8({ doc: `ISA interrupt that link PIRQ${letter} drives, below 16; 0 for none.`, note: target });

export const HVM_PCI_LINK = struct(
  'hvm_hw_pci_link',
  {
    route: struct(
      'route',
      { '[0]': link('A'), '[1]': link('B'), '[2]': link('C'), '[3]': link('D') },
      {
        doc: 'Where the PCI-ISA router sends the four links. A wire hangs on link (device + INTx) mod 4.',
        summary: (routes) =>
          ['A', 'B', 'C', 'D'].map((of, at) => `${of} → ${target(routes[`[${at}]`] ?? 0)}`).join(', '),
      },
    ),
    pad0: zeros(4, { doc: 'Padding; Xen refuses anything but zeros.' }),
  },
  { source: `${SOURCE} (struct hvm_hw_pci_link)` },
);
