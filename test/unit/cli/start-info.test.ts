/** `xenscope show IMAGE start_info`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hvmXl, pvXl, smallPv } from '../../fixtures/built/images';
import { xenscope } from '../../fixtures/cli';
import { samples } from '../../fixtures/samples';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xenscope-start-'));
  const micro64 = samples.find(({ file }) => file === 'micro64.xlsave');
  if (!micro64) throw new Error('the sample of the page is missing');
  const files = { micro64: micro64.open(), hvm: hvmXl, small: smallPv, pv: pvXl };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(at(name), bytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the page of a real guest', async () => {
  const { code, stdout, stderr } = await xenscope('show', at('micro64'), 'start_info');
  expect([code, stderr]).toEqual([0, '']);
  const lines = stdout.split('\n').map((line) => line.trim().split(/\s{2,}/u));
  expect(lines[0]).toEqual(['start_info', '(PFN 0x17, record 10, at 0x15889, 4096 bytes)']);
  expect(lines).toContainEqual(['0x15889', 'magic', 'xen-3.0-x86_64']);
  expect(lines).toContainEqual(['0x158a9', 'nr_pages', '1\u2009024']);
  expect(lines).toContainEqual(['0x158c1', 'store_mfn', '0x18']);
  expect(lines).toContainEqual(['0x158d9', 'evtchn', '2']);
});

test('--json', async () => {
  const { stdout } = await xenscope('show', at('micro64'), 'start_info', '--json');
  const shown = JSON.parse(stdout) as { readonly fields: readonly object[] };
  expect(shown).toMatchObject({ index: 10, name: 'start_info', offset: 0x1_5889, length: 4096 });
  expect(shown.fields[0]).toEqual({
    name: 'magic',
    offset: 0x1_5889,
    length: 32,
    value: 'xen-3.0-x86_64',
    text: 'xen-3.0-x86_64',
  });
});

test.each([
  ['hvm', 'xenscope: only PV guests have a start_info page\n'],
  ['small', 'xenscope: no registers of vCPU 0, which name the start_info page, are in the image\n'],
  ['pv', 'xenscope: PFN 0x0, which vCPU 0 names as start_info, holds no start_info\n'],
])('what is not there: %s', async (name, wanted) => {
  const { code, stderr } = await xenscope('show', at(name), 'start_info');
  expect([code, stderr]).toEqual([2, wanted]);
});
