/**
 * The filter over the timeline: terms separated by spaces, all of which must hold. A bare word is part of the name;
 * `type:`, `layer:`, `offset:`, `pfn:`, `vcpu:` and `is:` ask for more.
 */
import { uint32Column } from '../lib/column';
import { Signal } from '../lib/signal';
import { parseNumber } from '../lib/number';
import { LAYERS } from '../format/layers';
import { recordNames } from '../format/records';
import { endOfRow, type RecordIndex, type RecordRow } from '../scan/records';

const FILTER_KEYS = ['type', 'layer', 'offset', 'pfn', 'vcpu', 'is'] as const;
type Key = (typeof FILTER_KEYS)[number];
const IS_VALUES = ['damaged', 'unknown', 'optional', 'header'] as const;

/** Decides a row; the record index is at hand for what a row alone does not tell. */
type Test = (row: RecordRow) => boolean;

/** A filter as it was typed, taken apart. */
export interface Filter {
  readonly tests: readonly Test[];
  /** PFNs asked for; the records that hold them are looked up by the worker. */
  readonly pfns: readonly number[];
  /** Why part of the text cannot be understood. */
  readonly problem?: string;
}

function parseRange(text: string): readonly [number, number] | undefined {
  const [from, to] = text.split('..');
  const start = parseNumber(from ?? '');
  const end = to === undefined ? start : parseNumber(to);
  return start === undefined || end === undefined ? undefined : [start, end];
}

const NAMES = recordNames();

const is: Readonly<Record<(typeof IS_VALUES)[number], Test>> = {
  damaged: (row) => row.damaged,
  unknown: (row) => !row.known,
  optional: (row) => row.optional,
  header: (row) => row.kind === 'header',
};

function term(key: Key, value: string): Test | string {
  switch (key) {
    case 'type': {
      const number = /^(?:0x|\d)/iu.test(value) ? parseNumber(value) : undefined;
      if (number !== undefined) return (row) => row.kind === 'record' && row.type === number;
      // The name itself, or its telling end; where no type is called so, part of one.
      const name = value.toUpperCase();
      const isCalled = (full: string): boolean => full === name || full.endsWith(`_${name}`);
      return NAMES.some(isCalled) ? (row) => isCalled(row.name) : (row) => row.name.includes(name);
    }
    case 'layer':
      return LAYERS.some((layer) => layer === value) ? (row) => row.layer === value : `layers are ${LAYERS.join(', ')}`;
    case 'vcpu': {
      const number = parseNumber(value);
      return number === undefined ? 'vcpu: needs a number' : (row) => row.vcpu === number;
    }
    case 'offset': {
      const range = parseRange(value);
      if (!range) return 'offset: needs a number or a range such as 0x1000..0x2000';
      const [from, to] = range;
      return (row) => row.offset <= to && endOfRow(row) > from;
    }
    case 'is': {
      const found = IS_VALUES.find((name) => name === value);
      return found ? is[found] : `is: takes ${IS_VALUES.join(', ')}`;
    }
    case 'pfn':
      return 'pfn: needs a number';
  }
}

/** Reads what was typed into the filter box; words that mean nothing are told in `problem`. */
export function parseFilter(text: string): Filter {
  const tests: Test[] = [];
  const pfns: number[] = [];
  let problem: string | undefined;
  for (const word of text.split(/\s+/u).filter(Boolean)) {
    const colon = word.indexOf(':');
    const key = colon < 0 ? undefined : word.slice(0, colon).toLowerCase();
    const value = word.slice(colon + 1);
    if (key === undefined) {
      const part = word.toUpperCase();
      tests.push((row) => row.name.toUpperCase().includes(part));
      continue;
    }
    const known = FILTER_KEYS.find((name) => name === key);
    const pfn = known === 'pfn' ? parseNumber(value) : undefined;
    if (!known) problem = `${key}: is not a key; known are ${FILTER_KEYS.join(', ')}`;
    else if (value === '') continue;
    else if (pfn !== undefined) pfns.push(pfn);
    else {
      const test = term(known, value);
      if (typeof test === 'string') problem = test;
      else tests.push(test);
    }
  }
  return { tests, pfns, ...(problem === undefined ? {} : { problem }) };
}

/** A filter at work: goes over the index in slices and goes on when records are added. */
export class FilterRun {
  /** Tells that more records were judged. */
  readonly changes = new Signal();
  readonly #records: RecordIndex;
  readonly #tests: readonly Test[];
  readonly #found = uint32Column();
  #next = 0;

  /** `holders` are the records that hold the PFNs asked for; undefined if none were asked for. */
  constructor(records: RecordIndex, filter: Filter, holders: ReadonlySet<number> | undefined) {
    this.#records = records;
    this.#tests = holders ? [...filter.tests, (row) => holders.has(row.index)] : filter.tests;
  }

  get matches(): number {
    return this.#found.length;
  }

  /** Returns the record index of the match at `position`. */
  at(position: number): number {
    return this.#found.at(position);
  }

  /** Judges records until `deadline` (performance.now); returns whether all that there are so far are judged. */
  step(deadline: number): boolean {
    const isDone = this.#judge(deadline);
    this.changes.change();
    return isDone;
  }

  #judge(deadline: number): boolean {
    while (this.#next < this.#records.count) {
      const row = this.#records.row(this.#next);
      if (row && this.#tests.every((test) => test(row))) this.#found.push(this.#next);
      this.#next++;
      if (this.#next % 512 === 0 && performance.now() > deadline) return false;
    }
    return true;
  }
}

/** Returns ways to go on from the last word of the text, best first. */
export function completions(text: string, names: Iterable<string>): string[] {
  const word = text.slice(text.lastIndexOf(' ') + 1);
  if (word === '') return FILTER_KEYS.map((key) => `${key}:`);
  const [key, value] = word.includes(':')
    ? [word.slice(0, word.indexOf(':')), word.slice(word.indexOf(':') + 1)]
    : [undefined, word];
  const values: Partial<Record<string, readonly string[]>> = { type: [...names], layer: LAYERS, is: IS_VALUES };
  const prefix = key === undefined ? '' : `${key}:`;
  const pool = key === undefined ? [...FILTER_KEYS.map((name) => `${name}:`), ...names] : (values[key] ?? []);
  const wanted = value?.toUpperCase() ?? '';
  const hits = pool.filter((option) => option.toUpperCase().includes(wanted) && option.toUpperCase() !== wanted);
  return hits.map((option) => prefix + option).slice(0, 14);
}

/** Returns the text with its last word replaced by a completion. */
export function complete(text: string, choice: string): string {
  const head = text.slice(0, text.lastIndexOf(' ') + 1);
  return choice.endsWith(':') ? head + choice : `${head}${choice} `;
}
