/** Record tab: what the record says, field by field, beside its bytes. */
import { ChevronDown, ChevronUp, Download, Link } from 'lucide-react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { grouped, hex0x } from '../../lib/text';
import type { RecordRow } from '../../scan/records';
import { endOfRecord, goToRecord, setHexScope } from '../../state/actions';
import { openExport } from '../../state/export';
import { KeyCap } from '../commands/key-cap';
import { shortcut } from '../commands/key-text';
import { copyLink } from '../shared/clipboard';
import { useDecoded, useRow } from '../shared/use-decoded';
import { FieldTree } from './field-tree';
import { HexView } from './hex-view';
import { Inspector } from './inspector';
import { useFile, useIsScanning, usePlace, useProgress } from '../shared/use-file';
import styles from './record.module.css';

/** Shows the fields of the selected record beside its bytes or those of the whole file. */
export function RecordPanel(): React.ReactNode {
  const file = useFile();
  const record = usePlace((place) => place.record);
  const scope = usePlace((place) => place.hexScope);
  const row = useRow(record);
  const decoded = useDecoded(record);
  const compact = innerWidth <= 1240;
  if (!row && scope === 'record') return <NoRecord record={record} />;
  const { source } = file;
  const region =
    row && scope === 'record'
      ? { start: row.offset, end: endOfRecord(file, row.index) }
      : { start: 0, end: source.size };
  const nodes = decoded.state === 'ready' ? decoded.value.nodes : undefined;
  return (
    <div className={styles['panel']}>
      <div className={styles['head']}>
        {row && <RecordTitle row={row} />}
        <span className={styles['grow']} />
        <ScopeSwitch />
        {row && <RecordSteps row={row} />}
      </div>
      <Group orientation="horizontal" id="record" className={styles['split'] ?? ''}>
        <Panel id="fields" minSize="180px">
          {/* What is looked for in one vCPU is looked for in the next, but not in a page. */}
          <FieldTree key={row?.name} decoded={decoded} record={record} />
        </Panel>
        <Separator className="separator" aria-label="Width of the bytes" />
        <Panel id="hex" className={styles['bytes'] ?? ''} defaultSize={compact ? '464px' : '584px'} minSize="430px">
          <div className={styles['hexpane']}>
            <HexView region={region} nodes={nodes} key={scope} />
            <Inspector nodes={nodes} />
          </div>
        </Panel>
      </Group>
    </div>
  );
}

function NoRecord({ record }: { readonly record: number | undefined }): React.ReactNode {
  const scanning = useIsScanning();
  const count = useProgress((progress) => progress.records);
  const text =
    record === undefined
      ? 'Select a record on the left to see its fields and bytes.'
      : scanning
        ? `Record #${record} has not been reached yet.`
        : `There is no record #${record}: the image has ${grouped(count)}.`;
  return (
    <div className={styles['none']}>
      <p>{text}</p>
      {record === undefined && (
        <p className={styles['hint']}>
          <KeyCap of="next" /> next record <KeyCap of="palette" /> go to <KeyCap of="keys" /> all keys
        </p>
      )}
    </div>
  );
}

/** Which bytes the hex view goes over. */
function ScopeSwitch(): React.ReactNode {
  const file = useFile();
  const scope = usePlace((place) => place.hexScope);
  return (
    <fieldset className={styles['scope']} aria-label="Bytes of">
      <button type="button" aria-pressed={scope === 'record'} onClick={() => setHexScope(file, 'record')}>
        Record
      </button>
      <button type="button" aria-pressed={scope === 'file'} onClick={() => setHexScope(file, 'file')}>
        Whole file
      </button>
    </fieldset>
  );
}

function RecordTitle({ row }: { readonly row: RecordRow }): React.ReactNode {
  return (
    <>
      <h2>
        <span className={`k c-${row.group}`} />
        {row.name}
      </h2>
      {row.vcpu >= 0 && <span className="tag">vCPU {row.vcpu}</span>}
      {row.optional && <span className="tag">optional</span>}
      {!row.known && !row.optional && <span className={`tag ${styles['unassigned']}`}>unassigned type</span>}
      {row.damaged && <span className={`tag ${styles['unassigned']}`}>damaged</span>}
      <dl className={styles['meta']}>
        <div>
          <dt>#</dt>
          <dd className="mono">{row.index}</dd>
        </div>
        {row.kind === 'record' && (
          <div>
            <dt>type</dt>
            <dd className="mono">{hex0x(row.type, 2)}</dd>
          </div>
        )}
        <div>
          <dt>at</dt>
          <dd className="mono">{hex0x(row.offset)}</dd>
        </div>
        <div className={styles['opt']}>
          <dt>{row.kind === 'record' ? 'body' : 'size'}</dt>
          <dd className="mono">{grouped(row.length)} B</dd>
        </div>
      </dl>
    </>
  );
}

function RecordSteps({ row }: { readonly row: RecordRow }): React.ReactNode {
  const file = useFile();
  const count = useProgress((progress) => progress.records);
  const hasRange = usePlace((place) => place.range !== undefined);
  return (
    <>
      <button
        type="button"
        className="btn icon"
        aria-label="Previous record"
        {...shortcut('previous', 'Previous record')}
        disabled={row.index === 0}
        onClick={() => goToRecord(file, row.index - 1)}
      >
        <ChevronUp size={16} aria-hidden />
      </button>
      <button
        type="button"
        className="btn icon"
        aria-label="Next record"
        {...shortcut('next', 'Next record')}
        disabled={row.index + 1 >= count}
        onClick={() => goToRecord(file, row.index + 1)}
      >
        <ChevronDown size={16} aria-hidden />
      </button>
      <button
        type="button"
        className="btn icon"
        aria-label={hasRange ? 'Save these bytes' : 'Save the body of this record'}
        title={hasRange ? 'Save these bytes…' : 'Save the body of this record…'}
        onClick={() => openExport(file, hasRange ? 'range' : 'record')}
      >
        <Download size={16} aria-hidden />
      </button>
      <button
        type="button"
        className={`btn ${styles['copy']}`}
        {...shortcut('link', 'Copy a link to this view')}
        onClick={() => void copyLink()}
      >
        <Link size={14} aria-hidden />
        <span>Copy link</span>
      </button>
    </>
  );
}
