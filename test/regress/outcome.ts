/** What a command line came to, as it is kept: texts up to a size, digests of what is larger. */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Ran } from './program';

export interface Outcome {
  /** Name of the image. */
  readonly subject: string;
  readonly args: readonly string[];
  readonly code: number;
  readonly stdout: Kept;
  readonly stderr: string;
  /** Of the file that an export wrote. */
  readonly file?: string;
}

/** A whole text, or of a long one its start and a digest for each block of lines. */
export type Kept = string | { readonly start: string; readonly lines: number; readonly blocks: readonly string[] };

/** Lists of pages are long, and there are thousands of them. */
const limitOf = (text: string): number =>
  /^(?:PAGE_DATA|\{"index":\d+,"name":"PAGE_DATA")/u.test(text) ? 16_384 : 1_048_576;
const START = 4096;
export const BLOCK_LINES = 64;

const digestOf = (data: string | Uint8Array): string => createHash('sha1').update(data).digest('hex');

/** Lines to compare by; JSON on one line is parted at its objects. */
export const linesOf = (text: string): string[] => text.replaceAll(/(?<!^)\{"/gmu, '\n{"').split('\n');

function keep(bytes: Uint8Array): Kept {
  const text = Buffer.from(bytes).toString();
  const isText = !text.includes('\uFFFD');
  if (isText && bytes.length <= limitOf(text)) return text;
  if (!isText) return { start: `${bytes.length} bytes`, lines: 1, blocks: [digestOf(bytes)] };
  const lines = linesOf(text);
  return { start: text.slice(0, START), lines: lines.length, blocks: blocksOf(lines) };
}

export function blocksOf(lines: readonly string[]): string[] {
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at += BLOCK_LINES)
    blocks.push(digestOf(lines.slice(at, at + BLOCK_LINES).join('\n')).slice(0, 10));
  return blocks;
}

const CHUNK = 1 << 20;
const ZEROS = Buffer.alloc(CHUNK);

/** Size and digest of a file; holes, of which the memory of a guest has gigabytes, count by their place only. */
function fileDigest(path: string): string {
  if (!existsSync(path)) return 'none';
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const hash = createHash('sha1');
    const chunk = Buffer.alloc(CHUNK);
    for (let at = 0; at < size; at += CHUNK) {
      const length = readSync(fd, chunk, 0, CHUNK, at);
      if (chunk.compare(ZEROS, 0, length, 0, length) !== 0) hash.update(`${at} `).update(chunk.subarray(0, length));
    }
    return `${size} bytes, ${hash.digest('hex')}`;
  } finally {
    closeSync(fd);
  }
}

export const outcomeOf = (subject: string, args: readonly string[], ran: Ran, file?: string): Outcome => ({
  subject,
  args,
  code: ran.code,
  stdout: keep(ran.stdout),
  stderr: ran.stderr,
  ...(file === undefined ? {} : { file: fileDigest(file) }),
});

export const keyOf = ({ subject, args }: Pick<Outcome, 'subject' | 'args'>): string => `${subject}\n${args.join(' ')}`;
