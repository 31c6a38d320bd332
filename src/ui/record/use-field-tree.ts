/** The rows of the field tree: what is unfolded, or what was found, and which of them is selected. */
import { useDeferredValue, useMemo, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { selectRange } from '../../state/actions';
import { useBytes, useFile, usePlace, useView } from '../shared/use-file';
import { fieldOf } from './field-path';
import { parseQuery, type Query } from './field-query';
import { type FieldRow, fieldRows, type Folds, revealed } from './field-rows';
import { type FieldSearch, searchFields } from './field-search';

const NO_FOLDS: Folds = new Map();

export interface FieldTreeRows {
  readonly rows: readonly FieldRow[];
  /** Position of the active row, which keys act on; −1 for none. */
  readonly at: number;
  /** Whether the active row is that of the selected bytes. */
  readonly isSelected: boolean;
  /** What was looked for; undefined while nothing is. */
  readonly query: Query | undefined;
  readonly search: FieldSearch | undefined;
  /** Position of the active row among what was found; −1 if it was not. */
  readonly current: number;
  /** What was typed has not been looked for to the end. */
  readonly isLooking: boolean;
  /** Folds and unfolds a row, or does which of both `open` says. */
  readonly toggle: (row: FieldRow, open?: boolean) => void;
  /** Selects the bytes of a row. */
  readonly select: (row: FieldRow | undefined) => void;
}

/** Returns the rows of the fields in `nodes`, of those that `text` finds while there is one. */
export function useFieldTree(nodes: readonly FieldNode[], text: string): FieldTreeRows {
  const file = useFile();
  const bytes = useBytes();
  const range = usePlace((place) => place.range);
  const fieldPath = useView((view) => view.fieldPath);
  const [folds, setFolds] = useState(NO_FOLDS);
  const [cursor, setCursor] = useState('');
  const wanted = useDeferredValue(text);
  const query = useMemo(() => parseQuery(wanted), [wanted]);
  const search = useMemo(
    () => (query ? searchFields(bytes, nodes, query, folds) : undefined),
    [nodes, query, folds, bytes],
  );
  const rows = useMemo(() => search?.rows ?? fieldRows(bytes, nodes, folds), [search, nodes, folds, bytes]);
  const selectedPath = useMemo(
    () => (range ? (fieldPath ?? fieldOf(bytes, nodes, range)?.path) : undefined),
    [nodes, range, fieldPath, bytes],
  );

  // A selection made in the bytes unfolds its field, and so does the end of a search around what it has found.
  const [shown, setShown] = useState({ selectedPath, isSearch: search !== undefined });
  if (shown.selectedPath !== selectedPath || shown.isSearch !== (search !== undefined)) {
    setShown({ selectedPath, isSearch: search !== undefined });
    const isHidden = selectedPath !== undefined && !rows.some(({ path }) => path === selectedPath);
    if (isHidden) setFolds(revealed(folds, selectedPath));
  }

  const active = selectedPath ?? cursor;
  return {
    rows,
    at: rows.findIndex(({ path }) => path === active),
    isSelected: selectedPath !== undefined,
    query,
    search,
    current: search?.found.indexOf(active) ?? -1,
    isLooking: text !== wanted || (search?.pending === true && search.found.length === 0),
    toggle: (row, open) => {
      if ('open' in row && row.open !== undefined) setFolds(new Map(folds).set(row.path, open ?? !row.open));
    },
    select: (row) => {
      if (!row) return;
      setCursor(row.path);
      if (row.kind !== 'field') return;
      const { offset, length } = row.node;
      if (length > 0) selectRange(file, { start: offset, end: offset + length }, row.path);
      else selectRange(file, undefined);
    },
  };
}
