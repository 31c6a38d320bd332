/** Whose registers are read, and which: of vCPUs as a restore would take them, and of the vCPU that a byte belongs to. */
import { expect, test } from 'vitest';
import { encode } from '../../../src/format/kit/parse';
import { HVM_CPU } from '../../../src/format/hvm/cpu';
import { GUEST_CONTEXT_64 } from '../../../src/format/pv/guest-context-64';
import { vcpuAt } from '../../../src/memory/vcpus/owner';
import { readMemory, readPoint, type Saved, savedVcpu, savedVcpus } from '../../../src/memory/vcpus/saved';
import { memorySource } from '../../../src/source/memory';
import {
  concat,
  end,
  HVM,
  hvmEntry,
  hvmHeaderEntry,
  libxcStream,
  pageData,
  PV,
  record,
  tscInfo,
  u32,
  vcpuExtended,
  XC,
} from '../../fixtures/built/stream';
import { scanBytes } from '../../fixtures/scanning';

const PAGES = pageData([{ pfn: 1, fill: 1 }]);
const CHECKPOINT = record(XC.CHECKPOINT);

const savedIn = async (bytes: Uint8Array): Promise<Saved> => {
  const { records, image } = await scanBytes(bytes);
  return { records, image, source: memorySource(bytes) };
};
const pv = (vcpu: number, rip: bigint): Uint8Array =>
  record(XC.VCPU_BASIC, concat(u32(vcpu), u32(0), encode(GUEST_CONTEXT_64, { user_regs: { rip } })));
const cpu = (vcpu: number, rip: bigint): Uint8Array => hvmEntry(2, vcpu, encode(HVM_CPU, { rip, cr0: 1n }));
const lapic = (vcpu: number): Uint8Array => hvmEntry(5, vcpu, new Uint8Array(16));
const context = (...entries: Uint8Array[]): Uint8Array =>
  record(XC.HVM_CONTEXT, concat(hvmHeaderEntry(), ...entries, hvmEntry(0, 0, new Uint8Array(0))));

/** Instruction pointers by vCPU, as a restore would take them. */
async function restored(saved: Saved): Promise<Record<number, bigint | undefined>> {
  const found: Record<number, bigint | undefined> = {};
  for (const vcpu of savedVcpus(saved)) {
    const point = await readPoint(saved, vcpu);
    expect(point?.vcpu).toEqual(await savedVcpu(saved, vcpu.id));
    found[vcpu.id] = point?.ip;
  }
  return found;
}

test('PV: the last registers of each vCPU up to the last checkpoint', async () => {
  const bytes = libxcStream(PV, [pv(0, 1n), pv(1, 2n), CHECKPOINT, PAGES, pv(0, 3n), CHECKPOINT, PAGES, pv(0, 4n)]);
  expect(await restored(await savedIn(bytes))).toEqual({ 0: 3n, 1: 2n });
});

test('registers that are cut off, empty or of no known size are not taken for any', async () => {
  const whole = libxcStream(PV, [pv(0, 1n), pv(1, 2n)]);
  expect(await restored(await savedIn(whole.subarray(0, whole.length - 1)))).toEqual({ 0: 1n });
  const empty = libxcStream(PV, [record(XC.VCPU_BASIC, concat(u32(3), u32(0))), end()]);
  expect(savedVcpus(await savedIn(empty))).toEqual([]);
  const odd = await savedIn(libxcStream(PV, [record(XC.VCPU_BASIC, new Uint8Array(100)), end()]));
  expect(savedVcpus(odd).map(({ id, length }) => [id, length])).toEqual([[0, 92]]);
  expect(await savedVcpu(odd, 0)).toBeUndefined();
});

test('HVM: the last context, and of two entries of one vCPU the later', async () => {
  const bytes = libxcStream(HVM, [
    context(cpu(0, 1n)),
    context(cpu(0, 2n), lapic(1), cpu(0, 3n), cpu(2, 4n), lapic(2)),
    end(),
  ]);
  expect(await restored(await savedIn(bytes))).toEqual({ 0: 3n, 2: 4n });
});

test('registers in a record are read whether a restore takes them or not, those of others are not', async () => {
  const saved = await savedIn(libxcStream(PV, [pv(0, 1n), CHECKPOINT, PAGES, pv(0, 2n)]));
  expect((await readPoint(saved, { id: 0, record: 5 }))?.ip).toBe(2n);
  expect((await readMemory(saved, { id: 0, record: 5 }))?.pointers.ip).toBe(2n);
  expect(await readPoint(saved, { id: 1, record: 5 })).toBeUndefined();
  // No registers: a header, pages, and what is not in the index.
  for (const row of [0, 4, -1, 99]) expect(await readPoint(saved, { id: 0, record: row })).toBeUndefined();
});

test('a byte of a PV record belongs to its vCPU, with the registers of the same round', async () => {
  const saved = await savedIn(
    libxcStream(PV, [
      pv(0, 1n),
      pv(1, 2n),
      vcpuExtended(1),
      CHECKPOINT,
      PAGES,
      pv(0, 3n),
      pv(1, 4n),
      vcpuExtended(1),
      tscInfo(),
      CHECKPOINT,
      PAGES,
      vcpuExtended(1),
    ]),
  );
  const ownerOf = async (row: number, otherwise = 0) => {
    const found = await vcpuAt(saved, { record: row, offset: saved.records.offsetAt(row) + 20 }, otherwise);
    return found && [found.id, found.memory.pointers.ip];
  };
  expect(await ownerOf(4)).toEqual([1, 2n]);
  expect(await ownerOf(9)).toEqual([1, 4n]);
  expect(await ownerOf(2)).toEqual([0, 1n]);
  // The registers of an open round have not come: libxc still has those of the one before.
  expect(await ownerOf(13)).toEqual([1, 4n]);
  // What belongs to no vCPU is taken for the one asked for, as a restore would take it.
  expect(await ownerOf(10, 1)).toEqual([1, 4n]);
  expect(await ownerOf(10, 7)).toBeUndefined();
});

test('a byte of an HVM context belongs to the vCPU of its entry', async () => {
  const saved = await savedIn(
    libxcStream(HVM, [context(cpu(0, 1n), cpu(1, 2n), lapic(0), lapic(1)), tscInfo(), context(cpu(0, 3n)), end()]),
  );
  const ownerOf = async (row: number, offset: number, otherwise = 0) => {
    const found = await vcpuAt(saved, { record: row, offset }, otherwise);
    return found && [found.id, found.memory.pointers.ip];
  };
  const [, first, second, lapic0, lapic1] = saved.image.context;
  expect(await ownerOf(2, (first?.offset ?? 0) + 8)).toEqual([0, 1n]);
  expect(await ownerOf(2, (second?.offset ?? 0) + 8)).toEqual([1, 2n]);
  expect(await ownerOf(2, (lapic0?.offset ?? 0) + 8)).toEqual([0, 1n]);
  expect(await ownerOf(2, (lapic1?.offset ?? 0) + 8)).toEqual([1, 2n]);
  // The header of the context is no vCPU's: the one asked for, else the first that has registers.
  expect(await ownerOf(2, saved.records.offsetAt(2) + 8, 1)).toEqual([1, 2n]);
  expect(await ownerOf(2, saved.records.offsetAt(2) + 8, 5)).toEqual([0, 1n]);
  expect(await ownerOf(3, saved.records.offsetAt(3) + 8, 0)).toEqual([0, 3n]);
});
