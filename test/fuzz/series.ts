/** The mutants of `npm test`: the same each time, in two halves, as test files run beside each other. */
import { expect, test } from 'vitest';
import { noVerdicts, runMutant } from './run';
import { loadSeeds } from './seeds';

const HALF = 10_000;

export function testHalf(half: 0 | 1): void {
  test(`mutants ${half * HALF} to ${(half + 1) * HALF - 1} are read and judged`, async () => {
    const seeds = await loadSeeds(false);
    const verdicts = noVerdicts();
    for (let number = half * HALF; number < (half + 1) * HALF; number++) verdicts[await runMutant(number, seeds)]++;
    expect(verdicts.ok + verdicts.suspect + verdicts.fails).toBe(HALF);
    // Mutants that were all refused at once would test little.
    expect(verdicts.ok).toBeGreaterThan(100);
    expect(verdicts.suspect).toBeGreaterThan(10);
  });
}
