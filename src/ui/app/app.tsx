/** The frame: header, overview, timeline, tabs, status. It never moves, whatever is open. */
import { Tabs } from 'radix-ui';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { oneOf } from '../../lib/one-of';
import { showTab } from '../../state/actions';
import { type Tab, TABS } from '../../state/place';
import { EmptyPage } from '../empty/empty-page';
import { Refused } from '../empty/refused';
import { Header } from '../header/header';
import { Overview } from '../overview/overview';
import { KeySheet } from '../palette/key-sheet';
import { Palette } from '../palette/palette';
import { LoadingPanel } from '../shared/loading-panel';
import { usePageTitle } from '../shared/page-title';
import { TimelinePane } from '../timeline/timeline-pane';
import { FileContext, useFile, useFindings, usePhase, usePlace } from '../shared/use-file';
import { useApp, useSearchBox } from '../shared/use-app';
import styles from './app.module.css';
import { DropTarget } from './drop-target';
import { SearchPanel } from '../search/search-panel';
import { ErrorBoundary } from './error-boundary';
import { LinkNotice } from './link-notice';
import { Notice } from './notice';
import { LOADERS, PANELS } from './panels';
import { StatusBar } from './status-bar';
import { useKeys } from '../commands/use-keys';
import { TAB_TITLES } from '../tabs';

/** When the page is surely up. */
const PRELOAD_MS = 1500;

function TabPanel({ tab }: { readonly tab: Tab }): React.ReactNode {
  const Content = PANELS[tab];
  return (
    <ErrorBoundary>
      <Suspense fallback={<LoadingPanel />}>
        <Content />
      </Suspense>
    </ErrorBoundary>
  );
}

/** Shows the whole page: header, overview, records, the panels of the open file, status line and dialogs. */
export function App(): React.ReactNode {
  useKeys();
  usePageTitle();
  useEffect(() => {
    // The first one is wanted as soon as there is a file.
    void LOADERS.record();
    const timer = setTimeout(() => Object.values(LOADERS).forEach((load) => void load()), PRELOAD_MS);
    return () => clearTimeout(timer);
  }, []);
  const file = useApp((state) => state.file);
  const compact = innerWidth <= 1240;
  return (
    <FileContext value={file}>
      <div className={styles['app']}>
        <Header />
        {/* What is shown of a file goes with it. */}
        <Overview key={`overview ${file?.id}`} file={file} />
        <main className={styles['main']}>
          <Group orientation="horizontal" id="main">
            <Panel id="records" defaultSize={compact ? '25%' : '29%'} minSize="200px" maxSize="50%">
              <TimelinePane key={file?.id} file={file} />
            </Panel>
            <Separator className="separator" aria-label="Width of the list of records" />
            <Panel id="work" className={styles['work'] ?? ''}>
              <div className={styles['pane']}>
                <LinkNotice />
                {file ? <Opened /> : <EmptyPage />}
              </div>
            </Panel>
          </Group>
        </main>
        <StatusBar />
        <DropTarget />
        <Palette />
        <KeySheet />
        <Dialogs />
        <Notice />
      </div>
    </FileContext>
  );
}

const Opened = (): React.ReactNode => (usePhase() === 'refused' ? <Refused /> : <Work />);

/** Loaded when first opened. */
const ExportDialog = lazy(() => import('../export/export-dialog').then((part) => ({ default: part.ExportDialog })));

function Dialogs(): React.ReactNode {
  const exporting = useApp((state) => state.dialog === 'export');
  const [wanted, setWanted] = useState(false);
  if (exporting && !wanted) setWanted(true);
  return wanted ? (
    <ErrorBoundary>
      <Suspense>
        <ExportDialog />
      </Suspense>
    </ErrorBoundary>
  ) : null;
}

/** The panels, and below them the search as long as it is open. */
function Work(): React.ReactNode {
  const { id } = useFile();
  const searching = useSearchBox((box) => box.open);
  return (
    <Group orientation="vertical" id="work-rows" className={styles['rows'] ?? ''}>
      <Panel id="panels" minSize="160px" className={styles['panels'] ?? ''}>
        <TabbedPanels key={id} />
      </Panel>
      {searching && (
        <>
          <Separator className="separator across" aria-label="Height of the search" />
          <Panel id="search-dock" defaultSize="36%" minSize="120px">
            <ErrorBoundary>
              <SearchPanel key={id} />
            </ErrorBoundary>
          </Panel>
        </>
      )}
    </Group>
  );
}

/** Focus shows a tab only when it comes from another one: what a dialog gives it back to must not undo where that led. */
function stayUnlessMoved(event: React.FocusEvent): void {
  const { relatedTarget } = event;
  if (!(relatedTarget instanceof HTMLElement) || relatedTarget.role !== 'tab') event.preventDefault();
}

function TabbedPanels(): React.ReactNode {
  const file = useFile();
  const tab = usePlace((place) => place.tab);
  const findings = useFindings((list) => list.length);
  const fatal = useFindings((list) => list.some(({ severity }) => severity === 'fatal'));
  return (
    <Tabs.Root
      className={styles['tabs']}
      value={tab}
      onValueChange={(value) => {
        const chosen = oneOf(TABS, value);
        if (chosen) showTab(file, chosen);
      }}
    >
      <Tabs.List className={styles['list']} aria-label="Views">
        {TABS.map((name) => (
          <Tabs.Trigger key={name} value={name} className={styles['tab']} onFocus={stayUnlessMoved}>
            {TAB_TITLES[name]}
            {name === 'findings' && findings > 0 && (
              <span className={`${styles['count']} ${fatal ? styles['bad'] : ''}`}>{findings}</span>
            )}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {TABS.map((name) => (
        <Tabs.Content key={name} value={name} className={styles['content']} tabIndex={-1}>
          <TabPanel tab={name} />
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
