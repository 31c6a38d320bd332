/** How an address is found: table by table, with each entry and what all of them allow, or where and why that ends. */
import { frameNumber, offsetInPage, PAGE_SIZE, pfnOf } from '../../format/page';
import { ChevronRight, OctagonX } from 'lucide-react';
import { flagDoc } from '../../format/x86/page-table';
import { hex, hex0x, memorySize } from '../../lib/text';
import { whyNot } from '../../memory/walk/reasons';
import type { VcpuMemory } from '../../format/paging/vcpu';
import type { Translation } from '../../memory/walk/virtual';
import { MODES } from '../../format/paging/modes';
import type { WalkStep } from '../../memory/walk/walk';
import { goToOffset, goToPageCopy, selectPfn } from '../../state/actions';
import { useSymbolName } from '../shared/symbol-name';
import { focusBytes } from '../shared/focus-bytes';
import { useRoving } from '../shared/use-roving';
import { useWalk } from './use-space';
import { rightsWords } from '../../memory/walk/rights-words';
import { fullAddress } from './words';
import { useFile } from '../shared/use-file';
import type { OpenFile } from '../../state/open-file';
import styles from './walk.module.css';

interface Props {
  readonly id: number;
  readonly memory: VcpuMemory;
  readonly va: bigint;
  readonly addressBits: number;
}

const WORD = 8;

/** Shows how a virtual address is found, table by table, and what may be done there, or why that ends. */
export function WalkView({ id, memory, va, addressBits }: Props): React.ReactNode {
  const asked = useWalk(id, memory, va);
  const roving = useRoving<HTMLElement>();
  const name = useSymbolName(va);
  return (
    <aside {...roving} className={styles['aside']} aria-label="Page walk">
      <h2 className={styles['head']}>
        <span className="mono">{fullAddress(va, addressBits)}</span>
        <span className="cap">vCPU {id}</span>
      </h2>
      {name !== undefined && <p className={`mono ${styles['mode']}`}>{name}</p>}
      {asked.state === 'failed' && (
        <p className={styles['failure']} role="alert">
          The walk could not be made: {asked.reason}
        </p>
      )}
      {asked.state === 'ready' && <Walked found={asked.value} />}
    </aside>
  );
}

function Walked({ found }: { readonly found: Translation }): React.ReactNode {
  const { mode, side, steps, root, va } = found;
  const { title, levels, entrySize } = MODES[mode];
  const not = whyNot(found);
  return (
    <>
      <p className={styles['mode']}>
        {title}
        {levels.length > 0 && (
          <>
            {', '}
            {side === undefined ? '' : `${side} `}tables at <PfnLink pfn={pfnOf(root)} />
          </>
        )}
      </p>
      <Chips found={found} />
      <Outcome found={found} not={not} />
      <ol className={styles['steps']}>
        {steps.map((step, depth) => (
          <Step key={step.level} step={step} entrySize={entrySize} failed={isWhere(found, depth)} />
        ))}
      </ol>
      {found.gpa !== undefined && <Place found={found} va={va} />}
    </>
  );
}

/** Whether the walk ended at the entry of this step. */
const isWhere = ({ failure, steps }: Translation, depth: number): boolean =>
  failure !== undefined && failure.level === steps[depth]?.level;

/** The path in one line, as far as it goes. */
function Chips({ found }: { readonly found: Translation }): React.ReactNode {
  const file = useFile();
  const { steps, gpa, page } = found;
  if (steps.length === 0 && gpa === undefined) return undefined;
  return (
    <p className={styles['path']}>
      {steps.map(({ level, index, entry }, depth) => (
        <span key={level} className={styles['hop']}>
          <span
            className={`bit ${isWhere(found, depth) ? styles['bad'] : ''}`}
            title={`Entry ${index} of the ${level} table: ${hex0x(entry)}`}
          >
            {level} <b>{index}</b>
          </span>
          <ChevronRight size={12} aria-hidden />
        </span>
      ))}
      {page?.state === 'here' && gpa !== undefined ? (
        <button
          type="button"
          className="link mono"
          data-stop
          tabIndex={-1}
          title="Show the bytes in the file"
          onClick={() => showFound(file, found)}
        >
          PFN {hex(page.pfn)} +{hex(offsetInPage(gpa))}
        </button>
      ) : (
        <span className={styles['end']}>
          <OctagonX size={12} aria-hidden />
          {gpa === undefined ? 'ends here' : `PFN ${hex(frameNumber(gpa))}`}
        </span>
      )}
    </p>
  );
}

