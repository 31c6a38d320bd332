/** The whole address space: a strip to look at, and all ranges with what they allow. */
import { useEffect, useEffectEvent, useState } from 'react';
import { useStore } from 'zustand';
import { upperBound } from '../../lib/bisect';
import { counted, grouped, memorySize } from '../../lib/text';
import { pageOfAddress } from '../../memory/space/ranges';
import type { SpaceRow } from '../../memory/space/series';
import type { VcpuMemory } from '../../format/paging/vcpu';
import { MODES } from '../../format/paging/modes';
import { type Paging, spacesOf } from '../../format/paging/paging';
import { goToAddress } from '../../state/actions';
import { shareOf } from '../../state/jobs/job';
import type { SpaceKnown, SpaceState } from '../../state/jobs/spaces';
import { usePaced } from '../shared/use-paced';
import { VirtualRows } from '../shared/virtual-rows';
import { SpaceStrip } from './space-strip';
import { rightsLetters, rightsOwner } from '../../memory/walk/rights-words';
import { everyText, fullAddress, sizeText, TROUBLES } from './words';
import { useFile, useIsScanning } from '../shared/use-file';
import below from '../shared/below.module.css';
import styles from './space-map.module.css';

interface Props {
  readonly memory: VcpuMemory;
  readonly va: bigint;
  readonly addressBits: number;
}

const ROW_PX = 20;
const PACE_MS = 250;
/** Files whose page tables are read without being asked. */
const UNASKED = 2 ** 30;

const keyOf = ({ mode, root, side, addressBits, nx, pse }: Paging): string =>
  [mode.id, root, side ?? '', addressBits, nx, pse].join(' ');

/** Shows all ranges of the address space of a vCPU and what they allow, as far as its page tables have been read. */
export function SpaceMapView({ memory, va, addressBits }: Props): React.ReactNode {
  const file = useFile();
  const { registers } = memory;
  const spaces = spacesOf(registers);
  const [chosen, setChosen] = useState<Paging['side']>();
  const paging = spaces.find(({ side }) => side === chosen) ?? spaces[0];
  const key = keyOf(paging);
  const job = file.spaces.of(key);
  const map = useStore(job.store);
  const ended = !useIsScanning();
  const size = useFile().size;
  const isFlat = paging.mode.levels.length === 0;
  const make = (): void => void job.start({ registers, ...(paging.side ? { side: paging.side } : {}) });
  const isWanted = ended && map.state === 'idle' && !isFlat && size <= UNASKED;
  const start = useEffectEvent((_key: string): void => make());
  useEffect(() => {
    if (isWanted) start(key);
  }, [isWanted, key]);
  if (isFlat) {
    return (
      <section className={`${below['below']} ${styles['map']}`} aria-label="Address space">
        <header className={below['head']}>
          <h2>Address space</h2>
          <span className="ell">no page tables: each address is a physical one</span>
        </header>
      </section>
    );
  }
  return (
    <section className={`${below['below']} ${styles['map']}`} aria-label="Address space">
      <header className={below['head']}>
        <h2>Address space</h2>
        {spaces.length > 1 && (
          <fieldset className={styles['sides']} aria-label="Tables">
            {spaces.map(({ side = 'kernel' }) => (
              <button
                key={side}
                type="button"
                className="pick"
                aria-pressed={side === paging.side}
                onClick={() => setChosen(side)}
              >
                {side}
              </button>
            ))}
          </fieldset>
        )}
        <State map={map} paging={paging} />
        {map.state === 'running' ? (
          <button type="button" className="link" onClick={() => job.cancel()}>
            Cancel
          </button>
        ) : (
          ended &&
          map.state !== 'done' && (
            <button type="button" className="link" onClick={make}>
              {map.state !== 'idle' ? 'Again' : 'Read the tables'}
            </button>
          )
        )}
      </header>
      {map.known.count > 0 && <Ranges map={map.known} va={va} addressBits={addressBits} />}
    </section>
  );
}

function State({ map, paging }: { readonly map: SpaceState; readonly paging: Paging }): React.ReactNode {
  const paced = usePaced(map, PACE_MS);
  const shown = map.state === 'running' ? paced : map;
  const { state, known, reached } = shown;
  if (state === 'idle') return <span className="ell">{MODES[paging.mode.id].title}</span>;
  const result = state === 'done' ? shown.out : undefined;
  const facts = [
    counted(known.ranges, 'range'),
    ...(result ? [`${counted(result.tables, 'table')} read`] : []),
    ...(state === 'running' ? [`${Math.floor(shareOf(reached) * 100)} %`] : []),
    ...(state === 'cancelled' ? ['cancelled: more may follow'] : []),
    ...(state === 'failed' ? [`failed: ${shown.reason}`] : []),
    ...(result?.capped ? ['too many: what lies behind the last is left out'] : []),
  ];
  return (
    <output className={`ell ${state === 'failed' || result?.capped ? styles['wrong'] : ''}`}>
      {facts.join(' · ')}
    </output>
  );
}

interface RangesProps {
  readonly map: SpaceKnown;
  readonly va: bigint;
  readonly addressBits: number;
}

function Ranges({ map, va, addressBits }: RangesProps): React.ReactNode {
  const file = useFile();
  const { rows, count, ranges } = map;
  const page = pageOfAddress(va, addressBits);
  const near = upperBound(count, (index) => rows.startAt(index), page) - 1;
  const within = near >= 0 && rows.holds(near, page);
  // The list follows the address until a row is looked at.
  const [picked, setPicked] = useState<{ readonly row: number; readonly va: bigint }>();
  const active = picked?.va === va ? picked.row : within ? near : -1;
  const go = (index: number): void => {
    const range = rows.row(index, addressBits);
    if (range) goToAddress(file, range.va);
  };
  return (
    <>
      <SpaceStrip map={map} addressBits={addressBits} current={within ? near : -1} onPick={go} />
      <div className={`cap ${styles['row']} ${styles['heads']}`} aria-hidden>
        <span>From</span>
        <span>Size</span>
        <span>Access</span>
        <span>For</span>
        <span>Pages</span>
      </div>
      <div className={styles['list']} style={{ height: count * ROW_PX }}>
        <VirtualRows
          kind="listbox"
          label={`${grouped(ranges)} ranges`}
          count={count}
          rowPx={ROW_PX}
          active={active}
          onActive={(row) => setPicked({ row, va })}
          onEnter={go}
          opensOnClick
          render={(index) => {
            const range = rows.row(index, addressBits);
            return range && <Row range={range} addressBits={addressBits} />;
          }}
        />
      </div>
    </>
  );
}

function Row({ range, addressBits }: { readonly range: SpaceRow; readonly addressBits: number }): React.ReactNode {
  const { va, rights, pageSize = 0, trouble } = range;
  return (
    <div className={`mono ${styles['row']}`}>
      <span>{fullAddress(va, addressBits)}</span>
      <span>{sizeText(range)}</span>
      {rights ? (
        <>
          <span>{rightsLetters(rights)}</span>
          <span>{rightsOwner(rights)}</span>
          <span>
            {memorySize(pageSize)}
            {rights.global ? ' global' : ''}
            {everyText(range)}
          </span>
        </>
      ) : (
        <span className={`ell ${styles['trouble']} ${trouble === 'xen' ? '' : styles['wrong']}`}>
          {trouble && TROUBLES[trouble]}
        </span>
      )}
    </div>
  );
}
