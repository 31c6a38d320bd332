/** Canvases that are sharp on every screen and take their colours from the tokens. */

import { visible } from '../../lib/visible';

/** Sizes the canvas in device pixels and returns a context that draws in CSS pixels. */
export function prepare(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | undefined {
  const ratio = devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext('2d') ?? undefined;
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

/** Draws a text, with what is not seen in it escaped: a canvas draws bidi controls as obediently as a page. */
export function drawText(context: CanvasRenderingContext2D, text: string, x: number, y: number, room?: number): void {
  context.fillText(visible(text), x, y, room);
}

let probe: HTMLElement | undefined;
let scheme: MediaQueryList | undefined;
let known = new Map<string, string>();
let knownFor = '';

/** Returns the colour of a token such as `--k-pages` in the theme of now. */
export function colour(token: string): string {
  scheme ??= matchMedia('(prefers-color-scheme: dark)');
  const theme = `${document.documentElement.dataset['theme'] ?? 'system'}:${scheme.matches}`;
  if (theme !== knownFor) {
    known = new Map();
    knownFor = theme;
  }
  const found = known.get(token);
  if (found !== undefined) return found;
  if (!probe) {
    probe = document.createElement('span');
    probe.hidden = true;
    document.body.append(probe);
  }
  // light-dark() only resolves on an element: a custom property by itself keeps both values.
  probe.style.color = `var(${token})`;
  const resolved = getComputedStyle(probe).color;
  known.set(token, resolved);
  return resolved;
}

let mono = '';

/** Returns the data font of the tokens, as a canvas wants it. Asked for once: asking lays the page out. */
export function monoFont(): string {
  mono ||= getComputedStyle(document.documentElement).getPropertyValue('--font-mono').trim();
  return mono || 'monospace';
}

/** Makes diagonal hatching: "nothing here", told without colour. */
export function hatch(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  token: string,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = colour(token);
  context.lineWidth = 1;
  context.beginPath();
  for (let at = Math.floor((x - height) / 5) * 5; at < x + width + height; at += 5) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.stroke();
  context.restore();
}
