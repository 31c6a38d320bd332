/** Real images: FPU and extended state are those that Xen's tools showed, and those that a second decoder reads. */
import { describe, expect, test } from 'vitest';
import type { FieldNode } from '../../../src/format/kit/node';
import { hvmctxFpus } from '../../fixtures/xen/hvmctx-fpu';
import { decodeIn, itemsOf, nodeAt, valueAt } from '../../fixtures/nodes';
import { plainAvxArea, plainFxsave, plainYmm } from '../../fixtures/plain/fpu';
import { samples, type Sample } from '../../fixtures/samples';
import { rowsOf, scanBytes } from '../../fixtures/scanning';
import { latin1 } from '../../fixtures/built/stream';

interface Found {
  readonly vcpu: number;
  readonly fields: readonly FieldNode[];
  readonly bytes: Uint8Array;
}

interface State {
  /** FXSAVE images in CPU entries and guest contexts. */
  readonly legacy: readonly Found[];
  /** XSAVE areas. */
  readonly areas: readonly Found[];
}

async function stateOf(sample: Sample): Promise<State & { readonly image: Uint8Array }> {
  const image = sample.open();
  const scan = await scanBytes(image);
  const legacy: Found[] = [];
  const areas: Found[] = [];
  const add = (into: Found[], vcpu: number, node: FieldNode | undefined): void => {
    if (!node) return;
    into.push({ vcpu, fields: node.children ?? [], bytes: image.subarray(node.offset, node.offset + node.length) });
  };
  for (const row of rowsOf(scan)) {
    if (!['X86_PV_VCPU_BASIC', 'X86_PV_VCPU_XSAVE', 'HVM_CONTEXT'].includes(row.name)) continue;
    const nodes = decodeIn(image, row, scan);
    const groups = row.name === 'HVM_CONTEXT' ? nodes.map(({ children = [] }) => children) : [nodes];
    for (const group of groups) {
      const vcpu = row.vcpu >= 0 ? row.vcpu : Number(group.find(({ name }) => name === 'instance')?.value);
      const context = group.find(({ name }) => name === 'vcpu_guest_context')?.children ?? group;
      add(
        legacy,
        vcpu,
        context.find(({ name }) => name === 'fpu_ctxt' || name === 'fpu_regs'),
      );
      add(
        areas,
        vcpu,
        group.find(({ name }) => name === 'save_area'),
      );
    }
  }
  return { legacy, areas, image };
}

/** The bytes of a number written with its highest digit first. */
const lowestFirst = (digits: string): Buffer => Buffer.from(Uint8Array.from(Buffer.from(digits, 'hex')).toReversed());

const all = (fields: readonly FieldNode[], paths: readonly string[]): Record<string, bigint> =>
  Object.fromEntries(paths.map((path) => [path, BigInt(valueAt(fields, path) ?? -1)]));

describe.each(samples)('$file', (sample) => {
  test('both decoders agree on every FPU and every area', async () => {
    const { legacy, areas, image } = await stateOf(sample);
    expect(legacy.length).toBeGreaterThan(0);
    for (const { fields, bytes } of legacy) {
      const plain = plainFxsave(bytes);
      expect(Object.keys(plain)).toHaveLength(58);
      expect(all(fields, Object.keys(plain))).toEqual(plain);
    }
    for (const { fields, bytes } of areas) {
      expect(bytes).toHaveLength(832);
      const plain = plainAvxArea(bytes);
      expect(all(fields, Object.keys(plain))).toEqual(plain);
      const registers = itemsOf(image, nodeAt(fields, 'ymm'));
      expect(registers).toHaveLength(16);
      for (const [index, { text }] of registers.entries()) {
        expect(lowestFirst(text)).toEqual(Buffer.from(plainYmm(bytes, index)));
      }
    }
  });
});

const HVMCTX = 'xen-hvmctx-paused-after-save.txt';
const hvm = samples.filter((sample) => sample.truth(HVMCTX)?.includes('FPU:') === true);

