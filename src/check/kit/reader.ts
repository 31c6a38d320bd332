/** Who restores: the program that reads an image, which decides what is looked at first and what is refused. */
import type { Container } from '../../format/layers';
import type { ImageInfo } from '../../scan/image';
import type { StageId } from './stages';

export interface ReaderSpec {
  /** The command, as it is typed. */
  readonly title: string;
  /** What its files start with. */
  readonly reads: Container;
  /** Stages that are none of its business. */
  readonly without?: readonly StageId[];
  /** What it does first, where that is not what xl does. */
  readonly opens?: string;
  /** The kind of checkpointed stream that it takes; none where it refuses a checkpoint. */
  readonly checkpoints?: 'remus' | 'colo';
}

/** Every reader, by the name that the terminal program takes. Of those of one container the first is the plain one. */
export const READERS = {
  xl: { title: 'xl restore', reads: 'xl' },
  'migrate-receive': { title: 'xl migrate-receive', reads: 'xl' },
  remus: { title: 'xl migrate-receive --remus', reads: 'xl', checkpoints: 'remus' },
  colo: { title: 'xl migrate-receive --colo', reads: 'xl', checkpoints: 'colo' },
  virsh: { title: 'virsh restore', reads: 'libvirt', opens: 'libvirt reads the header and the XML' },
  libxl: { title: 'libxl alone', reads: 'libxl', without: ['file'] },
  libxc: { title: 'libxc alone', reads: 'libxc', without: ['file', 'stream', 'devices', 'ready'] },
} as const satisfies Readonly<Record<string, ReaderSpec>>;

export type ReaderId = keyof typeof READERS;
/** The containers that some reader reads. */
export type ReadContainer = (typeof READERS)[ReaderId]['reads'];

export const READER_IDS: readonly ReaderId[] = Object.keys(READERS).filter((id): id is ReaderId => id in READERS);

/** Returns what is known of a reader. */
export const readerSpec = (id: ReaderId): ReaderSpec & { readonly reads: ReadContainer } => READERS[id];

/** Tells whether a text names a reader. */
export const isReader = (text: string): text is ReaderId => Object.hasOwn(READERS, text);

/** What of an image tells by whom it can be read. */
type Readable = Pick<ImageInfo, 'container' | 'refusal' | 'checkpoints'>;

/** Returns the reader that an image was made for: xl where none reads its container. */
export function fittingReader({ container, refusal, checkpoints }: Readable): ReaderId {
  const reads = container ?? refusal?.seems;
  const plain = READER_IDS.find((id) => READERS[id].reads === reads) ?? 'xl';
  return plain === 'xl' && checkpoints > 0 ? 'remus' : plain;
}

/** Returns the readers that can be asked about an image, the one that fits first. */
export function readersOf(image: Readable): readonly ReaderId[] {
  const fits = fittingReader(image);
  return [fits, ...READER_IDS.filter((id) => id !== fits)];
}
