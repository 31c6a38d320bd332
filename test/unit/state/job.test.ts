/** The job machine: states, parts, progress, cancel, failure, and answers that come too late. */
import { expect, test } from 'vitest';
import { Job, type JobKind, secondsLeft, shareOf } from '../../../src/state/jobs/job';

type Kind = JobKind<string, number, string, readonly string[]>;
type Tools = Parameters<Kind['run']>[1];

/** A run that goes on as the test says. */
interface Run {
  readonly input: string;
  readonly tools: Tools;
  readonly resolve: (out: number) => void;
  readonly reject: (error: unknown) => void;
}

function started(more: Partial<Kind> = {}): {
  readonly job: Job<string, number, string, readonly string[]>;
  readonly runs: Run[];
} {
  const runs: Run[] = [];
  const job = new Job<string, number, string, readonly string[]>({
    // As the worker's client does it: an abort rejects at once.
    run: (input, tools) =>
      new Promise((resolve, reject) => {
        tools.signal.addEventListener('abort', () => reject(tools.signal.reason));
        runs.push({ input, tools, resolve, reject });
      }),
    nothing: [],
    begin: (input) => [input],
    take: (known, part) => [...known, part],
    failure: 'the work failed',
    ...more,
  });
  return { job, runs };
}

const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index];
  if (found === undefined) throw new Error(`there is no ${index}`);
  return found;
};

test('idle, running, done: what the parts bring stays', async () => {
  const { job, runs } = started();
  expect(job.state).toEqual({ state: 'idle', known: [], reached: { done: 0, total: 0, elapsedMs: 0 } });
  const end = job.start('a');
  expect(job.state).toMatchObject({ state: 'running', known: ['a'] });
  at(runs, 0).tools.onPart('b');
  at(runs, 0).tools.onProgress({ done: 3, total: 4 });
  expect(job.state).toMatchObject({ state: 'running', known: ['a', 'b'], reached: { done: 3, total: 4 } });
  expect(shareOf(job.state.reached)).toBe(0.75);
  at(runs, 0).resolve(7);
  expect(await end).toMatchObject({ state: 'done', out: 7, known: ['a', 'b'], reached: { done: 3, total: 4 } });
});

test('progress does not run backwards within a run; another run starts anew', async () => {
  const { job, runs } = started();
  const shown: number[] = [];
  job.store.subscribe(({ reached }) => shown.push(reached.done));
  void job.start('a');
  for (const done of [3, 1, 2, 4]) at(runs, 0).tools.onProgress({ done, total: 4 });
  void job.start('b');
  at(runs, 1).tools.onProgress({ done: 1, total: 4 });
  expect(shown).toEqual([0, 3, 4, 0, 1]);
});

test('cancelled: it stays what it was, and nothing of the run arrives later', async () => {
  const { job, runs } = started();
  const end = job.start('a');
  at(runs, 0).tools.onPart('b');
  job.cancel();
  expect(await end).toMatchObject({ state: 'cancelled', known: ['a', 'b'] });
  expect(at(runs, 0).tools.signal.aborted).toBe(true);
});

test('a run that ends well although it was aborted is cancelled all the same', async () => {
  let finish: (out: number) => void = () => undefined;
  const { job } = started({ run: () => new Promise((resolve) => (finish = resolve)) });
  const end = job.start('a');
  job.cancel();
  expect(job.state.state).toBe('running');
  finish(1);
  expect((await end)?.state).toBe('cancelled');
});

test('failed: with the reason of the error, or that of the job', async () => {
  const { job, runs } = started();
  const first = job.start('a');
  at(runs, 0).reject(new Error('input/output error'));
  expect(await first).toMatchObject({ state: 'failed', reason: 'input/output error' });
  const second = job.start('b');
  at(runs, 1).reject('no error');
  expect(await second).toMatchObject({ state: 'failed', reason: 'the work failed' });
});

test('a run that is replaced is ended, and its late parts and end are not shown', async () => {
  const { job, runs } = started({
    run: (input, tools) => new Promise((resolve, reject) => void runs.push({ input, tools, resolve, reject })),
  });
  const first = job.start('a');
  const second = job.start('b');
  expect(at(runs, 0).tools.signal.aborted).toBe(true);
  at(runs, 0).tools.onPart('late');
  at(runs, 0).resolve(1);
  expect(await first).toBeUndefined();
  expect(job.state).toMatchObject({ state: 'running', known: ['b'] });
  at(runs, 1).resolve(2);
  expect(await second).toMatchObject({ state: 'done', out: 2, known: ['b'] });
});

test('reset: idle at once, and not heard of again', async () => {
  const { job, runs } = started();
  const end = job.start('a');
  job.reset();
  expect(job.state).toMatchObject({ state: 'idle', known: [] });
  at(runs, 0).tools.onPart('late');
  expect(await end).toBeUndefined();
  expect(job.state).toMatchObject({ state: 'idle', known: [] });
});

test('what resumes goes on from where it was', async () => {
  const { job, runs } = started({ resumes: true, begin: (_, before) => before });
  const first = job.start('a');
  at(runs, 0).tools.onPart('b');
  at(runs, 0).tools.onProgress({ done: 5, total: 10 });
  job.cancel();
  await first;
  void job.start('a');
  expect(job.state).toMatchObject({ state: 'running', known: ['b'], reached: { done: 5, total: 10 } });
});

test('failed from outside: what runs is ended, what is known stays', async () => {
  const { job, runs } = started();
  const end = job.start('a');
  job.fail('that file is the image itself');
  expect(await end).toBeUndefined();
  expect(at(runs, 0).tools.signal.aborted).toBe(true);
  expect(job.state).toMatchObject({ state: 'failed', reason: 'that file is the image itself', known: ['a'] });
});

test('only what is done can be amended', async () => {
  const { job, runs } = started();
  job.amend(9);
  expect(job.state.state).toBe('idle');
  const end = job.start('a');
  job.amend(9);
  expect(job.state.state).toBe('running');
  at(runs, 0).resolve(1);
  await end;
  job.amend(9);
  expect(job.state).toMatchObject({ state: 'done', out: 9 });
});

test('seconds left: by the pace since the first progress, which may not be at the beginning', () => {
  expect(secondsLeft({ done: 600, total: 1000, elapsedMs: 1, pace: 50 })).toBe(8);
  expect(secondsLeft({ done: 600, total: 1000, elapsedMs: 1 })).toBeUndefined();
  expect(shareOf({ done: 3, total: 0 })).toBe(0);
});
