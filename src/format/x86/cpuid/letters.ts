/** Text that registers spell: four bytes each, lowest first. */
import { isPrintable } from '../../../lib/text';

/** Up to the first NUL, blanks around left out; what cannot be printed as a middle dot. */
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
