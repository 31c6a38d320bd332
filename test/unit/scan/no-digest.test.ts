/** Without WebCrypto, as on a page served in the clear from another machine, an image is read all the same. */
import { afterEach, expect, test, vi } from 'vitest';
import { pvXl } from '../../fixtures/built/images';
import { linesOf, scanBytes } from '../../fixtures/scanning';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('the scan is whole and has no fingerprint', async () => {
  const whole = await scanBytes(pvXl);
  vi.stubGlobal('crypto', {});
  const without = await scanBytes(pvXl);
  expect(linesOf(without)).toEqual(linesOf(whole));
  expect(without.image.complete).toBe(true);
  expect(whole.fingerprint).toMatch(/^[\da-f]{16}$/u);
  expect(without.fingerprint).toBeUndefined();
});
