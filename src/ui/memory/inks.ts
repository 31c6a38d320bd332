/** What cells are drawn with, looked up once for a picture: tens of thousands of cells ask for it. */
import { colour } from '../shared/canvas';
import { NOT_SENT, pageLook, SEND_STEPS, type Shape } from './page-types';
import type { MapLayer } from './view';

/** State of a cell, in the picture of sends, whose pages have no content. */
export const NO_CONTENT = 0x100;

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

export interface Ink {
  readonly fill: CanvasPattern | string;
  readonly line: string | undefined;
  readonly shape: Shape;
}

export class Inks {
  readonly #context: CanvasRenderingContext2D;
  readonly #layer: MapLayer;
  readonly #known = new Map<number, Ink>();
  readonly ground = colour('--surface');
  readonly unknown = colour('--surface-3');

  constructor(context: CanvasRenderingContext2D, layer: MapLayer) {
    this.#context = context;
    this.#layer = layer;
  }

  of(state: number): Ink {
    const found = this.#known.get(state) ?? this.#make(state);
    this.#known.set(state, found);
    return found;
  }

  #make(state: number): Ink {
    if (this.#layer === 'sends' && state !== NO_CONTENT) {
      return { fill: colour(SEND_STEPS[state]?.colour ?? '--p-notab'), line: undefined, shape: 'fill' };
    }
    const { colour: token, shape } = state === NO_CONTENT ? NOT_SENT : pageLook(state);
    const ink = colour(token);
    if (shape === 'hatch') return { fill: hatching(this.#context, ink), line: undefined, shape };
    return shape === 'outline' ? { fill: this.ground, line: ink, shape } : { fill: ink, line: undefined, shape };
  }
}
