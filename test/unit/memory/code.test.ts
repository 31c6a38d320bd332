/** Code, stacks and frames of built guests: each width, edges of memory, and what must not mislead. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as plain } from 'vitest';
import { codeLines, codeView } from '../../../src/memory/code/code-view';
import { loadIced } from '../../../src/memory/code/decoder';
import { frameTrace } from '../../../src/memory/code/call-trace';
import type { VcpuPoint } from '../../../src/memory/vcpus/point';
import { readStack } from '../../../src/memory/code/stack';
import { windowAt } from '../../../src/memory/code/window';
import { GuestKernel } from '../../fixtures/built/guest-kernel';

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

function pointIn(kernel: GuestKernel, more: Partial<VcpuPoint> & { cs?: bigint } = {}): VcpuPoint {
  const { cs = 0n, ...rest } = more;
  const pointers = { ip: kernel.base, sp: kernel.base };
  return {
    vcpu: {
      registers: kernel.registers,
      tables: { kind: 'hvm', gdtBase: 0n, gdtSize: 0, idtBase: 0n, idtSize: 0, ldtBase: 0n, ldtSize: 0 },
      longMode: true,
      bases: { cs, ss: 0n },
      pointers,
    },
    ip: kernel.base,
    sp: kernel.base,
    fp: 0n,
    bits: 64,
    word: 8,
    protectedMode: true,
    entries: [],
    ...rest,
  };
}

const textsOf = async (kernel: GuestKernel, point: VcpuPoint, shown = { before: 4, after: 4 }): Promise<string[]> => {
  const lines = await codeLines(kernel.image().memory, point, point.ip, shown);
  return 'reason' in lines
    ? [lines.reason]
    : lines.map(({ va, text }) => `+${(va - kernel.base).toString(16)} ${text}`);
};

describe('instructions', () => {
  plain.each([
    [64, ['+0 mov rax, rbx', '+3 ret']],
    [32, ['+0 dec eax', '+1 mov eax, ebx', '+3 ret']],
    [16, ['+0 dec ax', '+1 mov ax, bx', '+3 ret']],
  ] as const)('of %d bits', async (bits, expected) => {
    const kernel = new GuestKernel(8, 1);
    kernel.write(0, bytesOf('48 89 d8 c3'));
    const texts = await textsOf(kernel, pointIn(kernel, { bits }));
    expect(texts.slice(0, expected.length)).toEqual(expected);
  });

  plain('the way that most positions before fall into', async () => {
    const kernel = new GuestKernel(8, 1);
    // Read from its second byte on, the mov is another instruction that meets the ret too.
    kernel.write(0x100, bytesOf('90 90 90 90 90 90 90 90 55 48 89 e5 b8 01 00 00 00 c3'));
    const texts = await textsOf(kernel, pointIn(kernel, { ip: kernel.base + 0x111n }));
    expect(texts.slice(0, 5)).toEqual([
      '+107 nop',
      '+108 push rbp',
      '+109 mov rbp, rsp',
      '+10c mov eax, 1',
      '+111 ret',
    ]);
  });

  plain('none before where no way meets', async () => {
    const kernel = new GuestKernel(8, 1);
    kernel.write(0, bytesOf('e8 e8 e8 c3'));
    expect((await textsOf(kernel, pointIn(kernel, { ip: kernel.base + 3n })))[0]).toBe('+3 ret');
  });

  plain('over the edge of a page, and up to where memory ends', async () => {
    const kernel = new GuestKernel(8, 2);
    kernel.write(0xffe, bytesOf('b8 78 56 34 12 c3'));
    expect((await textsOf(kernel, pointIn(kernel, { ip: kernel.base + 0xffen })))[4]).toBe('+ffe mov eax, 0x12345678');
    kernel.write(0x1ffe, bytesOf('90 b8'));
    const last = await textsOf(kernel, pointIn(kernel, { ip: kernel.base + 0x1ffen }));
    // The instruction that is cut off stands for its first byte.
    expect(last.slice(-2)).toEqual(['+1ffe nop', '+1fff (bad)']);
  });

  plain('no page: the reason', async () => {
    const kernel = new GuestKernel(8, 1);
    expect(await textsOf(kernel, pointIn(kernel, { ip: kernel.base + 0x1000n }))).toEqual(['PTE 1 is not present']);
  });

  plain('branches count from the start of the code segment', async () => {
    const kernel = new GuestKernel(4, 1);
    kernel.write(0x10, bytesOf('e9 eb 00 00 00'));
    const point = pointIn(kernel, { ip: kernel.base + 0x10n, bits: 32, cs: kernel.base });
    const lines = await codeLines(kernel.image().memory, point, point.ip, { before: 0, after: 0 });
    expect(lines).toMatchObject([{ text: 'jmp 0x100', leads: kernel.base + 0x100n }]);
  });

  test.prop([fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.constantFrom<16 | 32 | 64>(16, 32, 64)], {
    numRuns: 300,
  })('any bytes: lines follow each other and meet the address', async (bytes, bits) => {
    const kernel = new GuestKernel(8, 1);
    kernel.write(0x20, bytes);
    const ip = kernel.base + 0x40n;
    const lines = await codeLines(kernel.image().memory, pointIn(kernel, { ip, bits }), ip, { before: 6, after: 6 });
    if ('reason' in lines) throw new Error(lines.reason);
    expect(lines.some(({ va }) => va === ip)).toBe(true);
    for (const [index, { va, length, bytes: own }] of lines.entries()) {
      expect(own).toHaveLength(length);
      const next = lines[index + 1];
      if (next) expect(next.va).toBe(va + BigInt(length));
    }
  });
});

plain('a window ends with all addresses', async () => {
  const kernel = new GuestKernel(8, 1);
  const top = 0xffff_ffff_ffff_f000n;
  kernel.map(top, 0x200);
  const found = await windowAt(kernel.image().memory, kernel.registers, top + 0xff0n, {
    before: 0x2000,
    after: 0x2000,
  });
  expect(found).toMatchObject({ start: top });
  expect('bytes' in found && found.bytes.length).toBe(4096);
});

describe('the stack', () => {
  const CODE = 0x0;
  const STACK = 0x1000;

  /** A page of code that may not be written, and one of stack that may not be executed. */
  function guest(): GuestKernel {
    const kernel = new GuestKernel(8, 0);
    kernel.map(kernel.base, 0x100, 0x61n);
    kernel.map(kernel.base + 0x1000n, 0x101, 0x63n | (1n << 63n));
    kernel.write(CODE + 0x10, bytesOf('e8 0b 00 00 00'));
    kernel.write(CODE + 0x30, bytesOf('ff d0'));
    return kernel;
  }

  plain('what each word may be', async () => {
    const kernel = guest();
    const { base } = kernel;
    const words = [
      0n,
      0xfffn,
      base + 0x15n,
      base + 0x32n,
      base + 0x80n,
      base + 0x1008n,
      base + 0x1ff8n,
      base + 0x2000n,
    ];
    for (const [index, word] of words.entries()) kernel.number(STACK + 0x20 + index * 8, word, 8);
    const { words: found } = await readStack(
      await loadIced(),
      kernel.image().memory,
      pointIn(kernel, { sp: base + BigInt(STACK + 0x20) }),
    );
    expect(
      found.slice(0, words.length).map(({ kind, called }) => (called === undefined ? kind : [kind, called])),
    ).toEqual(['number', 'number', ['return', base + 0x20n], 'return', 'code', 'memory', 'stack', 'number']);
    expect(found).toHaveLength((0x1000 - 0x20) / 8);
  });

  plain('frames are followed while they ascend and stand behind calls', async () => {
    const kernel = guest();
    const { base } = kernel;
    const frame = (at: number, next: bigint, address: bigint): void => {
      kernel.number(STACK + at, next, 8);
      kernel.number(STACK + at + 8, address, 8);
    };
    const at = (offset: number): bigint => base + BigInt(STACK + offset);
    frame(0x40, at(0x60), base + 0x15n);
    frame(0x60, at(0x80), base + 0x32n);
    // Back to the first: a ring.
    frame(0x80, at(0x40), base + 0x15n);
    const point = pointIn(kernel, { sp: at(0x20), fp: at(0x40) });
    const iced = await loadIced();
    const { memory } = kernel.image();
    const calls = await frameTrace(iced, memory, point);
    expect(calls.map(({ at: where, address }) => [where, address])).toEqual([
      [at(0x48), base + 0x15n],
      [at(0x68), base + 0x32n],
      [at(0x88), base + 0x15n],
    ]);
    expect(await frameTrace(iced, memory, { ...point, fp: at(0x41) })).toEqual([]);
    expect(await frameTrace(iced, memory, { ...point, fp: 0x5555_5555n })).toEqual([]);
  });

  plain('a stack pointer that leads nowhere, and one off its alignment', async () => {
    const kernel = guest();
    const { memory } = kernel.image();
    const away = await codeView(memory, pointIn(kernel, { sp: 0x1000n }), { before: 1, after: 1 });
    expect(away.stack).toEqual({ words: [], reason: 'PML4E 0 is not present' });
    const odd = await readStack(
      await loadIced(),
      memory,
      pointIn(kernel, { sp: kernel.base + BigInt(STACK) + 0xff1n }),
    );
    expect(odd).toMatchObject({ words: [{ at: kernel.base + 0x1ff1n }], reason: 'the stack pointer is not aligned' });
  });
});
