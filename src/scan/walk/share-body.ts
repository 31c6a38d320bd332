/** What of a record that the walk takes may be shared: its judge is asked, if the record is in its place. */
import { endOf, RECORD_HEADER_SIZE } from '../../format/framing';
import { DomainType } from '../../format/libxc/headers';
import { LibxcType } from '../../format/libxc/types';
import { LibxlType } from '../../format/libxl/types';
import type { OfStreams, StreamLayer } from '../../format/layers';
import { recordSpec } from '../../format/records';
import type { Judge } from '../../format/sharing/judge';
import { startsFilled } from '../../format/sharing/fill';
import { LIBXC_JUDGES, LIBXL_JUDGES } from '../../format/sharing/judges';
import type { Reading } from '../reader';
import { type Header, PIECE, type WalkState, where } from './state';

const numbered = <Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  judges: Readonly<Record<Name, Judge>>,
): ReadonlyMap<number, Judge> =>
  new Map((Object.keys(numbers) as Name[]).map((name) => [numbers[name], judges[name]] as const));

const JUDGES: OfStreams<ReadonlyMap<number, Judge>> = {
  libxl: numbered(LibxlType, LIBXL_JUDGES),
  libxc: numbered(LibxcType, LIBXC_JUDGES),
};

/** Records of which a stream can have more than one of a kind between two checkpoints. */
const REPEATED: OfStreams<ReadonlySet<number>> = {
  libxl: new Set([LibxlType.CHECKPOINT_STATE]),
  libxc: new Set([LibxcType.X86_PV_P2M_FRAMES]),
};

const GUESTS: ReadonlyMap<number | undefined, string> = new Map([
  [DomainType.X86_PV, 'pv'],
  [DomainType.X86_HVM, 'hvm'],
]);

/** Tells whether a record can stand where it does: in the stream of such a guest, once up to the next checkpoint. */
function isInPlace(w: WalkState, layer: StreamLayer, type: number, vcpu: number): boolean {
  const takenFor = recordSpec(layer, type)?.takenFor;
  // Of a stream whose header is lost it is not known whose it is.
  const guest = GUESTS.get(w.image.domainType) ?? takenFor;
  if ((takenFor === 'pv' || takenFor === 'hvm') && takenFor !== guest) return false;
  return !w.shared[layer].has(keyOf(type, vcpu));
}

/** Names a record among those that there can be one of. */
const keyOf = (type: number, vcpu: number): string => `${type} ${vcpu}`;

/** Notes that a record was filled before the image was shared: its body says nothing of the guest. */
export function noteFilled(w: WalkState, layer: StreamLayer, row: number, { offset, type, length }: Header): void {
  const body = offset + RECORD_HEADER_SIZE;
  const isJudged = (JUDGES[layer].get(type)?.most ?? 0) > 0 || type === LibxcType.PAGE_DATA;
  if (isJudged) w.image.filled = true;
  const message = 'this record was filled before the image was shared: what was in it is not known';
  w.note('note', 'filled-record', where(layer, row, body, Math.min(length, w.reader.size - body)), message);
}

/** Shares what may be of the body of a sound record other than PAGE_DATA. */
export function* shareBody(w: WalkState, layer: StreamLayer, header: Header, vcpu: number): Reading<void> {
  const { offset, type, length } = header;
  const body = offset + RECORD_HEADER_SIZE;
  const end = Math.min(endOf(offset, length), w.reader.size);
  const judge = JUDGES[layer].get(type);
  if (!judge || judge.most === 0) return w.sharing.fill(body, end - body, 'unknown');
  if (length > judge.most || !isInPlace(w, layer, type, vcpu)) return w.sharing.fill(body, end - body, 'damaged');
  const bytes = yield* w.reader.at(body, end - body);
  const { guestWidth: width, xstate } = w.image;
  // What was filled already is no more than it was.
  if (startsFilled(bytes)) return w.sharing.fill(body, end - body, 'damaged');
  const stretches = judge.keeps(bytes.subarray(0, length), { little: w.littleEndian[layer], width, xstate });
  if (!stretches) return w.sharing.fill(body, end - body, 'damaged');
  if (!REPEATED[layer].has(type)) w.shared[layer].add(keyOf(type, vcpu));
  w.sharing.body(bytes, body, length, stretches);
}

/** Longest list that is kept, bytes: half a million pages. Those of a batch have eight thousand. */
const LIST_LIMIT = 4 * 1024 * 1024;

/** What the walk has found out of a PAGE_DATA. */
interface ListFacts {
  /** Its length is what its list adds up to. */
  readonly exact: boolean;
  /** So are all of its entries, and the file has all of them. */
  readonly isSound: boolean;
}

/** Shares the list of a PAGE_DATA, which ends at `listEnd`; of one that is not sound, its header only. */
export function* shareList(
  w: WalkState,
  { offset, length }: Header,
  listEnd: number,
  { exact, isSound }: ListFacts,
): Reading<void> {
  const body = offset + RECORD_HEADER_SIZE;
  const end = Math.min(endOf(offset, length), w.reader.size);
  const first = yield* w.reader.at(offset, isSound ? Math.min(listEnd - offset, PIECE) : RECORD_HEADER_SIZE);
  w.sharing.record(first.subarray(0, RECORD_HEADER_SIZE), offset, exact);
  if (!isSound || listEnd - offset > LIST_LIMIT) return w.sharing.fill(body, end - body, 'damaged');
  w.sharing.pages(length);
  w.sharing.keep(first.subarray(RECORD_HEADER_SIZE), body, 'lists');
  for (let at = offset + first.length; at < listEnd;) {
    const piece = yield* w.reader.at(at, Math.min(PIECE, listEnd - at));
    w.sharing.keep(piece, at, 'lists');
    at += piece.length;
  }
  w.sharing.fill(listEnd, end - listEnd, 'pages');
}
