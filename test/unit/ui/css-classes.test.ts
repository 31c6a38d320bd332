/** Class names are strings, which no compiler checks: each that is used must be defined, and each that is defined used. */
import { preprocessCSS, resolveConfig } from 'vite';
import { expect, test } from 'vitest';
import { classUses, uiFiles } from '../../fixtures/page/class-uses';

const sheets = uiFiles('.module.css', 'base.css');
const uses = [...uiFiles('.tsx', '.ts')].flatMap(([file, code]) => classUses(file, code));

/** Classes that a style sheet defines, as the build sees them. */
async function definedIn(sheet: string, css: string): Promise<readonly string[]> {
  // Rules of the page itself are read as a module too, so that their classes are listed.
  const path = `${import.meta.dirname}/${sheet.replace(/(?<!\.module)\.css$/u, '.module.css')}`;
  const { modules = {} } = await preprocessCSS(css, path, await config);
  // Animations and ids are listed too.
  return Object.keys(modules).filter((name) => css.includes(`.${name}`));
}

const config = resolveConfig({ configFile: false, logLevel: 'silent' }, 'build');
const defined = new Map(
  await Promise.all([...sheets].map(async ([sheet, css]) => [sheet, await definedIn(sheet, css)] as const)),
);

test('every class is named where it is used', () => {
  expect(uses.filter(({ name }) => name === undefined)).toEqual([]);
});

test('every class that is used is defined', () => {
  const missing = uses.filter(({ sheet, name = '', isPrefix = false }) => {
    const classes = defined.get(sheet) ?? [];
    return isPrefix ? !classes.some((one) => one.startsWith(name)) : !classes.includes(name);
  });
  expect(missing).toEqual([]);
});

test('every class that is defined is used', () => {
  const unused = [...defined].flatMap(([sheet, classes]) => {
    const of = uses.filter((use) => use.sheet === sheet);
    return classes
      .filter((one) => !of.some(({ name = '', isPrefix }) => (isPrefix ? one.startsWith(name) : one === name)))
      .map((one) => `${sheet}: ${one}`);
  });
  expect(unused).toEqual([]);
});

test('a wrong class is found, however it is written', () => {
  const code = `
    import styles from './a.module.css';
    export const A = ({ on, kind }) => (
      <p className={\`\${styles['one']} \${on === 'three' ? styles.two : 'four'} five-\${kind} six\`} title={styles[kind]} />
    );`;
  const found = classUses('x/a.tsx', code).map(({ sheet, name, isPrefix }) => [sheet, name, isPrefix]);
  expect(found).toEqual(
    expect.arrayContaining([
      ['x/a.module.css', 'one', undefined],
      ['x/a.module.css', 'two', undefined],
      ['x/a.module.css', undefined, undefined],
      ['base.css', 'four', false],
      ['base.css', 'five-', true],
      ['base.css', 'six', false],
    ]),
  );
  expect(found).toHaveLength(6);
});