function Outcome({ found, not }: { readonly found: Translation; readonly not: string | undefined }): React.ReactNode {
  const { rights, pageSize, steps, page } = found;
  return (
    <>
      {rights && pageSize !== undefined && steps.length > 0 && (
        <p className={styles['outcome']}>
          {memorySize(pageSize)} page, {rightsWords(rights)}
        </p>
      )}
      {page?.state === 'here' && page.outdated && (
        <p className={styles['outcome']}>An older copy: the file ends before the last one</p>
      )}
      {not !== undefined && (
        <output className={styles['failure']}>
          <OctagonX size={14} aria-hidden />
          <span>No bytes: {not}</span>
        </output>
      )}
    </>
  );
}

interface StepProps {
  readonly step: WalkStep;
  readonly entrySize: 4 | 8;
  readonly failed: boolean;
}

function Step({ step, entrySize, failed }: StepProps): React.ReactNode {
  const file = useFile();
  const { level, table, index, entry, flags, offset } = step;
  return (
    <li className={`${styles['step']} ${failed ? styles['bad'] : ''}`}>
      <div className={styles['where']}>
        <b>{level}</b>
        <PfnLink pfn={table} />
        <span className="mono">[{index}]</span>
      </div>
      <button
        type="button"
        className="link mono"
        data-stop
        tabIndex={-1}
        aria-label={`${hex(entry, entrySize * 2)}: show the bytes of the ${level} at ${hex0x(offset)}`}
        title={`Show its bytes at ${hex0x(offset)}`}
        onClick={() => {
          goToOffset(file, offset, entrySize);
          focusBytes();
        }}
      >
        {hex(entry, entrySize * 2)}
      </button>
      <span className={styles['flags']}>
        {flags.map((flag) => (
          <span key={flag} className="bit" title={flagDoc(flag)}>
            {flag}
          </span>
        ))}
        {flags.length === 0 && <span className="cap">no flags</span>}
      </span>
    </li>
  );
}

function PfnLink({ pfn }: { readonly pfn: number }): React.ReactNode {
  const file = useFile();
  return (
    <button
      type="button"
      className="link mono"
      data-stop
      tabIndex={-1}
      title="Show the page on the map"
      onClick={() => selectPfn(file, pfn)}
    >
      PFN {hex(pfn)}
    </button>
  );
}

/** Selects the bytes at the address, in their record. */
function showFound(file: OpenFile, { page, va }: Translation): void {
  if (page?.state !== 'here') return;
  const start = page.offset + offsetInPage(va);
  goToPageCopy(file, page.pfn, page.record, { start, end: Math.min(start + WORD, page.offset + PAGE_SIZE) });
  focusBytes();
}

function Place({ found, va }: { readonly found: Translation; readonly va: bigint }): React.ReactNode {
  const file = useFile();
  const { gpa = 0n, page } = found;
  return (
    <dl className={styles['facts']}>
      <dt>Guest</dt>
      <dd className="mono">{hex0x(gpa)}</dd>
      <dt>Page</dt>
      <dd>
        <PfnLink pfn={pfnOf(gpa)} />
      </dd>
      <dt>In file</dt>
      <dd>
        {page?.state === 'here' ? (
          <button type="button" className="link mono" data-stop tabIndex={-1} onClick={() => showFound(file, found)}>
            {hex0x(page.offset + offsetInPage(va))}
          </button>
        ) : (
          '—'
        )}
      </dd>
    </dl>
  );
}
