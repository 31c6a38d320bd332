/**
 * `npm run layers`: draws docs/layers.svg from the imports in src: who may use whom, and the folders of each layer in the
 * order in which they build on each other. `--check` draws nothing and fails where the picture is not that of now.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

const PICTURE = 'docs/layers.svg';
const ABOUT = {
  lib: 'ranges, bisection, columns, numbers and bytes as text',
  format: 'what the bytes mean: layouts, record types, paging',
  source: 'where bytes come from: Blob, Node file, memory',
  scan: 'from header to header: records, pages, what a restore takes',
  check: 'would it restore: rules, and the replay that holds them',
  memory: 'the guest’s memory: walks, code, symbols, search, export',
  worker: 'the messages, and the session that runs in a worker',
  state: 'the open file, its jobs, the place and its link',
  ui: 'panels and what they share',
  cli: 'the terminal program: a file for each command',
};

/** Files that a file imports, types included. */
function importsOf(path) {
  const text = readFileSync(path, 'utf8');
  const { module } = parseSync(path, text);
  const names = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest?.value)),
    ...module.dynamicImports.map(({ moduleRequest }) => text.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ];
  return names.filter((name) => name?.startsWith('.')).map((name) => normalize(join(dirname(path), name)));
}

/** Arrows between nodes: each with those that it uses. */
class Graph {
  arrows = new Map();

  node(name) {
    if (!this.arrows.has(name)) this.arrows.set(name, new Set());
    return this.arrows.get(name);
  }

  add(from, to) {
    this.node(to);
    this.node(from).add(to);
  }

  /** All that a node uses, by whatever way. */
  reach(name, seen = new Set()) {
    for (const next of this.arrows.get(name) ?? [])
      if (!seen.has(next)) {
        seen.add(next);
        this.reach(next, seen);
      }
    return seen;
  }

  isCircle = (a, b) => this.reach(a).has(b) && this.reach(b).has(a);

  /** Nodes by how many others they build on, one upon the other; those in a circle stand together. */
  ranks() {
    const names = [...this.arrows.keys()].map(String).toSorted();
    const rank = new Map();
    const rankOf = (name) => {
      if (rank.has(name)) return rank.get(name);
      const circle = names.filter((other) => other === name || this.isCircle(name, other));
      const below = circle.flatMap((one) => [...this.arrows.get(one)]).filter((other) => !circle.includes(other));
      const own = below.length === 0 ? 0 : 1 + Math.max(...below.map(rankOf));
      for (const one of circle) rank.set(one, own);
      return own;
    };
    const rows = [];
    for (const name of names) (rows[rankOf(name)] ??= []).push(name);
    return rows;
  }

  /** Arrows that do not follow from others. */
  direct() {
    return [...this.arrows].flatMap(([from, to]) =>
      [...to]
        .filter((one) => ![...to].some((other) => other !== one && this.reach(other).has(one)))
        .map((one) => [from, one]),
    );
  }
}

const layers = new Graph();
const folders = new Map();
for (const file of readdirSync('src', { recursive: true }).map(String).toSorted()) {
  if (!/\.tsx?$/u.test(file)) continue;
  const [layer, ...rest] = file.split('/');
  layers.node(layer);
  if (!folders.has(layer)) folders.set(layer, new Graph());
  const own = folders.get(layer);
  const folder = rest.length > 1 ? rest[0] : undefined;
  if (folder) own.node(folder);
  for (const path of importsOf(join('src', file))) {
    const [, other, ...others] = path.split('/');
    if (other !== layer) layers.add(layer, other);
    else if (folder && others.length > 1 && others[0] !== folder) own.add(folder, others[0]);
  }
}
const undescribed = [...layers.arrows.keys()].filter((name) => !ABOUT[name]);
if (undescribed.length > 0) throw new Error(`.ci/layers.mjs does not say what ${undescribed.join(', ')} is`);
const circles = [...layers.arrows.keys()].filter((name) => layers.reach(name).has(name));
if (circles.length > 0) throw new Error(`layers in a circle: ${circles.join(', ')}`);

