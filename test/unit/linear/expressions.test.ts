/**
 * No regular expression takes time that grows faster than its text. Each of the source, and each that is made of a log
 * line of a rule, is looked through by recheck, which finds a text that it backtracks on, or proves that there is none.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { checkSync } from 'recheck';
import { expect, test } from 'vitest';
import { RULES } from '../../../src/check/rules/register';
import { formatPattern } from '../../../src/lib/printf';

const ROOT = fileURLToPath(new URL('../../../src', import.meta.url));

const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/u.test(path));

/** Every regular expression that stands in a file, as `pattern` and `flags`. */
function expressionsIn(path: string): { readonly pattern: string; readonly flags: string }[] {
  const found: { readonly pattern: string; readonly flags: string }[] = [];
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('regex' in node && typeof node.regex === 'object' && node.regex !== null) {
      const { pattern, flags } = node.regex as { readonly pattern: string; readonly flags: string };
      found.push({ pattern, flags });
    }
    for (const part of Object.values(node)) look(part);
  };
  look(parseSync(path, readFileSync(join(ROOT, path), 'utf8')).program);
  return found;
}

/** A text that the expression backtracks on, as code; undefined where there is none. */
function attack(pattern: string, flags: string): string | undefined {
  const found = checkSync(pattern, flags, { timeout: 60_000, randomSeed: 1 });
  if (found.status === 'safe') return undefined;
  return `/${pattern}/${flags}: ${found.status === 'vulnerable' ? found.attack.pattern : found.error.kind}`;
}

test('those of the source', () => {
  const all = new Map(sources.flatMap(expressionsIn).map((one) => [`${one.flags}/${one.pattern}`, one]));
  expect(all.size).toBeGreaterThan(100);
  expect([...all.values()].flatMap(({ pattern, flags }) => attack(pattern, flags) ?? [])).toEqual([]);
});

test('those made of the log lines of rules', () => {
  const texts = RULES.flatMap(({ log = [] }) => log.map(({ text }) => text));
  // Words make no difference, and of one conversion alone nothing can overlap.
  const kinds = new Set(texts.map((text) => text.replaceAll(/[A-Za-z]{3,}/gu, 'w')));
  const several = [...kinds].filter((text) => (text.match(/%|\{N\}/gu) ?? []).length > 1);
  expect(several.length).toBeGreaterThan(20);
  const patterns = several.map((text) => formatPattern(text));
  expect(patterns.flatMap(({ source, flags }) => attack(source, flags) ?? [])).toEqual([]);
});

test('what backtracks is found', () => {
  expect(attack('^(a+)+$', 'u')).toMatch(/'a'\.repeat/u);
  expect(attack(' +$', 'u')).toMatch(/' '\.repeat/u);
});
