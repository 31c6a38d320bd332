/** The xenstore entries of the device model, as the tree of their paths. */
import { useMemo, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { grouped } from '../../lib/text';
import type { DecodedRecord } from '../../state/decoded';
import { XENSTORE_ENTRIES } from '../../format/libxl/xenstore-data';
import { FindBox } from '../shared/find-box';
import { RecordLink } from '../shared/links';
import { fieldList, matchingRows } from './field-list';
import { Frame } from './frame';
import { TreeView } from './tree-view';

interface Props {
  readonly parts: React.ReactNode;
  readonly decoded: DecodedRecord;
}

/** Key and value of an entry are its name and text in the tree. */
const entriesOf = (nodes: readonly FieldNode[]): FieldNode[] =>
  nodes.map((node) => {
    const { children, ...rest } = node;
    return node.value === null && children ? { ...rest, children: entriesOf(children) } : rest;
  });

/** Shows the xenstore entries of the device model as the tree of their paths, with a search. */
export function XenstoreView({ parts, decoded: { row, nodes } }: Props): React.ReactNode {
  const entries = nodes.find(({ name }) => name === XENSTORE_ENTRIES);
  const list = useMemo(() => fieldList(entriesOf(entries?.children ?? [])), [entries]);
  const [wanted, setWanted] = useState('');
  return (
    <Frame
      parts={parts}
      title={
        <>
          {entries?.text ?? 'No entries'} of the device model · <RecordLink record={row.index} />
        </>
      }
      problem={entries?.problem}
      tools={
        <FindBox
          value={wanted}
          onChange={setWanted}
          placeholder="Find"
          label="Find in the xenstore entries"
          found={wanted === '' ? '' : `${grouped(matchingRows(list, wanted).hits)} found`}
        />
      }
    >
      <TreeView list={list} label="Xenstore entries" wanted={wanted} />
    </Frame>
  );
}
