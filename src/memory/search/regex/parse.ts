/** Regular expressions on bytes: a character of the pattern is the byte of its number. Text → tree. */
import type { ByteSet } from '../kit/probe';
import { PatternError } from '../kit/query';

export type Node =
  | { readonly kind: 'set'; readonly set: ByteSet }
  | { readonly kind: 'all'; readonly of: readonly Node[] }
  | { readonly kind: 'either'; readonly of: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly min: number; readonly max: number; readonly lazy: boolean };

/** Repeats counted out, and groups within groups. */
const REPEAT_LIMIT = 1000;
const DEPTH_LIMIT = 50;

const LETTER_GAP = 0x20;

const setOf = (fits: (byte: number) => boolean): ByteSet =>
  Uint8Array.from({ length: 256 }, (_, byte) => (fits(byte) ? 1 : 0));
const single = (code: number): ByteSet => setOf((byte) => byte === code);
const without = (set: ByteSet): ByteSet => set.map((flag) => 1 - flag);

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isUpper = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;
const isWord = (byte: number): boolean => isDigit(byte) || isUpper(byte & ~LETTER_GAP) || byte === 0x5f;
const isSpace = (byte: number): boolean => (byte >= 9 && byte <= 13) || byte === 0x20;

const CLASSES: Readonly<Record<string, ByteSet>> = {
  d: setOf(isDigit),
  D: setOf((byte) => !isDigit(byte)),
  w: setOf((byte) => isWord(byte)),
  W: setOf((byte) => !isWord(byte)),
  s: setOf(isSpace),
  S: setOf((byte) => !isSpace(byte)),
};
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };
const NOT_NEWLINE = setOf((byte) => byte !== 10);

/** Both cases of each ASCII letter in the set. */
function folded(set: ByteSet): ByteSet {
  const out = set.slice();
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    const either = (set[upper] ?? 0) | (set[upper + LETTER_GAP] ?? 0);
    out[upper] = either;
    out[upper + LETTER_GAP] = either;
  }
  return out;
}

/** Parses a regular expression on bytes. Throws `PatternError`. */
export function parseRegex(text: string, ignoreCase: boolean): Node {
  const parser = new Parser(text, ignoreCase);
  return parser.whole();
}

class Parser {
  readonly #text: string;
  readonly #ignoreCase: boolean;
  #at = 0;
  #depth = 0;

  constructor(text: string, ignoreCase: boolean) {
    this.#text = text;
    this.#ignoreCase = ignoreCase;
  }

