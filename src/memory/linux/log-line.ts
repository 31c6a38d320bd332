/** Messages of the kernel. Source: include/linux/kern_levels.h, kernel/printk/printk.c of Linux. */
import type { GuestMemory } from '../guest-memory';
import type { PagingRegisters } from '../../format/paging/paging';
import type { FindPage } from '../walk/virtual';

export interface LogLine {
  readonly seq: number;
  /** Since boot. */
  readonly nanoseconds: bigint;
  /** 0 emergency … 7 debug. */
  readonly level: number;
  readonly facility: number;
  readonly text: string;
  /** File offset of its text, and bytes. */
  readonly offset: number;
  readonly length: number;
}

/** Bytes of text taken in all, and messages: far beyond any log, reached only by memory made to mislead. */
export const TEXT_LIMIT = 64 * 1024 * 1024;
export const LINES_LIMIT = 1 << 20;

/** Where a log is read, and what is awaited now and then so that other work comes in. */
export interface LogReader {
  readonly memory: GuestMemory;
  readonly registers: PagingRegisters;
  readonly find?: FindPage;
  /** Messages that may be looked at in all of what could be a log: memory can be full of what looks like one. */
  readonly messages?: { left: number };
  readonly pause?: () => Promise<void>;
}

/** Messages between two pauses. */
export const PAUSE_EVERY = 512;

export interface KernelLog {
  readonly kind: 'printk_ringbuffer' | 'log_buf';
  /** Linear address of the structure, or of the first record. */
  readonly va: bigint;
  readonly lines: readonly LogLine[];
  /** Messages that the ring holds no text of any more, or that were being written. */
  readonly lost: number;
}

const decoder = new TextDecoder();

const isControl = (char: string): boolean => (char < ' ' && char !== '\n' && char !== '\t') || char === '\u007f';

/** Returns the text of a message: control characters but newline and tab as Linux prints them. */
export const logText = (bytes: Uint8Array): string =>
  Array.from(decoder.decode(bytes), (char) =>
    isControl(char) ? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}` : char,
  ).join('');

/** Returns the time of a message as Linux prints it: `[    1.234567] `. */
export function stampText(nanoseconds: bigint): string {
  const micros = nanoseconds / 1000n;
  const seconds = String(micros / 1_000_000n).padStart(5);
  return `[${seconds}.${String(micros % 1_000_000n).padStart(6, '0')}] `;
}
