/** What the colours and shapes of the layer mean, how many pages are of each kind, and a way to the next one. */
import { counted, grouped } from '../../../lib/text';
import type { LayerEntry, MapLayer } from '../../../memory/map/layer';
import { selectPfn } from '../../../state/actions';
import { lead } from '../../../state/lead';
import { useRoving } from '../../shared/use-roving';
import { ContentControl } from './content-control';
import { nextOf } from './page-search';
import { Swatch } from './swatch';
import { useCounts, useTotals } from '../use-pages';
import { useFacts } from '../map/view';
import { useFile, useImage } from '../../shared/use-file';
import styles from '../page/aside.module.css';

/** `63.6 %`, `<0.1 %`; nothing for none. */
function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '';
  const share = (part / whole) * 100;
  return share < 0.1 ? '<0.1 %' : share > 99.9 && share < 100 ? '>99.9 %' : `${share.toFixed(1)} %`;
}

/**
 * Shows what each colour and shape of a layer means and how many of the `pfns` pages are of each kind; a click goes to
 * the next such page.
 */
export function Legend({ layer, pfns }: { readonly layer: MapLayer; readonly pfns: number }): React.ReactNode {
  const file = useFile();
  const asked = useCounts(layer.id);
  const counts = asked.state === 'ready' ? asked.value : undefined;
  return (
    <section aria-label={layer.title}>
      <h2 className={styles['head']} title={layer.doc}>
        {layer.title}
        <span className="cap">{counted(pfns, 'PFN')}</span>
      </h2>
      {layer.id === 'content' && <ContentControl />}
      {asked.state === 'failed' && (
        <p className={styles['failed']}>
          The pages could not be counted: {asked.reason}{' '}
          {layer.id === 'role' && (
            <button type="button" className="link" onClick={() => void file.roles.start(file.records.count)}>
              Try again
            </button>
          )}
        </p>
      )}
      <Entries layer={layer} counts={counts} pfns={pfns} />
      {layer.id === 'sends' && <SendFacts />}
    </section>
  );
}

interface EntriesProps {
  readonly layer: MapLayer;
  readonly counts: Float64Array | undefined;
  readonly pfns: number;
}

function Entries({ layer, counts, pfns }: EntriesProps): React.ReactNode {
  const file = useFile();
  const roving = useRoving<HTMLDivElement>();
  const entries = layer.entries(useFacts());
  const shown = entries.filter(({ state, quiet }) => quiet !== true || (counts?.[state] ?? 0) > 0);
  const all = counts?.reduce((sum, count) => sum + count, 0) ?? 0;

  const goToNext = ({ state, name }: LayerEntry) =>
    lead(
      file,
      async (signal) => {
        const pfn = await nextOf(file, layer.id, state, file.place.pfn ?? -1, pfns, signal);
        if (pfn === undefined) return { found: false, notice: `There is no such page: ${name}` };
        return { found: true, go: () => selectPfn(file, pfn) };
      },
      (reason) => ({ found: false, notice: `The next page could not be looked for: ${reason}` }),
    );

  return (
    <div {...roving}>
      {shown.map((item) => {
        const { state, short, name, colour, shape } = item;
        const pages = counts?.[state];
        const [, words = short, symbol] = /^(.*) (\([A-Z]+\))$/u.exec(short) ?? [];
        return (
          <button
            key={state}
            type="button"
            className={styles['kind']}
            data-stop
            tabIndex={-1}
            disabled={pages === undefined || pages === 0}
            data-none={pages === 0 || undefined}
            title={`${name}: go to the next one`}
            onClick={() => void goToNext(item)}
          >
            <Swatch colour={colour} shape={shape} />
            <span className="ell">
              {words}
              {symbol && <small> {symbol}</small>}
            </span>
            <span className={styles['count']}>
              {pages === undefined ? <i className={styles['bar']} /> : grouped(pages)}
            </span>
            <span className={styles['share']}>{pages === undefined ? '' : percent(pages, pfns)}</span>
          </button>
        );
      })}
      {counts && pfns > all && (
        <p className={styles['kind']}>
          <span className={`${styles['swatch']} ${styles['never']}`} aria-hidden />
          <span className="ell">{layer.nothing}</span>
          <span className={styles['count']}>{grouped(pfns - all)}</span>
          <span className={styles['share']}>{percent(pfns - all, pfns)}</span>
        </p>
      )}
    </div>
  );
}

function SendFacts(): React.ReactNode {
  const totals = useTotals();
  const passes = useImage((image) => image.passes);
  if (totals.state === 'failed')
    return <p className={styles['failed']}>The copies could not be counted: {totals.reason}</p>;
  if (totals.state === 'loading') return undefined;
  const { sent, sentPfns, resent } = totals.value;
  const verified = passes.reduce((sum, { kind, pages }) => (kind === 'verify' ? sum + pages : sum), 0);
  return (
    <dl className={styles['facts']}>
      <dt>Sent in all</dt>
      <dd className="mono">{grouped(sent)}</dd>
      {verified > 0 && <dt>To verify</dt>}
      {verified > 0 && <dd className="mono">{grouped(verified)}</dd>}
      <dt>Each page</dt>
      <dd className="mono">×{sentPfns === 0 ? 0 : (sent / sentPfns).toFixed(2)}</dd>
      <dt>At most</dt>
      <dd className="mono">×{grouped(resent[0]?.sends ?? (sent > 0 ? 1 : 0))}</dd>
    </dl>
  );
}
