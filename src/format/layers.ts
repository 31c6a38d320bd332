/**
 * The layers of an image, outermost first, and the headers that they start with. A file is called after the layer that
 * it starts with: that is its container. How headers are read stands in `scan/walk/headers`.
 */
import { latin1Bytes, startsWith } from '../lib/bytes';
import { type StructField, struct } from './kit/layout';
import { encode } from './kit/parse';
import { LIBVIRT_HEADER, LIBVIRT_MAGIC } from './libvirt/header';
import { DOMAIN_HEADER, IMAGE_HEADER } from './libxc/headers';
import { LIBXL_HEADER } from './libxl/header';
import { XL_HEADER, XL_MAGIC } from './xl/header';

export const LAYERS = ['xl', 'libvirt', 'libxl', 'libxc'] as const;
export type Layer = (typeof LAYERS)[number];

/** The layers that are streams of records; the others are a header in front of one. */
export type StreamLayer = Extract<Layer, 'libxl' | 'libxc'>;

/** Something that every stream has; to be asked for with any layer. */
export type OfStreams<T> = Readonly<Record<StreamLayer, T> & Partial<Record<Layer, T>>>;

/** What a file is, by the layer that it starts with. */
export type Container = Layer;

interface LayerSpec {
  /** What the layer is, in a word or two beside its name. */
  readonly title: string;
  /** What a file of it is, as one is told who wanted a file of another kind. */
  readonly file: string;
  /** Layers that can stand around it. */
  readonly within: readonly Layer[];
  /** The stream of records around the libxc stream in a file that starts with this layer; none where that is all. */
  readonly outer?: StreamLayer;
  /** Its header holds the configuration of the domain. */
  readonly hasConfig: boolean;
  /** Tells by the first bytes of a file whether it starts with this layer; no file starts with two of them. */
  readonly startsFile: (head: Uint8Array) => boolean;
}

const startingWith =
  (magic: Uint8Array) =>
  (head: Uint8Array): boolean =>
    startsWith(head, magic);

const { marker, id } = IMAGE_HEADER.fields;
const LIBXC_MAGIC = encode(struct('magic', { marker, id }), {});
const LIBXL_MAGIC = encode(struct('magic', { ident: LIBXL_HEADER.fields.ident }), {});
/** A LIBXC_CONTEXT record, type 1 and without a body, in front of the libxc stream. */
const LOST_HEADER = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, ...LIBXC_MAGIC);
/** Bytes by which it is known that the header of a libxl stream is missing. */
export const LOST_HEADER_SIZE = LOST_HEADER.length;

/** Tells whether bytes start a libxl stream whose header is missing: a LIBXC_CONTEXT, and the image header behind it. */
export const lacksLibxlHeader = startingWith(LOST_HEADER);

/** Each layer. */
export const LAYER_SPECS: Readonly<Record<Layer, LayerSpec>> = {
  xl: {
    title: 'save file',
    file: 'a file of xl save: xl restore reads it',
    within: [],
    outer: 'libxl',
    hasConfig: true,
    startsFile: startingWith(latin1Bytes(XL_MAGIC)),
  },
  libvirt: {
    title: 'save file',
    file: 'a libvirt save: virsh restore reads it',
    within: [],
    outer: 'libxl',
    hasConfig: true,
    startsFile: startingWith(latin1Bytes(LIBVIRT_MAGIC)),
  },
  libxl: {
    title: 'stream v2',
    file: 'a bare libxl stream, without the header of xl in front',
    within: ['xl', 'libvirt'],
    outer: 'libxl',
    hasConfig: false,
    // Also where the header has been lost: a LIBXC_CONTEXT, and the image header behind it.
    startsFile: (head) => startingWith(LIBXL_MAGIC)(head) || lacksLibxlHeader(head),
  },
  libxc: {
    title: 'image',
    file: 'a bare libxc stream, without the headers of xl and libxl in front',
    within: ['xl', 'libvirt', 'libxl'],
    hasConfig: false,
    startsFile: startingWith(LIBXC_MAGIC),
  },
};

/** Headers, by the number that the index keeps for them in place of a type. */
export const HeaderType = {
  XL_HEADER: 0,
  LIBVIRT_HEADER: 1,
  LIBXL_HEADER: 2,
  IMAGE_HEADER: 3,
  DOMAIN_HEADER: 4,
} as const;

/** A header, as a row of `HEADERS`. */
export interface HeaderRow {
  /** One sentence: what the header is for. */
  readonly doc: string;
  readonly layout: StructField;
}

/** Every header. */
export const HEADERS: Readonly<Record<keyof typeof HeaderType, HeaderRow>> = {
  XL_HEADER: { doc: 'Header of an xl save file, with the domain configuration.', layout: XL_HEADER },
  LIBVIRT_HEADER: { doc: 'Header of a libvirt save file, with the domain XML.', layout: LIBVIRT_HEADER },
  LIBXL_HEADER: { doc: 'Header of the libxl stream.', layout: LIBXL_HEADER },
  IMAGE_HEADER: { doc: 'Header of the libxc stream.', layout: IMAGE_HEADER },
  DOMAIN_HEADER: { doc: 'What kind of guest, saved by which Xen.', layout: DOMAIN_HEADER },
};
