/** One row of the timeline. */
import { memo } from 'react';
import { hvmTypeName, isPerVcpu } from '../../format/hvm/types';
import { type Layer, LAYER_SPECS } from '../../format/layers';
import { byteSize, counted, grouped, hex } from '../../lib/text';
import type { RecordRow } from '../../scan/records';
import type { TimelineRow } from '../../state/timeline/row';
import { Chevron } from '../shared/chevron';
import { liesWithin, Mark, useWorst } from './mark';
import { useFile, useImage } from '../shared/use-file';
import styles from './timeline.module.css';

type EntryRow = Extract<TimelineRow, { kind: 'entry' }>;

interface Props {
  readonly id: string;
  readonly position: number;
  readonly count: number;
  readonly row: TimelineRow;
  readonly cursor: boolean;
  readonly selected: boolean;
  readonly onToggle: () => void;
}

/** Prefixes that the telling end of a name can do without where room is short. */
const PREFIX = /^(X86_PV_|X86_|CHECKPOINT_DIRTY_|EMULATOR_)(?=.)/u;

function RecordName({ name }: { readonly name: string }): React.ReactNode {
  const prefix = PREFIX.exec(name)?.[0] ?? '';
  return (
    <span className={styles['name']}>
      {prefix !== '' && <span className={styles['prefix']}>{prefix}</span>}
      <span>{name.slice(prefix.length)}</span>
    </span>
  );
}

/** Sizes in a narrow column: bytes up to a million, then MiB. */
const short = (bytes: number): string => (bytes < 1_000_000 ? grouped(bytes) : byteSize(bytes).replace('B', ''));

export const Row = memo(function Row(props: Props): React.ReactNode {
  const { id, position, count, row, cursor, selected } = props;
  const open = 'open' in row ? row.open : undefined;
  return (
    <div
      id={id}
      data-item={position}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-setsize={count}
      aria-posinset={position + 1}
      aria-selected={selected}
      aria-expanded={open}
      className={`${styles['row']} ${selected ? styles['on'] : ''} ${cursor ? styles['cursor'] : ''} ${row.kind === 'layer' ? styles['layer'] : ''}`}
    >
      <Cells {...props} open={open} />
    </div>
  );
});

function Cells({ row, open, onToggle }: Props & { readonly open: boolean | undefined }): React.ReactNode {
  const file = useFile();
  const { records } = file;
  const chevron = open !== undefined && <Chevron open={open} onToggle={onToggle} className={styles['chevron']} />;
  switch (row.kind) {
    case 'layer':
      return (
        <>
          <span />
          <Name depth={row.depth}>
            {chevron}
            <span className="ell">
              <b>{row.layer}</b> <LayerWords layer={row.layer} />
            </span>
          </Name>
          <span />
          <span />
        </>
      );
    case 'run': {
      const start = records.offsetAt(row.first);
      const last = row.first + row.count - 1;
      return (
        <>
          <span className={styles['number']}>
            {row.first}
            <span className={styles['wide']}>–{last}</span>
            <span className={styles['short']}>…</span>
          </span>
          <Name depth={row.depth}>
            {chevron}
            <span className="k c-pages" />
            <span className={styles['fixed']}>
              <RunTitle first={row.first} />
            </span>
            <span className={`${styles['about']} ell`}>{counted(row.pages, 'PFN')}</span>
            <span className={styles['short']}>×{row.count}</span>
          </Name>
          <span className={styles['offset']}>{hex(start)}</span>
          <span className={styles['bytes']}>{short(records.offsetAt(last) + 8 + records.lengthAt(last) - start)}</span>
        </>
      );
    }
    case 'gap':
      return (
        <>
          <span />
          <Name depth={row.depth}>
            <span className={`${styles['gap']} hatch`} />
            <span className={styles['bad']}>
              <span className="ell">not readable as records</span>
            </span>
          </Name>
          <span className={styles['offset']}>{hex(row.gap.offset)}</span>
          <span className={styles['bytes']}>{short(row.gap.length)}</span>
        </>
      );
    case 'entry':
      return <EntryCells entry={row.entry} depth={row.depth} />;
    case 'record': {
      const record = records.row(row.record);
      return record && <RecordCells record={record} depth={row.depth} chevron={chevron} />;
    }
  }
}

