/** Configurations as trees: JSON, xl.cfg, XML. Each value has its bytes; what lies or is cut says so and never throws. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Body, FieldNode } from '../../../src/format/kit/node';
import { readCfg } from '../../../src/format/text/cfg';
import { readJson } from '../../../src/format/text/json';
import { readXml } from '../../../src/format/text/xml';
import { nodeAt, walkNodes } from '../../fixtures/nodes';

const OFFSET = 700;
const encoder = new TextEncoder();

const bodyOf = (bytes: Uint8Array): Body => ({
  bytes,
  offset: OFFSET,
  length: bytes.length,
  claimed: bytes.length,
  littleEndian: true,
});
const json = (text: string): FieldNode => readJson(bodyOf(encoder.encode(text)), 'JSON');
const cfg = (text: string): FieldNode[] => readCfg(bodyOf(encoder.encode(text)));
const xml = (text: string): FieldNode[] => readXml(bodyOf(encoder.encode(text)));

/** `name=text` of each node, those within in brackets, `!` where something is wrong. */
const shape = (nodes: readonly FieldNode[]): string =>
  nodes
    .map(({ name, text, children, problem }) => {
      const inside = children ? `(${shape(children)})` : '';
      return `${name}=${text}${inside}${problem === undefined ? '' : '!'}`;
    })
    .join(' ');

const problems = (nodes: readonly FieldNode[]): string[] =>
  [...walkNodes(nodes)].flatMap(({ problem }) => (problem === undefined ? [] : [problem]));

/** The bytes of the file that a node stands for. */
const textOf = (text: string, { offset, length }: FieldNode): string =>
  new TextDecoder().decode(encoder.encode(text).subarray(offset - OFFSET, offset - OFFSET + length));

describe('JSON', () => {
  test('values with their places', () => {
    const text = '{ "a": [1, "x"],\n "é": {"b": true, "n": null}, "big": 18446744073709551615, "f": -1.5e3 }';
    const root = json(text);
    expect(shape([root])).toBe(
      'JSON={ 4 }(a=[ 2 ]([0]=1 [1]="x") é={ 2 }(b=true n=null) big=18446744073709551615 f=-1.5e3)',
    );
    expect(nodeAt(root.children ?? [], 'big').value).toBe(18_446_744_073_709_551_615n);
    expect(nodeAt(root.children ?? [], 'f').value).toBe(-1500);
    expect(nodeAt(root.children ?? [], 'a.[1]')).toMatchObject({ value: 'x', offset: OFFSET + 11, length: 3 });
    expect(textOf(text, nodeAt(root.children ?? [], 'é'))).toBe('{"b": true, "n": null}');
  });

  test('names like __proto__ are names, and given twice a problem', () => {
    const root = json('{"__proto__": 1, "constructor": 2, "a": 3, "a": 4}');
    expect(shape(root.children ?? [])).toBe('__proto__=1 constructor=2 a=3 a=4!');
    expect(problems(root.children ?? [])).toEqual(['this name was there before']);
  });

  test.each([
    ['{"a": [1, {"b": "x', 'JSON={ 1 }(a=[ 2 ]([0]=1 [1]={ 1 }(b="x"!)!)!)!'],
    ['{"a": 1, "b"', 'JSON={ 2 }(a=1 b=—!)!'],
    ['{"a": 1 "b": 2}', 'JSON={ 1 }(a=1)!'],
    ['[1,]', 'JSON=[ 2 ]([0]=1 [1]=—!)!'],
    ['[01, -, 1.e5]', 'JSON=[ 3 ]([0]=01! [1]=-! [2]=1.e5!)!'],
    ['["\\q", "a\tb"]', 'JSON=[ 2 ]([0]="\\\\q"! [1]="a\\tb"!)!'],
    ['{} x', 'JSON={ 0 }()!'],
    ['', 'JSON=—!'],
    ['nope', 'JSON=—!'],
  ])('%s', (text, wanted) => {
    expect(shape([json(text)])).toBe(wanted);
  });

  test('bytes that are no UTF-8 keep a character each', () => {
    const root = readJson(bodyOf(Uint8Array.of(0x5b, 0x22, 0xff, 0x41, 0x22, 0x5d)), 'JSON');
    expect(root.children?.[0]).toMatchObject({ value: 'ÿA', problem: 'not valid UTF-8' });
  });

  test('depth and number of values are bounded', () => {
    const deep = json('['.repeat(100_000));
    expect(deep.problem).toBe('expected no more than 64 levels');
    expect([...walkNodes([deep])]).toHaveLength(65);
    const long = json(`[${'1,'.repeat(200_000)}1]`);
    expect(long.problem).toBe('too many values: what follows is left out');
    expect(long.children).toHaveLength(20_000);
  });

  test.prop([fc.jsonValue()])('whatever can be written is read, and the bytes of each leaf are its value', (value) => {
    const text = JSON.stringify(value);
    const root = json(text);
    expect(problems([root])).toEqual([]);
    for (const node of walkNodes([root])) {
      const own: unknown = JSON.parse(textOf(text, node));
      if (node.children) expect(node.children).toHaveLength(Object.keys(Object(own)).length);
      else expect([node.text, String(node.value)]).toEqual([JSON.stringify(own), String(own)]);
    }
  });
});

