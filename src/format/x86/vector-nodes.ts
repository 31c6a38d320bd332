/** The assembled vector registers as a group of the field tree: views of bytes that other fields own. */
import type { FieldNode } from '../kit/node';
import { LANES, laneTexts, vectorHex } from './vector';
import { type VectorRegister, vectorRegisters } from './vectors';
import { INITIAL, type ExtendedState } from './xsave-state';

const COUNT = 16;
const XMM_SIZE = 16;
const SOURCE = 'Intel SDM vol. 1 § 13.5';

/** Makes the node of ymm0–15 or zmm0–15, which are assembled when looked at; undefined where the xmm registers are all there is. */
export function vectorNode(state: ExtendedState): FieldNode | undefined {
  const registers = vectorRegisters(state).slice(0, COUNT);
  const [first] = registers;
  if (!first || registers.length < COUNT || first.parts.length < 2) return undefined;
  const { offset } = first.parts[0] ?? state.body;
  const bits = first.bytes.length * 8;
  return {
    name: first.name.replace('0', ''),
    offset,
    // The bytes belong to other fields: this one must not claim any.
    length: 0,
    value: null,
    text: `16 × ${bits} bits`,
    note: 'put together from their parts',
    source: SOURCE,
    doc: `The ${bits}-bit registers: each with its parts, and read as integers, floats and doubles.`,
    items: {
      count: COUNT,
      stride: XMM_SIZE,
      offset,
      decode: (index) => registerNode(registers[index] ?? first, offset + index * XMM_SIZE),
    },
  };
}

function registerNode({ name, parts, bytes }: VectorRegister, offset: number): FieldNode {
  const text = vectorHex(bytes);
  const readings = LANES.map((kind): FieldNode => {
    const lanes = laneTexts(bytes, kind).join(' ');
    return {
      name: kind,
      offset,
      length: 0,
      value: lanes,
      text: lanes,
      doc: 'The same bytes, lowest lane first.',
      source: SOURCE,
    };
  });
  return {
    name,
    offset,
    length: XMM_SIZE,
    value: text,
    text,
    doc: 'Highest bit first.',
    source: SOURCE,
    children: [
      ...parts.map((part): FieldNode => {
        const value = vectorHex(bytes.subarray(part.bit / 8, part.bit / 8 + part.length));
        return {
          name: `bits ${part.bit + part.length * 8 - 1}–${part.bit}`,
          offset: part.offset,
          length: part.length,
          value,
          text: value,
          doc: 'Where these bits of the register stand.',
          source: SOURCE,
          ...(part.initial ? INITIAL : {}),
        };
      }),
      ...readings,
    ],
  };
}
