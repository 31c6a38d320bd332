/** Whether pages were sent, and how often. */
import { NOT_TAKEN } from './granule';
import { entry, type MapLayer } from './layer';

/** Steps of how often pages were sent: the least number of times, colour, and how it reads. */
const STEPS: readonly { readonly from: number; readonly colour: string; readonly label: string }[] = [
  { from: 1, colour: '--p-notab', label: 'Once' },
  { from: 2, colour: '--p-l1', label: 'Twice' },
  { from: 3, colour: '--p-l2', label: '3 or 4 times' },
  { from: 5, colour: '--p-l3', label: '5 to 9 times' },
  { from: 10, colour: '--p-l4', label: '10 times or more' },
];

const MOST = 10;
const stepBySends = Array.from({ length: MOST + 1 }, (_, sends) => STEPS.findLastIndex(({ from }) => sends >= from));
const stepOf = (sends: number): number => stepBySends[Math.min(sends, MOST)] ?? 0;

/** Mentioned, but only without content. Beyond any step or band. */
export const NO_CONTENT = 0xfe;

export const noContent = entry(
  NO_CONTENT,
  'Sent without data',
  'named in a list, without content',
  '--p-xtab',
  'hatch',
);

/** Presence: what a restore is told of a page. */
const SENT = 0;
const ONLY_BEYOND = 1;

export const PRESENCE_LAYER: MapLayer = {
  id: 'presence',
  label: 'Presence',
  title: 'Presence',
  doc: 'Whether a restore finds the content of a page in the stream.',
  nothing: 'Never sent',
  rank: (state) => state,
  value: () => (_type, _sends, record) => (record >= 0 ? SENT : record === NOT_TAKEN ? ONLY_BEYOND : NO_CONTENT),
  entries: () => [
    entry(SENT, 'Sent', 'sent with content', '--p-l1'),
    {
      ...entry(ONLY_BEYOND, 'Not restored', 'sent only where a restore takes nothing', '--p-l3', 'hatch'),
      quiet: true,
    },
    noContent,
  ],
};

export const SENDS_LAYER: MapLayer = {
  id: 'sends',
  label: 'Sends',
  title: 'Times sent',
  doc: 'How often the content of a page was sent.',
  nothing: 'Not in stream',
  // More often wins; without content last.
  rank: (state) => (state === NO_CONTENT ? 0xfe : 0x80 - state),
  value: () => (_type, sends) => (sends > 0 ? stepOf(sends) : NO_CONTENT),
  entries: () => [
    ...STEPS.map(({ colour, label }, step) => entry(step, label, `sent ${label.toLowerCase()}`, colour)),
    noContent,
  ],
};
