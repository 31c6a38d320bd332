/** The hits, each with where it is and the bytes around it. */
import { SearchX, Text } from 'lucide-react';
import { byteSize, counted } from '../../lib/text';
import type { SearchState } from '../../state/jobs/search';
import { KeyCap } from '../commands/key-cap';
import { isPressed } from '../commands/pressed';
import { PanelMessage } from '../shared/panel-message';
import { VirtualRows } from '../shared/virtual-rows';
import { HitRow } from './hit-row';
import { useFile, useSearch, useSymbols, useUnreached, useView } from '../shared/use-file';
import { showHit, showHitBytes, showHitPage } from '../../state/hits';
import styles from './search.module.css';

const ROW_PX = 24;

/** Shows the hits of the search, each with where it is and the bytes around it; opening one goes there. */
export function HitList(): React.ReactNode {
  const file = useFile();
  const search = useSearch((all) => all);
  const hit = useView((view) => view.hit);
  const symbols = useSymbols();
  const { ran, hits } = search.known;
  const named = ran?.asked.scope === 'records' ? undefined : symbols;
  if (hits.length === 0) return <NoHits search={search} />;
  return (
    <div className={styles['list']}>
      <VirtualRows
        kind="listbox"
        label={counted(hits.length, 'hit')}
        count={hits.length}
        rowPx={ROW_PX}
        active={hit}
        onActive={(row) => file.view.setState({ hit: row })}
        onEnter={(row) => showHit(file, row)}
        opensOnClick
        onKey={(event, row) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (isPressed(event, 'hit-page')) showHitPage(file, row);
          else if (isPressed(event, 'hit-bytes')) showHitBytes(file, row);
          else return;
          event.preventDefault();
        }}
        render={(row) => {
          const found = hits[row];
          return found && <HitRow hit={found} named={named} />;
        }}
      />
    </div>
  );
}

function NoHits({ search }: { readonly search: SearchState }): React.ReactNode {
  const unreached = useUnreached();
  if (search.state === 'idle')
    return (
      <PanelMessage
        icon={Text}
        title="Search the guest’s memory"
        text={
          <>
            Text, bytes such as <code>4d 5a ?? 0?</code>, a number or a regular expression. Enter goes from hit to hit;
            so do <KeyCap of="next-hit" /> and <KeyCap of="next-hit" at={1} />.
          </>
        }
      />
    );
  if (search.state !== 'done') return undefined;
  if (unreached !== undefined && search.known.ran?.asked.scope !== 'file' && search.out.failedBytes === 0)
    return <PanelMessage icon={SearchX} title="Not found in what was scanned" text={unreached} />;
  const { searchedBytes, failedBytes } = search.out;
  const text = search.known.ran?.query.text ?? '';
  if (failedBytes === 0) return <PanelMessage icon={SearchX} title="No hits" text={`${text} is not there.`} />;
  return searchedBytes === 0 ? (
    <PanelMessage
      icon={SearchX}
      title="Not searched"
      text={`None of it could be read: whether ${text} is there is not known.`}
      alert
    />
  ) : (
    <PanelMessage
      icon={SearchX}
      title="Not found in what could be read"
      text={`${byteSize(failedBytes)} could not be read: whether ${text} is there is not known.`}
      alert
    />
  );
}
