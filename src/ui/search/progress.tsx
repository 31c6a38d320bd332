/** How many hits there are, how far the search is, and what was not searched. */
import { TriangleAlert } from 'lucide-react';
import { byteRate, byteSize, counted, grouped, hex0x } from '../../lib/text';
import type { SearchResult } from '../../memory/search/search';
import { type Reached, shareOf } from '../../state/jobs/job';
import type { SearchState } from '../../state/jobs/search';
import { isSameSearch } from '../../state/search-box';
import { Meter } from '../shared/meter';
import { problemWith } from './query';
import { useIsScanning, usePhase, useSearch, useView } from '../shared/use-file';
import { useSearchBox } from '../shared/use-app';
import styles from './search.module.css';

/** Shows how many hits there are, how far the search is, and what was not searched. */
export function Progress(): React.ReactNode {
  const search = useSearch((all) => all);
  const hit = useView((view) => view.hit);
  const scanning = useIsScanning();
  const isPartial = ['cancelled', 'stopped'].includes(usePhase()) && search.known.ran?.asked.scope !== 'file';
  const asked = useSearchBox((box) => box.asked);
  const problem = problemWith(asked);
  const { ran, hits } = search.known;
  const of = isSameSearch(asked, ran?.asked) ? undefined : ran?.query.text;
  if (search.state === 'idle' && problem === undefined) return undefined;
  const found = counted(hits.length, 'hit');
  return (
    <div className={styles['progress']}>
      {problem !== undefined && (
        <output id="search-problem" className={styles['bad']}>
          <TriangleAlert size={12} aria-hidden />
          {problem}
        </output>
      )}
      {search.state !== 'idle' && (
        <span {...(problem === undefined ? { role: 'status' } : {})} className={styles['count']}>
          <b>{hit < 0 ? found : `${grouped(hit + 1)} of ${found}`}</b>
          {of !== undefined && (
            <>
              {' of the last search, '}
              <span className="mono">{of}</span>
            </>
          )}
          {search.state === 'done' && search.out.capped && `: the search ended there, there may be more`}
        </span>
      )}
      <Figures search={search} />
      {scanning && <span className={styles['warn']}>Only what is indexed so far is searched</span>}
      {isPartial && <span className={styles['warn']}>Only what the scan came to is searched</span>}
      {search.state === 'done' && <NotRead result={search.out} />}
    </div>
  );
}

function rate(bytes: number, ms: number): string {
  const text = byteRate(bytes, ms);
  return text === undefined ? '' : ` · ${text}`;
}

function Figures({ search }: { readonly search: SearchState }): React.ReactNode {
  const { done, total, elapsedMs } = search.reached;
  switch (search.state) {
    case 'idle':
      return undefined;
    case 'cancelled':
      return <span>Cancelled</span>;
    case 'failed':
      return (
        <span role="alert" className={styles['warn']}>
          <TriangleAlert size={12} aria-hidden />
          The search failed: {search.reason}
        </span>
      );
    case 'done': {
      const { searchedBytes } = search.out;
      // Capped before the first batch was done.
      if (searchedBytes === 0) return undefined;
      return (
        <span className="mono">
          {byteSize(searchedBytes)} in {(elapsedMs / 1000).toFixed(elapsedMs < 10_000 ? 2 : 0)} s
          {rate(searchedBytes, elapsedMs)}
        </span>
      );
    }
    case 'running':
      return <Running {...{ done, total, elapsedMs }} />;
  }
}

function Running({ done, total, elapsedMs }: Reached): React.ReactNode {
  const share = shareOf({ done, total });
  const left = done > 0 ? Math.ceil((elapsedMs * (total - done)) / done / 1000) : undefined;
  return (
    <>
      <Meter label="Search" share={share} />
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
