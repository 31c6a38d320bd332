/**
 * Holds what is written in the sources to the rules of CONTRIBUTING.md: every exported function has a doc comment that
 * starts with a verb, each doc comment is a sentence that stands alone, and vCPU is spelled as Xen spells it. `--list`
 * names every place, a path after it those below it only.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

/** Words that a doc comment which is no sentence starts with: what they lean on stands elsewhere. */
const FRAGMENT = /^(?:Of|By|In|As|At|With|Without|Behind|From|For|The same)\b/u;
/**
 * Words that the doc comment of an exported function starts with: what the function does, in the third person. A new
 * verb is added here.
 */
const VERBS = new Set(
  `
   Adds Applies Asks Breaks Brings Changes Checks Chooses Closes Compares Compiles Copies Cuts Decodes
   Describes Disassembles Draws Encodes Ends Enters Explains Exports Fills Finds Fits Folds Follows Gives
   Goes Guesses Handles Hands Infers Joins Keeps Lets Lists Loads Looks Makes Maps Moves Names Notes Offers
   Opens Packs Paints Parses Picks Pins Places Plans Plays Prints Puts Ranks Reads Remembers Resolves
   Returns Rounds Runs Says Searches Selects Sets Shares Shows Sizes Starts Sums Takes Tells Tests
   Translates Turns Unpacks Updates Walks Writes Yields
  `
    .trim()
    .split(/\s+/u),
);
/** `X86_PV_VCPU_BASIC` and its like are names. */
const SPELLING = /(?<!\w)VCPUs?(?!\w)/u;

const filesIn = (folder, ending) =>
  readdirSync(folder, { recursive: true })
    .filter((file) => ending.test(file))
    .map((file) => join(folder, file))
    .toSorted();

const lineAt = (text, offset) => text.slice(0, offset).split('\n').length;
const wordsOf = (comment) => comment.replaceAll(/^[*\s]+|\s*\n\s*\*?\s*/gu, ' ').trim();
const isDoc = ({ type, value }) => type === 'Block' && value.startsWith('*');
const isFunction = (node) => /^(?:Arrow)?Function(?:Declaration|Expression)?$/u.test(node?.type ?? '');

/** Names of the functions that a statement exports, with where it starts. */
function exportedFunctions(statement) {
  const { declaration } = statement;
  if (statement.type !== 'ExportNamedDeclaration' && statement.type !== 'ExportDefaultDeclaration') return [];
  if (/^(?:TSDeclare)?Function/u.test(declaration?.type ?? '')) return [declaration.id?.name ?? 'default'];
  if (declaration?.type !== 'VariableDeclaration') return [];
  return declaration.declarations.flatMap(({ id, init }) =>
    isFunction(init) || init?.type === 'ArrowFunctionExpression' ? [id.name] : [],
  );
}

function inSource(path) {
  const text = readFileSync(path, 'utf8');
  const { program, comments } = parseSync(path, text);
  const docs = comments.filter(isDoc);
  const found = [];
  const add = (kind, offset, what) => found.push({ kind, path, line: lineAt(text, offset), what });
  const documented = new Set();
  for (const statement of program.body) {
    const doc = docs.find(({ end }) => end <= statement.start && text.slice(end, statement.start).trim() === '');
    for (const name of exportedFunctions(statement)) {
      // Of an overloaded function the first signature has it.
      if (doc) documented.add(name);
      const [first = ''] = doc ? wordsOf(doc.value).split(/[\s,.:;]/u) : [];
      if (doc && !VERBS.has(first)) add('no verb', doc.start, wordsOf(doc.value).slice(0, 80));
      if (!documented.has(name)) add('no doc comment', statement.start, name);
    }
  }
  for (const { value, start } of docs)
    if (FRAGMENT.test(wordsOf(value))) add('fragment', start, wordsOf(value).slice(0, 80));
  const spelled = (offset, words) => {
    if (SPELLING.test(words)) add('VCPU', offset, words.trim().slice(0, 80));
  };
  // Xen's own lines of the log are kept as Xen prints them.
  const lines = [];
  new Visitor({
    Property: ({ key, value }) => {
      if (key.type === 'Identifier' && /^(?:log|debugLog|lines?)$/u.test(key.name))
        lines.push([value.start, value.end]);
    },
  }).visit(program);
  const isLog = ({ start }) => lines.some(([from, to]) => start >= from && start < to);
  new Visitor({
    Literal: (node) => {
      if (typeof node.value === 'string' && !isLog(node)) spelled(node.start, node.value);
    },
    TemplateElement: (node) => {
      if (!isLog(node)) spelled(node.start, node.value.raw);
    },
    JSXText: (node) => spelled(node.start, node.value),
  }).visit(program);
  return found;
}

/** Spelling only; what stands in code is the program's or Xen's. */
function inDocument(path) {
  let code = false;
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((words, index) => {
      if (words.startsWith('```')) code = !code;
      const prose = words.replaceAll(/`[^`]*`/gu, '');
      return !code && SPELLING.test(prose) ? [{ kind: 'VCPU', path, line: index + 1, what: words.slice(0, 80) }] : [];
    });
}

const found = [
  ...filesIn('src', /\.tsx?$/u).flatMap(inSource),
  ...['README.md', ...filesIn('docs', /\.md$/u)].flatMap(inDocument),
];
const [option, below = ''] = process.argv.slice(2);
if (option === '--list')
  for (const { kind, path, line, what } of found)
    if (path.startsWith(below)) console.log(`${path}:${line}: ${kind}: ${what}`);
const counts = {};
for (const { kind, path } of found) {
  const folder = path
    .split('/')
    .slice(0, path.startsWith('src') ? 2 : 1)
    .join('/');
  counts[folder] ??= { 'no doc comment': 0, 'no verb': 0, fragment: 0, VCPU: 0 };
  counts[folder][kind]++;
}
if (found.length > 0) console.table(counts);
process.exitCode = found.length === 0 ? 0 : 1;
