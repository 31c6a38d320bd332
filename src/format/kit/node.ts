import type { Guest } from '../guest';

/** What decoding yields: a tree of named spans, the same for the field tree, the hex overlay and `xenscope show`. */

/** A place in the guest's memory that a value names. */
export interface MemoryRef {
  /** Page frame number, guest-physical address, or virtual address of the vCPU that the field belongs to. */
  readonly space: 'pfn' | 'gpa' | 'va';
  readonly at: bigint;
  /** Nothing says that the value is an address: it is one if it is mapped. */
  readonly maybe?: true;
}

/** The bits of an integer that one part of it takes. */
type BitPlace = readonly [at: number, width: number];

export interface FieldNode {
  readonly name: string;
  /** Absolute offset in the file, bytes. */
  readonly offset: number;
  readonly length: number;
  /** Integers as they are; text; null for what is only a group of fields or opaque bytes. */
  readonly value: number | bigint | string | null;
  /** The value as shown. */
  readonly text: string;
  /** The text is a document of many lines, and a line end in it is one. */
  readonly document?: true;
  /** What the value means, where that can be said in a few words. */
  readonly note?: string;
  /** Names of the set one-bit fields. */
  readonly flags?: readonly string[];
  /** What the value counts, where its text does not say. */
  readonly unit?: string;
  /** The lowest bit of a part of an integer, and how many there are. */
  readonly bits?: BitPlace;
  /** The bit says that something happened by being clear. */
  readonly quiet?: true;
  /** Says that the value has no meaning: padding, or kept for later. */
  readonly reserved?: true;
  /** The register is in its initial state, whatever these bytes are. */
  readonly initial?: true;
  readonly doc?: string;
  readonly source?: string;
  /** Where in the guest's memory the value leads. */
  readonly leadsTo?: MemoryRef;
  /** Damage at just this field: cut short, or not what the format demands. */
  readonly problem?: string;
  readonly children?: readonly FieldNode[];
  /** A long array: elements are decoded one by one when looked at. */
  readonly items?: ItemsView;
}

/** Elements of one size, decoded on demand from bytes that may not be loaded yet. */
export interface ItemsView {
  readonly count: number;
  readonly stride: number;
  /** Absolute offset of the first element. */
  readonly offset: number;
  /** Element `index` out of its own `stride` bytes. */
  readonly decode: (index: number, element: Uint8Array) => FieldNode;
}

/** A record body as far as it is loaded. */
export interface Body {
  /** Loaded bytes, from the start of the body; may be fewer than `length`. */
  readonly bytes: Uint8Array;
  /** Absolute offset of the body in the file. */
  readonly offset: number;
  /** Bytes the body has in the file: the record's body_length, cut at the end of the file. */
  readonly length: number;
  /** What the record's header says, even where the file ends before. */
  readonly claimed: number;
  readonly littleEndian: boolean;
  readonly guest?: Guest;
}

/** Returns where in its integer a part is, in words: `bit 3`, `bits 13–12`. */
const bitText = ([at, width]: BitPlace): string => (width === 1 ? `bit ${at}` : `bits ${at + width - 1}–${at}`);

/** Returns the words beside a field's value: what it means, or where in its integer a part without a meaning is. */
export const noteOf = ({ note, bits }: FieldNode): string | undefined => note ?? (bits && bitText(bits));

/** Tells whether a field has no meaning and is as it should be, so that nobody misses it. */
export const saysNothing = ({ reserved, problem }: FieldNode): boolean => reserved === true && problem === undefined;

/** Tells whether a field is one bit that its name alone says all about. */
export const isFlag = ({ note, bits }: FieldNode): boolean => bits?.[1] === 1 && note === undefined;

/** Returns the part of a body from `at` on, as far as the body goes. */
export function bodyFrom(body: Body, at: number, length = body.length - at): Body {
  const room = Math.max(0, Math.min(length, body.length - at));
  return {
    bytes: body.bytes.subarray(at, at + room),
    offset: body.offset + at,
    length: room,
    claimed: Math.max(room, Math.min(length, body.claimed - at)),
    littleEndian: body.littleEndian,
    ...(body.guest === undefined ? {} : { guest: body.guest }),
  };
}
