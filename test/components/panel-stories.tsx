/** The panels, each with nothing to show yet, on its way, failed, and filled. */
import { ConfigPanel } from '../../src/ui/config/config-panel';
import { CpusPanel } from '../../src/ui/cpus/cpus-panel';
import { EmptyPage } from '../../src/ui/empty/empty-page';
import { Refused } from '../../src/ui/empty/refused';
import { FindingsPanel } from '../../src/ui/findings/findings-panel';
import { MemoryPanel } from '../../src/ui/memory/memory-panel';
import { PolicyPanel } from '../../src/ui/policy/policy-panel';
import { RecordPanel } from '../../src/ui/record/record-panel';
import { FileContext } from '../../src/ui/shared/use-file';
import { TimelinePane } from '../../src/ui/timeline/timeline-pane';
import type { OpenFile } from '../../src/state/open-file';
import type { Files } from './files';
import type { State, Story } from './story';

/** As much as a panel has in a window of 1280 by 800, but lower. */
const SIZE = { width: 880, height: 400 };

/** Returns the stories of the panels for files in these states. */
export function panelStories(files: Files): readonly Story[] {
  const of = (name: string, file: OpenFile, panel: React.ReactNode, until?: string): State => ({
    name,
    show: () => <FileContext value={file}>{panel}</FileContext>,
    ...(until === undefined ? {} : { until }),
  });
  const { scanning, untouched, filled, loading, failing, checking, cut, refused } = files;
  return [
    {
      name: 'start',
      ...SIZE,
      states: [{ name: 'no file', show: () => <EmptyPage /> }, of('not an image', refused, <Refused />)],
    },
    {
      name: 'timeline',
      width: 330,
      height: 400,
      states: [
        { name: 'no file', show: () => <TimelinePane file={undefined} /> },
        of('scanning', scanning, <TimelinePane file={scanning} />, 'No record yet'),
        of('filled', filled, <TimelinePane file={filled} />, 'X86_PV_VCPU_BASIC'),
        of('cut', cut, <TimelinePane file={cut} />, 'XL_HEADER'),
      ],
    },
    {
      name: 'record',
      ...SIZE,
      states: [
        of('nothing selected', untouched, <RecordPanel />, 'Select a record'),
        of('loading', loading, <RecordPanel />, 'X86_PV_VCPU_BASIC'),
        of('failed', failing, <RecordPanel />, 'the disk gave up'),
        of('filled', filled, <RecordPanel />, 'vcpu_guest_context'),
      ],
    },
    {
      name: 'memory',
      ...SIZE,
      states: [
        of('scanning', scanning, <MemoryPanel />, 'No pages yet'),
        of('loading', loading, <MemoryPanel />, 'Page type'),
        of('failed', failing, <MemoryPanel />, 'The map could not be made'),
        of('filled', filled, <MemoryPanel />, 'start_info'),
      ],
    },
    {
      name: 'cpus',
      ...SIZE,
      states: [
        of('scanning', scanning, <CpusPanel />),
        of('loading', loading, <CpusPanel />, 'vCPU 0'),
        of('failed', failing, <CpusPanel />, 'the disk gave up'),
        of('filled', filled, <CpusPanel />, 'Call trace'),
      ],
    },
    {
      name: 'policy',
      ...SIZE,
      states: [
        of('scanning', scanning, <PolicyPanel />),
        of('loading', loading, <PolicyPanel />),
        of('failed', failing, <PolicyPanel />, 'the disk gave up'),
        of('filled', filled, <PolicyPanel />, 'AuthenticAMD'),
      ],
    },
    {
      name: 'config',
      ...SIZE,
      states: [
        of('scanning', scanning, <ConfigPanel />),
        of('loading', loading, <ConfigPanel />),
        of('failed', failing, <ConfigPanel />, 'the disk gave up'),
        of('filled', filled, <ConfigPanel />, 'c_info'),
      ],
    },
    {
      name: 'findings',
      ...SIZE,
      states: [
        of('scanning', scanning, <FindingsPanel />, 'Scanning'),
        of('checking', checking, <FindingsPanel />, 'Checking'),
        of('sound', filled, <FindingsPanel />, 'No fault found'),
        of('stops', cut, <FindingsPanel />, 'The restore stops'),
      ],
    },
  ];
}
