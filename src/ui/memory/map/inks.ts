/** What cells are drawn with, looked up once for a picture: tens of thousands of cells ask for it. */
import type { LayerEntry } from '../../../memory/map/layer';
import type { Shape } from '../../../memory/map/page-types';
import { colour } from '../../shared/canvas';

const patterns = new Map<string, CanvasPattern>();

/** Diagonal lines in one phase over the whole canvas, so that they run on from row to row. */
function hatching(context: CanvasRenderingContext2D, ink: string): CanvasPattern | string {
  const known = patterns.get(ink);
  if (known) return known;
  const tile = document.createElement('canvas');
  tile.width = 5;
  tile.height = 5;
  const pen = tile.getContext('2d');
  if (!pen) return ink;
  pen.fillStyle = ink;
  for (let at = 0; at < 5; at++) pen.fillRect(at, 4 - at, 1, 1);
  const made = context.createPattern(tile, 'repeat');
  if (made) patterns.set(ink, made);
  return made ?? ink;
}

const words = new Map<string, number>();
let pixel: CanvasRenderingContext2D | undefined;

/** A colour as the word that a pixel of image data is, whatever the order of its bytes. */
function pixelOf(ink: string): number {
  const known = words.get(ink);
  if (known !== undefined) return known;
  if (!pixel) {
    const canvas = document.createElement('canvas');
    canvas.width = 1;
    canvas.height = 1;
    pixel = canvas.getContext('2d', { willReadFrequently: true }) ?? undefined;
  }
  if (!pixel) return 0;
  pixel.fillStyle = ink;
  pixel.fillRect(0, 0, 1, 1);
  const [word = 0] = new Uint32Array(pixel.getImageData(0, 0, 1, 1).data.buffer);
  words.set(ink, word);
  return word;
}

export interface Ink {
  readonly fill: CanvasPattern | string;
  readonly line: string | undefined;
  readonly shape: Shape;
  /** Drawn by more than a colour. */
  readonly drawn: boolean;
}

export class Inks {
  readonly #context: CanvasRenderingContext2D;
  readonly #entries: ReadonlyMap<number, LayerEntry>;
  readonly #known = new Map<number, Ink>();
  readonly ground = colour('--surface');
  /** Colour of each state as a pixel; 0 where the ground shows through. */
  readonly pixels = new Uint32Array(256);
  readonly unknown = pixelOf(colour('--surface-3'));

  constructor(context: CanvasRenderingContext2D, entries: readonly LayerEntry[]) {
    this.#context = context;
    this.#entries = new Map(entries.map((entry) => [entry.state, entry]));
    for (const { state, colour: token, shape } of entries) {
      if (shape !== 'hatch' && shape !== 'outline') this.pixels[state] = pixelOf(colour(token));
    }
  }

  of(state: number): Ink {
    const found = this.#known.get(state) ?? this.#make(state);
    this.#known.set(state, found);
    return found;
  }

  #make(state: number): Ink {
    const { colour: token, shape } = this.#entries.get(state) ?? { colour: '--p-broken', shape: 'cross' };
    const ink = colour(token);
    const drawn = shape !== 'fill';
    if (shape === 'hatch') return { fill: hatching(this.#context, ink), line: undefined, shape, drawn };
    return shape === 'outline'
      ? { fill: this.ground, line: ink, shape, drawn }
      : { fill: ink, line: undefined, shape, drawn };
  }
}
