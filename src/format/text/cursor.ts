/**
 * Reading text that came out of a file, byte by byte, into nodes that know where they stand. Text lies as bytes do:
 * size, depth and number of nodes are bounded, and reading stops where the text makes no sense.
 */
import { given } from '../../lib/given';
import type { Body, FieldNode } from '../kit/node';
import { cString } from '../kit/parse';

/** Values kept of one text; a domain's configuration has some hundred. */
const NODE_LIMIT = 20_000;
/** Levels of nesting; a domain's configuration has five. */
export const DEPTH_LIMIT = 64;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface Words {
  readonly text: string;
  readonly problem?: string;
}

type More = Pick<FieldNode, 'children' | 'note' | 'problem' | 'doc'>;

/** Tells whether a byte is white space: a blank, a tab or one that ends a line. */
export const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 9 && byte <= 13);
/** Tells whether a byte is a decimal digit. */
export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** A place in a text, which goes on as values are read. Reading stops for good where the text makes no sense. */
export class Cursor {
  /** The text up to its closing NUL, as far as it is loaded. */
  readonly bytes: Uint8Array;
  /** Absolute offset of the text in the file. */
  readonly offset: number;
  at = 0;
  /** Why reading stopped before the end of the text. */
  stopped: string | undefined;
  #left = NODE_LIMIT;

  constructor(body: Body) {
    const nul = body.bytes.indexOf(0);
    this.bytes = nul < 0 ? body.bytes : body.bytes.subarray(0, nul);
    this.offset = body.offset;
  }

  /** The byte at the cursor; −1 at the end, and after reading has stopped. */
  get byte(): number {
    return this.stopped === undefined ? (this.bytes[this.at] ?? -1) : -1;
  }

  /** The character, for tests of syntax: ASCII only. */
  get char(): string {
    return this.byte < 0 ? '' : String.fromCharCode(this.byte);
  }

  skip(test: (byte: number) => boolean): void {
    while (this.byte >= 0 && test(this.byte)) this.at++;
  }

  /** Where `what` is next, goes past it. */
  pass(what: string): boolean {
    if (this.stopped !== undefined || !this.looksAt(what)) return false;
    this.at += what.length;
    return true;
  }

  looksAt(what: string): boolean {
    for (let index = 0; index < what.length; index++) {
      if (this.bytes[this.at + index] !== what.charCodeAt(index)) return false;
    }
    return true;
  }

  /** Position after the next `what`; −1 if there is none. */
  after(what: string): number {
    const first = what.charCodeAt(0);
    const { at } = this;
    for (let from = this.bytes.indexOf(first, at); from >= 0; from = this.bytes.indexOf(first, from + 1)) {
      this.at = from;
      const found = this.looksAt(what);
      this.at = at;
      if (found) return from + what.length;
    }
    return -1;
  }

  stop(why: string): void {
    this.stopped ??= this.at >= this.bytes.length ? `${why}: the text ends here` : why;
  }

  /** False, with reading stopped, if there are too many nodes already. */
  room(): boolean {
    if (this.#left-- > 0) return true;
    this.stop('too many values: what follows is left out');
    return false;
  }

  /** Bytes as UTF-8; what is none, as Latin-1, so that no byte is lost. */
  words(from: number, to: number): Words {
    const raw = this.bytes.subarray(from, to);
    try {
      return { text: UTF8.decode(raw) };
    } catch {
      return { text: cString(raw), problem: 'not valid UTF-8' };
    }
  }

  /** A node from `from` to `to`; damage of a part is damage of the whole. */
  node(name: string, from: number, to: number, value: FieldNode['value'], text: string, more: More = {}): FieldNode {
    const problem = more.problem ?? more.children?.find((child) => child.problem !== undefined)?.problem;
    const span = { name, offset: this.offset + from, length: to - from, value, text };
    return { ...span, ...given({ ...more, problem }) };
  }
}