  whole(): Node {
    const node = this.#either();
    if (this.#at < this.#text.length) throw new PatternError('a ) without its (');
    return node;
  }

  #takes(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #either(): Node {
    const of = [this.#sequence()];
    while (this.#takes('|')) of.push(this.#sequence());
    const [sole] = of;
    return sole && of.length === 1 ? sole : { kind: 'either', of };
  }

  #sequence(): Node {
    const of: Node[] = [];
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at] ?? '')) of.push(this.#repeated());
    return { kind: 'all', of };
  }

  #repeated(): Node {
    const of = this.#atom();
    const count = this.#count();
    if (!count) return of;
    const lazy = this.#takes('?');
    if ('*+?{'.includes(this.#text[this.#at] ?? ' ') && this.#count()) throw new PatternError('a repeat of a repeat');
    return { kind: 'repeat', of, min: count[0], max: count[1], lazy };
  }

  #count(): readonly [min: number, max: number] | undefined {
    if (this.#takes('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#takes('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#takes('?')) return [0, 1];
    const braces = /^\{(\d+)(?:(,)(\d*))?\}/u.exec(this.#text.slice(this.#at, this.#at + 20));
    if (!braces) return undefined;
    this.#at += braces[0].length;
    const min = Number(braces[1]);
    const max = braces[3] ? Number(braces[3]) : braces[2] ? Number.POSITIVE_INFINITY : min;
    if (max < min) throw new PatternError(`${braces[0]}: the second number is the smaller one`);
    if (min > REPEAT_LIMIT || (max > REPEAT_LIMIT && max !== Number.POSITIVE_INFINITY))
      throw new PatternError(`${braces[0]}: at most ${REPEAT_LIMIT} repeats`);
    return [min, max];
  }

  #atom(): Node {
    const char = this.#text[this.#at++] ?? '';
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return this.#set(this.#brackets());
      case '.':
        return { kind: 'set', set: NOT_NEWLINE };
      case '\\':
        return this.#set(this.#escape(false));
      case '*':
      case '+':
      case '?':
        throw new PatternError(`nothing before the ${char}`);
      case '^':
      case '$':
        throw new PatternError(`${char} has no meaning among bytes; \\${char} is the character`);
      default:
        return this.#set(single(this.#byte(char)));
    }
  }

  #set(set: ByteSet): Node {
    return { kind: 'set', set: this.#ignoreCase ? folded(set) : set };
  }

  /** A character as the byte that it stands for. */
  #byte(char: string): number {
    const code = char.charCodeAt(0);
    if (code > 0xff) throw new PatternError(`“${char}” is no byte: write its bytes as \\x…`);
    return code;
  }

  #group(): Node {
    if (!this.#takes('?:') && this.#text[this.#at] === '?') throw new PatternError('(?…) is only known as (?:…)');
    if (++this.#depth > DEPTH_LIMIT) throw new PatternError('too many groups within groups');
    const node = this.#either();
    if (!this.#takes(')')) throw new PatternError('a ( without its )');
    this.#depth--;
    return node;
  }

  #escape(inBrackets: boolean): ByteSet {
    const char = this.#text[this.#at++];
    if (char === undefined) throw new PatternError('a \\ at the end');
    const known = CLASSES[char];
    if (known) return known;
    if (char === 'x') {
      const digits = /^[\da-f]{2}/iu.exec(this.#text.slice(this.#at, this.#at + 2))?.[0];
      if (digits === undefined) throw new PatternError('\\x needs two hex digits');
      this.#at += 2;
      return single(Number.parseInt(digits, 16));
    }
    const control = Object.hasOwn(CONTROLS, char) ? CONTROLS[char] : undefined;
    if (control !== undefined) return single(control);
    if (/[1-9]/u.test(char)) throw new PatternError(`\\${char}: what a group matched cannot be asked for again`);
    if (/[a-z]/iu.test(char)) throw new PatternError(`\\${char}${inBrackets ? ' in brackets' : ''} is not known`);
    return single(this.#byte(char));
  }

  #brackets(): ByteSet {
    const negated = this.#takes('^');
    const set = new Uint8Array(256);
    while (!this.#takes(']')) {
      const from = this.#member();
      const low = only(from);
      const isRange = low >= 0 && this.#text[this.#at] === '-' && (this.#text[this.#at + 1] ?? ']') !== ']';
      if (!isRange) {
        for (const [byte, flag] of from.entries()) if (flag) set[byte] = 1;
        continue;
      }
      this.#at++;
      const high = only(this.#member());
      if (high < low) throw new PatternError('a range in [ ] that runs backwards');
      set.fill(1, low, high + 1);
    }
    // [^a] without regard to case excludes both.
    const both = this.#ignoreCase ? folded(set) : set;
    const out = negated ? without(both) : both;
    if (!out.includes(1)) throw new PatternError('[ ] that no byte fits');
    return out;
  }

  #member(): ByteSet {
    const char = this.#text[this.#at++];
    if (char === undefined) throw new PatternError('a [ without its ]');
    return char === '\\' ? this.#escape(true) : single(this.#byte(char));
  }
}

/** The only byte of a set; −1 where there are more. */
function only(set: ByteSet): number {
  const first = set.indexOf(1);
  return first === set.lastIndexOf(1) ? first : -1;
}
