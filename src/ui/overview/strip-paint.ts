/** Painting the strip: axis, records to scale, passes, findings, brush. */
import { PAGE_SIZE } from '../../format/page';
import { upperBound } from '../../lib/bisect';
import type { Range } from '../../lib/range';
import { byteSize, counted, grouped } from '../../lib/text';
import type { ShownFinding } from '../../state/findings';
import type { ImageInfo } from '../../scan/image';
import type { RecordIndex } from '../../scan/records';
import { colour, drawText, hatch } from '../shared/canvas';

const AXIS = 16;
const BAND = 24;
const MARKS = 16;
export const STRIP_HEIGHT = AXIS + BAND + MARKS;

export interface StripPicture {
  readonly width: number;
  readonly size: number;
  readonly records: RecordIndex;
  readonly image: ImageInfo;
  readonly findings: readonly ShownFinding[];
  readonly brush: Range | undefined;
}

/** Returns the pixels between which the brush stands: never thinner than can be gripped. */
export function brushX(brush: Range, size: number, width: number): { readonly from: number; readonly to: number } {
  const from = (brush.start / size) * width;
  const to = Math.max(from + 10, (Math.min(brush.end, size) / size) * width);
  const shift = Math.max(0, to - width);
  return { from: from - shift, to: to - shift };
}

/**
 * Paints the whole strip: axis, records to scale, gaps, passes, findings and brush; nothing for an empty file or no
 * width.
 */
export function paintStrip(context: CanvasRenderingContext2D, picture: StripPicture): void {
  const { size, width } = picture;
  if (size === 0 || width === 0) return;
  context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = 'middle';
  paintAxis(context, picture);
  context.fillStyle = colour('--surface-3');
  context.fillRect(0, AXIS, width, BAND);
  paintBand(context, picture);
  paintGaps(context, picture);
  paintPasses(context, picture);
  paintFindings(context, picture);
  paintBrush(context, picture);
}

const UNITS = [
  { bytes: 1, name: 'B' },
  { bytes: 2 ** 10, name: 'KiB' },
  { bytes: 2 ** 20, name: 'MiB' },
  { bytes: 2 ** 30, name: 'GiB' },
  { bytes: 2 ** 40, name: 'TiB' },
] as const;

/** Tick distance: a power of two of a unit, at least 120 px apart. */
function paintAxis(context: CanvasRenderingContext2D, { size, width }: StripPicture): void {
  const wanted = (size / width) * 120;
  const step = 2 ** Math.ceil(Math.log2(Math.max(1, wanted)));
  const unit = UNITS.findLast(({ bytes }) => step >= bytes) ?? UNITS[0];
  const end = byteSize(size);
  const endX = width - context.measureText(end).width - 6;
  context.fillStyle = colour('--text-3');
  context.strokeStyle = colour('--line-2');
  context.lineWidth = 1;
  context.beginPath();
  for (let at = 0; at < size; at += step) {
    const x = Math.floor((at / size) * width) + 0.5;
    const label = at === 0 ? '0' : at === step ? `${at / unit.bytes} ${unit.name}` : String(at / unit.bytes);
    if (x + context.measureText(label).width + 12 > endX) break;
    context.moveTo(x, 0);
    context.lineTo(x, AXIS);
    drawText(context, label, x + 4, AXIS / 2);
  }
  context.stroke();
  drawText(context, end, endX, AXIS / 2);
}

/** Records looked at in one pixel: a sample where there are more. */
const SAMPLE = 24;
/** Width of a small record's mark, pixels: more than to scale. */
const MARK = 4;

function paintBand(context: CanvasRenderingContext2D, { size, width, records }: StripPicture): void {
  const find = (offset: number): number =>
    Math.max(0, upperBound(records.count, (index) => records.offsetAt(index), offset) - 1);
  if (records.count === 0) return;
  const small: { readonly x: number; readonly tokens: readonly string[] }[] = [];
  for (let x = 0; x < width; x++) {
    const start = (x / width) * size;
    const first = find(start);
    const last = find(((x + 1) / width) * size - 1);
    if (start >= records.offsetAt(last) + records.lengthAt(last) + 16) continue;
    const stride = Math.max(1, Math.floor((last - first) / SAMPLE));
    let pages = -1;
    const tokens: string[] = [];
    for (let index = first; index <= last; index += stride) {
      if (records.pagesAt(index) >= 0) pages = index;
      else {
        const group = records.row(index)?.group ?? 'unknown';
        const token = group === 'unknown' ? '--k-damaged' : `--k-${group}`;
        if (tokens.at(-1) !== token) tokens.push(token);
      }
    }
    if (pages >= 0) paintPages(context, records, pages, x);
    if (tokens.length > 0) small.push({ x, tokens });
  }
  // Small records between large ones are what people look for: wide enough to be seen, over the pages beside them.
  let free = 0;
  for (const { x, tokens } of small) {
    const from = Math.max(free, Math.min(x, width - tokens.length * MARK));
    for (const [at, token] of tokens.entries()) {
      context.fillStyle = colour(token);
      context.fillRect(from + at * MARK, AXIS, MARK - 1, BAND);
    }
    free = from + (tokens.length > 1 ? tokens.length * MARK : 0);
  }
  paintSeams(context, records, size, width);
}

