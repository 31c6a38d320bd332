/**
 * Families of inputs that grow, made to cost more than they are: hostile ones, damaged ones, and those that are only
 * large. Each is made at a size, and says which command is asked about it.
 */
import {
  assemble,
  hvmContextRecord,
  hvmEntries,
  hvmParts,
  pages,
  PV_PAGES,
  pvParts,
} from '../../fixtures/built/restorable';
import {
  concat,
  emulatorRecord,
  end,
  HVM,
  hvmContext,
  hvmEntry,
  hvmHeaderEntry,
  latin1,
  libvirtFile,
  libxcStream,
  libxlStream,
  record,
  T,
  tscInfo,
  u32,
  u64,
  XC,
  XL,
  xlFile,
  xlHeader,
} from '../../fixtures/built/stream';

/** Inputs of one kind, at any size. */
export interface Family {
  readonly name: string;
  /** The first of four sizes, each twice the one before. */
  readonly from: number;
  readonly make: (size: number) => Uint8Array;
  /** Command lines; IMAGE stands for the image and BESIDE for the file that goes with it. */
  readonly ask: readonly string[];
  /** A file beside the image: a log, symbols. */
  readonly beside?: (size: number) => Uint8Array;
}

const LIST = 'list IMAGE';
const CHECK = 'check IMAGE';
const BOTH = [LIST, CHECK];
const JUNK = new Uint8Array(8).fill(0xee);

