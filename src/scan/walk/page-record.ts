/** PAGE_DATA: its list goes into the page index, its pages are hopped over, its length is held against its list. */
import { readU32 } from '../../format/kit/bytes';
import { PAGE_DATA_HEADER, PAGE_DATA_HEADER_SIZE, PFN_ENTRY_SIZE } from '../../format/libxc/page-data';
import { PAGE_SIZE } from '../../format/page';
import { LibxcType } from '../../format/libxc/types';
import { FILL_START, startsFilled } from '../../format/sharing/fill';
import { grouped, hex0x } from '../../lib/text';
import { type Pass } from '../image';
import { PageListReader } from './page-list';
import { endOf, RECORD_HEADER, RECORD_HEADER_SIZE } from '../../format/framing';
import { type Reading } from '../reader';
import { cutHere, follows, resume, search } from './damage';
import type { Resynced } from './resync';
import { noteFilled, shareList } from './share-body';
import { type Header, PIECE, placesIn, type WalkState, type Where, where } from './state';

const PASS_LIMIT = 4096;

/** A PAGE_DATA whose end lies behind the end of the file, and where records go on in it. */
interface Cut {
  readonly found: Resynced | undefined;
}

/** Reads a PAGE_DATA of which the file has at least the count; false where the walk ends in it. */
export function* pageData(w: WalkState, header: Header, cut?: Cut): Reading<boolean> {
  const { offset, length } = header;
  const { size } = w.reader;
  const body = offset + RECORD_HEADER_SIZE;
  const available = Math.min(length, (cut?.found?.offset ?? size) - body);
  const counts = yield* w.reader.at(body, PAGE_DATA_HEADER_SIZE);
  // Raw, not by the layout: this runs for each PAGE_DATA of a large image.
  const isFilled = startsFilled(counts);
  const count = isFilled ? 0 : readU32(counts, 0, w.littleEndian.libxc);
  const reserved = isFilled ? 0 : readU32(counts, 4, w.littleEndian.libxc);
  const list = body + PAGE_DATA_HEADER_SIZE;
  const listed = Math.min(count, Math.floor((available - PAGE_DATA_HEADER_SIZE) / PFN_ENTRY_SIZE));
  const listEnd = list + listed * PFN_ENTRY_SIZE;
  const row = w.records.count;
  const pages = new PageListReader(w.pages, row, list + count * PFN_ENTRY_SIZE, body + available);
  const first = yield* w.reader.at(offset, Math.min(listEnd - offset, PIECE));
  pages.add(first.subarray(list - offset), w.littleEndian.libxc);
  for (let at = offset + first.length; at < listEnd;) {
    const piece = yield* w.reader.at(at, Math.min(PIECE, listEnd - at));
    pages.add(piece, w.littleEndian.libxc);
    at += piece.length;
    w.position = at;
  }
  pages.flush();
  const passStart = w.newPass || (listed > 0 && pages.firstPfn <= w.lastPfn);
  const listLength = PAGE_DATA_HEADER_SIZE + count * PFN_ENTRY_SIZE;
  const whole = listLength + pages.pages * PAGE_SIZE;
  // A list that the end of the file cuts says too little to contradict the length.
  const exact = listed === count ? whole === length : available < length && listLength <= length;
  w.row('libxc', header, {
    pages: listed,
    damaged: !exact || available < length,
    passStart,
    reservedBits: pages.badBits >= 0,
  });
  const isSound = exact && available === length && count > 0 && reserved === 0 && pages.isSound;
  yield* shareList(w, header, listEnd, { exact: exact || isFilled, isSound });
  countPass(w, row, offset, listed, pages.pages, passStart);
  if (pages.lastPfn >= 0) w.lastPfn = pages.lastPfn;
  if (isFilled) noteFilled(w, 'libxc', row, header);
  else pageFindings(w, header, row, pages, { count, reserved, listed, whole, exact });
  const end = endOf(offset, length);
  if (exact) {
    if (cut) return cutHere(w, 'libxc', header, row, cut.found);
    w.position = end;
    // Bytes can be missing among the pages, so that the next header came earlier.
    w.trustedEnd = listEnd;
    return true;
  }
  // Of a filled record only the length is left. It was right, unless the text goes on behind it.
  if (isFilled && end <= size && !startsFilled(yield* w.reader.at(end, FILL_START))) {
    w.position = end;
    w.trustedEnd = listEnd;
    return true;
  }
  // The length and the list contradict each other: go on at the end that a plausible record follows.
  for (const candidate of [end, endOf(offset, whole)]) {
    if (candidate <= size && (yield* follows(w, 'libxc', LibxcType.PAGE_DATA, candidate))) {
      w.sharing.doubt(candidate);
      w.position = candidate;
      w.trustedEnd = listEnd;
      return true;
    }
  }
  return cut ? resume(w, 'libxc', listEnd, row, cut.found) : yield* search(w, 'libxc', listEnd, row);
}

