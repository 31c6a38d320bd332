/** Text that registers spell: four bytes each, lowest first. */
import { isPrintable } from '../../../lib/text';

/** Returns the text that registers spell, up to the first NUL and without blanks around it; what cannot be printed is a middle dot. */
export function lettersOf(words: readonly number[]): string {
  let text = '';
  for (const word of words) {
    for (const shift of [0, 8, 16, 24]) {
      const byte = (word >>> shift) & 0xff;
      if (byte === 0) return text.trim();
      text += isPrintable(byte) ? String.fromCharCode(byte) : '·';
    }
  }
  return text.trim();
}