describe('xl.cfg', () => {
  test('settings with their places', () => {
    const text =
      "# a guest\nname = \"vm-1\"; vcpus=2\r\nmemory = 0x100 # MiB\ndisk = [ 'a,b',\n # more\n \"c\", ]\nextra += 'q\\'s'";
    const nodes = cfg(text);
    expect(shape(nodes)).toBe(
      `comment=# a guest name="vm-1" vcpus=2 memory=0x100 comment=# MiB disk=[ 2 ]([0]="a,b" [1]="c") extra="q's"`,
    );
    expect(nodes.map(({ value }) => value)).toEqual(['# a guest', 'vm-1', 2, 256, '# MiB', null, "q's"]);
    expect(nodes.map((node) => textOf(text, node)).slice(1, 4)).toEqual(['"vm-1"', '2', '0x100']);
    expect(nodes.at(-1)?.note).toBe('added to what is set before');
  });

  test('what makes no sense is kept as it stands, and reading goes on behind it', () => {
    expect(shape(cfg('Name = 1\n= 2\nx = y\nz = [ 1 2 ]\nw = "open\nlast = 010'))).toBe(
      'Name=1! line== 2! x=y! line=z = [ 1 2 ]! w="open"! last=010',
    );
    expect(cfg('a = 010')[0]?.value).toBe('010');
    expect(problems(cfg('a = [ [ 1, 2 ], "x\\q" ]'))).toContain('an escape that is not resolved');
    expect(problems(cfg(`a = ${'['.repeat(5000)}`))[0]).toMatch(/64 levels/u);
  });
});

describe('XML', () => {
  test('elements, attributes and text with their places', () => {
    const text = `<?xml version="1.0"?>\n<domain type='xen' id="3">\n  <name>a &amp; b&#33;</name><empty/>\n  <!-- note --><memory unit='KiB'>4096</memory>\n</domain>\n`;
    const nodes = xml(text);
    expect(shape(nodes)).toBe(
      `instruction=xml version="1.0" domain=type='xen' id="3"(@type=xen @id=3 name=a & b! empty= comment=note memory=4096(@unit=KiB))`,
    );
    expect(problems(nodes)).toEqual([]);
    const domain = nodeAt(nodes, 'domain');
    expect(textOf(text, nodeAt(domain.children ?? [], '@type'))).toBe('xen');
    expect(textOf(text, nodeAt(domain.children ?? [], 'memory'))).toBe("<memory unit='KiB'>4096</memory>");
  });

  test('entities of the file are not expanded', () => {
    const text = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;&x;</a>';
    expect(problems(xml(text))[0]).toBe('declarations are not followed');
    expect(shape(xml('<a>&x;&lt;</a>'))).toBe('a=&x;<');
  });

  test.each([
    ['<a><b>x</a>', 'a=(b=x!)!'],
    ['<a b=c>', 'a=b=!'],
    ['<a b="1" b="2"/>', 'a=b="1" b="2"(@b=1 @b=2!)!'],
    ['<a><b', 'a=(b=!)!'],
    ['</a>', ''],
    ['<a/><!-- x', 'a= comment=x!'],
  ])('%s', (text, wanted) => {
    expect(shape(xml(text))).toBe(wanted);
  });

  test('depth is bounded', () => {
    expect(problems(xml('<a>'.repeat(50_000)))[0]).toMatch(/64 levels/u);
  });
});

/** Text that is nearly right: pieces of the three languages. */
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        ':',
        ',',
        '<',
        '</',
        '/>',
        '>',
        '=',
        "'",
        '\\',
        '\n',
        '#',
        ';',
        'a',
        '&#x41;',
      ),
      fc.constantFrom('<a ', '"k":', 'x = ', '<!--', '-->', '<![CDATA[', '+=', '1', 'true', '\0', 'é'),
    ),
    { maxLength: 300 },
  )
  .map((list) => encoder.encode(list.join('')));

describe.each([
  ['JSON', (body: Body): FieldNode[] => [readJson(body, 'JSON')]],
  ['xl.cfg', readCfg],
  ['XML', readXml],
])('%s out of a hostile file', (_name, read) => {
  test.prop([fc.oneof(pieces, fc.uint8Array({ maxLength: 2000 }))], { numRuns: 400 })('stays within it', (bytes) => {
    let count = 0;
    const within = (nodes: readonly FieldNode[], from: number, to: number): void => {
      for (const node of nodes) {
        count++;
        expect(node.offset >= from && node.length >= 0 && node.offset + node.length <= to, node.name).toBe(true);
        within(node.children ?? [], node.offset, node.offset + node.length);
      }
    };
    within(read(bodyOf(bytes)), OFFSET, OFFSET + bytes.length);
    expect(count).toBeLessThanOrEqual(bytes.length + 1);
  });
});
