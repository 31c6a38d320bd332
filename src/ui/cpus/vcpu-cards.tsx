/** One card for each vCPU; one of them is open below. Cards exist only while in view, there may be thousands. */
import { useEffect, useId } from 'react';
import { clamp } from '../../lib/range';
import { hex } from '../../lib/text';
import { selectVcpu } from '../../state/actions';
import { itemOf } from '../shared/item-of';
import { ListBox, Option } from '../shared/list-box';
import { useScaledScroll } from '../shared/use-scaled-scroll';
import { useWidth } from '../shared/use-width';
import { FittingChips } from './fitting-chips';
import type { RegisterName } from '../../memory/vcpus/part-fields';
import { hasRegisters, type VcpuFields } from '../../memory/vcpus/registers';
import { apicText, has, isOffline, modeText, registerNames, wide } from './summary';
import { useCardState } from './use-state';
import type { RestoredVcpu } from '../../scan/restored/vcpus';
import { useFile } from '../shared/use-file';
import styles from './vcpu-cards.module.css';

const ROW_PX = 64;
/** The number of cards from which on they get narrow and more rows of them are in view. */
const MANY = 7;

interface Props {
  readonly vcpus: readonly RestoredVcpu[];
  /** Position of the open one. */
  readonly active: number;
}

/** Shows one card for each vCPU, of which one is open below; only those in view are drawn. */
export function VcpuCards({ vcpus, active }: Props): React.ReactNode {
  const id = useId();
  const many = vcpus.length >= MANY;
  const [ref, width] = useWidth<HTMLDivElement>();
  const perRow = clamp(Math.floor(width / (many ? 220 : 328)), 1, vcpus.length);
  const rows = Math.ceil(vcpus.length / perRow);
  return (
    <div ref={ref} className={styles['cards']} style={{ height: Math.min(rows, many ? 3 : 2) * ROW_PX + 8 }}>
      <Cards {...{ vcpus, active, perRow, rows, id }} />
    </div>
  );
}

interface CardsProps extends Props {
  readonly perRow: number;
  readonly rows: number;
  readonly id: string;
}

function Cards({ vcpus, active, perRow, rows, id }: CardsProps): React.ReactNode {
  const file = useFile();
  const scroll = useScaledScroll(rows, ROW_PX);
  const { ref, firstRow, rowsInView, shiftPx, spacerPx, heightPx, reveal } = scroll;
  const activeRow = Math.floor(active / perRow);
  useEffect(() => {
    if (heightPx > 0) reveal(activeRow);
  }, [activeRow, reveal, heightPx]);

  const open = (position: number): void => {
    const vcpu = vcpus[clamp(position, 0, vcpus.length - 1)];
    if (vcpu) selectVcpu(file, vcpu.id);
  };
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: active - 1,
    ArrowRight: active + 1,
    ArrowUp: active < perRow ? active : active - perRow,
    ArrowDown: active + perRow < vcpus.length ? active + perRow : active,
    Home: 0,
    End: vcpus.length - 1,
  };
  const from = firstRow * perRow;
  const shown = vcpus.slice(from, from + rowsInView * perRow);
  return (
    <ListBox
      ref={ref}
      className={styles['scroller']}
      aria-label="Virtual CPUs"
      aria-orientation="horizontal"
      tabIndex={0}
      onKeyDown={(event) => {
        const to = moves[event.key];
        if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        open(to);
      }}
      onClick={(event) => {
        const position = itemOf(event);
        if (position !== undefined) open(position);
      }}
      {...(active >= from && active < from + shown.length ? { 'aria-activedescendant': `${id}${active}` } : {})}
    >
      <div style={{ height: spacerPx }} role="presentation">
        <div className={styles['view']} style={{ height: heightPx }} role="presentation">
          <div
            className={styles['grid']}
            style={{ gridTemplateColumns: `repeat(${perRow}, minmax(0, 1fr))`, top: -shiftPx }}
            role="presentation"
          >
            {shown.map((vcpu, index) => {
              const position = from + index;
              return (
                <Option
                  key={vcpu.id}
                  id={`${id}${position}`}
                  item={position}
                  chosen={position === active}
                  aria-setsize={vcpus.length}
                  aria-posinset={position + 1}
                  className={styles['card']}
                >
                  <Card vcpu={vcpu} />
                </Option>
              );
            })}
          </div>
        </div>
      </div>
    </ListBox>
  );
}

function Card({ vcpu }: { readonly vcpu: RestoredVcpu }): React.ReactNode {
  const loaded = useCardState(vcpu);
  const state = loaded.state === 'ready' ? loaded : undefined;
  const fields = state?.vcpu;
  const words = !fields
    ? loaded.state === 'failed'
      ? 'could not be read'
      : ''
    : [modeText(fields), ...(isOffline(fields) ? ['offline'] : [])].join(' · ');
  const apic = state && apicText(state.parts);
  return (
    <>
      <p className={styles['line']}>
        <b>vCPU {vcpu.id}</b>
        <span className="ell" data-tip={words}>
          {words}
        </span>
      </p>
      <p className={styles['line']}>
        {fields && hasRegisters(fields) ? (
          <>
            <Pointer vcpu={fields} name={registerNames(fields).pointer} />
            <Pointer vcpu={fields} name={registerNames(fields).stack} />
            <FittingChips node={fields.fields.get(registerNames(fields).flags)} />
            {apic !== undefined && <span className={styles['end']}>{apic}</span>}
          </>
        ) : (
          <span className="mono">
            <i>record</i> #{vcpu.record}
          </span>
        )}
      </p>
    </>
  );
}

function Pointer({ vcpu, name }: { readonly vcpu: VcpuFields; readonly name: RegisterName }): React.ReactNode {
  return (
    <span className="mono">
      <i>{name}</i> {has(vcpu, name) ? hex(wide(vcpu, name)) : '—'}
    </span>
  );
}
