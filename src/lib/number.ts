/** Numbers as people type them. */

/** `0x1f`, decimal, or hex without prefix where a letter shows it; undefined for anything else. */
export function parseNumber(text: string): number | undefined {
  if (!/^(?:0x)?[\da-f]+$/iu.test(text)) return undefined;
  const value = /^\d+$/u.test(text) ? Number(text) : Number.parseInt(text.replace(/^0x/iu, ''), 16);
  return Number.isSafeInteger(value) ? value : undefined;
}
