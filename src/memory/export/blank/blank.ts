/**
 * The image for sharing: the same file with all page contents replaced by a text, at the same offsets. Kept is exactly
 * what the fingerprint covers, so that the fingerprint stays, and nothing that might be page content is left: neither
 * damaged records nor gaps between them.
 */
import type { Range } from '../../../lib/range';
import { Scan } from '../../../scan/scan';
import { baseName, type Exportable, type ExportPlan, ExportRefused, type Part } from '../kit/plan';
import { Spans } from './spans';
import { scrubbed, type Scrub } from './scrub';

export interface BlankOptions {
  readonly scrub?: ReadonlySet<Scrub>;
  readonly signal?: AbortSignal;
  readonly breathe?: () => Promise<void>;
}

/**
 * Plans an export of the image for sharing: page contents replaced, and what `scrub` asks for. Rejects with
 * `ExportRefused` or the reason of the signal.
 */
export async function blankPlan(
  file: Exportable,
  { scrub = new Set(), signal, breathe }: BlankOptions = {},
): Promise<ExportPlan> {
  const { source } = file;
  const kept = new Spans();
  // Read once more, as nothing else needs to remember what went into the fingerprint.
  const scan = new Scan(source, undefined, (offset, length) => kept.add(offset, offset + length));
  await scan.run({ ...(signal ? { signal } : {}), onSlice: async () => breathe?.() });
  signal?.throwIfAborted();
  if (scan.findings.some(({ id }) => id === 'unreadable'))
    throw new ExportRefused('the image cannot be read to its end');
  if (scan.records.count === 0) throw new ExportRefused('the file holds no saved domain');
  const spans = kept.sorted(source.size);
  if (spans.length === 0)
    throw new ExportRefused(
      'the file is damaged in its first header: what in it is no memory of the guest cannot be told',
    );
  const gone = scrubbed(file, scrub);
  const notes = [
    'Page contents are blanked. Names, lists of pages and the state of devices stay as they are.',
    ...(gone.length > 0
      ? ['What was scrubbed counts in the fingerprint: it is another one, and links made with the original say so.']
      : ['The fingerprint is that of the original: links work on both.']),
  ];
  if (!scrub.has('registers')) notes.push('Registers stay, and may hold keys or addresses of the guest.');
  if (!scrub.has('config')) notes.push('The configuration stays, with the names and paths in it.');
  return {
    name: `${baseName(file)}-blanked${/\.\w+$/u.exec(source.name)?.[0] ?? '.xlsave'}`,
    size: source.size,
    content: source.size,
    notes,
    parts: () => blankParts(source.size, spans, gone),
  };
}

/** `kept` is copied, except for `gone` within it; all else is text. Both ascending and apart. */
function* blankParts(size: number, kept: Iterable<Range>, gone: readonly Range[]): Generator<Part> {
  let at = 0;
  let next = 0;
  for (const { start, end } of kept) {
    if (start > at) yield { kind: 'blank', length: start - at };
    at = start;
    while (next < gone.length && (gone[next]?.end ?? 0) <= start) next++;
    for (; next < gone.length && (gone[next]?.start ?? 0) < end; next++) {
      const from = Math.max(at, gone[next]?.start ?? at);
      const to = Math.min(end, gone[next]?.end ?? end);
      if (from > at) yield { kind: 'image', offset: at, length: from - at };
      yield { kind: 'blank', length: to - from };
      at = to;
      if ((gone[next]?.end ?? 0) > end) break;
    }
    if (end > at) yield { kind: 'image', offset: at, length: end - at };
    at = end;
  }
  if (size > at) yield { kind: 'blank', length: size - at };
}
