/** How many hits there are, how far the search is, and what was not searched. */
import { TriangleAlert } from 'lucide-react';
import { byteSize, counted, grouped, hex0x } from '../../lib/text';
import type { SearchResult } from '../../memory/search/search';
import { isRan, type Run, useSearch } from '../../state/search';
import { useApp } from '../../state/store';
import { problemWith } from './query';
import styles from './search.module.css';

export function Progress(): React.ReactNode {
  const run = useSearch((state) => state.run);
  const hits = useSearch((state) => state.hits.length);
  const active = useSearch((state) => state.active);
  const scanning = useApp((state) => state.phase === 'scanning');
  const problem = useSearch((state) => problemWith(state.asked));
  const of = useSearch((state) => (isRan(state) ? undefined : state.query?.text));
  if (run.state === 'none' && problem === undefined) return undefined;
  const count = active < 0 ? counted(hits, 'hit') : `${grouped(active + 1)} of ${counted(hits, 'hit')}`;
  return (
    <div className={styles['progress']}>
      {problem !== undefined && (
        <span id="search-problem" className={styles['bad']} role="status">
          <TriangleAlert size={12} aria-hidden />
          {problem}
        </span>
      )}
      {run.state !== 'none' && (
        <span {...(problem === undefined ? { role: 'status' } : {})} className={styles['count']}>
          <b>{count}</b>
          {of !== undefined && (
            <>
              {' of the last search, '}
              <span className="mono">{of}</span>
            </>
          )}
          {run.state === 'done' && run.result.capped && `: the search ended there, there may be more`}
        </span>
      )}
      <Figures run={run} />
      {scanning && <span className={styles['warn']}>Only what is indexed so far is searched</span>}
      {run.state === 'done' && <NotRead result={run.result} />}
    </div>
  );
}

/** Of less than that a rate says nothing. */
const TELLING_MS = 100;

const rate = (bytes: number, ms: number): string =>
  ms > TELLING_MS ? ` · ${byteSize(Math.round((bytes / ms) * 1000))}/s` : '';

function Figures({ run }: { readonly run: Run }): React.ReactNode {
  if (run.state === 'cancelled') return <span>Cancelled</span>;
  if (run.state === 'failed')
    return (
      <span role="alert" className={styles['warn']}>
        <TriangleAlert size={12} aria-hidden />
        The search failed: {run.reason}
      </span>
    );
  if (run.state === 'done') {
    const { searchedBytes } = run.result;
    // Capped before the first batch was done.
    if (searchedBytes === 0) return undefined;
    return (
      <span className="mono">
        {byteSize(searchedBytes)} in {(run.elapsedMs / 1000).toFixed(run.elapsedMs < 10_000 ? 2 : 0)} s
        {rate(searchedBytes, run.elapsedMs)}
      </span>
    );
  }
  if (run.state === 'none') return undefined;
  const { done, total, elapsedMs } = run;
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const left = done > 0 ? Math.ceil((elapsedMs * (total - done)) / done / 1000) : undefined;
  return (
    <>
      <span className={styles['meter']} role="progressbar" aria-label="Search" aria-valuenow={Math.round(share * 100)}>
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <span className="mono">
        {byteSize(done)} of {byteSize(total)}
        {rate(done, elapsedMs)}
        {left !== undefined && left > 0 && ` · ${grouped(left)} s left`}
      </span>
    </>
  );
}

function NotRead({ result }: { readonly result: SearchResult }): React.ReactNode {
  const [first] = result.failed;
  if (!first) return undefined;
  return (
    <span
      className={styles['warn']}
      title={result.failed.map(({ offset, reason }) => `${hex0x(offset)}: ${reason}`).join('\n')}
    >
      <TriangleAlert size={12} aria-hidden />
      {byteSize(result.failedBytes)} could not be read and were not searched, from {hex0x(first.offset)} on:{' '}
      {first.reason}
    </span>
  );
}
