/**
 * Exports in the worker. What stands in the image as it is wanted is never read here: slices of the dropped file are
 * put together, and the browser copies them, into the file that was chosen or into a download.
 */
import { planFor } from '../memory/export/choice';
import { type ExportPlan, lengthOf, type Part } from '../memory/export/kit/plan';
import { blankText } from '../format/sharing/fill';
import { blobSource } from '../source/blob';
import type { JobTools } from './job-tools';
import { exportableOf, type WorkerFile } from './worker-file';
import type { ExportDone, ExportInput } from './protocol';

/** Bytes copied between two looks at progress and cancel, and parts in one blob. */
const GROUP_BYTES = 16 * 1024 * 1024;
const GROUP_PARTS = 1000;
const FILL = 1024 * 1024;

/** Writes an export into the chosen file, or returns it as a blob to be downloaded. Throws if it is aborted. */
export async function runExport(
  file: WorkerFile,
  { choice, destination }: ExportInput,
  { signal, onProgress, breathe }: JobTools<never>,
): Promise<ExportDone> {
  const { blob } = file.source;
  if (!blob) throw new Error('the file cannot be copied from here');
  const plan = await planFor(exportableOf(file), choice, { signal, breathe });
  const { name, size, content, notes } = plan;
  const done = { name, size, content, notes };
  const groups = groupsOf(plan, blob);
  if (destination) {
    await intoFile(destination, groups, size, { signal, onProgress });
    return done;
  }
  const all: Blob[] = [];
  for await (const group of groups) {
    signal.throwIfAborted();
    // The browser reads the rest when nobody can be told any more: a file that has changed, or is gone, shows at once.
    if (group.kind === 'bytes') await blobSource(group.blob, name).read(0, 1);
    all.push(group.kind === 'hole' ? zeros(group.length) : group.blob);
    if (all.length % 64 === 0) await breathe();
  }
  return { ...done, download: nested(all) };
}

async function intoFile(
  destination: FileSystemFileHandle,
  groups: AsyncIterable<Group>,
  size: number,
  { signal, onProgress }: Pick<JobTools<never>, 'signal' | 'onProgress'>,
): Promise<void> {
  // What is written goes to a file of the browser's own, which takes the place of the destination when it is closed.
  const out = await destination.createWritable();
  try {
    let position = 0;
    for await (const group of groups) {
      signal.throwIfAborted();
      if (group.kind === 'bytes') await out.write({ type: 'write', position, data: group.blob });
      position += group.length;
      onProgress(position, size);
    }
    // A hole at the end.
    await out.truncate(size);
    signal.throwIfAborted();
    await out.close();
  } catch (error) {
    await out.abort().catch(() => undefined);
    throw error;
  }
}

type Group =
  | { readonly kind: 'bytes'; readonly blob: Blob; readonly length: number }
  | { readonly kind: 'hole'; readonly length: number };

async function* groupsOf(plan: ExportPlan, file: Blob): AsyncGenerator<Group> {
  const fill = new Blob([blankText(FILL) as Uint8Array<ArrayBuffer>]);
  let parts: BlobPart[] = [];
  let length = 0;
  const flush = function* (): Generator<Group> {
    if (parts.length > 0) yield { kind: 'bytes', blob: new Blob(parts), length };
    parts = [];
    length = 0;
  };
  for (const planned of plan.parts()) {
    const part = planned.kind === 'late' ? { kind: 'made' as const, bytes: await planned.make() } : planned;
    if (part.kind === 'hole') {
      yield* flush();
      yield { kind: 'hole', length: part.length };
      continue;
    }
    for (let from = 0; from < lengthOf(part); from += GROUP_BYTES) {
      const count = Math.min(GROUP_BYTES, lengthOf(part) - from);
      parts.push(...blobParts(part, from, count, file, fill));
      length += count;
      if (length >= GROUP_BYTES || parts.length >= GROUP_PARTS) yield* flush();
    }
  }
  yield* flush();
}

function blobParts(
  part: Exclude<Part, { kind: 'late' }>,
  from: number,
  count: number,
  file: Blob,
  fill: Blob,
): BlobPart[] {
  if (part.kind === 'image') return [file.slice(part.offset + from, part.offset + from + count)];
  if (part.kind === 'made') return [part.bytes.slice(from, from + count)];
  return repeated(fill, count);
}

const repeated = (fill: Blob, length: number): Blob[] =>
  Array.from({ length: Math.ceil(length / fill.size) }, (_, index) =>
    fill.slice(0, Math.min(fill.size, length - index * fill.size)),
  );

/** A download has no holes. */
const zeros = (length: number): Blob =>
  nested(repeated(nested(repeated(new Blob([new Uint8Array(FILL)]), FILL * 256)), length));

/** One blob of many, in layers, as one of a million parts is slow to make. */
function nested(blobs: readonly Blob[]): Blob {
  if (blobs.length <= GROUP_PARTS) return new Blob([...blobs]);
  const groups = Array.from({ length: Math.ceil(blobs.length / GROUP_PARTS) }, (_, index) =>
    nested(blobs.slice(index * GROUP_PARTS, (index + 1) * GROUP_PARTS)),
  );
  return nested(groups);
}
