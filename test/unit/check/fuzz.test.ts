/** 20,000 mutants, the same each time: nothing throws, hangs or grows, and each gets its verdict. `npm run fuzz` makes more. */
import { expect, test } from 'vitest';
import { noVerdicts, runMutant } from '../../fuzz/run';
import { loadSeeds } from '../../fuzz/seeds';

const MUTANTS = 20_000;

test(`${MUTANTS} mutants of images are read and judged`, { timeout: 300_000 }, async () => {
  const seeds = await loadSeeds(false);
  const verdicts = noVerdicts();
  for (let number = 0; number < MUTANTS; number++) verdicts[await runMutant(number, seeds)]++;
  expect(verdicts.ok + verdicts.suspect + verdicts.fails).toBe(MUTANTS);
  // Mutants that all failed at once would test little.
  expect(Math.min(verdicts.ok, verdicts.suspect, verdicts.fails)).toBeGreaterThan(MUTANTS / 100);
});
