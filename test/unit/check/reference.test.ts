/** docs/checks.md holds the rules that there are now. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RULES } from '../../../src/check/rules/register';
import { checksPage } from '../../reference/checks';
import { VERIFY_CHECKS } from '../../reference/verify-checks';

const FILE = fileURLToPath(new URL('../../../docs/checks.md', import.meta.url));

// `npm run reference` writes it anew.
test('docs/checks.md is up to date', async () => {
  await expect(checksPage()).toMatchFileSnapshot(FILE);
});

test('each check of verify-stream-v2 has a rule, and each rule named is one', () => {
  const known = new Set(RULES.map(({ id }) => id));
  const missing = VERIFY_CHECKS.filter(({ rules }) => rules.length === 0 || rules.some((id) => !known.has(id)));
  expect(missing).toEqual([]);
  expect(new Set(VERIFY_CHECKS.map(({ part, objects }) => `${part}: ${objects}`)).size).toBe(VERIFY_CHECKS.length);
});