/** A PAGE_DATA is filled up to the share of its PFNs that have content; one that has none is hatched. */
function paintPages(context: CanvasRenderingContext2D, records: RecordIndex, index: number, x: number): void {
  const count = Math.max(1, records.pagesAt(index));
  const share = Math.min(1, Math.max(0, (records.lengthAt(index) - 8 - count * 8) / (count * PAGE_SIZE)));
  if (share === 0) {
    hatch(context, x, AXIS, 1, BAND, '--line-2');
    return;
  }
  context.fillStyle = colour('--k-pages');
  context.fillRect(x, AXIS + BAND * (1 - share), 1, BAND * share);
}

/** A line between records that are wide enough to be told apart. */
function paintSeams(context: CanvasRenderingContext2D, records: RecordIndex, size: number, width: number): void {
  if (records.count > width / 4) return;
  context.fillStyle = colour('--surface');
  for (let index = 1; index < records.count; index++) {
    const x = (records.offsetAt(index) / size) * width;
    const before = (records.offsetAt(index - 1) / size) * width;
    if (x - before >= 6) context.fillRect(Math.floor(x), AXIS, 1, BAND);
  }
}

function paintGaps(context: CanvasRenderingContext2D, { size, width, image }: StripPicture): void {
  for (const gap of image.gaps) {
    const x = (gap.offset / size) * width;
    const wide = (gap.length / size) * width;
    if (wide >= 8) hatch(context, x, AXIS, wide, BAND, '--fatal');
    else {
      context.fillStyle = colour('--fatal');
      context.fillRect(Math.min(x, width - 4), AXIS, 4, BAND);
    }
  }
}

/** Findings marked, and pixels beside the middle of a mark. */
const MARK_LIMIT = 200;
const MARK_ROOM = 8;

function paintPasses(context: CanvasRenderingContext2D, { size, width, image, findings }: StripPicture): void {
  const { passes } = image;
  context.fillStyle = colour('--text-3');
  context.strokeStyle = colour('--line-2');
  const y = AXIS + BAND + MARKS / 2;
  // Room for the mark of a finding at the very left.
  const crowded = findings.some(({ severity, offset }) => severity !== 'note' && (offset / size) * width < 16);
  let free = crowded ? 14 : 0;
  const marked = findings
    .filter(({ severity }) => severity !== 'note')
    .slice(0, MARK_LIMIT)
    .map((finding) => (finding.offset / size) * width);
  const mark = (offset: number, label: string): void => {
    const room = context.measureText(label).width + 8;
    let x = Math.max(passes.length === 1 ? free : 0, Math.floor((offset / size) * width)) + 0.5;
    // What is said of all pages stands aside for the marks of findings.
    const right = Math.max(...marked.filter((at) => at > x - MARK_ROOM && at < x + room + MARK_ROOM));
    if (passes.length === 1 && right + MARK_ROOM + room < width) x = Math.max(x, Math.floor(right) + MARK_ROOM + 0.5);
    if (x < free || x + room > width) return;
    context.beginPath();
    context.moveTo(x, AXIS + BAND + 2);
    context.lineTo(x, STRIP_HEIGHT);
    context.stroke();
    drawText(context, label, x + 4, y);
    free = x + room;
  };
  if (passes.length === 1) {
    const [only] = passes;
    if (only) {
      const without = only.entries - only.pages;
      const rest = without > 0 ? `; ${grouped(without)} PFNs without content` : '';
      mark(only.offset, `${counted(only.pages, 'page')} in ${counted(only.records, 'record')}${rest}`);
    }
    return;
  }
  for (const [index, pass] of passes.entries()) {
    if (index > 200) return;
    mark(pass.offset, pass.kind === 'verify' ? 'Verify' : index === 0 ? 'Pass 1' : String(index + 1));
  }
}

function paintFindings(context: CanvasRenderingContext2D, { size, width, findings }: StripPicture): void {
  // The worst last, so that nothing covers it.
  const shown = findings.filter(({ severity }) => severity !== 'note').slice(0, MARK_LIMIT);
  for (const { offset, severity } of shown.toSorted((one) => (one.severity === 'fatal' ? 1 : -1))) {
    const x = Math.max(5, Math.min(width - 5, (offset / size) * width));
    const y = AXIS + BAND + 8;
    context.fillStyle = colour(severity === 'fatal' ? '--fatal' : '--warn');
    context.beginPath();
    const corners = severity === 'fatal' ? 8 : 3;
    const turn = severity === 'fatal' ? Math.PI / 8 : -Math.PI / 2;
    for (let corner = 0; corner < corners; corner++) {
      const angle = turn + (corner / corners) * Math.PI * 2;
      context.lineTo(x + Math.cos(angle) * 5, y + Math.sin(angle) * 5);
    }
    context.fill();
  }
}

function paintBrush(context: CanvasRenderingContext2D, { size, width, brush }: StripPicture): void {
  if (!brush) return;
  const { from, to } = brushX(brush, size, width);
  context.strokeStyle = colour('--accent');
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(from + 0.75, AXIS + 0.75, Math.max(8, to - from - 1.5), BAND - 1.5, 3);
  context.stroke();
}
