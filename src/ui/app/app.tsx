/** The frame: header, overview, timeline, tabs, status. It never moves, whatever is open. */
import { Tabs } from 'radix-ui';
import { useEffect } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { showTab } from '../../state/actions';
import { useApp } from '../../state/store';
import { type Tab, TABS } from '../../state/url/link';
import { ConfigPanel } from '../config/config-panel';
import { CpusPanel } from '../cpus/cpus-panel';
import { EmptyPage } from '../empty/empty-page';
import { Refused } from '../empty/refused';
import { FindingsPanel } from '../findings/findings-panel';
import { Header } from '../header/header';
import { MemoryPanel } from '../memory/memory-panel';
import { Overview } from '../overview/overview';
import { KeySheet } from '../palette/key-sheet';
import { Palette } from '../palette/palette';
import { PolicyPanel } from '../policy/policy-panel';
import { RecordPanel } from '../record/record-panel';
import { TimelinePane } from '../timeline/timeline-pane';
import styles from './app.module.css';
import { TAB_TITLES } from './commands';
import { DropTarget } from './drop-target';
import { ErrorBoundary } from './error-boundary';
import { LinkNotice } from './link-notice';
import { Notice } from './notice';
import { StatusBar } from './status-bar';
import { useKeys } from './use-keys';

const PANELS: Readonly<Record<Tab, () => React.ReactNode>> = {
  record: () => <RecordPanel />,
  memory: () => <MemoryPanel />,
  cpus: () => <CpusPanel />,
  policy: () => <PolicyPanel />,
  config: () => <ConfigPanel />,
  findings: () => <FindingsPanel />,
};

export function App(): React.ReactNode {
  useKeys();
  useTitle();
  const phase = useApp((state) => state.phase);
  const compact = innerWidth <= 1240;
  return (
    <div className={styles['app']}>
      <Header />
      <Overview />
      <main className={styles['main']}>
        <Group orientation="horizontal" id="main">
          <Panel id="records" defaultSize={compact ? '25%' : '29%'} minSize="200px" maxSize="50%">
            <TimelinePane />
          </Panel>
          <Separator className={styles['separator'] ?? ''} aria-label="Width of the list of records" />
          <Panel id="work" className={styles['work'] ?? ''}>
            <div className={styles['pane']}>
              {phase === 'empty' ? <EmptyPage /> : phase === 'refused' ? <Refused /> : <Work />}
            </div>
          </Panel>
        </Group>
      </main>
      <StatusBar />
      <DropTarget />
      <Palette />
      <KeySheet />
      <Notice />
    </div>
  );
}

function Work(): React.ReactNode {
  const tab = useApp((state) => state.place.tab);
  const findings = useApp((state) => state.findings.length);
  const fatal = useApp((state) => state.findings.some(({ severity }) => severity === 'fatal'));
  return (
    <>
      <LinkNotice />
      <Tabs.Root className={styles['tabs']} value={tab} onValueChange={(value) => showTab(value as Tab)}>
        <Tabs.List className={styles['list']} aria-label="Views">
          {TABS.map((name) => (
            <Tabs.Trigger key={name} value={name} className={styles['tab']}>
              {TAB_TITLES[name]}
              {name === 'findings' && findings > 0 && (
                <span className={`${styles['count']} ${fatal ? styles['bad'] : ''}`}>{findings}</span>
              )}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {TABS.map((name) => (
          <Tabs.Content key={name} value={name} className={styles['content']} tabIndex={-1}>
            <ErrorBoundary>{PANELS[name]()}</ErrorBoundary>
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </>
  );
}

function useTitle(): void {
  const name = useApp((state) => state.file?.name);
  useEffect(() => {
    document.title = name === undefined ? 'Xenscope' : `${name} · Xenscope`;
  }, [name]);
}
