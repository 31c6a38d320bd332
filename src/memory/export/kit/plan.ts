/**
 * What an export writes, as a list of parts made while it is gone through: a file of any size costs the memory of one
 * part. Most bytes are those of the image as they stand there, so that who writes can have them copied by others.
 */
import type { ByteSource } from '../../../source/source';
import type { ImageInfo } from '../../../scan/image';
import type { PageIndex } from '../../../scan/pages';
import type { RecordIndex } from '../../../scan/records';
import type { GuestMemory } from '../../guest-memory';

export type Part =
  | { readonly kind: 'made'; readonly bytes: Uint8Array }
  /** Made of what the image holds when its turn comes. Rejects as an export does. */
  | { readonly kind: 'late'; readonly length: number; readonly make: () => Promise<Uint8Array> }
  /** Bytes of the image. */
  | { readonly kind: 'image'; readonly offset: number; readonly length: number }
  /** Zeros, left out where the file may have holes. */
  | { readonly kind: 'hole'; readonly length: number }
  /** The text of a blanked image, from its start. */
  | { readonly kind: 'blank'; readonly length: number };

export interface ExportPlan {
  /** Name of the file, for want of a better one. */
  readonly name: string;
  /** Bytes, known before the first is written. */
  readonly size: number;
  /** Bytes of it that are no holes. */
  readonly content: number;
  /** What whoever opens it should know. */
  readonly notes: readonly string[];
  parts(): Iterable<Part>;
}

/** A scanned image. */
export interface Exportable {
  readonly source: ByteSource;
  readonly records: RecordIndex;
  readonly pages: PageIndex;
  readonly image: Readonly<ImageInfo>;
  readonly memory: GuestMemory;
}

/** Something essential is not in the image. The message says what. */
export class ExportRefused extends Error {
  override readonly name = 'ExportRefused';
}

/** Returns how many bytes a part has. */
export const lengthOf = (part: Part): number => (part.kind === 'made' ? part.bytes.length : part.length);

/** Returns the name of the image without what says its kind: `pv64` of `pv64.xlsave`. */
export function baseName({ source }: Pick<Exportable, 'source'>): string {
  const name = source.name.replace(/\.(?:gz|xlsave|save|libvirtsave|migr|img)$/u, '');
  return name === '' ? 'image' : name;
}
