/** When pages were sent last: in which pass over memory, in which part of the records. */
import { bandAt, bandsOf } from '../../lib/bands';
import { grouped } from '../../lib/text';
import type { Pass } from '../../scan/image';
import { entry, type LayerEntry, type MapFacts, type MapLayer } from './layer';
import { NO_CONTENT, noContent } from './sent-layers';

/** Colours that can be told apart. */
const BANDS = 8;

const rampColour = (band: number, bands: number): string =>
  `--m-${bands === 1 ? 1 : 1 + Math.round((band * (BANDS - 1)) / (bands - 1))}`;

const verifies = ({ passes }: MapFacts): number => passes.findIndex(({ kind }) => kind === 'verify');

/** First records of the bands of passes. */
const passBands = ({ passes }: MapFacts): number[] =>
  bandsOf(
    passes.map(({ record }) => record),
    BANDS,
  );

function passBandName(facts: MapFacts, from: number, to: number): string {
  const verify = verifies(facts);
  const only = from === to;
  if (verify >= 0 && from >= verify) return only ? 'Verify pass' : 'Verify passes';
  return only ? `Pass ${from + 1}` : `Passes ${from + 1}–${to + 1}`;
}

/** First and last record of each band of those that hold pages. */
function recordBands({ passes }: MapFacts): { readonly from: number; readonly to: number }[] {
  const count = passes.reduce((sum, { records }) => sum + records, 0);
  const bands = Math.min(BANDS, count);
  const first = Array.from({ length: bands + 1 }, (_, band) => Math.floor((band * count) / bands));
  return Array.from({ length: bands }, (_, band) => ({
    from: pageRecord(passes, first[band] ?? 0),
    to: pageRecord(passes, (first[band + 1] ?? count) - 1),
  }));
}

/** The record that is the `nth` of those that hold pages. */
function pageRecord(passes: readonly Pass[], nth: number): number {
  let left = nth;
  for (const { record, records } of passes) {
    if (left < records) return record + left;
    left -= records;
  }
  return 0;
}

/** Looks up the band of a record; neighbours are of one record nearly always. */
function byBand(bands: readonly number[]): (type: number, sends: number, record: number) => number {
  let known = -1;
  let band = 0;
  return (_type, _sends, record) => {
    if (record < 0) return NO_CONTENT;
    if (record !== known) {
      known = record;
      band = Math.max(0, bandAt(bands, record));
    }
    return band;
  };
}

const entriesOf = (bands: readonly number[], name: (band: number) => string): LayerEntry[] => [
  ...bands.map((_, band) => {
    const text = name(band);
    return entry(band, text, `sent last in ${text.toLowerCase()}`, rampColour(band, bands.length));
  }),
  noContent,
];

/** What was sent later wins; without content last. */
const rank = (state: number): number => (state === NO_CONTENT ? 0xfe : 0x80 - state);

export const PASS_LAYER: MapLayer = {
  id: 'pass',
  label: 'Pass',
  title: 'Pass of the last copy',
  doc: 'The pass over memory in which the copy was sent that a restore stores.',
  nothing: 'Not in stream',
  rank,
  value: (facts) => byBand(passBands(facts)),
  entries: (facts) => {
    const bands = passBands(facts);
    const passAt = (record: number): number => facts.passes.findIndex((pass) => pass.record === record);
    return entriesOf(bands, (band) => {
      const next = bands[band + 1];
      const last = next === undefined ? facts.passes.length - 1 : passAt(next) - 1;
      return passBandName(facts, passAt(bands[band] ?? 0), last);
    });
  },
};

export const RECORD_LAYER: MapLayer = {
  id: 'record',
  label: 'Record',
  title: 'Record of the last copy',
  doc: 'The part of the stream, by record number, that has the copy which a restore stores.',
  nothing: 'Not in stream',
  rank,
  value: (facts) => byBand(recordBands(facts).map(({ from }) => from)),
  entries: (facts) => {
    const bands = recordBands(facts);
    return entriesOf(
      bands.map(({ from }) => from),
      (band) => {
        const { from, to } = bands[band] ?? { from: 0, to: 0 };
        return to <= from ? `Record ${grouped(from)}` : `Records ${grouped(from)}–${grouped(to)}`;
      },
    );
  },
};
