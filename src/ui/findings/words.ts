/** Severities in words: colour and shape never stand alone. */
import type { Severity } from '../../scan/finding';

export const WORDS: Readonly<Record<Severity, string>> = { fatal: 'Fatal', warning: 'Warning', note: 'Note' };