/** The same bytes over and over. */
function times(part: Uint8Array, count: number): Uint8Array {
  const out = new Uint8Array(part.length * count);
  for (let at = 0; at < out.length; at += part.length) out.set(part, at);
  return out;
}
/** Puts many parts together: more than a call takes arguments. */
function many(count: number, make: (index: number) => Uint8Array): Uint8Array {
  const parts = Array.from({ length: count }, (_, index) => make(index));
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const hvm = (...records: readonly Uint8Array[]): Uint8Array =>
  xlFile(libxlStream(libxcStream(HVM, [record(XC.STATIC_DATA_END), ...records, end()])), '{"c_info":{"type":"hvm"}}\0');

const entry = (pfn: number, type: number): Uint8Array => u64((BigInt(type) << 60n) | BigInt(pfn));
const list = (entries: Uint8Array): Uint8Array =>
  record(XC.PAGE_DATA, concat(u32(entries.length / 8), u32(0), entries));

/** Records whose lengths lie: each leads to one place behind all of them, with sound ones in its body. */
const nested =
  (type: number, words: readonly number[], behind: number) =>
  (size: number): Uint8Array => {
    const sound = concat(tscInfo(), tscInfo(), tscInfo());
    const level = sound.length + 16;
    return hvm(
      many(size, (at) =>
        concat(
          sound,
          u32(type),
          u32((size - at) * level - sound.length - 8 + behind),
          ...words.map((word) => u32(word)),
        ),
      ),
      times(JUNK, 512),
    );
  };

/** Page tables that each name 512 frames far from each other, in a guest that claims 2^32 pages. */
function farFrames(size: number): Uint8Array {
  const parts = pvParts();
  const tables = Array.from({ length: size }, (_, table) => {
    const entries = new BigUint64Array(512);
    for (let at = 0; at < 512; at++) entries[at] = ((BigInt((table * 512 + at + 2) * 5003) % 2n ** 32n) << 12n) | 3n;
    return [1000 + table, 9, new Uint8Array(entries.buffer)] as const;
  });
  const last = record(XC.P2M_FRAMES, concat(u32(0xffff_fe00), u32(0xffff_ffff), u64(1)));
  return assemble({ ...parts, pages: concat(parts['pages'] ?? JUNK, last, pages(tables)) });
}

/** One page table on top of the other: each entry of the root leads to the root. */
function selfMapping(size: number): Uint8Array {
  const root = new BigUint64Array(512).fill(0x6027n);
  const others = Array.from({ length: size }, (_, at) => [100 + at, T.L1, new Uint8Array(root.buffer)] as const);
  const parts = pvParts();
  const first = PV_PAGES.map((one) => (one[0] === 6 ? ([6, one[1], new Uint8Array(root.buffer)] as const) : one));
  return assemble({ ...parts, pages: concat(pages(first), pages(others)) });
}

const context = (count: number, make: (index: number) => Uint8Array): Uint8Array =>
  hvmContext([hvmHeaderEntry(), many(count, make)]);

const cfg = (text: string): Uint8Array => concat(xlHeader(text, { flags: 2 }), libxlStream(libxcStream(HVM, [end()])));
const json = (text: string): Uint8Array => xlFile(libxlStream(libxcStream(HVM, [end()])), `${text}\0`);
const log = (line: (index: number) => string) => (size: number) =>
  latin1(Array.from({ length: size }, (_, at) => line(at)).join('\n'));
const guest = (): Uint8Array => assemble(hvmParts());

export const FAMILIES: readonly Family[] = [
  { name: 'lengths that lie, to nonsense', from: 2000, make: nested(XC.VCPU_XSAVE, [0, 0], 0), ask: [LIST] },
  {
    name: 'the same, behind the end of the file',
    from: 2000,
    make: nested(XC.VCPU_XSAVE, [0, 0], 2 ** 20),
    ask: [LIST],
  },
  { name: 'HVM contexts whose lengths lie', from: 2000, make: nested(XC.HVM_CONTEXT, [1, 24], 0), ask: [LIST] },
  { name: 'PFN lists whose lengths lie', from: 2000, make: nested(XC.PAGE_DATA, [2 ** 20, 0], 2 ** 24), ask: [LIST] },
  {
    name: 'places that look like records and lead far away',
    from: 20_000,
    make: (size) =>
      hvm(
        JUNK,
        many(size, (at) => concat(u32(XC.VCPU_XSAVE), u32(2 ** 23 - 8 * at), u64(0))),
        times(JUNK, 2 ** 20),
        tscInfo(),
        tscInfo(),
        tscInfo(),
      ),
    ask: [LIST],
  },
  {
    name: 'gaps between records',
    from: 10_000,
    make: (size) => hvm(times(concat(JUNK, tscInfo(), tscInfo(), tscInfo()), size)),
    ask: BOTH,
  },
  { name: 'empty records', from: 200_000, make: (size) => hvm(times(record(XC.VERIFY), size)), ask: BOTH },
  {
    name: 'optional records that nobody knows',
    from: 50_000,
    make: (size) => hvm(times(record(0x8000_0011), size)),
    ask: BOTH,
  },
  { name: 'checkpoints', from: 20_000, make: (size) => hvm(times(record(XC.CHECKPOINT), size)), ask: BOTH },
  {
    name: 'PAGE_DATA of one page each',
    from: 40_000,
    make: (size) => hvm(many(size, (at) => list(entry(at * 2, T.XTAB)))),
    ask: BOTH,
  },
  {
    name: 'a PAGE_DATA of runs of one page',
    from: 400_000,
    make: (size) => {
      const entries = new BigUint64Array(size);
      for (let at = 0; at < size; at++) entries[at] = BigInt(((at * 7919) % 0x3ff_ffff) * 2) | (15n << 60n);
      return hvm(list(new Uint8Array(entries.buffer)));
    },
    ask: BOTH,
  },
  {
    name: 'one page sent again and again',
    from: 400_000,
    make: (size) => hvm(list(times(entry(7, T.XTAB), size))),
    ask: BOTH,
  },
  { name: 'page tables that name far frames', from: 250, make: farFrames, ask: [CHECK] },
  { name: 'page tables that map themselves', from: 250, make: selfMapping, ask: [CHECK, 'export IMAGE --elf -o OUT'] },
  {
    name: 'local APICs',
    from: 10_000,
    make: (size) =>
      hvm(
        tscInfo(),
        context(size, (at) => hvmEntry(5, at % 60_000, concat(u64(0xfee0_0c00), u64(0)))),
      ),
    ask: BOTH,
  },
  {
    name: 'entries of no length in an HVM context',
    from: 20_000,
    make: (size) =>
      hvm(
        tscInfo(),
        context(size, (at) => hvmEntry(99, at % 65_536, new Uint8Array(0))),
      ),
    ask: BOTH,
  },
  {
    name: 'HVM contexts',
    from: 10_000,
    make: (size) => hvm(times(hvmContextRecord({ header: hvmEntries()['header'] ?? hvmHeaderEntry() }), size)),
    ask: BOTH,
  },
  {
    name: 'leaves of a CPUID policy',
    from: 100_000,
    make: (size) =>
      hvm(
        record(
          XC.CPUID_POLICY,
          many(size, (at) => concat(u32(at), u32(0xffff_ffff), u64(0), u64(0))),
        ),
      ),
    ask: BOTH,
  },
  {
    name: 'newlines in an xl.cfg',
    from: 100_000,
    make: (size) => cfg(`${'\n'.repeat(size)}!`),
    ask: [CHECK, 'show IMAGE 0'],
  },
  {
    name: 'a JSON configuration nested deep',
    from: 100_000,
    make: (size) => json('['.repeat(size)),
    ask: [CHECK, 'show IMAGE 0'],
  },
  {
    name: 'a JSON configuration of many settings',
    from: 5000,
    make: (size) => json(`{${Array.from({ length: size }, (_, at) => `"k${at}":[${at}]`).join(',')}}`),
    ask: [CHECK, 'show IMAGE 0 --json'],
  },
  {
    name: 'the XML of libvirt, of many elements',
    from: 10_000,
    make: (size) => libvirtFile(libxlStream(libxcStream(HVM, [end()])), `<d>${'<a b="c"/>'.repeat(size)}</d>\0`),
    ask: [CHECK, 'show IMAGE 0'],
  },
  {
    name: 'sections in the state of QEMU',
    from: 20_000,
    make: (size) => {
      const section = (at: number): Uint8Array =>
        concat(Uint8Array.of(4), u32(at + 1, false), Uint8Array.of(2), latin1('aa'), new Uint8Array(8));
      const state = concat(latin1('QEVM'), u32(3, false), many(size, section));
      return xlFile(libxlStream(libxcStream(HVM, [end()]), [emulatorRecord(XL.EMULATOR_CONTEXT, state)]));
    },
    ask: [CHECK, 'show IMAGE offset:0x120'],
  },
  {
    name: 'a log of lines about records',
    from: 5000,
    make: guest,
    beside: log((at) => `Record: 3, length ${at}`),
    ask: ['check IMAGE --log BESIDE'],
  },
  {
    name: 'a log of one long line',
    from: 250_000,
    make: guest,
    beside: (size) => latin1(' (1 = '.repeat(size)),
    ask: ['check IMAGE --log BESIDE'],
  },
  {
    name: 'a System.map of one name',
    from: 250_000,
    make: guest,
    beside: log((at) => `ffffffff81${(at % 2 ** 24).toString(16).padStart(6, '0')} T same`),
    ask: ['code IMAGE --symbols BESIDE'],
  },
  {
    name: 'a list shown as JSON',
    from: 50_000,
    make: (size) =>
      hvm(list(new Uint8Array(BigUint64Array.from({ length: size }, (_, at) => BigInt(at * 2) | (15n << 60n)).buffer))),
    ask: ['show IMAGE 6 --json'],
  },
  {
    name: 'pages far apart, exported',
    from: 2000,
    make: (size) =>
      hvm(
        many(size, (at) => list(entry(at * 1_000_003, T.XTAB))),
        record(XC.PAGE_DATA, concat(u32(1), u32(0), u64(5), new Uint8Array(4096))),
      ),
    ask: ['export IMAGE --raw -o OUT', 'export IMAGE --elf -o OUT'],
  },
];
