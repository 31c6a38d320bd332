/** A log as it was copied, made plain: its encoding, the colours of a terminal, what a progress line overwrote. */

/** Bytes by which UTF-16 without a mark is told: a log in Latin letters has a zero in every other byte. */
const SAMPLE = 256;

function utf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const some = bytes.subarray(0, SAMPLE);
  const zeros = (from: number): number => some.filter((byte, at) => at % 2 === from && byte === 0).length;
  if (some.length < 8) return undefined;
  if (zeros(1) > some.length / 3) return 'utf-16le';
  return zeros(0) > some.length / 3 ? 'utf-16be' : undefined;
}

/** Returns the text of a log file, whatever of UTF-8 and UTF-16 it is in. */
export const logText = (bytes: Uint8Array): string => new TextDecoder(utf16(bytes) ?? 'utf-8').decode(bytes);

/** What a terminal takes for colours and movements of the cursor. */
// oxlint-disable-next-line no-control-regex -- these are the characters that are taken out
const ESCAPES = /\u{1b}\[[\d;?]*[@-~]|\u{1b}[@-Z\\-_]|[\u{0}-\u{8}\u{e}-\u{1f}]/gu;

/** Returns a line without what a terminal does not show. */
export const cleanLine = (line: string): string => line.replaceAll(ESCAPES, '');

/** Returns a log with one kind of line end: a progress line that was overwritten is a line of its own. */
export const withLineEnds = (log: string): string =>
  log.includes('\r') ? log.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : log;