function pageFindings(
  w: WalkState,
  { offset, length }: Header,
  row: number,
  pages: PageListReader,
  list: { count: number; reserved: number; listed: number; whole: number; exact: boolean },
): void {
  const body = offset + RECORD_HEADER_SIZE;
  const at = placesIn(PAGE_DATA_HEADER, 'libxc', row, body);
  const entryAt = (entry: number): Where =>
    where('libxc', row, body + PAGE_DATA_HEADER_SIZE + entry * PFN_ENTRY_SIZE, PFN_ENTRY_SIZE);
  if (list.count === 0)
    w.note('fatal', 'no-pages', at('count'), 'a PAGE_DATA without a single PFN: Xen refuses it', 'at least 1', '0');
  if (list.reserved !== 0)
    w.note('note', 'reserved', at('reserved'), 'a reserved word is not zero', '0', hex0x(list.reserved));
  if (!list.exact) {
    const fits = list.listed === list.count;
    w.note(
      'fatal',
      'bad-length',
      placesIn(RECORD_HEADER, 'libxc', row, offset)('body_length'),
      fits ? 'the length is not what the list of PFNs adds up to' : 'the record is too short for its list of PFNs',
      fits ? grouped(list.whole) : `${grouped(list.count)} PFNs`,
      fits ? grouped(length) : `room for ${grouped(list.listed)}`,
    );
  }
  if (pages.badType >= 0)
    w.note(
      'fatal',
      'bad-page-type',
      entryAt(pages.badType),
      `PFN entry ${pages.badType} has a reserved page type`,
      'types 0–4 and 9–15',
      'types 5–8',
    );
  if (pages.badBits >= 0)
    w.note(
      'note',
      'reserved',
      entryAt(pages.badBits),
      `PFN entry ${pages.badBits} has reserved bits set`,
      'bits 59–52 clear',
    );
  if (w.pages.full)
    w.limit(
      'page-index-full',
      where('file', row, offset, RECORD_HEADER_SIZE),
      `the page index holds ${grouped(w.pages.runs)} runs and takes no more; later pages are not on the map`,
    );
}

function countPass(w: WalkState, row: number, offset: number, entries: number, pages: number, starts: boolean): void {
  const { passes } = w.image;
  const last = passes.at(-1);
  if (!starts && last) {
    const grown: Pass = {
      ...last,
      records: last.records + 1,
      entries: last.entries + entries,
      pages: last.pages + pages,
    };
    passes[passes.length - 1] = grown;
    w.imageVersion++;
  } else if (passes.length < PASS_LIMIT) {
    passes.push({ kind: w.verifying ? 'verify' : 'pass', record: row, records: 1, entries, pages, offset });
    w.imageVersion++;
  } else {
    w.limit(
      'passes-full',
      where('libxc', row, offset, RECORD_HEADER_SIZE),
      `the list of passes over memory holds ${grouped(PASS_LIMIT)} and takes no more`,
    );
  }
  w.newPass = false;
}
