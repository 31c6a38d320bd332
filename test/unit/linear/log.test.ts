/** What a log costs: each row of the image is looked at once, however many lines ask, and the lines have a limit. */
import { expect, test } from 'vitest';
import { matchLog } from '../../../src/check/log/match';
import { RecordIndex } from '../../../src/scan/records';
import { assemble, pvParts } from '../../fixtures/built/restorable';
import { scanBytes } from '../../fixtures/scanning';

class CountingIndex extends RecordIndex {
  looks = 0;

  override isHeader(index: number): boolean {
    this.looks++;
    return super.isHeader(index);
  }
}

test('a thousand lines about records look at each row once', async () => {
  const scan = await scanBytes(assemble(pvParts()));
  const records = new CountingIndex();
  for (let index = 0; index < 5000; index++)
    records.add({
      layer: 'libxc',
      kind: 'record',
      type: 1,
      offset: index * 8,
      length: 0,
      parent: -1,
      vcpu: -1,
      pages: -1,
      damaged: false,
      passStart: false,
      reservedBits: false,
    });
  const log = Array.from({ length: 1000 }, (_, line) => `Record: 3, length ${line}\nVerify mode enabled`).join('\n');
  expect(matchLog(log, [], { ...scan, records })).toHaveLength(2000);
  expect(records.looks).toBe(5000);
});

test('of a log of very many lines the last are looked at, and it says so', async () => {
  const scan = await scanBytes(assemble(pvParts()));
  const lines = matchLog(`${'some line\n'.repeat(270_000)}Verify mode enabled\n`, [], scan);
  expect(lines).toHaveLength(262_145);
  expect(lines[0]).toEqual({ line: '…', text: '…', note: '7\u2009857 lines before are not looked at' });
  expect(lines.at(-1)?.line).toBe('Verify mode enabled');
});