/** Our reading under the names of the tool. */
function shownAs(fields: readonly FieldNode[], bytes: Uint8Array): Record<string, string> {
  const text = (path: string): string => nodeAt(fields, path).text.replace(/^0x/u, '');
  const reversed = (digits: string): string => (digits.match(/../gu) ?? []).toReversed().join('');
  const shown: Record<string, string> = {
    ...Object.fromEntries(['fcw', 'fsw', 'ftw', 'fop', 'mxcsr'].map((name) => [name, text(name)])),
    fpuip: text('fip'),
    fpudp: text('fdp'),
    mask: text('mxcsr_mask'),
    rsvd1: text('rsvd1').padStart(2, '0'),
  };
  for (let index = 0; index < 8; index++) {
    shown[`st${index}`] = text(`st.st${index}.sign_exponent`) + text(`st.st${index}.significand`);
    shown[`st${index} padding`] = reversed(text(`st.st${index}.padding`).replaceAll(' ', ''));
  }
  for (let index = 0; index < 16; index++) shown[`xmm${index}`] = text(`xmm.xmm${index}`);
  // 96 bytes from 416 on, sixteen a line: reserved, unused, and the word size in the last of them.
  const [reserved, unused, last] = ['reserved', 'unused', 'fpu_word_size'].map((name) => nodeAt(fields, name));
  const start = (reserved?.offset ?? 0) - 416;
  expect([reserved, unused, last].map((node) => [(node?.offset ?? 0) - start, node?.length])).toEqual([
    [416, 48],
    [464, 47],
    [511, 1],
  ]);
  const tail = [...bytes.subarray(416, 511), Number(last?.value)];
  for (let line = 0; line < 6; line++) {
    shown[`behind ${line}`] = reversed(Buffer.from(tail.slice(line * 16, line * 16 + 16)).toString('hex'));
  }
  return shown;
}

describe.each(hvm)('$file: the FPU against xen-hvmctx', (sample) => {
  test('every field of every vCPU', async () => {
    const { legacy } = await stateOf(sample);
    const truth = hvmctxFpus(sample.truth(HVMCTX) ?? '');
    expect(legacy.map(({ vcpu }) => vcpu)).toEqual([...truth.keys()]);
    for (const { vcpu, fields, bytes } of legacy) {
      const printed = truth.get(vcpu) ?? {};
      // 9 words, 8 registers with their padding, 16 of SSE, 6 lines behind.
      expect(Object.keys(printed)).toHaveLength(47);
      expect(shownAs(fields, bytes), `vcpu ${vcpu}`).toEqual(printed);
    }
  });
});

describe('what our own guests put there', () => {
  const micro64 = samples.filter(({ name }) =>
    ['micro64', 'micro64-max', 'micro64-xen420', 'micro64-xen413'].includes(name),
  );

  test.each(micro64)('$file: ymm0, 1, 7 and 15 hold a text of the guest', async (sample) => {
    const { areas, image } = await stateOf(sample);
    const [first] = areas;
    expect(areas.map(({ vcpu }) => vcpu)).toEqual([0]);
    const registers = itemsOf(image, nodeAt(first?.fields ?? [], 'ymm'));
    const texts = registers.map(({ text }) => lowestFirst(text).toString('latin1'));
    expect(texts[0]).toBe('Micro guest register pattern 000');
    expect(texts[1]).toBe(' Micro guest register pattern 00');
    expect(texts[7]).toBe(`est register pat${'\0'.repeat(16)}`);
    expect(texts[15]).toBe('1 Micro guest register pattern 2');
    // The guest loaded them from its memory.
    const pattern = Buffer.from(latin1('Micro guest register pattern 000'));
    expect(Buffer.from(image).indexOf(pattern)).toBeGreaterThan(0);
    expect(
      nodeAt(first?.fields ?? [], 'fpu_sse.st').children?.some(({ text }) => text === '3.1415926535897932385'),
    ).toBe(true);
  });

  test.each(samples.filter(({ name }) => name === 'micropvh-xsave'))('$file: CPU_XSAVE', async (sample) => {
    const { areas, image } = await stateOf(sample);
    expect(areas.map(({ vcpu }) => vcpu)).toEqual([0]);
    const registers = itemsOf(image, nodeAt(areas[0]?.fields ?? [], 'ymm'));
    const high = registers.map(({ text }) => lowestFirst(text).toString('latin1').slice(16));
    expect([high[0], high[1], high[15]]).toEqual(['Micro guest uppe', 'upper half ymm 1', 'upper half ymm15']);
  });
});
