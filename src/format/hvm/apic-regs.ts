/**
 * HVM save record LAPIC_REGS (6): the register page of a local APIC, one register in every 16 bytes. The layout is that
 * of xAPIC mode or of x2APIC mode, which the LAPIC entry of the same vCPU tells.
 * Source: public/arch-x86/hvm/save.h (struct hvm_hw_lapic_regs), asm/apicdef.h, Intel SDM vol. 3A ch. 12.
 */
import { asRuns, setBits } from '../../lib/bit-set';
import { hex0x } from '../../lib/text';
import { bitsOf, isSet, withReserved } from '../kit/bits';
import { type BytesField, type IntField, type IntOptions, struct, type StructField, u32 } from '../kit/layout';
import { ESR } from './apic';
import { ICR, lvt, PRIORITY, SPURIOUS, TDCR, TIMER, VERSION } from './apic-bits';
import { vectorSet } from './interrupt';
import { ignored } from './padding';

type Skipped = BytesField & { as: 'hex' };
/** Registers, each followed by what lies up to the next one. */
type Spaced<R> = R & { readonly [K in keyof R & string as `pad_${K}`]: Skipped };

const hexField = (doc: string, more: IntOptions = {}): IntField<number> => u32({ display: 'hex', doc, ...more });

/** Registers by name, each with the 12 bytes up to the next one. */
const spaced = <R extends Readonly<Record<string, IntField>>>(registers: R): Spaced<R> =>
  Object.fromEntries(
    Object.entries(registers).flatMap(([name, field]) => [
      [name, field],
      [`pad_${name}`, ignored(12, 'Up to the next register; nothing lies there.')],
    ]),
  ) as Spaced<R>;

/** Places of registers that no APIC of Xen has, by their offset. */
const reserved = (from: number, to: number): Readonly<Record<`reserved_${string}`, Skipped>> =>
  Object.fromEntries(
    Array.from({ length: (to - from) / 16 + 1 }, (_, index) => [
      `reserved_${hex0x(from + index * 16, 3).slice(2)}`,
      ignored(16, 'Reserved: no register lies there.'),
    ]),
  );

/** 256 bits, one for each vector, in eight registers. */
const vectors = (name: string, doc: string): StructField =>
  struct(
    name,
    spaced(
      Object.fromEntries(
        Array.from({ length: 8 }, (_, word): [string, IntField] => {
          const first = word * 32;
          const range = `${hex0x(first, 2)}–${hex0x(first + 31, 2)}`;
          return [`${name}${word}`, hexField(`Vectors ${range}.`, { note: (value) => vectorSet(value, first) })];
        }),
      ),
    ),
    {
      doc,
      summary: (words) =>
        asRuns(
          Array.from({ length: 8 }, (_, word) => setBits(words[`${name}${word}`] ?? 0, word * 32)).flat(),
          (vector) => hex0x(vector, 2),
        ),
    },
  );

interface ModeFields {
  readonly ID: IntField<number>;
  readonly LDR: IntField<number>;
  readonly DFR: IntField<number>;
  readonly ICR2: IntField<number>;
}

const XAPIC: ModeFields = {
  ID: hexField('APIC id, in bits 31–24.', {
    bits: withReserved(32, { id: { at: 24, width: 8, doc: 'Physical id of this APIC.' } }),
    note: (value) => `xAPIC id ${Number(value) >>> 24}`,
  }),
  LDR: hexField('Logical destination (LDR), in bits 31–24.', {
    bits: withReserved(32, {
      logical_id: { at: 24, width: 8, display: 'hex', doc: 'Logical ids that this APIC answers to.' },
    }),
    note: (value) => `logical id ${hex0x(Number(value) >>> 24, 2)}`,
  }),
  DFR: hexField('Destination format (DFR): how logical ids are matched.', {
    bits: withReserved(32, {
      model: { at: 28, width: 4, names: { 0: 'cluster', 15: 'flat' }, doc: 'Model of logical ids.' },
    }),
    note: (value) => ({ 0: 'cluster model', 15: 'flat model' })[Number(value) >>> 28],
  }),
  ICR2: hexField('Interrupt command (ICR), high half: the destination, in bits 31–24.', {
    bits: withReserved(32, { destination: { at: 24, width: 8, display: 'hex', doc: 'APIC id or logical ids.' } }),
    note: (value) => `destination ${hex0x(Number(value) >>> 24, 2)}`,
  }),
};

