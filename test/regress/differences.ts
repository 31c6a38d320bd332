/** Where two answers differ, in a few words that are the same wherever the difference is of the same kind. */
import { BLOCK_LINES, blocksOf, type Kept, linesOf, type Outcome } from './outcome';

export interface Difference {
  /** The difference with numbers left out: what it is grouped by. */
  readonly kind: string;
  /** As it stands, for an example. */
  readonly shown: string;
}

const SHOWN = 240;
const short = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

/** Words without numbers and without how far they are apart. */
const maskedWords = (text: string): string[] => text.replaceAll(/0x[\da-f]+|\b[\da-f]{6,}\b|\d+/giu, '#').split(/\s+/u);

/** Two texts without the words that both start and end with. */
function changedWords(before: string, after: string): [string, string] {
  const [old, now] = [maskedWords(before), maskedWords(after)];
  const most = Math.min(old.length, now.length);
  let start = 0;
  while (start < most && old[start] === now[start]) start++;
  let end = 0;
  while (end < most - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const middle = (words: readonly string[]): string => short(words.slice(start, words.length - end).join(' '));
  return [middle(old), middle(now)];
}

const signed = (before: string | undefined, after: string | undefined): string =>
  [...(before === undefined ? [] : [`- ${before}`]), ...(after === undefined ? [] : [`+ ${after}`])].join('\n');

function difference(where: string, before: unknown, after: unknown): Difference {
  const [old, now] = [before, after].map((value) => (value === undefined ? undefined : textOf(value)));
  const words = changedWords(old ?? '', now ?? '');
  return {
    kind: `${where.replaceAll(/\[\d+\]/gu, '[]')}\n${words.join('\n')}`,
    shown: `${where}\n${signed(old && short(old), now && short(now))}`,
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** Members of JSON that are words for people. */
const WORDS = new Set(['message', 'text', 'note', 'reason', 'problem', 'title']);

/** All differences between two answers to one command line; `factsOnly` leaves out words for people and what is new. */
export function differences(before: Outcome, after: Outcome, factsOnly = false): Difference[] {
  const found: Difference[] = [];
  if (before.code !== after.code) {
    const words = `exit code ${before.code}, now ${after.code}`;
    found.push({ kind: words, shown: words });
  }
  if (before.file !== after.file) found.push(difference('file', before.file, after.file));
  if (factsOnly) return [...found, ...facts(before.stdout, after.stdout)];
  found.push(...texts('stderr', before.stderr, after.stderr));
  found.push(...kept(before.stdout, after.stdout));
  return found;
}

/** What JSON says without the words in it; nothing where there is no JSON. */
function facts(before: Kept, after: Kept): Difference[] {
  if (typeof before !== 'string' || typeof after !== 'string') return [];
  const [old, now] = [before, after].map((text) => parsedLines(text)?.map((value) => withoutWords(value)));
  if (!old || !now) return [];
  return inLists('line', old, now).filter(({ kind }) => !kind.endsWith(' is new'));
}

const withoutWords = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((one) => withoutWords(one));
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([name]) => !WORDS.has(name));
  return Object.fromEntries(members.map(([name, one]) => [name, withoutWords(one)]));
};

function kept(before: Kept, after: Kept): Difference[] {
  if (typeof before === 'string' && typeof after === 'string') return json(before, after) ?? texts('', before, after);
  const [old, now] = [parts(before), parts(after)];
  if (old.lines !== now.lines) return [difference('long output', `${old.lines} lines`, `${now.lines} lines`)];
  const at = now.blocks.findIndex((block, index) => block !== old.blocks[index]);
  if (at < 0) return [];
  const others = now.blocks.filter((block, index) => block !== old.blocks[index]).length - 1;
  const first = texts('', old.start, now.start.slice(0, old.start.length));
  const where = `long output: lines ${at * BLOCK_LINES} on, and ${others} more blocks`;
  return first.length > 0 ? first : [difference(where, 'other text', 'other text')];
}

function parts(text: Kept): Exclude<Kept, string> {
  if (typeof text !== 'string') return text;
  const lines = linesOf(text);
  return { start: text, lines: lines.length, blocks: blocksOf(lines) };
}

/** Undefined where one of the two is no JSON. */
function json(before: string, after: string): Difference[] | undefined {
  if (before === after) return [];
  const [old, now] = [before, after].map((text) => parsedLines(text));
  if (!old || !now) return undefined;
  const found = old.length === 1 && now.length === 1 ? inValues('', old[0], now[0]) : inLists('line', old, now);
  return found.length > 0 ? found : [difference('JSON', 'members in this order', 'in another')];
}

/** The values of JSON lines; undefined for text. */
const parsedLines = (text: string): unknown[] | undefined =>
  text.startsWith('{')
    ? text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
    : undefined;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function inValues(path: string, before: unknown, after: unknown): Difference[] {
  if (Array.isArray(before) && Array.isArray(after)) return inLists(path, before, after);
  if (isObject(before) && isObject(after) && !Array.isArray(before) && !Array.isArray(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
      name in before && name in after
        ? inValues(`${path}.${name}`, before[name], after[name])
        : [memberOnly(`${path}.${name}`, before[name], after[name])],
    );
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [difference(path, before, after)];
}

/** A member that only one of two objects has is one kind, whatever its value. */
const memberOnly = (path: string, before: unknown, after: unknown): Difference => ({
  kind: `${path.replaceAll(/\[\d+\]/gu, '[]')} ${before === undefined ? 'is new' : 'is gone'}`,
  shown: difference(path, before, after).shown,
});

function inLists(path: string, before: readonly unknown[], after: readonly unknown[]): Difference[] {
  if (before.length === after.length)
    return before.flatMap((one, index) => inValues(`${path}[${index}]`, one, after[index]));
  return hunks(before.map(textOf), after.map(textOf)).flatMap(({ removed, added }) =>
    pairs(removed, added).map(([old, now]) => difference(`${path}[]`, old, now)),
  );
}

function texts(where: string, before: string, after: string): Difference[] {
  if (before === after) return [];
  return hunks(before.split('\n'), after.split('\n')).map(({ removed, added }) =>
    difference(where, removed.length > 0 ? removed.join('\n- ') : undefined, added.join('\n+ ') || undefined),
  );
}

const pairs = <T>(left: readonly T[], right: readonly T[]): [T | undefined, T | undefined][] =>
  Array.from({ length: Math.max(left.length, right.length) }, (_, index) => [left[index], right[index]]);

interface Hunk {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Most lines that are compared each with each. */
const TABLE = 1500;

/** Runs of lines that are only in one of the two, by the longest common subsequence. */
function hunks(before: readonly string[], after: readonly string[]): Hunk[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++;
  const old = before.slice(start, before.length - end);
  const now = after.slice(start, after.length - end);
  if (old.length === 0 && now.length === 0) return [];
  if (old.length > TABLE || now.length > TABLE || old.length === 0 || now.length === 0)
    return [{ removed: old, added: now }];
  return fromTable(old, now, commonLengths(old, now));
}

/** `table[i][j]`: length of the longest common subsequence of what follows i and j. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint16Array[] {
  const table = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--) {
      const [row, next] = [table[i], table[i + 1]];
      if (!row || !next) continue;
      row[j] = old[i] === now[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
    }
  return table;
}

function fromTable(old: readonly string[], now: readonly string[], table: readonly Uint16Array[]): Hunk[] {
  const found: Hunk[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const close = (): void => {
    if (removed.length + added.length > 0) found.push({ removed, added });
    removed = [];
    added = [];
  };
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [left, right] = [old[i], now[j]];
    if (left !== undefined && left === right) {
      close();
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0))) {
      removed.push(left);
      i++;
    } else {
      if (right !== undefined) added.push(right);
      j++;
    }
  }
  close();
  return found;
}
