/** From what is typed and chosen to what is looked for. */
import { problemOf } from '../../memory/search/matcher';
import { guessKind, type Kind, type Query, type Scope } from '../../memory/search/query';
import type { Asked } from '../../state/search';

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

export const placeName = ({ scope, all }: Asked): PlaceName => (scope === 'memory' && all ? 'copies' : scope);

export const kindOf = ({ kind, text }: Asked): Kind => kind ?? guessKind(text);

/** Which of the options mean something for a kind. */
export const hasCase = (kind: Kind): boolean => kind === 'text' || kind === 'utf16' || kind === 'regex';
export const hasOrder = (kind: Kind): boolean => kind === 'int' || kind === 'utf16';

export function queryOf(asked: Asked): Query {
  const kind = kindOf(asked);
  return {
    kind,
    text: asked.text,
    ...(hasCase(kind) ? { ignoreCase: asked.ignoreCase } : {}),
    ...(hasOrder(kind) ? { bigEndian: asked.bigEndian } : {}),
    ...(kind === 'int' && asked.width !== undefined ? { width: asked.width } : {}),
  };
}

/** Why what is typed cannot be looked for; undefined where it can, or where nothing is typed. */
export const problemWith = (asked: Asked): string | undefined =>
  asked.text === '' ? undefined : problemOf(queryOf(asked));
