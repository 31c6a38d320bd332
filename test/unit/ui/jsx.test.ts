/** What the JSX runtime does to an element, and that every component goes through it. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Expression, parseSync, type Span, Visitor } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { jsx, jsxs } from '../../../src/ui/jsx/jsx-runtime';

/** The properties of an element, with the text of a `<bdi>` in brackets. */
const propsOf = (type: 'span' | 'p' | 'option' | 'input', props: object): unknown =>
  JSON.parse(
    JSON.stringify(jsx(type, props).props, (_, value: unknown) =>
      isElement(value) && value.type === 'bdi' ? `[${String(value.props.children)}]` : value,
    ),
  );

const isElement = (value: unknown): value is { readonly type: unknown; readonly props: Record<string, unknown> } =>
  typeof value === 'object' && value !== null && 'type' in value && 'props' in value;

describe('an element', () => {
  test.each([
    ['what is seen stays', 'vCPU’s 4\u2009096 “x” 😀', 'vCPU’s 4\u2009096 “x” 😀'],
    ['what is not stands by itself, escaped', 'a\u001b[31m\u202eb', String.raw`[a\u001b[31m\u202eb]`],
    ['what runs from right to left stands by itself', 'שלום', '[שלום]'],
    ['Arabic, and letters of old scripts', 'سلام', '[سلام]'],
    ['a line end in a value', 'a\nb', String.raw`[a\nb]`],
  ])('%s', (_, text, shown) => {
    expect(propsOf('span', { children: text })).toEqual({ children: shown });
    expect(propsOf('p', { children: ['before ', text, [text, 7]] })).toEqual({
      children: ['before ', shown, [shown, 7]],
    });
  });

  test('an option holds nothing but text', () => {
    expect(propsOf('option', { children: 'a\u202e' })).toEqual({ children: String.raw`a\u202e` });
  });

  test('tips and names keep their lines; a value that is edited stays as it is', () => {
    const props = { title: 'a\n\u202eb', 'data-tip': '\u001b', 'aria-label': '\u009b', value: '\u202e' };
    expect(propsOf('input', props)).toEqual({
      title: 'a\n\\u202eb',
      'data-tip': String.raw`\u001b`,
      'aria-label': String.raw`\u009b`,
      value: '\u202e',
    });
  });

  test('its properties are those that were given, where there is nothing to do', () => {
    const children = ['a', 'b'];
    const { children: given } = jsxs('p', { children }).props as { readonly children: unknown };
    expect(given).toBe(children);
  });
});

const root = fileURLToPath(new URL('../../../src/ui/', import.meta.url));

/** What a component returns that is no element, no call and no word of its own: text would go past the runtime. */
function bare(value: Expression | null): Span[] {
  switch (value?.type) {
    case 'ConditionalExpression':
      return [...bare(value.consequent), ...bare(value.alternate)];
    case 'LogicalExpression':
      return bare(value.right);
    case 'ArrayExpression':
      return value.elements.flatMap((one) => bare(one?.type === 'SpreadElement' ? one.argument : one));
    case 'MemberExpression':
      return value.property.type === 'Identifier' && value.property.name === 'children' ? [] : [value];
    case 'Identifier':
      return value.name === 'undefined' ? [] : [value];
    case 'TemplateLiteral':
      return [value];
    default:
      return [];
  }
}

test('no component returns a text that is no element', () => {
  const files = readdirSync(root, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.tsx'));
  expect(files.length).toBeGreaterThan(100);
  const found: string[] = [];
  for (const file of files) {
    const source = readFileSync(`${root}${file}`, 'utf8');
    const say = ({ start, end }: Span): void => void found.push(`${file}: ${source.slice(start, end)}`);
    const open: boolean[] = [];
    const isComponent = ({ returnType }: { readonly returnType?: Span | null }): boolean =>
      returnType !== undefined &&
      returnType !== null &&
      source.slice(returnType.start, returnType.end).includes('ReactNode');
    const leave = (): void => void open.pop();
    new Visitor({
      FunctionDeclaration: (node) => void open.push(isComponent(node)),
      'FunctionDeclaration:exit': leave,
      FunctionExpression: (node) => void open.push(isComponent(node)),
      'FunctionExpression:exit': leave,
      ArrowFunctionExpression: (node) => {
        open.push(isComponent(node));
        if (isComponent(node) && node.body.type !== 'BlockStatement') bare(node.body).forEach(say);
      },
      'ArrowFunctionExpression:exit': leave,
      ReturnStatement: ({ argument }) => {
        if (open.at(-1)) bare(argument).forEach(say);
      },
    }).visit(parseSync(file, source).program);
  }
  expect(found).toEqual([]);
});
