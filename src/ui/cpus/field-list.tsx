/** Fields of a structure as registers: value, bits, meaning. Groups become headings, short arrays their elements. */
import { type FieldNode, saysNothing } from '../../format/kit/node';
import { hex } from '../../lib/text';
import type { Bytes } from '../../source/cached';
import { SymbolName } from '../shared/symbol-name';
import { MemoryLink } from '../shared/memory-link';
import { useBytes } from '../shared/use-file';
import { itemAt } from '../shared/use-fields';
import { Chips, Note } from './chips';
import { pairFields, useComparison } from './compare';
import { Value } from './value';
import styles from './registers.module.css';

/** Elements of an array shown; longer ones are in the Record tab. */
const ITEM_LIMIT = 64;

/** Returns the elements of a long array, as far as their bytes are there. */
interface Items {
  readonly list: readonly FieldNode[];
  /** Some are on their way. */
  readonly isLoading: boolean;
  /** Why some could not be read. */
  readonly failed: string | undefined;
}

function* loadedOf(bytes: Bytes, node: FieldNode | undefined, limit: number) {
  const { items } = node ?? {};
  if (!items) return;
  for (let index = 0; index < Math.min(items.count, limit); index++) yield itemAt(bytes, items, index);
}

function itemsOf(bytes: Bytes, node: FieldNode | undefined, limit: number): Items {
  const list: FieldNode[] = [];
  let isLoading = false;
  let failed: string | undefined;
  for (const item of loadedOf(bytes, node, limit)) {
    if (item === 'loading') isLoading = true;
    else if ('failed' in item) failed = item.failed;
    else list.push(item);
  }
  return { list, isLoading, failed };
}

/**
 * Returns the elements of a long array, made pairs with those of the other vCPU: the nth with the nth, or by what `key` says of
 * them.
 */
export function useItems(
  node: FieldNode | undefined,
  limit = ITEM_LIMIT,
  key = ({ name }: FieldNode): string => name,
): Items {
  const bytes = useBytes();
  const comparison = useComparison();
  const ours = itemsOf(bytes, node, limit);
  const other = node && comparison?.pairs.get(node);
  if (comparison && other) {
    const keyed = (items: readonly FieldNode[]): FieldNode[] => items.map((item) => ({ ...item, name: key(item) }));
    const { list: theirs } = itemsOf(bytes, other, limit);
    pairFields(keyed(ours.list), keyed(theirs), comparison.pairs);
    const byKey = new Map(theirs.map((item) => [key(item), item]));
    for (const item of ours.list) {
      const pair = byKey.get(key(item));
      if (pair) comparison.pairs.set(item, pair);
    }
  }
  return ours;
}

/** Says that elements are missing because they could not be read. */
export const NotRead = ({ items: { failed } }: { readonly items: Items }): React.ReactNode =>
  failed !== undefined && (
    <p className={styles['none']} role="alert">
      Not all could be read: {failed}
    </p>
  );

/** Longest hex value shown with all its digits. */
const DIGITS_LIMIT = 16;

/** Shows a value as its field wants it: registers with all digits, others as text. */
export function FieldValue({ node }: { readonly node: FieldNode }): React.ReactNode {
  const { value, text, length } = node;
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const isRegister = isNumber && text.length <= DIGITS_LIMIT && text === hex(value, length * 2);
  return isRegister ? <Value node={node} /> : <Value node={node} text={text} />;
}

function Row({ node, name = node.name }: { readonly node: FieldNode; readonly name?: string }): React.ReactNode {
  return (
    <div className={styles['register']}>
      <dt>{name}</dt>
      <dd>
        <FieldValue node={node} />
        <MemoryLink node={node} stop />
        <SymbolName node={node} />
        <Note node={node} />
        <Chips node={node} more />
      </dd>
    </div>
  );
}

function Items({ node }: { readonly node: FieldNode }): React.ReactNode {
  const { list, failed } = useItems(node);
  return (
    <>
      {failed !== undefined && (
        <div className={styles['register']}>
          <dt>{node.name}</dt>
          <dd role="alert">not readable: {failed}</dd>
        </div>
      )}
      {list.map((item) =>
        item.children && item.value === null ? (
          <Rows key={item.offset} nodes={item.children} prefix={`${node.name}${item.name} `} />
        ) : (
          <Row key={item.offset} node={item} name={`${node.name}${item.name}`} />
        ),
      )}
    </>
  );
}

function Rows({
  nodes,
  prefix = '',
}: {
  readonly nodes: readonly FieldNode[];
  readonly prefix?: string;
}): React.ReactNode {
  return nodes
    .filter((node) => !saysNothing(node))
    .map((node) => {
      const key = `${node.offset}${node.name}`;
      if (node.items) return <Items key={key} node={node} />;
      if (node.value === null && node.children) return <Rows key={key} nodes={node.children} prefix={prefix} />;
      return <Row key={key} node={node} name={prefix + node.name} />;
    });
}

/** Shows the fields of a structure as rows of name, value, bits and meaning; fields that say nothing are left out. */
export function FieldList({ nodes }: { readonly nodes: readonly FieldNode[] }): React.ReactNode {
  const longest = Math.max(
    8,
    ...nodes.filter((node) => !saysNothing(node)).map(({ name, items }) => name.length + (items ? 4 : 0)),
  );
  return (
    <dl style={{ '--name': `${longest}ch` }}>
      <Rows nodes={nodes} />
    </dl>
  );
}