function RecordCells({
  record,
  depth,
  chevron,
}: {
  readonly record: RecordRow;
  readonly depth: number;
  readonly chevron: React.ReactNode;
}): React.ReactNode {
  const severity = useWorst((finding) => finding.record === record.index);
  return (
    <>
      <span className={styles['number']}>{record.index}</span>
      <Name depth={depth}>
        {chevron}
        <span className={`k c-${record.group} ${record.known ? '' : 'hatch'}`} />
        <span className={severity === 'fatal' ? styles['bad'] : styles['cell']}>
          <RecordName name={record.name} />
        </span>
        {record.vcpu >= 0 && <span className="tag">v{record.vcpu}</span>}
        {record.pages >= 0 && <PagesOf record={record} />}
        {record.optional && <span className="tag">optional</span>}
        <Mark severity={severity} />
      </Name>
      <span className={styles['offset']}>{hex(record.offset)}</span>
      <span className={styles['bytes']}>{short(record.length)}</span>
    </>
  );
}

/** An entry of an HVM context. */
function EntryCells({ entry, depth }: Pick<EntryRow, 'entry' | 'depth'>): React.ReactNode {
  const { typecode, instance, offset, length } = entry;
  // The offset is that of its descriptor, of 8 bytes.
  const severity = useWorst((finding) => liesWithin(finding, offset, offset + 8 + length));
  return (
    <>
      <span />
      <Name depth={depth}>
        <span className="k c-cpu" />
        <span className={severity === 'fatal' ? styles['bad'] : styles['cell']}>
          <span className={styles['name']}>{hvmTypeName(typecode)}</span>
        </span>
        {isPerVcpu(typecode) && <span className="tag">v{instance}</span>}
        <Mark severity={severity} />
      </Name>
      <span className={styles['offset']}>{hex(offset)}</span>
      <span className={styles['bytes']}>{short(length)}</span>
    </>
  );
}

function PagesOf({ record }: { readonly record: RecordRow }): React.ReactNode {
  const passes = useImage((image) => image.passes);
  const at = passes.length > 1 && record.passStart ? passes.findIndex((pass) => pass.record === record.index) : -1;
  return (
    <span className={`${styles['about']} ell`}>
      {at >= 0 && `${passes[at]?.kind === 'verify' ? 'verify pass' : `pass ${at + 1}`} · `}
      {counted(record.pages, 'PFN')}
    </span>
  );
}

function Name({ depth, children }: { readonly depth: number; readonly children: React.ReactNode }): React.ReactNode {
  return (
    <span className={styles['nm']} style={{ '--depth': depth }}>
      {Array.from({ length: depth }, (_, level) => (
        <i key={level} className={styles['guide']} style={{ '--level': level }} />
      ))}
      {children}
    </span>
  );
}

function RunTitle({ first }: { readonly first: number }): React.ReactNode {
  const passes = useImage((image) => image.passes);
  const at = passes.findIndex(({ record }) => record === first);
  const pass = passes[at];
  if (passes.length < 2 || !pass) return 'PAGE_DATA';
  return <>{pass.kind === 'verify' ? 'Verify pass' : `Pass ${at + 1}`}</>;
}

function LayerWords({ layer }: { readonly layer: Layer }): React.ReactNode {
  const version = useImage((image) => image.libxcVersion);
  const migrated = useImage((image) => image.trailer !== undefined || image.checkpoints > 0);
  const { title } = LAYER_SPECS[layer];
  if (layer === 'libxc')
    return (
      <>
        {title} v{version}
      </>
    );
  return <>{layer === 'xl' && migrated ? 'migration stream' : title}</>;
}
