/** The shared components, which know nothing of an open file. */
import { Cpu } from 'lucide-react';
import { ErrorBoundary } from '../../src/ui/app/error-boundary';
import { KeyCap } from '../../src/ui/commands/key-cap';
import { Swatch } from '../../src/ui/memory/layers/swatch';
import { Chevron } from '../../src/ui/shared/chevron';
import { Digits } from '../../src/ui/shared/digits';
import { FindBox } from '../../src/ui/shared/find-box';
import { LoadingPanel } from '../../src/ui/shared/loading-panel';
import { Meter } from '../../src/ui/shared/meter';
import { PanelMessage } from '../../src/ui/shared/panel-message';
import { SeverityIcon } from '../../src/ui/shared/severity-icon';
import { Switch } from '../../src/ui/shared/switch';
import { VirtualRows } from '../../src/ui/shared/virtual-rows';
import type { Story } from './story';
import styles from './stories.module.css';

const nothing = (): void => undefined;
const SHAPES = ['fill', 'pinned', 'outline', 'hatch', 'cross'] as const;
const SEVERITIES = ['ok', 'note', 'warning', 'fatal'] as const;
const GROUPS = ['header', 'info', 'policy', 'pages', 'cpu', 'device', 'control', 'unknown'] as const;

const Column = ({ children }: { readonly children: React.ReactNode }): React.ReactNode => (
  <div className={styles['column']}>{children}</div>
);

const box = { value: '', onChange: nothing, label: 'Find', placeholder: 'Find' };

function Fault(): React.ReactNode {
  throw new Error('the fault');
}

const rows = (active: number) => (
  <div className={styles['rows']}>
    <VirtualRows
      kind="listbox"
      label="Rows"
      count={1000}
      rowPx={24}
      active={active}
      onActive={nothing}
      render={(row) => <span className="mono">row {row}</span>}
    />
  </div>
);

export const SHARED_STORIES: readonly Story[] = [
  {
    name: 'buttons',
    states: [
      {
        name: 'enabled',
        show: () => (
          <Column>
            <button type="button" className="btn">
              Button
            </button>
            <button type="button" className="btn primary">
              Primary
            </button>
            <button type="button" className="btn icon" aria-label="Icon">
              <Cpu size={16} aria-hidden />
            </button>
            <button type="button" className="link">
              link
            </button>
          </Column>
        ),
      },
      {
        name: 'disabled',
        show: () => (
          <Column>
            <button type="button" className="btn" disabled>
              Button
            </button>
            <button type="button" className="btn primary" disabled>
              Primary
            </button>
          </Column>
        ),
      },
      {
        name: 'tags and keys',
        show: () => (
          <Column>
            <span className="tag">tag</span>
            <span>
              <span className="bit">PE</span> <span className="bit off">EM</span>
            </span>
            <span>
              <KeyCap of="next" /> <KeyCap of="tab-memory" /> <KeyCap of="field-step" />
            </span>
          </Column>
        ),
      },
    ],
  },
  {
    name: 'marks',
    states: [
      {
        name: 'severities',
        show: () => (
          <Column>
            {SEVERITIES.map((severity) => (
              <span key={severity} className={`tag ${styles['line']} sev-${severity}`}>
                <SeverityIcon severity={severity} size={12} /> {severity}
              </span>
            ))}
          </Column>
        ),
      },
      {
        name: 'kinds of records',
        show: () => (
          <Column>
            {GROUPS.map((group) => (
              <span key={group} className={`${styles['line']} c-${group}`}>
                <span className="k" /> {group}
              </span>
            ))}
          </Column>
        ),
      },
      {
        name: 'cells of the page map',
        show: () => (
          <Column>
            {SHAPES.map((shape) => (
              <Swatch key={shape} colour="--p-l1" shape={shape} />
            ))}
          </Column>
        ),
      },
      {
        name: 'chevrons',
        show: () => (
          <Column>
            <Chevron open={false} onToggle={nothing} className={undefined} />
            <Chevron open onToggle={nothing} className={undefined} />
          </Column>
        ),
      },
      {
        name: 'digits',
        show: () => (
          <Column>
            <Digits value={0n} digits={16} />
            <Digits value={0x1f_a000n} digits={16} />
            <Digits value={0xffff_ffff_8000_03aan} digits={16} />
          </Column>
        ),
      },
    ],
  },
  {
    name: 'meter',
    states: [0, 0.4, 1].map((share) => ({
      name: `${share * 100} %`,
      show: () => <Meter label="Work" share={share} />,
    })),
  },
  {
    name: 'switch',
    states: (['joined', 'apart'] as const).map((look) => ({
      name: look,
      show: () => (
        <Switch
          label="Choices"
          look={look}
          value="b"
          choices={[
            ['a', 'First'],
            ['b', 'Second'],
            ['c', 'Third'],
          ]}
          onChange={nothing}
        />
      ),
    })),
  },
  {
    name: 'find-box',
    states: [
      { name: 'empty', show: () => <FindBox {...box} /> },
      { name: 'found', show: () => <FindBox {...box} value="cr4" found="3 found" /> },
      { name: 'invalid', show: () => <FindBox {...box} value="/(/" invalid /> },
    ].map(({ name, show }) => ({ name, show: () => <div className={styles['narrow']}>{show()}</div> })),
  },
  {
    name: 'list',
    states: [
      { name: 'nothing active', show: () => rows(-1) },
      { name: 'active', show: () => rows(1) },
      { name: 'scrolled', show: () => rows(500), until: ['row 500'] },
    ],
  },
  {
    name: 'panel',
    width: 320,
    height: 200,
    states: [
      { name: 'loading', show: () => <LoadingPanel /> },
      {
        name: 'empty',
        show: () => <PanelMessage icon={Cpu} title="No vCPUs" text="The stream holds no state of vCPUs." />,
      },
      {
        name: 'error',
        show: () => <PanelMessage icon={Cpu} title="vCPU 0 could not be read" text="the disk gave up" alert />,
      },
      {
        name: 'fault',
        show: () => (
          <ErrorBoundary>
            <Fault />
          </ErrorBoundary>
        ),
      },
    ],
  },
];
