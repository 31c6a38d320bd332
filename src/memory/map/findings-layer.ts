/** Pages that findings are about. */
import { entry, type MapLayer } from './layer';

/** The numbers are the states. */
export const SEVERITIES = ['fatal', 'warning', 'note'] as const;

/** Pages of the stream that no finding is about. */
export const CLEAN = SEVERITIES.length;

export const FINDINGS_LAYER: MapLayer = {
  id: 'findings',
  label: 'Findings',
  title: 'Findings',
  doc: 'Pages that would stop a restore or break the guest.',
  nothing: 'Not in stream',
  rank: (state) => state,
  entries: () => [
    entry(0, 'Fatal', 'a fatal finding', '--fatal', 'cross'),
    entry(1, 'Warning', 'a warning', '--warn', 'pinned'),
    entry(2, 'Note', 'a note', '--note', 'outline'),
    entry(CLEAN, 'No finding', 'no finding', '--p-notab'),
  ],
};
