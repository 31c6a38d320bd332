/** Whether bytes are the text that they are said to be: a configuration, entries of xenstore. */
import { cString } from '../kit/parse';
import { readCfg } from '../text/cfg';

/** Longest configuration that is kept, bytes; that of a domain has some thousand. */
export const CONFIG_LIMIT = 1024 * 1024;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Returns the text up to its closing NULs; undefined where bytes are no text: control characters, or no UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  for (let at = 0; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x7f || (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13)) return undefined;
  }
  try {
    return UTF8.decode(bytes.subarray(0, end));
  } catch {
    return undefined;
  }
}

/** Each form of configuration, and how a text is known to be one, whole and nothing but. */
const FORMS: Readonly<Record<'json' | 'cfg' | 'xml', (text: string, raw: Uint8Array) => boolean>> = {
  json: (text) => {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' && value !== null;
    } catch {
      return false;
    }
  },
  cfg: (_text, raw) =>
    readCfg({ bytes: raw, offset: 0, length: raw.length, claimed: raw.length, littleEndian: true }).every(
      ({ problem }) => problem === undefined,
    ),
  xml: (text) => {
    const xml = text.trim();
    if (!/^<domain[\s/>]/u.test(xml)) return false;
    return xml.endsWith('</domain>') || xml.indexOf('>') === xml.length - 1;
  },
};

/** Tells whether bytes are a configuration of that form, and nothing else. */
export function isConfig(bytes: Uint8Array, format: keyof typeof FORMS): boolean {
  if (bytes.length === 0 || bytes.length > CONFIG_LIMIT) return false;
  const text = textOf(bytes);
  return text !== undefined && FORMS[format](text, bytes);
}

const KEY = /^[\w@:.+-][\w@:.+/-]*$/u;

/** Tells whether bytes are entries of xenstore: keys and values, each closed by a NUL, all of them text. */
export function areXenstoreEntries(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const keyEnd = bytes.indexOf(0, at);
    const valueEnd = keyEnd < 0 ? -1 : bytes.indexOf(0, keyEnd + 1);
    if (valueEnd < 0) return false;
    if (!KEY.test(cString(bytes.subarray(at, keyEnd))) || textOf(bytes.subarray(keyEnd + 1, valueEnd)) === undefined)
      return false;
    at = valueEnd + 1;
  }
  return true;
}
