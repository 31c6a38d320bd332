/**
 * The image for sharing: the same file, at the same offsets, in which everything is replaced by a text that is not known
 * to be harmless. What is known to be stands in `format/sharing`; the fingerprint covers the same, so that it stays.
 */
import type { Range } from '../../../lib/range';
import { given } from '../../../lib/given';
import { Scan } from '../../../scan/scan';
import { baseName, type Exportable, type ExportPlan, ExportRefused, type Part } from '../kit/plan';
import { ledgerText, staying } from './ledger-text';
import { copySource, lookOver, lookOverText } from './look-over';
import type { Scrub } from './scrub';
import { SharedSpans } from './shared-spans';

export interface BlankOptions {
  /** What is taken out besides. */
  readonly scrub?: ReadonlySet<Scrub>;
  /** Keeps bytes that are framed well and mean nothing that is known. */
  readonly keepUnknown?: boolean;
  readonly signal?: AbortSignal;
  readonly breathe?: () => Promise<void>;
}

/**
 * Plans an export of the image for sharing: page contents replaced, and what `scrub` asks for. Rejects with
 * `ExportRefused` or the reason of the signal.
 */
export async function blankPlan(
  file: Exportable,
  { scrub = new Set(), keepUnknown = false, signal, breathe }: BlankOptions = {},
): Promise<ExportPlan> {
  const { source } = file;
  const shared = new SharedSpans({ scrub, keepUnknown });
  // Read once more, as nothing else needs to remember what went into the fingerprint.
  const scan = new Scan(source, undefined, shared);
  await scan.run({ ...(signal ? { signal } : {}), onSlice: async () => breathe?.() });
  signal?.throwIfAborted();
  if (scan.findings.some(({ id }) => id === 'unreadable'))
    throw new ExportRefused('the image cannot be read to its end');
  if (scan.records.count === 0) throw new ExportRefused('the file holds no saved domain');
  const spans = shared.sorted(source.size);
  if (spans.length === 0)
    throw new ExportRefused(
      'the file is damaged in its first header: what in it is no memory of the guest cannot be told',
    );
  const found = await lookOver(file, spans, shared.own(), { signal, breathe });
  const copy = await new Scan(copySource(source, spans)).run({
    ...given({ signal }),
    onSlice: async () => breathe?.(),
  });
  signal?.throwIfAborted();
  const notes = [
    ...ledgerText(shared.ledger(source.size)),
    lookOverText(found),
    copy.fingerprint === scan.fingerprint
      ? 'The fingerprint is that of the original: links work on both.'
      : 'What was filled changes the fingerprint, so links made with the original will not match.',
    ...staying(scrub),
  ];
  return {
    name: `${baseName(file)}-blanked${/\.\w+$/u.exec(source.name)?.[0] ?? '.xlsave'}`,
    size: source.size,
    content: source.size,
    notes,
    parts: () => blankParts(source.size, spans),
  };
}

/** `kept`, ascending and apart, is copied; all else is text. */
function* blankParts(size: number, kept: Iterable<Range>): Generator<Part> {
  let at = 0;
  for (const { start, end } of kept) {
    if (start > at) yield { kind: 'blank', length: start - at };
    yield { kind: 'image', offset: start, length: end - start };
    at = end;
  }
  if (size > at) yield { kind: 'blank', length: size - at };
}
