/** Below the map: the passes of a live migration, and the selected page in the ways that it can be read. */
import { X } from 'lucide-react';
import { hex0x } from '../../lib/text';
import { showPageView } from '../../state/actions';
import type { PageView } from '../../state/place';
import { useRoving } from '../shared/use-roving';
import { PageCode } from './page/code';
import { PageCompare } from './page/compare';
import { PageHex, type PageProps, PageTable, PageText } from './page/bytes';
import { Passes, usePassFacts } from './passes/passes';
import { Resent } from './passes/resent';
import { useHistory, useStored } from './use-pages';
import { usePageBytes } from './page/use-page-bytes';
import { Verify } from './passes/verify';
import { useFile, useImage, usePlace } from '../shared/use-file';
import below from '../shared/below.module.css';
import styles from './dock.module.css';

const TITLES: Readonly<Record<Exclude<PageView, 'table'>, string>> = {
  passes: 'Passes',
  resent: 'Sent most',
  verify: 'Verify',
  hex: 'Hex',
  text: 'Text',
  code: 'Code',
  compare: 'Compare',
};
const OF_PAGE: readonly PageView[] = ['hex', 'table', 'text', 'code', 'compare'];

/** Shows the words `Page table`, of which the first goes where room is short. */
const TableTitle = (): React.ReactNode => (
  <>
    <span className={styles['page']}>Page </span>
    <span>table</span>
  </>
);

/**
 * Shows what stands below the map: the passes of a live migration, the pages sent most or to be verified, or the
 * selected page in one of its views.
 */
export function Dock(): React.ReactNode {
  const file = useFile();
  const roving = useRoving<HTMLDivElement>();
  const pfn = usePlace((place) => place.pfn);
  const asked = usePlace((place) => place.pageView);
  const several = useImage((image) => image.passes.length > 1);
  const verify = useImage((image) => image.passes.some(({ kind }) => kind === 'verify'));
  const facts = usePassFacts();
  const views: readonly PageView[] = [
    ...(several ? (['passes', 'resent'] as const) : []),
    ...(verify ? (['verify'] as const) : []),
    ...OF_PAGE,
  ];
  const shows = asked !== undefined && views.includes(asked) && (pfn !== undefined || !OF_PAGE.includes(asked));
  const view = shows ? asked : several ? 'passes' : undefined;
  const ofPage = view !== undefined && OF_PAGE.includes(view);
  const button = (id: PageView): React.ReactNode => (
    <button
      key={id}
      type="button"
      className="pick"
      data-stop
      tabIndex={-1}
      aria-pressed={view === id}
      disabled={pfn === undefined && OF_PAGE.includes(id)}
      onClick={() => showPageView(file, view === id ? undefined : id)}
    >
      {id === 'table' ? <TableTitle /> : TITLES[id]}
    </button>
  );
  return (
    <section className={`${below['below']} ${styles['dock']}`} aria-label={facts.title}>
      <header className={below['head']}>
        {several && <h2>{facts.title}</h2>}
        <div {...roving} role="toolbar" aria-label="What is shown below the map" className={styles['views']}>
          {views.filter((id) => !OF_PAGE.includes(id)).map(button)}
          <span className={`${pfn === undefined ? '' : 'mono'} ${styles['of']}`}>
            {pfn === undefined ? 'Page' : hex0x(pfn)}
            <i> as</i>
          </span>
          {views.filter((id) => OF_PAGE.includes(id)).map(button)}
        </div>
        {view === 'passes' && <span className={`ell ${styles['facts']}`}>{facts.text}</span>}
        {ofPage && (
          <button
            type="button"
            className={`btn icon ${styles['close']}`}
            aria-label="Close the page"
            title="Close"
            onClick={() => showPageView(file, undefined)}
          >
            <X size={14} aria-hidden />
          </button>
        )}
      </header>
      {view === 'passes' && <Passes />}
      {view !== undefined && view !== 'passes' && (
        <div className={styles['body']}>
          {view === 'resent' && <Resent />}
          {view === 'verify' && <Verify />}
          {ofPage && pfn !== undefined && <Page pfn={pfn} view={view} />}
        </div>
      )}
    </section>
  );
}

const VIEWS: Readonly<Partial<Record<PageView, (props: PageProps) => React.ReactNode>>> = {
  hex: PageHex,
  table: PageTable,
  text: PageText,
  code: PageCode,
};

function Page({ pfn, view }: { readonly pfn: number; readonly view: PageView }): React.ReactNode {
  const asked = useHistory(pfn);
  const stored = useStored(pfn);
  const copies = asked.state === 'ready' ? asked.value.last.filter(({ offset }) => offset >= 0) : [];
  // Of pages that a restore does not store the last copy is shown.
  const here = stored.state === 'ready' && stored.value.state === 'here' ? stored.value : copies.at(-1);
  const page = usePageBytes(stored.state === 'ready' ? here?.offset : undefined);
  const failed = [asked, stored].find(({ state }) => state === 'failed');
  if (failed?.state === 'failed')
    return <p className={styles['failed']}>The page could not be looked up: {failed.reason}</p>;
  if (asked.state !== 'ready' || stored.state !== 'ready') return <p className={styles['hint']}>…</p>;
  if (view === 'compare') return <PageCompare pfn={pfn} copies={copies} />;
  if (!here) return <p className={styles['hint']}>The image has no bytes for this page.</p>;
  if (page.state === 'failed') return <p className={styles['failed']}>The page could not be read: {page.reason}</p>;
  if (page.state === 'loading') return <p className={styles['hint']}>…</p>;
  const View = VIEWS[view];
  return View && <View key={pfn} pfn={pfn} record={here.record} offset={here.offset} bytes={page.value} />;
}
