/** How fast a file can be read from end to end: what every shortcut is measured against. */
import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes read at a time, and in all: a part stands for the whole. */
const BLOCK = 4 * 2 ** 20;
const SAMPLE = 2 * 2 ** 30;
const START = 8 * 2 ** 30;

export interface ReadRates {
  /** Bytes per millisecond the first time: what a file larger than memory always costs. */
  readonly first: number;
  /** And again, out of the system's cache: as fast as memory can be copied. */
  readonly again: number;
}

export function readThrough(path: string): ReadRates {
  const fd = openSync(path, 'r');
  const block = Buffer.alloc(BLOCK);
  const round = (): number => {
    const started = performance.now();
    for (let at = 0; at < SAMPLE; at += BLOCK) readSync(fd, block, 0, BLOCK, START + at);
    return SAMPLE / (performance.now() - started);
  };
  const first = round();
  const again = Math.max(round(), round());
  closeSync(fd);
  return { first, again };
}
