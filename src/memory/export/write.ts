/** Writing a plan out, part by part. */
import { PAGE_SIZE } from '../../format/page';
import type { ByteSource } from '../../source/source';
import { blankText } from '../../format/sharing/fill';
import { type ExportPlan, lengthOf, type Part } from './kit/plan';

/** Where the bytes go. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  /** Zeros that need not be written: a hole. */
  skip(length: number): Promise<void>;
  /** All is written. */
  finish(): Promise<void>;
  /** It came to nothing: what was written is not to be taken for the export. */
  abandon(): Promise<void>;
}

export interface WriteOptions {
  readonly signal?: AbortSignal;
  /** Bytes done and in all, holes included. */
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

/** Bytes written at once: enough to cost few calls, little enough to stay out of the way. */
const CHUNK = 4 * 1024 * 1024;

/**
 * Writes all that is planned. Rejects with `ReadError`, with what the sink rejects with, or with the reason of the
 * signal; then the sink is abandoned.
 */
export async function writePlan(
  plan: ExportPlan,
  source: ByteSource,
  sink: Sink,
  { signal, onProgress }: WriteOptions = {},
): Promise<void> {
  let done = 0;
  try {
    for (const part of gathered(plan.parts())) {
      signal?.throwIfAborted();
      if (part.kind === 'hole') await sink.skip(part.length);
      else await sink.write(await bytesOf(part, source));
      done += part.kind === 'many' ? part.length : lengthOf(part);
      await onProgress?.(done, plan.size);
    }
    signal?.throwIfAborted();
    if (done !== plan.size) throw new Error(`wrote ${done} bytes where ${plan.size} were to be written`);
    await sink.finish();
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

/** Small parts that are read and written as one. */
interface Many {
  readonly kind: 'many';
  readonly parts: readonly Part[];
  readonly length: number;
}

/** Cuts what is large, and puts together what is small. */
function* gathered(parts: Iterable<Part>): Generator<Part | Many> {
  let small: Part[] = [];
  let length = 0;
  const flush = function* (): Generator<Many> {
    if (small.length > 0) yield { kind: 'many', parts: small, length };
    small = [];
    length = 0;
  };
  for (const part of parts) {
    if (part.kind === 'hole') {
      yield* flush();
      yield part;
      continue;
    }
    for (const piece of cut(part)) {
      small.push(piece);
      length += lengthOf(piece);
      if (length >= CHUNK) yield* flush();
    }
  }
  yield* flush();
}

function* cut(part: Exclude<Part, { kind: 'hole' }>): Generator<Part> {
  if (part.kind === 'made' || part.kind === 'late') return yield part;
  for (let from = 0; from < part.length; from += CHUNK) {
    const length = Math.min(CHUNK, part.length - from);
    // The text of a blank starts anew in each piece: its length divides that of a page, and a page that of a chunk.
    if (part.kind === 'blank') yield { kind: 'blank', length };
    else if (part.kind === 'image') yield { kind: 'image', offset: part.offset + from, length };
  }
}

async function bytesOf(part: Part | Many, source: ByteSource): Promise<Uint8Array> {
  if (part.kind === 'made') return part.bytes;
  if (part.kind === 'late') return part.make();
  if (part.kind === 'blank') return blankText(part.length);
  if (part.kind === 'hole') return new Uint8Array(part.length);
  if (part.kind === 'image') return source.read(part.offset, part.length);
  const only = part.parts.length === 1 ? part.parts[0] : undefined;
  if (only) return bytesOf(only, source);
  const pages = await pagesAtOnce(part.parts, source);
  const out = new Uint8Array(part.length);
  let at = 0;
  for (const [index, piece] of part.parts.entries()) {
    out.set(pages?.[index] ?? (await bytesOf(piece, source)), at);
    at += lengthOf(piece);
  }
  return out;
}

/** Single pages in one trip, where the source can. */
async function pagesAtOnce(parts: readonly Part[], source: ByteSource): Promise<Uint8Array[] | undefined> {
  const offsets: number[] = [];
  for (const part of parts) {
    if (part.kind !== 'image' || part.length !== PAGE_SIZE) return undefined;
    offsets.push(part.offset);
  }
  return source.readMany?.(offsets, PAGE_SIZE);
}
