/** Answers on disk: a compressed file of JSON lines for each group of subjects, and the images that were built. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { keyOf, type Outcome } from './outcome';
import type { Subject } from './subjects';

const BUILT = 'images';

const pathOf = (folder: string, group: string): string => join(folder, `${group.replaceAll(' ', '-')}.jsonl.gz`);

function save(folder: string, group: string, values: readonly unknown[]): void {
  mkdirSync(folder, { recursive: true });
  const packed = gzipSync(values.map((value) => JSON.stringify(value)).join('\n'), { level: 3 });
  writeFileSync(pathOf(folder, group), packed);
}

function load<T>(folder: string, group: string): T[] {
  const path = pathOf(folder, group);
  if (!existsSync(path)) return [];
  const text = gunzipSync(readFileSync(path)).toString();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

export const saveOutcomes = (folder: string, group: string, outcomes: readonly Outcome[]): void =>
  save(folder, group, outcomes);

export const loadOutcomes = (folder: string, group: string): Map<string, Outcome> =>
  new Map(load<Outcome>(folder, group).map((outcome) => [keyOf(outcome), outcome]));

export const saveBuilt = (folder: string, subjects: readonly Subject[]): void => save(folder, BUILT, subjects);

/** The images as they were built when the folder was made. */
export const loadBuilt = (folder: string): Subject[] => load<Subject>(folder, BUILT);

/** The groups of answers in a folder. */
export const savedGroups = (folder: string): string[] =>
  readdirSync(folder)
    .map((file) => file.replace(/\.jsonl\.gz$/u, ''))
    .filter((group) => group !== BUILT);
