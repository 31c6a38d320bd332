/** The columns of a descriptor table: heads, and room for their digits. */
import type { DescriptorTable, TableMode } from '../../../memory/descriptors/tables';
import { hex } from '../../../lib/text';

export interface Columns {
  readonly heads: readonly string[];
  /** Widths of the columns, as `grid-template-columns` takes them. */
  readonly template: string;
}

/** A digit in the rows; the heads have another font, so that `ch` is no measure for both. */
const DIGIT_PX = 7.25;
/** An arrow to memory. */
const ARROW_PX = 20;
const px = (digits: number, more = 0): string => `${Math.ceil(digits * DIGIT_PX) + more}px`;
const REST = 'minmax(0, 1fr)';

export const HANDLER_DIGITS: Readonly<Record<TableMode, number>> = { real: 4, legacy: 8, long: 16 };

/** Digits of the widest base, as wide as the head at least. */
const baseDigits = ({ rows }: DescriptorTable): number =>
  Math.max(
    4,
    ...rows.map((row) => {
      if (row.kind === 'lost') return 0;
      return hex(row.kind === 'gate' ? row.gate.offset : row.segment.base).length;
    }),
  );

/** Returns the heads and widths of a table’s columns; those of an IDT depend on the mode of the vCPU. */
export function columnsOf(table: DescriptorTable, mode: TableMode): Columns {
  if (table.name !== 'IDT') {
    return {
      heads: ['sel', 'base', 'limit', 'meaning'],
      template: [px(4), px(baseDigits(table), ARROW_PX), px(8), REST].join(' '),
    };
  }
  const handler = px(HANDLER_DIGITS[mode], ARROW_PX);
  switch (mode) {
    case 'real':
      return {
        heads: ['vec', 'cs', 'ip', 'address', 'meaning'],
        template: [px(3), px(4), px(4), px(7, ARROW_PX), REST].join(' '),
      };
    case 'legacy':
      return {
        heads: ['vec', 'cs', 'handler', 'DPL', 'meaning'],
        template: [px(3), px(4), handler, px(4), REST].join(' '),
      };
    case 'long':
      return {
        heads: ['vec', 'cs', 'handler', 'IST', 'DPL', 'meaning'],
        template: [px(3), px(4), handler, px(4), px(4), REST].join(' '),
      };
  }
}
