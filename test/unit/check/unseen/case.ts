/** A broken image that no real Xen was given: what Xen's source says of it, written down before the check was asked. */
import type { Verdict } from '../../../../src/check/kit/finding';
import type { Edit } from '../../../fixtures/broken';

export interface UnseenCase {
  readonly name: string;
  /** A real image, and what is changed in it. */
  readonly base: string;
  readonly edits: readonly Edit[];
  /** The place in Xen's source that decides. */
  readonly source: string;
  readonly verdict: Verdict;
  /** The first error line of the tools; a pattern where a part of it only the host knows. */
  readonly tool?: string | RegExp;
  /** The first line of the hypervisor. */
  readonly xen?: string | RegExp;
  /** Row that the finding is about, and which of that name. */
  readonly record?: string;
  readonly nth?: number;
}

type Expected = Pick<UnseenCase, 'verdict' | 'tool' | 'xen' | 'record' | 'nth'>;
type Make = (name: string, edits: readonly Edit[], expected: Expected, source: string) => UnseenCase;

/** Makes cases of one image. */
export const brokenOf =
  (base: string): Make =>
  (name, edits, expected, source) => ({ name: `${base}: ${name}`, base, edits, source, ...expected });

export const OK: Expected = { verdict: 'ok' };
export const SUSPECT: Expected = { verdict: 'suspect' };

export const fails = (tool: string | RegExp | undefined, record?: string, more: Partial<Expected> = {}): Expected => ({
  verdict: 'fails',
  ...(tool === undefined ? {} : { tool }),
  ...(record === undefined ? {} : { record }),
  ...more,
});

/** Little-endian octets in hex. */
function octets(value: number | bigint, bytes: number): string {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  return out.subarray(0, bytes).toString('hex');
}
export const u8 = (value: number): string => octets(value, 1);
export const u16 = (value: number): string => octets(value, 2);
export const u32 = (value: number): string => octets(value, 4);
export const u64 = (value: number | bigint): string => octets(value, 8);
export const zeros = (bytes: number): string => '00'.repeat(bytes);
export const text = (value: string): string => Buffer.from(value, 'latin1').toString('hex');

export const write = (offset: number, ...hex: string[]): Edit => ['write', offset, hex.join('')];
export const insert = (offset: number, ...hex: string[]): Edit => ['insert', offset, hex.join('')];
export const remove = (offset: number, length: number): Edit => ['delete', offset, length];
export const copy = (offset: number, source: number, length: number): Edit => ['copy', offset, source, length];
export const cut = (length: number): Edit => ['truncate', length];
