/** What there is to say about a field, line by line. */
import type { FieldNode } from '../../format/kit/node';
import { given } from '../../lib/given';
import { byteSize, grouped, hex0x } from '../../lib/text';
import { refText } from '../../state/follow';
import { withKey } from '../commands/key-text';

export interface About {
  readonly doc?: string;
  readonly problem?: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
}

function bitText([at, width]: readonly [number, number]): string {
  return width === 1 ? String(at) : `${at + width - 1}–${at}`;
}

/** Returns the number of a field the other way: decimal for what is shown in hex, hex for what is not. */
function otherBase({ value, text }: FieldNode): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  if (value < 10 && value > -10) return undefined;
  const decimal = grouped(value);
  return text === decimal ? hex0x(value) : decimal;
}

/** Returns what there is to say about a field: what it is, what is wrong with it, and facts with their labels. */
export function aboutField(node: FieldNode): About {
  const { doc, problem, unit, bits, note, source, leadsTo, flags, offset, length } = node;
  const other = otherBase(node);
  const facts = [
    ['is', note],
    ['set', flags?.join(' ')],
    ['unit', unit],
    ['equals', other],
    ['bits', bits && bitText(bits)],
    ['bytes', length > 0 ? `${byteSize(length)} at ${hex0x(offset)}` : undefined],
    ['leads to', leadsTo && withKey(refText(leadsTo), 'field-follow')],
    ['source', source],
  ].filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== '');
  return { ...given({ doc, problem }), facts };
}

/** Returns what a screen reader says of the active field besides its row, as one text. */
export function spoken(node: FieldNode): string {
  const { doc, facts } = aboutField(node);
  const said = [doc, ...facts.map(([label, value]) => `${label} ${value}`)];
  return said.filter((part) => part !== undefined).join('. ');
}
