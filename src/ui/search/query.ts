/** Turns what is typed and chosen into what is looked for. */
import { problemOf } from '../../memory/search/matcher';
import { guessKind, type Kind, type Query, type Scope } from '../../memory/search/kit/query';
import type { SearchAsked } from '../../state/search-box';

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  text: 'Text',
  utf16: 'UTF-16 text',
  hex: 'Bytes (hex)',
  int: 'Integer',
  regex: 'Regular expression',
};

/** The scopes as they are chosen: memory twice. */
export const PLACES = {
  memory: { name: 'Memory', scope: 'memory', all: false },
  copies: { name: 'Memory, every copy', scope: 'memory', all: true },
  records: { name: 'Records', scope: 'records', all: false },
  file: { name: 'Whole file', scope: 'file', all: false },
} as const satisfies Readonly<Record<string, { name: string; scope: Scope; all: boolean }>>;
export type PlaceName = keyof typeof PLACES;

/** Returns the scope that is chosen. */
export const placeName = ({ scope, all }: SearchAsked): PlaceName => (scope === 'memory' && all ? 'copies' : scope);

/** Returns what is looked for: as chosen, else as guessed. */
export const kindOf = ({ kind, text }: SearchAsked): Kind => kind ?? guessKind(text);

/** Tells whether upper and lower case mean something for a kind. */
export const hasCase = (kind: Kind): boolean => kind === 'text' || kind === 'utf16' || kind === 'regex';
/** Tells whether the byte order means something for a kind. */
export const hasOrder = (kind: Kind): boolean => kind === 'int' || kind === 'utf16';

/** Returns the question as it is searched for. */
export function queryOf(asked: SearchAsked): Query {
  const kind = kindOf(asked);
  return {
    kind,
    text: asked.text,
    ...(hasCase(kind) ? { ignoreCase: asked.ignoreCase } : {}),
    ...(hasOrder(kind) ? { bigEndian: asked.bigEndian } : {}),
    ...(kind === 'int' && asked.width !== undefined ? { width: asked.width } : {}),
  };
}

/** Tells why what is typed cannot be looked for; undefined where it can, or where nothing is typed. */
export const problemWith = (asked: SearchAsked): string | undefined =>
  asked.text === '' ? undefined : problemOf(queryOf(asked));
