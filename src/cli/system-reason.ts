/** Errors of the system in words: `ENOSPC: no space left on device, write` is `no space left on device`. */
import { reasonOf } from '../lib/reason';

const KNOWN = /^E[A-Z\d]+: (?<words>[^,]+)(?:, .*)?$/su;

/** Returns what a failed call of the system says of itself, without its code, its call and its path. */
export function systemReason(error: unknown): string {
  const reason = reasonOf(error);
  return KNOWN.exec(reason)?.groups?.['words'] ?? reason;
}
