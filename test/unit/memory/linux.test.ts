/** Linux in memory: its banner, the ring of messages, the records of older kernels; and memory that lies. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as plain } from 'vitest';
import { findBanner } from '../../../src/memory/linux/banner';
import { findLinux } from '../../../src/memory/linux/find-linux';
import { logText, stampText } from '../../../src/memory/linux/log-line';
import { readRing, RING_BYTES, ringAt } from '../../../src/memory/linux/printk-ring';
import { readSystemMap } from '../../../src/memory/symbols/system-map';
import { readVirtual } from '../../../src/memory/walk/virtual';
import { GuestKernel } from '../../fixtures/built/guest-kernel';

const BANNER = 'Linux version 6.1.0-9-amd64 (me@here) (gcc-12, GNU ld 2.40) #1 SMP Debian 6.1.27-1 (2023-05-08)';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the banner', () => {
  plain('of a kernel', () => {
    const page = new Uint8Array(4096);
    page.set(bytesOf('Linux version %s (%s)\n\0'), 16);
    page.set(bytesOf(`${BANNER}\n\0`), 256);
    expect(findBanner(page, 0x1000)).toEqual({ text: BANNER, release: '6.1.0-9-amd64', offset: 0x1100 });
  });

  plain('no other text', () => {
    for (const text of ['Linux version', 'Linux version x (y) #1\n\0', `${BANNER}!`, `${BANNER}\0`])
      expect(findBanner(bytesOf(text), 0)).toBeUndefined();
  });
});

plain('stamps and texts', () => {
  expect(stampText(0n)).toBe('[    0.000000] ');
  expect(stampText(1_234_567_890_123n)).toBe('[ 1234.567890] ');
  expect(logText(bytesOf('a\tb\nc\u0001\u007f'))).toBe(String.raw`a	b
c\x01\x7f`);
});

/** Where things stand from the start of the kernel: the structure crosses the edge of a page. */
const PLACE = { banner: 0x100, ring: 0x1000 - 24, descs: 0x2000, infos: 0x3000, data: 0x5000 } as const;
const COUNT_BITS = 5;
const SIZE_BITS = 10;
const INFO = 88;

interface Message {
  readonly text: string;
  readonly level?: number;
  /** enum desc_state: finalized if not given. */
  readonly state?: number;
}

/** struct printk_ringbuffer as Linux fills it: `lpos` starts where the ring has been before. */
function ringGuest(word: 4 | 8, messages: readonly Message[], { lpos = 0, first = 0, newer = true } = {}): GuestKernel {
  const kernel = new GuestKernel(word, 8);
  const at = (offset: number): bigint => kernel.base + BigInt(offset);
  kernel.text(PLACE.banner, `${BANNER}\n\0`);
  const size = 2 ** SIZE_BITS;
  const mask = (1n << BigInt(word * 8 - 2)) - 1n;
  let position = lpos;
  for (const [index, { text, level = 6, state = 2 }] of messages.entries()) {
    const id = BigInt(first + index) & mask;
    const slot = Number(id) % 2 ** COUNT_BITS;
    const bytes = bytesOf(text);
    const whole = word + Math.ceil(bytes.length / word) * word;
    const begin = position;
    let next = begin + whole;
    let start = begin % size;
    // A block that would reach the end starts again at the beginning of the ring.
    if (Math.floor(begin / size) !== Math.floor(next / size)) {
      next = (Math.floor(begin / size) + 1) * size + whole;
      start = 0;
    }
    kernel.number(PLACE.data + start, id, word);
    kernel.write(PLACE.data + start + word, bytes);
    position = next;
    kernel.number(PLACE.descs + slot * word * 3, (BigInt(state) << BigInt(word * 8 - 2)) | id, word);
    kernel.number(PLACE.descs + slot * word * 3 + word, begin, word);
    kernel.number(PLACE.descs + slot * word * 3 + word * 2, next, word);
    const info = PLACE.infos + slot * INFO;
    kernel.number(info, 1000 + index, 8);
    kernel.number(info + 8, index * 1_000_000, 8);
    kernel.number(info + 16, bytes.length, 2);
    kernel.number(info + 19, level << 5, 1);
  }
  const words = [
    BigInt(COUNT_BITS),
    at(PLACE.descs),
    at(PLACE.infos),
    BigInt(first + messages.length - 1) & mask,
    BigInt(first) & mask,
    ...(newer ? [0n] : []),
    BigInt(SIZE_BITS),
    at(PLACE.data),
  ];
  for (const [index, value] of words.entries()) kernel.number(PLACE.ring + index * word, value, word);
  return kernel;
}

const look = (kernel: GuestKernel) => findLinux({ ...kernel.image(), roots: [kernel.registers] });
const texts = async (kernel: GuestKernel): Promise<string[]> =>
  ((await look(kernel)).log?.lines ?? []).map(({ text }) => text);
const numbered = (count: number): Message[] =>
  Array.from({ length: count }, (_, index) => ({ text: `message ${index} ${'.'.repeat(index)}` }));

