/**
 * Text that came out of a file, made fit to be shown. Whoever made the file may want the reader to see something else
 * than is there: escape sequences rewrite a terminal, bidi controls turn text around, characters that nothing is drawn
 * for hide a difference, and a line end begins a line that the program never wrote.
 */

/**
 * Characters of the categories "other" (controls, format characters, lone surrogates, private use, unassigned), those
 * that Unicode lets a program leave out, line and paragraph separators, spaces of other widths than the one between
 * words, and the Braille pattern without dots. The thin space stays: numbers are grouped by it.
 */
const UNSEEN =
  /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u2008\u200a\u202f\u205f\u2800\u3000]/gu;
const PLAIN = /^[ -~]*$/u;
const SHORT: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

const unit = (char: string, at: number): string => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`;

/** Returns the escape of a character as JSON has it: `\n`, `\u202e`, or two of those for one above U+FFFF. */
const escapeOf = (char: string): string =>
  SHORT[char] ?? (char.length === 1 ? unit(char, 0) : unit(char, 0) + unit(char, 1));

/**
 * Returns the text as one line in which every character is seen: those that are not, or that change how others are shown,
 * stand as the escapes of JSON. So what was JSON before is still JSON, and means the same.
 */
export const visible = (text: string): string => (PLAIN.test(text) ? text : text.replaceAll(UNSEEN, escapeOf));

/** Returns the text with its lines as they are, each made visible, and blanks where it has tabs. */
export const visibleLines = (text: string): string =>
  PLAIN.test(text)
    ? text
    : text
        .split('\n')
        .map((line) => visible(untabbed(line)))
        .join('\n');

/** Returns a line with blanks for its tabs, as a terminal shows them. */
export function untabbed(line: string): string {
  const [first = '', ...more] = line.split('\t');
  return more.reduce((before, part) => `${before}${' '.repeat(8 - (before.length % 8))}${part}`, first);
}

/** Characters that some system allows in no name of a file, or takes for something else. */
const NO_NAME = /[/\\:*?"<>|]/gu;

/** Returns the text as the name of a file: what is not seen, and what no name can have, is `_`. */
export const fileName = (text: string): string => text.replaceAll(UNSEEN, '_').replaceAll(NO_NAME, '_');
