/** What is asked about: real images, broken ones, and those that the tests build. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { brokenVariants, openVariant } from '../fixtures/broken';
import { assemble, hvmParts, pv32Parts, pvhParts, pvParts } from '../fixtures/built/restorable';
import { IMAGES } from '../fixtures/built/images';
import { mutate } from '../fuzz/mutate';
import { Random } from '../fuzz/random';
import { loadSeeds, pickSeed } from '../fuzz/seeds';
import { change, type RuleCase } from '../unit/check/cases/case';
import { BLANKED_CASES } from '../unit/check/cases/blanked';
import { HVM_CASES } from '../unit/check/cases/hvm';
import { LIBVIRT_CASES } from '../unit/check/cases/libvirt';
import { LIBXC_CASES, POLICY_CASES } from '../unit/check/cases/libxc';
import { PV_CASES } from '../unit/check/cases/pv';
import { PV_TABLE_CASES } from '../unit/check/cases/pv-tables';
import { SPEC_CASES } from '../unit/check/cases/spec';
import { XL_CASES } from '../unit/check/cases/xl';

/** How much is asked: `whole` every command, `verdict` the records and `check`, `check` that alone, `usage` what is wrong. */
export type Depth = 'whole' | 'verdict' | 'check' | 'usage';

export interface Subject {
  /** Subjects of a group are kept in one file. */
  readonly group: string;
  /** Name of the file that the program gets. */
  readonly name: string;
  readonly depth: Depth;
  /** A path (`.gz` is unpacked), or an edited image by its number, or bytes in base64. */
  readonly from: { readonly path: string } | { readonly variant: number } | { readonly bytes: string };
  /** Lines of a log of a restore of it. */
  readonly log?: string;
}

const beside = (path: string): string => fileURLToPath(new URL(`../../../shared/${path}`, import.meta.url));
const own = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const filesIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [];

export function bytesOf({ from }: Subject): Uint8Array {
  if ('bytes' in from) return Buffer.from(from.bytes, 'base64');
  if ('path' in from) {
    const packed = readFileSync(from.path);
    // What lies in the folder of compressed images is meant to be read as it is.
    return from.path.endsWith('.gz') && !from.path.includes('/compressed/') ? gunzipSync(packed) : packed;
  }
  const variant = brokenVariants[from.variant];
  if (!variant) throw new Error(`no broken variant ${from.variant}`);
  return openVariant(variant);
}

const LOGS = ['truth/cross-restore/FILE.log', 'truth/lesser-cpu/NAME.log', 'truth/NAME/xl-restore.log'];

function logOf(file: string): { log?: string } {
  const paths = LOGS.map((path) =>
    beside(`samples/${path.replace('FILE', file).replace('NAME', file.replace(/\.\w+$/u, ''))}`),
  );
  const text = paths.flatMap((path) => (existsSync(path) ? [readFileSync(path, 'utf8')] : [])).join('\n');
  return text === '' ? {} : { log: text };
}

const whole = (group: string, path: string): Subject => {
  const name = basename(path.includes('/compressed/') ? path : path.replace(/\.gz$/u, ''));
  return { group: `${group} ${name}`, name, depth: 'whole', from: { path }, ...logOf(name) };
};

function realImages(): Subject[] {
  const images = filesIn(beside('samples/images'));
  const committed = [...filesIn(own('fixtures')), ...filesIn(own('../public/samples'))].filter((path) =>
    path.endsWith('.gz'),
  );
  const others = ['legacy', 'xenopsd', 'colo', 'compressed'].flatMap((group) =>
    filesIn(beside(`samples2/${group}`))
      .filter((path) => !path.endsWith('.json'))
      .map((path) => whole(group, path)),
  );
  const more = committed.filter((path) => !images.some((known) => basename(known) === basename(path)));
  return [...images, ...more].map((path) => whole('sample', path)).concat(others);
}

const variants = (): Subject[] =>
  brokenVariants.map(({ variant, stderr, dmesg }, index) => ({
    group: 'broken',
    name: variant,
    depth: 'verdict',
    from: { variant: index },
    log: [...stderr, ...dmesg].join('\n'),
  }));

const built = (group: string, name: string, bytes: Uint8Array, depth: Depth): Subject => ({
  group,
  name,
  depth,
  from: { bytes: Buffer.from(bytes).toString('base64') },
});

const RULE_CASES: readonly RuleCase[] = [
  ...XL_CASES,
  ...LIBVIRT_CASES,
  ...LIBXC_CASES,
  ...POLICY_CASES,
  ...PV_CASES,
  ...PV_TABLE_CASES,
  ...HVM_CASES,
  ...SPEC_CASES,
  ...BLANKED_CASES,
];

const ruleCases = (): Subject[] =>
  RULE_CASES.flatMap(({ base, bad, near, cut, nearCut }, index) =>
    (
      [
        ['bad', bad, cut],
        ['near', near, nearCut],
      ] as const
    ).map(([what, by, end]) => {
      const bytes = assemble(change(base(), by));
      return built('rules', `rule-${index}-${what}`, bytes.subarray(0, end), 'check');
    }),
  );

const MUTANTS = 2000;

async function mutants(): Promise<Subject[]> {
  const seeds = await loadSeeds(false);
  const small = { ...seeds, largeEvery: Number.MAX_SAFE_INTEGER };
  return Array.from({ length: MUTANTS }, (_, number) => {
    const random = new Random(number);
    const seed = pickSeed(small, random);
    const pieces = mutate(seed, random, [...seeds.built, ...seeds.restorable]);
    const parts = pieces.map((piece) => ('bytes' in piece ? piece.bytes : seed.bytes.subarray(piece.from, piece.to)));
    return built('mutants', `mutant-${number}`, Buffer.concat(parts), 'check');
  });
}

/** Those that the tests build, which a later commit may build otherwise: kept with the answers, and asked about again. */
export async function builtSubjects(): Promise<Subject[]> {
  const images: Readonly<Record<string, Uint8Array>> = {
    ...IMAGES,
    restorablePv: assemble(pvParts()),
    restorablePv32: assemble(pv32Parts()),
    restorableHvm: assemble(hvmParts()),
    restorablePvh: assemble(pvhParts()),
  };
  const all = Object.entries(images).map(([name, bytes]) => built('built', name, bytes, 'whole'));
  return [
    ...all,
    built('usage', 'usage', IMAGES.pvXl ?? new Uint8Array(0), 'usage'),
    ...ruleCases(),
    ...(await mutants()),
  ];
}

/** Those that lie in files, the largest first: a long one at the end would run alone. */
export const fileSubjects = (): Subject[] => [...realImages(), ...variants()];
