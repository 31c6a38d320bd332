/** docs/checks.md holds the rules that there are now. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checksPage } from '../../reference/checks';

const FILE = fileURLToPath(new URL('../../../docs/checks.md', import.meta.url));

// `npm run reference` writes it anew.
test('docs/checks.md is up to date', async () => {
  await expect(checksPage()).toMatchFileSnapshot(FILE);
});
