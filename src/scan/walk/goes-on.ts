/** Looks ahead: tells whether records go on at a place, by whether one header leads to the next. */
import { RECORD_HEADER_SIZE } from '../../format/framing';
import { IMAGE_HEADER } from '../../format/libxc/headers';
import { LibxlType } from '../../format/libxl/types';
import { sizeOf } from '../../format/kit/layout';
import type { StreamLayer } from '../../format/layers';
import type { Reading } from '../reader';
import { type Link, type Passed, REMEMBERED } from './ahead';
import { CHAIN, type Context, EMPTY, type Next, nextOf, TAIL } from './chain';
import { BODY_START } from './plausible';

const MARKER_SIZE = sizeOf(IMAGE_HEADER.fields.marker);

/**
 * Tells whether records can go on at `offset`: three in a row, or fewer where the stream or the file ends. A reader steps
 * over records that it does not know, so any number of them may stand between, if each ends within the file. Behind one of
 * them empty records prove nothing: memory full of small numbers looks like them.
 */
export function* goesOn(context: Context, layer: StreamLayer, offset: number): Reading<boolean> {
  const { reader, ahead } = context;
  const way: Passed[] = [];
  let link: Link = { at: offset, layer };
  let [unknown, filled, known, bodies, empty] = [0, 0, 0, 0, 0];
  let firstKnown: number | undefined;
  const holds = (): true => {
    ahead.heldTo = Math.max(ahead.heldTo, firstKnown ?? link.at);
    return true;
  };
  while ((unknown > 0 ? bodies : known) < CHAIN) {
    if (reader.size - link.at < RECORD_HEADER_SIZE) {
      // Checkpointed streams end in records without a body.
      const isWhole = link.at === reader.size && known > 0 && filled > 0;
      if (unknown === 0 || bodies > 0 || isWhole) return holds();
      break;
    }
    const next = yield* follow(context, link);
    if (!next) break;
    if (next.isKnown) {
      firstKnown ??= link.at;
      known++;
      if (link.layer === 'libxl' && next.type === LibxlType.LIBXC_CONTEXT) {
        if (yield* isImageHeader(context, next.at)) return holds();
        break;
      }
    } else {
      const more = ahead.after(link);
      if (more !== undefined) return bodies + more >= CHAIN && holds();
      if (next.length > 0 || next.isTelling) filled++;
      if (unknown++ % REMEMBERED === REMEMBERED - 1) way.push({ ...link, bodies });
    }
    if (next.isTelling && next.length > 0) bodies++;
    if (next.isKnown && next.length === 0) empty++;
    if (next.layer === 'end') {
      if (bodies > 0 || reader.size - next.at <= TAIL) return holds();
      break;
    }
    if (unknown > 0 && empty > EMPTY) break;
    link = { at: next.at, layer: next.layer };
  }
  if ((unknown > 0 ? bodies : known) >= CHAIN) return holds();
  ahead.giveUp(way, bodies);
  return false;
}

/** Tells whether an image header starts at `offset`, which is what stands behind a LIBXC_CONTEXT; also where the file ends. */
export function* isImageHeader({ reader }: Context, offset: number): Reading<boolean> {
  const marker = yield* reader.at(offset, MARKER_SIZE);
  return marker.every((byte) => byte === 0xff);
}

function* follow(context: Context, link: Link): Reading<Next | undefined> {
  const head = yield* context.reader.at(link.at, RECORD_HEADER_SIZE + BODY_START);
  // A record that is known may be the one that the end of the file cuts.
  return nextOf(context, head, 0, link, Number.POSITIVE_INFINITY);
}