const X2APIC: ModeFields = {
  ID: hexField('APIC id, all 32 bits.', { note: (value) => `x2APIC id ${value}` }),
  LDR: hexField('Logical destination (LDR); follows from the id.', {
    bits: {
      logical_id: { at: 0, width: 16, display: 'hex', doc: 'This APIC within its cluster, as one bit.' },
      cluster: { at: 16, width: 16, doc: 'Cluster: the id divided by 16.' },
    },
    note: (value) => `cluster ${Number(value) >>> 16}, members ${asRuns(setBits(Number(value) & 0xffff))}`,
  }),
  DFR: hexField('Destination format (DFR): there is none in x2APIC mode.'),
  ICR2: hexField('Interrupt command (ICR), high half: the destination, all 32 bits.', {
    note: (value) => `destination ${hex0x(value)}`,
  }),
};

const priority = (doc: string): IntField =>
  hexField(doc, { bits: withReserved(32, PRIORITY), note: (value) => `class ${bitsOf(value, PRIORITY.class)}` });

const registersOf = (name: string, mode: ModeFields) =>
  struct(
    name,
    {
      ...reserved(0x000, 0x010),
      ...spaced({ ID: mode.ID, LVR: hexField('Version (LVR).', { bits: VERSION }) }),
      ...reserved(0x040, 0x070),
      ...spaced({
        TASKPRI: priority('Task priority (TPR): vectors of its class and below are held back.'),
        ARBPRI: priority('Arbitration priority (APR).'),
        PROCPRI: priority('Processor priority (PPR): the higher of the task and of what is in service.'),
        EOI: hexField('End of interrupt (EOI); only written to.'),
        RRR: hexField('Remote read (RRR).'),
        LDR: mode.LDR,
        DFR: mode.DFR,
        SPIV: hexField('Spurious interrupt vector (SVR).', {
          bits: withReserved(32, SPURIOUS),
          note: (value) => {
            const isOn = isSet(value, SPURIOUS.APIC_ENABLED);
            return `vector ${hex0x(bitsOf(value, SPURIOUS.vector), 2)} · ${isOn ? 'enabled' : 'disabled'}`;
          },
        }),
      }),
      ISR: vectors('ISR', 'Vectors in service.'),
      TMR: vectors('TMR', 'Vectors that came level-triggered.'),
      IRR: vectors('IRR', 'Vectors that wait to be taken.'),
      ...spaced({ ESR: hexField('Error status (ESR).', { bits: ESR }) }),
      ...reserved(0x290, 0x2e0),
      ...spaced({
        CMCI: u32(lvt('Local vector table: corrected machine checks.')),
        ICR: u32(ICR),
        ICR2: mode.ICR2,
        LVTT: u32(TIMER),
        LVTTHMR: u32(lvt('Local vector table: thermal sensor.')),
        LVTPC: u32(lvt('Local vector table: performance counters.')),
        LVT0: u32(lvt('Local vector table: pin LINT0.')),
        LVT1: u32(lvt('Local vector table: pin LINT1.')),
        LVTERR: u32(lvt('Local vector table: errors of the APIC.')),
        TMICT: u32({ doc: 'Initial count of the timer, in ticks (TMICT).' }),
        TMCCT: u32({ doc: 'Current count of the timer, in ticks (TMCCT); Xen works it out when it is read.' }),
      }),
      ...reserved(0x3a0, 0x3d0),
      ...spaced({ TDCR: u32(TDCR), SELF_IPI: hexField('Vector sent to itself; only written to, in x2APIC mode.') }),
    },
    { source: 'public/arch-x86/hvm/save.h (struct hvm_hw_lapic_regs), asm/apicdef.h' },
  );

export const HVM_LAPIC_REGS = registersOf('hvm_hw_lapic_regs', XAPIC);
export const HVM_LAPIC_REGS_X2APIC = registersOf('hvm_hw_lapic_regs (x2APIC)', X2APIC);
