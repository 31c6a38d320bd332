/** The fields of a record as a tree, linked to the bytes both ways, and the box that looks for one. */
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import type { DecodedRecord } from '../../state/decoded';
import type { Answer } from '../shared/use-answer';
import { useEnter } from '../shared/use-enter';
import { spoken } from './about';
import { FieldTip, useTip } from './field-tip';
import { FindBox } from './find-box';
import { TreeList } from './tree-list';
import { useFieldTree } from './use-field-tree';
import styles from './record.module.css';

interface Props {
  readonly decoded: Answer<DecodedRecord>;
  readonly record: number | undefined;
}

/** Shows the fields of a record: on their way, decoded, or why they could not be read. */
export function FieldTree({ decoded, record }: Props): React.ReactNode {
  // Kept from record to record of one kind.
  const [text, setText] = useState('');
  if (decoded.state === 'failed') {
    return (
      <div className={styles['failed']} role="alert">
        <TriangleAlert size={16} aria-hidden />
        <p>The record could not be read: {decoded.reason}.</p>
      </div>
    );
  }
  return decoded.state === 'loading' ? (
    <div className={styles['fields']}>
      <FindBox text={text} onText={setText} search={undefined} current={-1} onStep={() => undefined} />
      <Head />
      <Loading />
    </div>
  ) : (
    <Tree key={record} nodes={decoded.value.nodes} text={text} onText={setText} />
  );
}

const Head = (): React.ReactNode => (
  <div className={`${styles['fieldHead']} cap`} aria-hidden>
    <span>Field</span>
    <span>Value</span>
  </div>
);

function Loading(): React.ReactNode {
  return (
    <output className={styles['loading']} aria-label="Reading the record">
      {[120, 84, 160, 96, 132].map((width) => (
        <i key={width} style={{ width }} />
      ))}
    </output>
  );
}

interface TreeProps {
  readonly nodes: readonly FieldNode[];
  readonly text: string;
  readonly onText: (text: string) => void;
}

function Tree({ nodes, text, onText }: TreeProps): React.ReactNode {
  const tree = useFieldTree(nodes, text);
  const { rows, at, search, current } = tree;
  const tip = useTip();
  const step = useEnter(text, tree.isLooking, (by: 1 | -1) => {
    const found = search?.found ?? [];
    // From a place of its own the next one is the first, the previous the last.
    const next = current < 0 && by < 0 ? found.length - 1 : (current + by + found.length) % found.length;
    tree.select(rows.find(({ path }) => path === found[next]));
  });
  const onEscape = (): boolean => {
    onText('');
    return text !== '';
  };
  const active = rows[at];
  return (
    <div className={styles['fields']}>
      <FindBox text={text} onText={onText} search={search} current={current} onStep={step} />
      <Head />
      <TreeList nodes={nodes} tree={tree} tip={tip} onEscape={onEscape} />
      {search?.limits.map((limit) => (
        <p key={limit} className={styles['limit']}>
          Not searched to the end: {limit}.
        </p>
      ))}
      <p id="field-about" className="sr">
        {active?.kind === 'field' && spoken(active.node)}
      </p>
      <FieldTip shown={tip.shown} />
    </div>
  );
}
