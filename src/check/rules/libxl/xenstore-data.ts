/** What libxl looks at in the xenstore data of a device model. */
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import { EMULATOR_HEADER_SIZE } from '../../../format/libxl/layouts';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

/** A body of EMULATOR_XENSTORE_DATA: NUL-terminated strings, key and value in turn, behind the emulator header. */
export interface XenstoreData {
  readonly data: Uint8Array;
}

/** Where the strings start in the record. */
const DATA_AT = RECORD_HEADER_SIZE + EMULATOR_HEADER_SIZE;
const SLASH = 0x2f;
const XENSTORE = 'tools/libs/light/libxl_dom_save.c: libxl__restore_emulator_xenstore_data()';

/** Where a string starts, and whether it is closed. */
interface Piece {
  readonly at: number;
  readonly end: number;
  readonly closed: boolean;
}

/** The first string that `bad` objects to; keys are at even places. */
function findPiece(data: Uint8Array, bad: (piece: Piece, isKey: boolean) => boolean): Piece | undefined {
  let at = 0;
  for (let place = 0; at < data.length || place % 2 === 1; place++) {
    const nul = data.indexOf(0, at);
    const piece = { at, end: nul < 0 ? data.length : nul, closed: nul >= 0 };
    const isKey = place % 2 === 0;
    if (bad(piece, isKey)) return piece;
    // What Xen refuses for another reason ends the list here too.
    if (!piece.closed || (isKey && (piece.end === piece.at || data[piece.at] === SLASH))) return undefined;
    at = piece.end + 1;
  }
  return undefined;
}

const pieceRule = (
  id: string,
  log: string,
  title: string,
  bad: (piece: Piece, isKey: boolean, data: Uint8Array) => boolean,
): Rule<XenstoreData> => ({
  id,
  layer: 'libxl',
  severity: 'fatal',
  log: [says.libxl(log)],
  title,
  explain:
    'The record is a list of strings that end with NUL: the key relative to the device model’s path, then its value.',
  advice: ADVICE.writer,
  source: XENSTORE,
  when: ({ data }) => {
    const piece = findPiece(data, (one, isKey) => bad(one, isKey, data));
    return piece !== undefined && { at: { offset: DATA_AT + piece.at, length: Math.max(1, piece.end - piece.at) } };
  },
});

export const XENSTORE_DATA_RULES: readonly Rule<XenstoreData>[] = [
  pieceRule(
    'LX-13',
    'Key in xenstore data not NUL terminated',
    'a key that does not end with a NUL',
    ({ closed }, isKey) => isKey && !closed,
  ),
  pieceRule(
    'LX-14',
    'empty key found in xenstore data',
    'an empty key',
    ({ at, end, closed }, isKey) => isKey && closed && at === end,
  ),
  pieceRule(
    'LX-15',
    'Key in xenstore data not relative',
    'a key that starts with a slash',
    ({ at, closed }, isKey, data) => isKey && closed && data[at] === SLASH,
  ),
  pieceRule(
    'LX-16',
    'Val in xenstore data not NUL terminated',
    'a value that does not end with a NUL',
    ({ closed }, isKey) => !isKey && !closed,
  ),
];
