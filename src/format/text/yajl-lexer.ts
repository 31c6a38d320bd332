/** The tokens of a JSON text as yajl 2 reads them. Source: yajl 2.1.0, src/yajl_lex.c. */

export type Token =
  | 'eof'
  | 'error'
  | '{'
  | '}'
  | '['
  | ']'
  | ','
  | ':'
  | 'true or false'
  | 'null'
  | 'integer'
  | 'double'
  | 'string';

const SIGNS: Readonly<Record<number, Token>> = {
  0x7b: '{',
  0x7d: '}',
  0x5b: '[',
  0x5d: ']',
  0x2c: ',',
  0x3a: ':',
};
const WORDS: Readonly<Record<number, readonly [rest: string, token: Token]>> = {
  0x74: ['rue', 'true or false'],
  0x66: ['alse', 'true or false'],
  0x6e: ['ull', 'null'],
};
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ESCAPED = '"\\/bfnrt';

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 9 && byte <= 13);
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isHex = (byte: number): boolean =>
  isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);

/** Bytes that follow the first one of a character; −1 for a byte that starts none. */
function followers(first: number): number {
  if (first <= 0x7f) return 0;
  if (first >> 5 === 0b110) return 1;
  if (first >> 4 === 0b1110) return 2;
  return first >> 3 === 0b11110 ? 3 : -1;
}

export class YajlLexer {
  readonly #text: Uint8Array;
  /** Where the next token is looked for. */
  at = 0;
  /** Where the last token starts. */
  start = 0;
  /** What is wrong, in yajl's words, after an error. */
  error = '';

  constructor(text: Uint8Array) {
    this.#text = text;
  }

  next(): Token {
    while (isSpace(this.#byte)) this.at++;
    this.start = this.at;
    const first = this.#byte;
    if (first < 0) return 'eof';
    const sign = SIGNS[first];
    if (sign !== undefined) {
      this.at++;
      return sign;
    }
    const word = WORDS[first];
    if (word) return this.#word(...word);
    if (first === QUOTE) return this.#string();
    if (isDigit(first) || first === 0x2d) return this.#number();
    return this.#fail(
      first === 0x2f ? 'probable comment found in input text, comments are not enabled.' : 'invalid char in json text.',
    );
  }

  /** −1 at the end. */
  get #byte(): number {
    return this.#text[this.at] ?? -1;
  }

  /** An error, unless the text ends here: yajl then waits for more. */
  #fail(error: string): Token {
    if (this.#byte < 0 && this.at >= this.#text.length) return 'eof';
    this.error = error;
    return 'error';
  }

  #word(rest: string, token: Token): Token {
    this.at++;
    for (let index = 0; index < rest.length; index++, this.at++) {
      if (this.#byte !== rest.charCodeAt(index)) return this.#fail('invalid string in json text.');
    }
    return token;
  }

  #string(): Token {
    for (this.at++; this.#byte !== QUOTE; this.at++) {
      const byte = this.#byte;
      if (byte < 0) return 'eof';
      if (byte === BACKSLASH) {
        const token = this.#escape();
        if (token !== undefined) return token;
      } else if (byte < 0x20) return this.#fail('invalid character inside string.');
      else if (!this.#character(byte)) return this.#fail('invalid bytes in UTF8 string.');
    }
    this.at++;
    return 'string';
  }

  /** Goes from the backslash to the last byte of the escape; undefined if it is one. */
  #escape(): Token | undefined {
    this.at++;
    const byte = this.#byte;
    if (byte !== 0x75)
      return ESCAPED.includes(String.fromCharCode(byte)) && byte >= 0
        ? undefined
        : this.#fail("inside a string, '\\' occurs before a character which it may not.");
    for (let digit = 0; digit < 4; digit++) {
      this.at++;
      if (!isHex(this.#byte)) return this.#fail("invalid (non-hex) character occurs after '\\u' inside string.");
    }
    return undefined;
  }

  /** Goes from the first byte of a character to its last; false where it is no UTF-8. */
  #character(first: number): boolean {
    const count = followers(first);
    for (let index = 0; index < count; index++) {
      this.at++;
      if (this.#byte >> 6 !== 0b10) return false;
    }
    return count >= 0;
  }

  #digits(): number {
    const from = this.at;
    while (isDigit(this.#byte)) this.at++;
    return this.at - from;
  }

  /** Goes past the next byte if it is one of these characters. */
  #skips(characters: string): boolean {
    const found = this.#byte >= 0 && characters.includes(String.fromCharCode(this.#byte));
    if (found) this.at++;
    return found;
  }

  #number(): Token {
    let token: Token = 'integer';
    this.#skips('-');
    // Behind a 0 in front no other digit is taken.
    if (!this.#skips('0') && this.#digits() === 0)
      return this.#fail('malformed number, a digit is required after the minus sign.');
    if (this.#skips('.')) {
      if (this.#digits() === 0) return this.#fail('malformed number, a digit is required after the decimal point.');
      token = 'double';
    }
    if (this.#skips('eE')) {
      this.#skips('+-');
      if (this.#digits() === 0) return this.#fail('malformed number, a digit is required after the exponent.');
      token = 'double';
    }
    return token;
  }
}
