/** Severities in words: colour and shape never stand alone. */
import type { Severity } from '../../scan/finding';

export const WORDS: Readonly<Record<Severity, string>> = { fatal: 'Fatal', warning: 'Warning', note: 'Note' };

/** Names keep their spelling at the start of a line: programs, and whatever is no plain word, as `cr3` or `gdt_ents`. */
const NAME = /^(?:xl|libxl|libxc|xenstore|libvirt|[a-z]*[\d_.]\S*)(?![a-z])/u;

/** Returns a text as the start of a line. */
export const capital = (text: string): string =>
  NAME.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
