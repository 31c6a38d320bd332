/**
 * Licences of all that is built into the page or the terminal program, in one file beside them: those of the packages
 * whose modules are in it, workers included, and of the bundler, whose helpers are. A package without one ends the build.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rollup } from 'vite';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string; readonly email?: string };
}

/** Modules with no file are helpers of the bundler. */
const BUNDLER = ['vite', 'rolldown'];
const IN_PACKAGE = /^(?<folder>.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/u;
/** Vite lists here what its own program holds, which is not in the page. */
const BUNDLED = /^# Licenses of bundled dependencies$/mu;
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[-.].*)?$/iu;

/** The text of the MIT licence, for packages that name it and leave the text out. */
const mit = (holder: string): string => {
  const text = readFileSync('LICENSE', 'utf8');
  const from = text.indexOf('Permission is hereby granted');
  return `MIT License\n\nCopyright (c) ${holder}\n\n${text.slice(from)}`;
};

const holderOf = ({ author }: Manifest): string | undefined =>
  typeof author === 'object' ? [author.name, author.email && `<${author.email}>`].filter(Boolean).join(' ') : author;

/** Returns what stands in the file for a package. Throws where no licence is found. */
function licenceOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license } = manifest;
  const files = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .toSorted();
  const holder = holderOf(manifest);
  const texts = files.map((file) => (readFileSync(join(folder, file), 'utf8').split(BUNDLED)[0] ?? '').trim());
  if (texts.length === 0 && license === 'MIT' && holder !== undefined) texts.push(mit(holder).trim());
  if (license === undefined || texts.length === 0)
    throw new Error(`${name} has no licence that could go with the build`);
  return `${name} ${version}\nLicence: ${license}\n\n${texts.join('\n\n')}`;
}

const RULE = `\n\n${'-'.repeat(80)}\n\n`;

/** Folders of the packages that are in the build; those of a worker are known before those of the page. */
const folders = new Set<string>();

function note(bundle: Rollup.OutputBundle): void {
  for (const chunk of Object.values(bundle))
    for (const id of chunk.type === 'chunk' ? Object.keys(chunk.modules) : []) {
      const folder = IN_PACKAGE.exec(id)?.groups?.['folder'];
      if (folder !== undefined) folders.add(folder);
    }
}

/** Notes which packages the build of a worker takes in. */
export const noteLicences: Plugin = { name: 'note-licences', generateBundle: (_, bundle) => note(bundle) };

/** Writes the file, `licences.txt`. */
export const licences: Plugin = {
  name: 'licences',
  apply: 'build',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      note(bundle);
      const bundler = BUNDLER.map((name) => join('node_modules', name)).filter((folder) => existsSync(folder));
      const texts = [...folders, ...bundler].map((folder) => licenceOf(folder)).toSorted();
      const source = [`Xenscope\n\n${readFileSync('LICENSE', 'utf8').trim()}`, ...texts].join(RULE);
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: `${source}\n` });
    },
  },
};
