/**
 * Where in a line a known message may start. Whatever stands before a message (a time in any language, a host, a
 * program, a quote mark) is not looked at: each word that starts as some known message does is tried.
 */

/** Characters by which starts are told. */
const WIDTH = 3;
/** Characters of a line in which a message may start, and starts tried in it. */
const REACH = 1024;
const TRIES = 24;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isWord = (code: number): boolean =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;

/** Returns a number for how a text starts, −1 for one too short to tell; numbers in it count as one letter, as ids differ. */
export function startKey(text: string, from = 0): number {
  let key = 0;
  let at = from;
  for (let taken = 0; taken < WIDTH; taken++) {
    let code = text.charCodeAt(at++);
    if (Number.isNaN(code)) return -1;
    if (isDigit(code)) {
      code = 78;
      while (isDigit(text.charCodeAt(at))) at++;
    }
    key = key * 256 + (code & 0xff);
  }
  return key;
}

/** How known messages start. */
export class Starts {
  readonly #keys = new Set<number>();

  /** Takes in how messages start, as `startKey` tells it. */
  add(key: number): void {
    if (key >= 0) this.#keys.add(key);
  }

  /** Returns the offsets in a line at which a known message may start, the first ones. */
  in(line: string): number[] {
    const found: number[] = [];
    let wasWord = false;
    for (let at = 0; at < Math.min(line.length, REACH) && found.length < TRIES; at++) {
      const code = line.charCodeAt(at);
      const starts = !wasWord && code > 32;
      wasWord = isWord(code);
      if (starts && this.#keys.has(startKey(line, at))) found.push(at);
    }
    return found;
  }
}

/** What a pattern has for the id of a domain, and for a number: both read as the letter N where starts are told. */
const NUMBERS = /\(\?:\\d\+\|N\)|\\d\+/gu;

/** Returns the beginnings, as plain text, that a pattern for whole messages has: one for each way to start it. */
export function beginningsOf({ source }: RegExp): string[] {
  const plain = source.replaceAll(NUMBERS, 'N');
  const [, choice, rest = plain.replace(/^\^/u, '')] = /^\^\(\?:([^()]*)\)(.*)$/u.exec(plain) ?? [];
  const ways = choice?.split('|').map((way) => way + rest) ?? [rest];
  return ways.map((way) => {
    const [literal = ''] = /^(?:[\w "'/:,;=-]|\\[./()[\]])*/u.exec(way) ?? [];
    const text = literal.replaceAll('\\', '');
    // What may be left out or repeated is no beginning.
    return /[?*+{]/u.test(way[literal.length] ?? '') ? text.slice(0, -1) : text;
  });
}

/** What ends a message within a line: what libxc puts behind it, a line end that was written out, what joins messages. */
const MARKS = [': Internal error', '\\n', '; ', "'", '"', '`'] as const;

/** Characters that a quotation or a list puts behind a message. */
const TAIL = ' \t"\'`,;';

function withoutTail(text: string): string {
  let end = text.length;
  while (end > 0 && TAIL.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Returns a message at `start` of a line as it may end: before each mark behind it, and with all of the line. */
export function endingsFrom(line: string, start: number): string[] {
  const all = line.slice(start);
  const cuts = MARKS.map((mark) => all.indexOf(mark)).filter((at) => at > 0);
  const texts = cuts.map((end) => all.slice(0, end));
  // Behind libxc's mark nothing more is of the message.
  const [first = all] = all.includes(MARKS[0]) ? texts : [];
  return [...new Set([first, all, ...texts].map(withoutTail))];
}
