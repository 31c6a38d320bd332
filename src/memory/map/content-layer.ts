/** What pages hold, by a pass over their bytes that is run on demand. */
import { entry, type LayerEntry, type MapLayer } from './layer';

/** The numbers are the states; of several in a cell the first wins. */
export const CONTENTS = [
  'elf',
  'table',
  'text',
  'high',
  'data',
  'low',
  'duplicate',
  'unread',
  'constant',
  'zero',
] as const;
export type Content = (typeof CONTENTS)[number];

/** Returns the state that stands for a content class in the cells of the map. */
export const contentState = (content: Content): number => CONTENTS.indexOf(content);

const LOOKS: readonly (readonly [Content, Omit<LayerEntry, 'state'>])[] = [
  ['zero', entry(0, 'All zero', 'all zero', '--p-zero')],
  ['constant', entry(0, 'One word repeated', 'one word of 8 bytes repeated', '--k-header')],
  ['low', entry(0, 'Low entropy', 'low entropy', '--p-notab')],
  ['data', entry(0, 'Code and data', 'medium entropy, as code and data have', '--p-l1')],
  ['high', entry(0, 'High entropy', 'high entropy: compressed, encrypted or random', '--k-cpu')],
  ['text', entry(0, 'Text', 'text', '--k-info')],
  ['table', entry(0, 'Like a page table', 'looks like a page table', '--p-l3')],
  ['elf', entry(0, 'ELF header', 'starts with an ELF header', '--k-policy')],
  ['duplicate', entry(0, 'Copy of another page', 'the same bytes as an earlier page', '--k-device')],
  ['unread', entry(0, 'Not looked at', 'not looked at yet', '--p-xalloc', 'hatch')],
];

export const CONTENT_LAYER: MapLayer = {
  id: 'content',
  label: 'Content',
  title: 'Content',
  doc: 'What the bytes of each page are, found by reading all of them.',
  nothing: 'No content',
  rank: (state) => state,
  entries: () => LOOKS.map(([content, look]) => ({ ...look, state: contentState(content) })),
};
