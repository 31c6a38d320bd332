/** What the colours and shapes mean, how many pages are of each kind, and a way to the next one. */
import { useRef } from 'react';
import { hasPageData, PageType } from '../../format/libxc/page-data';
import { counted, grouped, hex0x } from '../../lib/text';
import type { PageTotals } from '../../memory/page-map';
import { notify, selectPfn } from '../../state/actions';
import { useApp } from '../../state/store';
import { useRoving } from '../shared/use-roving';
import { nextOfType } from './page-search';
import { LEGEND, NOT_SENT, pageLook, RESERVED_TYPES, SEND_STEPS } from './page-types';
import { Swatch } from './swatch';
import { useTotals } from './use-pages';
import type { MapLayer } from './view';
import styles from './aside.module.css';

/** `63.6 %`, `<0.1 %`; nothing for none. */
function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '';
  const share = (part / whole) * 100;
  return share < 0.1 ? '<0.1 %' : share > 99.9 && share < 100 ? '>99.9 %' : `${share.toFixed(1)} %`;
}

export function Legend({ layer, pfns }: { readonly layer: MapLayer; readonly pfns: number }): React.ReactNode {
  const totals = useTotals();
  const known = totals.state === 'ready' ? totals.value : undefined;
  return (
    <section aria-label={layer === 'type' ? 'Page types' : 'Times sent'}>
      <h2 className={styles['head']}>
        {layer === 'type' ? 'Page type' : 'Times sent'}
        <span className="cap">{counted(pfns, 'PFN')}</span>
      </h2>
      {totals.state === 'failed' && <p className={styles['failed']}>The pages could not be counted: {totals.reason}</p>}
      {layer === 'type' ? <Types totals={known} pfns={pfns} /> : <Sends totals={known} pfns={pfns} />}
    </section>
  );
}

/** Page tables of a PV guest, pinned or not. */
const isTable = (type: number): boolean => hasPageData(type) && type !== PageType.NOTAB;

function Types({ totals, pfns }: { readonly totals: PageTotals | undefined; readonly pfns: number }): React.ReactNode {
  const roving = useRoving<HTMLDivElement>();
  const search = useRef<AbortController>(undefined);
  const isHvm = useApp((state) => state.image.domainType === 2);
  const count = (type: number): number => totals?.byType[type] ?? 0;
  // Page tables of HVM and PVH guests are ordinary pages to the stream.
  const usual = isHvm ? LEGEND.filter((type) => !isTable(type) || count(type) > 0) : LEGEND;
  const reserved = RESERVED_TYPES.filter((type) => count(type) > 0);
  const never = totals === undefined ? 0 : Math.max(0, pfns - totals.pfns);

  const goToNext = async (type: number): Promise<void> => {
    search.current?.abort();
    const abort = new AbortController();
    search.current = abort;
    const found = await nextOfType(type, useApp.getState().place.pfn ?? -1, pfns, abort.signal);
    if (abort.signal.aborted) return;
    if (found === undefined) notify(`No page is of that type: ${pageLook(type).name}`);
    else selectPfn(found);
  };

  return (
    <div {...roving}>
      {[...usual, ...reserved].map((type) => {
        const { short, name, colour, shape } = pageLook(type);
        const pages = totals?.byType[type];
        return (
          <button
            key={type}
            type="button"
            className={styles['kind']}
            data-stop
            tabIndex={-1}
            disabled={pages === undefined || pages === 0}
            title={`${name}, type ${hex0x(type)}: go to the next one`}
            onClick={() => void goToNext(type)}
          >
            <Swatch colour={colour} shape={shape} />
            <span className="ell">{short}</span>
            <span className="mono">{pages === undefined ? <i className={styles['bar']} /> : grouped(pages)}</span>
            <span className={styles['share']}>{pages === undefined ? '' : percent(pages, pfns)}</span>
          </button>
        );
      })}
      <Never count={never} pfns={pfns} />
    </div>
  );
}

function Never({ count, pfns }: { readonly count: number; readonly pfns: number }): React.ReactNode {
  if (count === 0) return undefined;
  return (
    <p className={styles['kind']}>
      <span className={`${styles['swatch']} ${styles['never']}`} aria-hidden />
      <span className="ell">Not in stream</span>
      <span className="mono">{grouped(count)}</span>
      <span className={styles['share']}>{percent(count, pfns)}</span>
    </p>
  );
}

function Sends({ totals, pfns }: { readonly totals: PageTotals | undefined; readonly pfns: number }): React.ReactNode {
  const passes = useApp((state) => state.image.passes);
  const most = totals?.mostSends ?? 0;
  const without = totals === undefined ? 0 : totals.pfns - totals.sentPfns;
  const never = totals === undefined ? 0 : Math.max(0, pfns - totals.pfns);
  const verified = passes.reduce((sum, { kind, pages }) => (kind === 'verify' ? sum + pages : sum), 0);
  const sent = (totals?.sent ?? 0) - verified;
  return (
    <>
      {SEND_STEPS.map(({ from, colour, label }) => (
        <p key={from} className={styles['kind']} data-none={totals !== undefined && most < from ? '' : undefined}>
          <Swatch colour={colour} />
          <span className="ell">{label}</span>
        </p>
      ))}
      {without > 0 && (
        <p className={styles['kind']}>
          <Swatch colour={NOT_SENT.colour} shape={NOT_SENT.shape} />
          <span className="ell">{NOT_SENT.short}</span>
          <span className="mono">{grouped(without)}</span>
          <span className={styles['share']}>{percent(without, pfns)}</span>
        </p>
      )}
      <Never count={never} pfns={pfns} />
      {totals && (
        <dl className={styles['facts']}>
          <dt>Sent in all</dt>
          <dd className="mono">{grouped(sent)}</dd>
          {verified > 0 && <dt>To verify</dt>}
          {verified > 0 && <dd className="mono">{grouped(verified)}</dd>}
          <dt>Each page</dt>
          <dd className="mono">×{totals.sentPfns === 0 ? 0 : (sent / totals.sentPfns).toFixed(2)}</dd>
          <dt>At most</dt>
          <dd className="mono">×{grouped(most)}</dd>
        </dl>
      )}
    </>
  );
}
