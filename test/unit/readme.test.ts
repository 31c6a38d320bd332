/** README.md tells of the keys and commands that there are now. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readmeWithBlocks } from '../reference/readme';

const FILE = fileURLToPath(new URL('../../README.md', import.meta.url));

// `npm run reference` writes it anew.
test('README.md is up to date', async () => {
  const text = readFileSync(FILE, 'utf8');
  expect([...text.matchAll(/<!-- made: (?<name>\w+) -->/gu)].map(({ groups }) => groups?.name)).toEqual([
    'keys',
    'usage',
  ]);
  await expect(readmeWithBlocks(text)).toMatchFileSnapshot(FILE);
});
