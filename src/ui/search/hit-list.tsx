/** The hits, each with where it is and the bytes around it. */
import { SearchX, Text } from 'lucide-react';
import { counted } from '../../lib/text';
import { useApp } from '../../state/store';
import { showHit, showHitBytes, showHitPage, useSearch } from '../../state/search';
import { KeyCap } from '../commands/key-cap';
import { isPressed } from '../commands/pressed';
import { PanelMessage } from '../shared/panel-message';
import { VirtualRows } from '../shared/virtual-rows';
import { HitRow } from './hit-row';
import styles from './search.module.css';

const ROW_PX = 24;

export function HitList(): React.ReactNode {
  const hits = useSearch((state) => state.hits);
  const active = useSearch((state) => state.active);
  const state = useSearch(({ run }) => run.state);
  const inPages = useSearch(({ ran }) => ran?.scope !== 'records');
  const symbols = useApp((app) => app.symbols);
  const named = inPages && symbols.state === 'ready' ? symbols.info : undefined;
  if (hits.length === 0) return <NoHits state={state} />;
  return (
    <div className={styles['list']}>
      <VirtualRows
        role="listbox"
        label={counted(hits.length, 'hit')}
        count={hits.length}
        rowPx={ROW_PX}
        active={active}
        onActive={(row) => useSearch.setState({ active: row })}
        onEnter={showHit}
        opensOnClick
        onKey={(event, row) => {
          if (isPressed(event, 'hit-page')) showHitPage(row);
          else if (isPressed(event, 'hit-bytes')) showHitBytes(row);
          else return;
          event.preventDefault();
        }}
        render={(row) => {
          const hit = hits[row];
          return hit && <HitRow hit={hit} named={named} />;
        }}
      />
    </div>
  );
}

function NoHits({ state }: { readonly state: string }): React.ReactNode {
  const query = useSearch(({ query: asked }) => asked);
  if (state === 'none')
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
  if (state !== 'done') return undefined;
  return <PanelMessage icon={SearchX} title="No hits" text={`${query?.text ?? ''} is not there.`} />;
}
