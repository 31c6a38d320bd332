/** The pages of docs/format, one per chapter, made from the layouts and nothing else. */
import { fixedSize, type StructField } from '../../src/format/kit/layout';
import { type Chapter, CHAPTERS } from '../../src/format/reference';
import { byteSize } from '../../src/lib/text';
import { cell, structLines, table } from './rows';

const INDEX = 'README.md';
const MADE = '<!-- Made by `npm run reference` from the layouts in src/format. Do not edit. -->';

const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');

/** The sections of a page: every structure once, those within another after it. */
class Sections {
  readonly #slots: string[][] = [];
  /** Content of a section → its heading: structures made by one function are equal, but not the same. */
  readonly #headings = new Map<string, string>();
  readonly #taken = new Set<string>();

  get lines(): string[] {
    return this.#slots.flat();
  }

  /** Adds a structure that is not there yet; returns its heading. */
  add(layout: StructField): string {
    const slot: string[] = [];
    this.#slots.push(slot);
    const lines = structLines(layout, (within) => `[${within.name}](#${anchor(this.add(within))})`);
    const content = [layout.name, ...lines].join('\n');
    const known = this.#headings.get(content);
    if (known !== undefined) return known;
    let heading = layout.name;
    for (let next = 2; this.#taken.has(anchor(heading)); next++) heading = `${layout.name} (${next})`;
    this.#headings.set(content, heading);
    this.#taken.add(anchor(heading));
    slot.push('', `## ${heading}`, '', ...lines);
    return heading;
  }
}

interface Page {
  readonly text: string;
  /** Of the chapter's layouts, in order. */
  readonly headings: readonly string[];
}

function pageOf({ title, layouts }: Chapter): Page {
  const sections = new Sections();
  const headings = layouts.map((layout) => sections.add(layout));
  return {
    headings,
    text: [MADE, '', `# ${title}`, '', `[All structures](${INDEX})`, ...sections.lines, ''].join('\n'),
  };
}

function indexOf(pages: readonly Page[]): string {
  const lines = [
    MADE,
    '',
    '# Formats',
    '',
    'Every structure that Xenscope decodes, from the same descriptions that decode it. Offsets and sizes are in bytes.',
    'Integers are in the byte order of the stream, which is little-endian on x86, unless marked BE (big-endian). Rows',
    'that start with a dot are bits of the integer above. “As announced” is a count given by fields before; “…” a place',
    'or size that hangs on what comes before.',
  ];
  for (const [number, { page: file, title, layouts }] of CHAPTERS.entries()) {
    const rows = layouts.map((layout, place) => {
      const size = fixedSize(layout);
      const about = [layout.doc ?? '', layout.source ?? ''].filter((part) => part !== '').join(' ');
      const heading = pages[number]?.headings[place] ?? layout.name;
      const link = `[${heading}](${file}.md#${anchor(heading)})`;
      return `| ${link} | ${size === undefined ? '…' : byteSize(size)} | ${cell(about)} |`;
    });
    lines.push('', `## [${title}](${file}.md)`, '', ...table(['Structure', 'Size', 'About'], rows));
  }
  return [...lines, ''].join('\n');
}

/** File name in docs/format → its text. */
export function referencePages(): Map<string, string> {
  const pages = CHAPTERS.map(pageOf);
  const texts = CHAPTERS.map(({ page }, number): [string, string] => [`${page}.md`, pages[number]?.text ?? '']);
  return new Map([[INDEX, indexOf(pages)], ...texts]);
}