describe.each([8, 4] as const)('the ring of messages, %d bytes in a word', (word) => {
  plain('found without symbols, each message with its time and level', async () => {
    const kernel = ringGuest(word, [{ text: 'one', level: 3 }, { text: 'two' }, { text: 'three\nand a half' }]);
    const { banner, log } = await look(kernel);
    expect(banner?.release).toBe('6.1.0-9-amd64');
    expect(log).toMatchObject({ kind: 'printk_ringbuffer', va: kernel.base + BigInt(PLACE.ring), lost: 0 });
    expect(log?.lines.map(({ seq, nanoseconds, level, text }) => [seq, nanoseconds, level, text])).toEqual([
      [1000, 0n, 3, 'one'],
      [1001, 1_000_000n, 6, 'two'],
      [1002, 2_000_000n, 6, 'three\nand a half'],
    ]);
  });

  plain('of Linux before 5.19, which has a word less', async () => {
    expect(await texts(ringGuest(word, [{ text: 'older' }], { newer: false }))).toEqual(['older']);
  });

  plain('numbers that have gone round, and texts that start again at the beginning', async () => {
    const messages = numbered(20);
    const kernel = ringGuest(word, messages, { lpos: 3 * 1024 + 640, first: 2 ** 20 - 7 });
    expect(await texts(kernel)).toEqual(messages.map(({ text }) => text));
  });

  plain('of two rings the one that goes on: the other is from before the log was made longer', async () => {
    const kernel = ringGuest(word, [{ text: 'early' }, { text: 'late' }]);
    // A second structure behind it, over the same texts but without the last message.
    for (let index = 0; index < 8; index++)
      kernel.number(0x800 + index * word, kernel.word(PLACE.ring + index * word), word);
    kernel.number(0x800 + word * 3, 0, word);
    expect(await texts(kernel)).toEqual(['early', 'late']);
  });

  plain('messages that are being written are counted, those given up are not', async () => {
    const states = [{ text: 'a', state: 3 }, { text: 'b' }, { text: 'c', state: 0 }, { text: 'd', state: 1 }];
    const { log } = await look(ringGuest(word, states));
    expect(log?.lines.map(({ text }) => text)).toEqual(['b', 'd']);
    expect(log?.lost).toBe(1);
  });

  plain('a text that another message has overwritten is lost', async () => {
    const kernel = ringGuest(word, [{ text: 'first' }, { text: 'second' }]);
    kernel.number(PLACE.data, 0x77, word);
    const { log } = await look(kernel);
    expect(log?.lines.map(({ text }) => text)).toEqual(['second']);
    expect(log?.lost).toBe(1);
  });

  test.prop([fc.array(fc.tuple(fc.nat({ max: 0x5fff }), fc.nat(255)), { minLength: 1, maxLength: 40 })], {
    numRuns: 60,
  })('memory that lies', async (lies) => {
    const kernel = ringGuest(word, numbered(12));
    for (const [at, value] of lies) kernel.write(at, Uint8Array.of(value));
    const { log } = await look(kernel);
    expect(log?.lines.length ?? 0).toBeLessThanOrEqual(2 ** 5);
  });

  plain('a ring of a thousand million messages is none', async () => {
    const kernel = ringGuest(word, numbered(3));
    kernel.number(PLACE.ring + word * 3, 10 ** 9, word);
    expect((await look(kernel)).log).toBeUndefined();
  });
});

describe('the records of Linux before 5.10', () => {
  const lines = [
    [BANNER, 5],
    ['Command line: quiet', 6],
    ['KERNEL supported cpus:', 6],
    ['something failed', 3],
    ['x'.repeat(4000), 6],
    ['last', 6],
  ] as const;

  plain('from the banner on, over the edge of a page', async () => {
    const kernel = new GuestKernel(8, 4);
    kernel.log(0x200, lines);
    const { log } = await look(kernel);
    expect(log).toMatchObject({ kind: 'log_buf', va: kernel.base + 0x200n });
    expect(log?.lines.map(({ text, level, nanoseconds }) => [text, level, nanoseconds])).toEqual(
      lines.map(([text, level], index) => [text, level, BigInt(index * 5_000_000)]),
    );
  });

  plain('by symbols, where the first message is no banner', async () => {
    const kernel = new GuestKernel(8, 4);
    kernel.log(0x200, lines.slice(1));
    kernel.number(0x3000, kernel.base + 0x200n, 8);
    const symbols = readSystemMap(bytesOf('ffffffff82003000 D log_buf\nffffffff82004000 B _end\n'));
    expect((await look(kernel)).log).toBeUndefined();
    const { log } = await findLinux({ ...kernel.image(), roots: [kernel.registers], symbols });
    expect(log?.lines.map(({ text }) => text)).toEqual(lines.slice(1).map(([text]) => text));
  });
});

plain('nothing is found where there is no paging, or nothing mapped', async () => {
  const kernel = ringGuest(8, numbered(3));
  const off = { ...kernel.registers, cr0: 1n } as typeof kernel.registers;
  expect(await findLinux({ ...kernel.image(), roots: [off] })).toEqual({ pages: 0 });
  expect(await findLinux({ ...kernel.image(), roots: [] })).toEqual({ pages: 0 });
});

plain('under page-table isolation the kernel’s own tables are the page before', async () => {
  const kernel = ringGuest(8, [{ text: 'isolated' }]);
  expect(kernel.registers.cr3).toBe(0x2000n);
  const user = { ...kernel.registers, cr3: 0x3000n };
  const { log } = await findLinux({ ...kernel.image(), roots: [user] });
  expect(log?.lines.map(({ text }) => text)).toEqual(['isolated']);
});

plain('all that could be a log shares one number of messages', async () => {
  const kernel = ringGuest(8, numbered(5));
  const { memory } = kernel.image();
  const { registers, base } = kernel;
  const va = base + BigInt(PLACE.ring);
  const read = await readVirtual(memory, registers, va, RING_BYTES);
  const ring = 'bytes' in read ? ringAt(read.bytes, 0, 8) : undefined;
  if (!ring) throw new Error('no ring');
  const messages = { left: 8 };
  expect((await readRing({ memory, registers, messages }, ring, va))?.lines).toHaveLength(5);
  expect(messages.left).toBe(3);
  expect(await readRing({ memory, registers, messages }, ring, va)).toBeUndefined();
  expect(messages.left).toBeLessThan(1);
});
