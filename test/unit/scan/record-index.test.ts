/** The record index gives back what was put in, whatever the layer and the flags. */
import { describe, expect, it } from 'vitest';
import { LAYERS } from '../../../src/format/layers';
import { RecordIndex } from '../../../src/scan/records';
import { ENTRY } from '../../fixtures/record-entry';

const BOTH = [false, true] as const;

describe('a row', () => {
  it('keeps each layer with each set of flags', () => {
    const rows = LAYERS.flatMap((layer) =>
      (['record', 'header'] as const).flatMap((kind) =>
        BOTH.flatMap((damaged) =>
          BOTH.flatMap((passStart) =>
            BOTH.map((reservedBits) => ({ ...ENTRY, layer, kind, damaged, passStart, reservedBits })),
          ),
        ),
      ),
    );
    const records = new RecordIndex();
    for (const row of rows) records.add(row);
    expect(rows).toHaveLength(LAYERS.length * 16);
    for (const [index, row] of rows.entries()) {
      expect(records.row(index), `row ${index}`).toMatchObject(row);
      expect(records.layerAt(index)).toBe(row.layer);
      expect(records.isHeader(index)).toBe(row.kind === 'header');
      expect(records.isDamaged(index)).toBe(row.damaged);
      expect(records.isPassStart(index)).toBe(row.passStart);
      expect(records.hasReservedBits(index)).toBe(row.reservedBits);
    }
  });
});
