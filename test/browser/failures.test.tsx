/** No request fails silently: where the worker answers with an error, or a read fails, each panel says so, and why. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { goToAddress, selectPfn, setFilter, showPageView } from '../../src/state/actions';
import { app } from '../../src/state/app';
import { takeLog } from '../../src/state/dropped-text';
import { startSearch } from '../../src/state/hits';
import { OpenFile } from '../../src/state/open-file';
import { ask } from '../../src/state/search-box';
import { ConfigPanel } from '../../src/ui/config/config-panel';
import { CpusPanel } from '../../src/ui/cpus/cpus-panel';
import { showView } from '../../src/ui/cpus/view-state';
import type { ViewName } from '../../src/state/vcpu-view';
import { ExportDialog } from '../../src/ui/export/export-dialog';
import { FindingsPanel } from '../../src/ui/findings/findings-panel';
import { MemoryPanel } from '../../src/ui/memory/memory-panel';
import { Palette } from '../../src/ui/palette/palette';
import { PolicyPanel } from '../../src/ui/policy/policy-panel';
import { RecordPanel } from '../../src/ui/record/record-panel';
import { SearchPanel } from '../../src/ui/search/search-panel';
import { TimelinePane } from '../../src/ui/timeline/timeline-pane';
import { BreakableFile, BreakableWorker } from '../fixtures/page/breakable';
import { sampleFile } from '../fixtures/page/sample-file';
import { renderFor } from './sample';
import '../../src/ui/tokens.css';
import '../../src/ui/base.css';

const BASIC = 13;
/** start_info, and the root of the page tables. */
const START_INFO = 0x17;
const ROOT = 0x1a;

interface Opened {
  readonly file: OpenFile;
  readonly worker: BreakableWorker;
  readonly bytes: BreakableFile;
}

async function opened(): Promise<Opened> {
  await page.viewport(1440, 900);
  const bytes = new BreakableFile([await sampleFile()], 'micro64.xlsave');
  const worker = new BreakableWorker();
  const file = new OpenFile(bytes, { startWorker: () => worker });
  await file.open();
  return { file, worker, bytes };
}

const SIZE = { width: 1400, height: 860, display: 'flex' };
const says = async (text: string | RegExp): Promise<void> => {
  await expect.poll(() => document.body.textContent).toMatch(text);
};

const at = (file: OpenFile, record: number): void => file.view.setState({ place: { ...file.place, record } });

describe('a worker that answers with an error', () => {
  let one: Opened;
  beforeAll(async () => {
    one = await opened();
    const symbols = new File(['ffffffff80000000 T _text\nffffffff800003a0 T sched_op\n'], 'System.map');
    await one.file.symbols.start({ kind: 'file', file: symbols });
    one.worker.mode = 'fails';
  });
  beforeEach(() => app.setState(app.getInitialState(), true));

  test('the filter for a page: the reason, and not that nothing matches', async () => {
    setFilter(one.file, 'pfn:0x17');
    await renderFor(one.file, <TimelinePane file={one.file} />, SIZE);
    await says('The records of the page could not be looked up: the worker gave up');
    expect(document.body.textContent).not.toContain('No record matches');
    setFilter(one.file, '');
  });

  test('the page map, its legend, the page and its bytes', async () => {
    selectPfn(one.file, ROOT);
    showPageView(one.file, 'hex');
    await renderFor(one.file, <MemoryPanel />, SIZE);
    await says('The map could not be made: the worker gave up');
    await says('The pages could not be counted: the worker gave up');
    await says('The page could not be looked up: the worker gave up');
  });

  test('virtual memory: the bytes, the walk, the address space, the name of the address', async () => {
    goToAddress(one.file, 0xffff_ffff_8000_03aan, 0);
    await renderFor(one.file, <MemoryPanel />, SIZE);
    await says('The memory could not be read');
    await says('The walk could not be made: the worker gave up');
    await says('failed: the worker gave up');
    await says('name not known: the worker gave up');
  });

  test.each([
    ['registers', 'Code and stack could not be read: the worker gave up'],
    ['traps', 'The tables could not be read: the worker gave up'],
    ['linux', 'the worker gave up'],
  ] as readonly (readonly [ViewName, string])[])('a vCPU: %s', async (view, text) => {
    at(one.file, BASIC);
    showView(one.file, view);
    await renderFor(one.file, <CpusPanel />, SIZE);
    await says(text);
  });

  test('the log of a restore', async () => {
    takeLog(one.file, 'xc: error: Failed to restore');
    await renderFor(one.file, <FindingsPanel />, SIZE);
    await says('The log could not be matched: the worker gave up');
    takeLog(one.file, '');
  });

  test('the search', async () => {
    startSearch(one.file, { kind: 'text', text: 'micropv' });
    await renderFor(one.file, <SearchPanel />, SIZE);
    await says('The search failed: the worker gave up');
  });

  test('the export', async () => {
    app.setState({ file: one.file, dialog: 'export', exportWhat: 'elf' });
    await renderFor(one.file, <ExportDialog />, SIZE);
    await says('Not possible: the worker gave up');
  });

  test('symbols in the palette', async () => {
    app.setState({ file: one.file, dialog: 'palette' });
    await renderFor(one.file, <Palette />, SIZE);
    await page.getByRole('combobox').fill('sched');
    await says('The symbols could not be looked up: the worker gave up');
  });

  test('the check', async () => {
    await one.file.startCheck({ xen: 416 });
    await renderFor(one.file, <FindingsPanel />, SIZE);
    await says('The check stopped: the worker gave up.');
  });
});

describe('a read that fails', () => {
  let one: Opened;
  beforeAll(async () => {
    one = await opened();
    one.bytes.mode = 'fails';
  });

  test('a record: its fields, its bytes, the inspector', async () => {
    at(one.file, BASIC);
    one.file.view.setState({ place: { ...one.file.place, range: { start: 0x3f_fa00, end: 0x3f_fa08 } } });
    await renderFor(one.file, <RecordPanel />, SIZE);
    await says('The record could not be read: the disk gave up.');
    await says('Not readable: the disk gave up');
    await says('byte failed');
  });

  test('a page: its entries, its bytes, what it is of', async () => {
    selectPfn(one.file, START_INFO);
    showPageView(one.file, 'text');
    await renderFor(one.file, <MemoryPanel />, SIZE);
    await says('Which page is start_info is not known: the disk gave up');
    await says('The page could not be read: the disk gave up');
    selectPfn(one.file, ROOT);
    await says('The entries could not be read: the disk gave up');
  });

  test('virtual memory: without registers there are no page tables', async () => {
    goToAddress(one.file, 0x1000n, 0);
    await renderFor(one.file, <MemoryPanel />, SIZE);
    await says('The registers of vCPU 0 could not be read');
    await says('the disk gave up');
  });

  test('vCPUs', async () => {
    await renderFor(one.file, <CpusPanel />, SIZE);
    await says('the disk gave up');
  });

  test('the policy', async () => {
    await renderFor(one.file, <PolicyPanel />, SIZE);
    await says('The policy could not be read: the disk gave up');
  });

  test('the configuration', async () => {
    await renderFor(one.file, <ConfigPanel />, SIZE);
    await says('It could not be read');
    await says('the disk gave up');
  });

  test('hits in records: the field that they are in', async () => {
    ask({ scope: 'records' });
    startSearch(one.file, { kind: 'text', text: 'c_info' });
    await renderFor(one.file, <SearchPanel />, SIZE);
    await says('not readable: the disk gave up');
    ask({ scope: 'memory' });
  });
});
