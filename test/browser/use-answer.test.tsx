/** Questions that components ask: which answer is shown when the question changes before it is there. */
import { beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { OpenFile } from '../../src/state/open-file';
import { useAnswer } from '../../src/ui/shared/use-answer';
import { FileContext } from '../../src/ui/shared/use-file';
import { silentWorker } from '../fixtures/page/breakable';

interface Asked {
  readonly key: string;
  readonly answer: (value: string) => void;
  readonly fail: (reason: string) => void;
}

/** The questions, in the order in which they were asked; each is answered when the test says so. */
let asked: Asked[];
let file: OpenFile;

/** A file whose worker never says anything: its scan goes on. */
const quietFile = (): OpenFile =>
  new OpenFile(new File(['bytes'], 'guest.xlsave'), {
    startWorker: silentWorker,
  });

beforeEach(() => {
  asked = [];
  file = quietFile();
});

const ask = (key: string): Promise<string> =>
  new Promise((resolve, reject) => {
    asked.push({ key, answer: resolve, fail: (reason) => reject(new Error(reason)) });
  });

interface Props {
  readonly of: string | undefined;
  readonly keeps?: boolean;
  readonly again?: number;
}

function Shown({ of: key, ...options }: Props): React.ReactNode {
  const got = useAnswer(key, key === undefined ? undefined : () => ask(key), options);
  const text = got.state === 'ready' ? got.value : got.state === 'failed' ? `failed: ${got.reason}` : 'loading';
  return <output>{text}</output>;
}

const within = (one: OpenFile, props: Props): React.ReactNode => (
  <FileContext value={one}>
    <Shown {...props} />
  </FileContext>
);

const shown = () => expect.element(page.getByRole('status'));
const keys = () => asked.map(({ key }) => key);

test('loading, then the answer; a failure is shown with its reason', async () => {
  const { rerender } = await render(within(file, { of: 'a' }));
  await shown().toHaveTextContent('loading');
  asked[0]?.answer('answer to a');
  await shown().toHaveTextContent('answer to a');
  await rerender(within(file, { of: 'b' }));
  await shown().toHaveTextContent('loading');
  asked[1]?.fail('no memory');
  await shown().toHaveTextContent('failed: no memory');
  expect(keys()).toEqual(['a', 'b']);
});

test('the answer to a question that is not asked any more is not shown, nor its failure', async () => {
  const { rerender } = await render(within(file, { of: 'a' }));
  await rerender(within(file, { of: 'b' }));
  await rerender(within(file, { of: 'c' }));
  asked[2]?.answer('answer to c');
  await shown().toHaveTextContent('answer to c');
  asked[0]?.answer('answer to a');
  asked[1]?.fail('no memory');
  // What was answered first has been heard when this is.
  await rerender(within(file, { of: 'd' }));
  asked[3]?.answer('answer to d');
  await shown().toHaveTextContent('answer to d');
  await rerender(within(file, { of: 'c' }));
  await shown().toHaveTextContent('loading');
});

test('a late answer does not take the place of the one that is shown', async () => {
  const { rerender } = await render(within(file, { of: 'a', keeps: true }));
  await rerender(within(file, { of: 'b', keeps: true }));
  asked[1]?.answer('answer to b');
  await shown().toHaveTextContent('answer to b');
  asked[0]?.answer('answer to a');
  await Promise.resolve();
  await rerender(within(file, { of: 'b', keeps: true }));
  await shown().toHaveTextContent('answer to b');
});

test('an answer can stay until the next one is there', async () => {
  const { rerender } = await render(within(file, { of: 'a', keeps: true }));
  asked[0]?.answer('answer to a');
  await shown().toHaveTextContent('answer to a');
  await rerender(within(file, { of: 'b', keeps: true }));
  await shown().toHaveTextContent('answer to a');
  asked[1]?.answer('answer to b');
  await shown().toHaveTextContent('answer to b');
});

test('asked again for the same key, the last answer stays meanwhile', async () => {
  const { rerender } = await render(within(file, { of: 'a', again: 0 }));
  asked[0]?.answer('before');
  await shown().toHaveTextContent('before');
  await rerender(within(file, { of: 'a', again: 1 }));
  await shown().toHaveTextContent('before');
  expect(keys()).toEqual(['a', 'a']);
  asked[1]?.answer('after');
  await shown().toHaveTextContent('after');
});

test('another file is asked anew, and what the first one said is not shown for it', async () => {
  const { rerender } = await render(within(file, { of: 'a', keeps: true }));
  asked[0]?.answer('of the first');
  await shown().toHaveTextContent('of the first');
  const other = quietFile();
  await rerender(within(other, { of: 'a', keeps: true }));
  await shown().toHaveTextContent('loading');
  asked[1]?.answer('of the second');
  await shown().toHaveTextContent('of the second');
});

test('while there is no question, none is asked', async () => {
  await render(within(file, { of: undefined }));
  await shown().toHaveTextContent('loading');
  expect(asked).toEqual([]);
});
