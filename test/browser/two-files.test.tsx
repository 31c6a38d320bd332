/** Two images open at once, each with a worker of its own: what one is asked the other does not hear of. */
import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { OpenFile } from '../../src/state/open-file';
import { TimelinePane } from '../../src/ui/timeline/timeline-pane';
import { FileContext } from '../../src/ui/shared/use-file';
import { startWorker } from '../../src/worker/start';
import { sampleFile } from '../fixtures/page/sample-file';
import '../../src/ui/tokens.css';
import '../../src/ui/base.css';

/** The sample cut off within its pages: another image, which does not restore. */
const CUT_AT = 0x3000;

async function openBoth(): Promise<{ readonly whole: OpenFile; readonly cut: OpenFile }> {
  const sample = await sampleFile();
  const whole = new OpenFile(sample, { startWorker });
  const cut = new OpenFile(new File([sample.slice(0, CUT_AT)], 'cut.xlsave'), { startWorker });
  await Promise.all([whole.open(), cut.open()]);
  return { whole, cut };
}

test('both answer for themselves; the one that is disposed while its jobs run says nothing more, the other goes on', async () => {
  const { whole, cut } = await openBoth();
  expect([whole.records.count, cut.records.count]).toEqual([21, 11]);
  expect(whole.check.state).toMatchObject({ state: 'done', out: { verdict: 'ok' } });
  expect(cut.check.state).toMatchObject({ state: 'done', out: { verdict: 'fails' } });
  // start_info: both have the entry, only one has its bytes.
  expect(await whole.request('page', { pfn: 0x17 })).toMatchObject({ state: 'here', record: 10 });
  expect(await cut.request('history', { pfn: 0x17 })).toMatchObject({ mentions: 1, sent: 1 });
  expect(await cut.request('page', { pfn: 0x3f })).toMatchObject({ state: 'absent' });

  // A search of both, and the pass over the pages of the one that is disposed.
  const query = { kind: 'hex', text: '00' } as const;
  const asked = { text: '00', ignoreCase: false, bigEndian: false, scope: 'file', all: false } as const;
  const heard = vi.fn();
  const goesOn = cut.search.start({ asked, query });
  const ended = [whole.search.start({ asked, query }), whole.content.start(undefined)];
  whole.dispose();
  expect(await Promise.all(ended)).toMatchObject([
    { state: 'failed', reason: 'the file was closed' },
    { state: 'failed', reason: 'the file was closed' },
  ]);
  whole.search.store.subscribe(heard);
  whole.content.store.subscribe(heard);
  whole.scan.store.subscribe(heard);
  expect(await goesOn).toMatchObject({ state: 'done' });
  expect(cut.search.state.known.hits.length).toBeGreaterThan(1000);
  expect(await cut.content.start(undefined)).toMatchObject({ state: 'done' });
  expect(await cut.request('totals', {})).toMatchObject({ mentions: 1024 });
  await expect(whole.request('totals', {})).rejects.toThrow('the file was closed');
  expect(heard).not.toHaveBeenCalled();
  cut.dispose();
});

test('two panes beside each other show each its own file', async () => {
  const { whole, cut } = await openBoth();
  await page.viewport(1280, 800);
  await render(
    <div style={{ display: 'flex', height: 600 }}>
      {[whole, cut].map((file) => (
        <FileContext key={file.id} value={file}>
          <div data-file={file.name} style={{ width: 600, display: 'flex' }}>
            <TimelinePane file={file} />
          </div>
        </FileContext>
      ))}
    </div>,
  );
  const counts = (): (string | null | undefined)[] =>
    ['micro64.xlsave', 'cut.xlsave'].map(
      (name) => document.querySelector(`[data-file="${name}"] [aria-live=polite]`)?.textContent,
    );
  await expect.poll(counts).toEqual(['21 records', '11 records']);
  whole.dispose();
  cut.dispose();
});
