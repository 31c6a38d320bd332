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
  const of = (name: string, file: OpenFile, panel: React.ReactNode, ...until: [string, ...string[]]): State => ({
    name,
    show: () => <FileContext value={file}>{panel}</FileContext>,
    until,
  });
  const { scanning, filled, loading, failing, checking, cut, refused } = files;
  return [
    {
      name: 'start',
      ...SIZE,
      states: [
        { name: 'no file', show: () => <EmptyPage /> },
        of('not an image', refused, <Refused />, 'not a Xen image'),
      ],
    },
    {
      name: 'timeline',
      width: 330,
      height: 400,
      states: [
        { name: 'no file', show: () => <TimelinePane file={undefined} /> },
        of('scanning', scanning, <TimelinePane file={scanning} />, 'No record yet'),
        of('filled', filled, <TimelinePane file={filled} />, '21 records', 'X86_PV_VCPU_BASIC'),
        of('cut', cut, <TimelinePane file={cut} />, '19 records', 'XL_HEADER'),
      ],
    },
    {
      name: 'record',
      ...SIZE,
      states: [
        of('nothing selected', cut, <RecordPanel />, 'Select a record'),
        of('loading', loading, <RecordPanel />, 'X86_PV_VCPU_BASIC'),
        of('failed', failing, <RecordPanel />, 'the disk gave up'),
        of('filled', filled, <RecordPanel />, 'vcpu_guest_context', 'ffffffff80006fa0'),
      ],
    },
    {
      name: 'memory',
      ...SIZE,
      states: [
        of('scanning', scanning, <MemoryPanel />, 'No pages yet'),
        of('loading', loading, <MemoryPanel />, 'Page type', 'PFN 0x17'),
        of('failed', failing, <MemoryPanel />, 'The map could not be made', 'The pages could not be counted'),
        of('filled', filled, <MemoryPanel />, '99.1 %', 'ordinary page', 'start_info'),
      ],
    },
    {
      name: 'cpus',
      ...SIZE,
      states: [
        of('scanning', scanning, <CpusPanel />, 'No vCPU yet'),
        of('loading', loading, <CpusPanel />, 'vCPU 0'),
        of('failed', failing, <CpusPanel />, 'the disk gave up'),
        of('filled', filled, <CpusPanel />, '4-level paging', 'syscall', 'Call trace'),
      ],
    },
    {
      name: 'policy',
      ...SIZE,
      states: [
        of('scanning', scanning, <PolicyPanel />, 'No CPU policy yet'),
        of('loading', loading, <PolicyPanel />, 'Set only'),
        of('failed', failing, <PolicyPanel />, 'the disk gave up'),
        of('filled', filled, <PolicyPanel />, 'AuthenticAMD', 'PCLMULQDQ'),
      ],
    },
    {
      name: 'config',
      ...SIZE,
      states: [
        of('scanning', scanning, <ConfigPanel />, 'No configuration yet'),
        of('loading', loading, <ConfigPanel />, 'Reading'),
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