const [WIDTH, MARGIN, GAP, LINE, ROW_GAP] = [960, 20, 24, 18, 34];
/** Of the average letter, in pixels. */
const LETTER = 6.3;

function wrap(parts, width) {
  const lines = [''];
  for (const part of parts) {
    const longer = lines.at(-1) === '' ? part : `${lines.at(-1)} ${part}`;
    if (longer.length * LETTER > width && lines.at(-1) !== '') lines.push(part);
    else lines[lines.length - 1] = longer;
  }
  return lines.filter((line) => line !== '');
}

/** The folders of a layer, the lowest first: `kit ‹ target, log ‹ rules`. */
const foldersOf = (layer) =>
  folders
    .get(layer)
    .ranks()
    .flatMap((names, index) => [
      ...(index === 0 ? [] : ['‹']),
      ...names.map((name, at) => name + (at < names.length - 1 ? ',' : '')),
    ]);

const rows = layers.ranks().toReversed();
const boxes = new Map();
let y = MARGIN;
for (const names of rows) {
  const width = (WIDTH - 2 * MARGIN - GAP * (names.length - 1)) / names.length;
  const texts = names.map((name) => wrap(foldersOf(name), width - 24));
  const height = 50 + Math.max(...texts.map((lines) => lines.length)) * LINE;
  for (const [index, name] of names.entries())
    boxes.set(name, { x: MARGIN + index * (width + GAP), y, width, height, lines: texts[index] });
  y += height + ROW_GAP;
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const box = ([name, { x, y: top, width, height, lines }]) => [
  `  <rect x="${x}" y="${top}" width="${width}" height="${height}" rx="6"/>`,
  `  <text x="${x + 12}" y="${top + 22}"><tspan class="name">${name}</tspan></text>`,
  `  <text x="${x + 12}" y="${top + 40}" class="about">${escaped(ABOUT[name])}</text>`,
  ...lines.map(
    (line, index) => `  <text x="${x + 12}" y="${top + 60 + index * LINE}" class="folders">${escaped(line)}</text>`,
  ),
];

/** Leaves a box where its partner is, as far as the box goes. */
function arrow([from, to]) {
  const [a, b] = [boxes.get(from), boxes.get(to)];
  const left = Math.max(a.x, b.x);
  const right = Math.min(a.x + a.width, b.x + b.width);
  const [x1, x2] = left < right ? [(left + right) / 2, (left + right) / 2] : [a.x + a.width / 2, b.x + b.width / 2];
  return `  <path d="M${x1} ${a.y + a.height} L${x2} ${b.y - 3}" marker-end="url(#head)"/>`;
}

const svg = [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y - ROW_GAP + MARGIN}" role="img" aria-label="The layers of Xenscope and their imports">`,
  '  <!-- Made by `npm run layers` from the imports in src. Do not edit. -->',
  '  <style>',
  '    text { font: 12px system-ui, sans-serif; fill: #24292f }',
  '    .name { font-weight: 600; font-size: 15px }',
  '    .folders { fill: #57606a }',
  '    rect { fill: #f6f8fa; stroke: #8c959f }',
  '    path { stroke: #57606a; fill: none; stroke-width: 1.5 }',
  '    marker path { fill: #57606a; stroke: none }',
  '    @media (prefers-color-scheme: dark) {',
  '      text { fill: #e6edf3 } .folders { fill: #9198a1 } rect { fill: #161b22; stroke: #656c76 }',
  '      path { stroke: #9198a1 } marker path { fill: #9198a1 }',
  '    }',
  '  </style>',
  '  <marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker>',
  ...layers.direct().map(arrow),
  ...[...boxes].flatMap(box),
  '</svg>',
  '',
].join('\n');

if (process.argv.includes('--check')) {
  if (readFileSync(PICTURE, 'utf8') !== svg) {
    console.error(`${PICTURE} is not that of the imports now: npm run layers`);
    process.exitCode = 1;
  }
} else writeFileSync(PICTURE, svg);
