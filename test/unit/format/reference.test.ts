/** The reference of the formats: everything in it is explained, and its pages are those that the layouts make now. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Field, StructField } from '../../../src/format/kit/layout';
import { CHAPTERS } from '../../../src/format/reference';
import { referencePages } from '../../reference/pages';

const FOLDER = fileURLToPath(new URL('../../../docs/format/', import.meta.url));

/** Fields and bits without a `doc`, by path. */
function* undocumented(field: Field, path: string): Generator<string> {
  if (field.kind === 'struct') {
    for (const [name, part] of Object.entries(field.fields)) {
      if ((part.doc ?? '') === '') yield `${path}.${name}`;
      yield* undocumented(part, `${path}.${name}`);
    }
  } else if (field.kind === 'array') {
    yield* undocumented(field.of, `${path}[]`);
  } else if (field.kind === 'int') {
    for (const [name, bits] of Object.entries(field.bits ?? {}))
      if (typeof bits === 'number' || (bits.doc ?? '') === '') yield `${path}:${name}`;
  }
}

describe.each(CHAPTERS)('$title', ({ layouts }) => {
  test('every field and bit has a sentence, every structure a source', () => {
    const missing = layouts.flatMap((layout: StructField) => [
      ...((layout.source ?? '') === '' ? [`${layout.name}: no source`] : []),
      ...undocumented(layout, layout.name),
    ]);
    expect(missing).toEqual([]);
  });
});

const pages = referencePages();

test('docs/format has these pages and no others', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual([...pages.keys()].toSorted());
});

// `npm run reference` writes them anew.
test.each([...pages])('docs/format/%s is up to date', async (file, text) => {
  await expect(text).toMatchFileSnapshot(`${FOLDER}${file}`);
});
