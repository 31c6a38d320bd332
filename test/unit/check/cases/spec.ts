/** Rules of the specification that Xen’s restore does not hold, and of what surrounds a stream. */
import { emulator, hvmParts, pages, patch, PV_PAGES, pvParts, vcpu } from '../../../fixtures/built/restorable';
import { concat, latin1, record, u16, u32, u64, XC, XL, xlHeader } from '../../../fixtures/built/stream';
import type { RuleCase } from './case';

const pv = pvParts();
const part = (name: string): Uint8Array => pv[name] ?? new Uint8Array(0);
const flagsOff = patch(part('xl'), 36, u32(1));
/** In front of a stream: libvirt's header with a closing NUL as XML. */
const libvirt = (version: number): Uint8Array =>
  concat(latin1('libvirt-xml\n \0 \r'), u32(version), u32(1), new Uint8Array(40), Uint8Array.of(0));
const memory = (most: number, target?: number): Uint8Array => {
  const build = {
    max_vcpus: 2,
    max_memkb: most,
    ...(target === undefined ? {} : { target_memkb: target }),
    'type.pv': {},
  };
  return xlHeader(`${JSON.stringify({ c_info: { type: 'pv', name: 'guest' }, b_info: build })}\0`);
};
/** The L1 table of the image maps one page more, which the stream does not have. */
const LAST_STRAW = pages(
  PV_PAGES.map(([pfn, type, content]) => [
    pfn,
    type,
    pfn === 9 && content ? patch(content, 8, u64(0x3_0025)) : content,
  ]),
);
/** 300 pages to be allocated; with the 10 of the image 1240 KiB. */
const more = record(
  XC.PAGE_DATA,
  concat(u32(300), u32(0), ...Array.from({ length: 300 }, (_, at) => u64((0xen << 60n) | BigInt(0x40 + at)))),
);
const wide = { p2m: record(XC.P2M_FRAMES, concat(u32(0), u32(0x1ff), u64(11))), tsc: concat(more, part('tsc')) };

/** QEMU's state of one PCI device. */
const device = (name: string): Uint8Array =>
  concat(
    latin1('QEVM'),
    u32(3, false),
    Uint8Array.of(4),
    u32(0, false),
    Uint8Array.of(name.length),
    latin1(name),
    u32(0, false),
    u32(3, false),
    new Uint8Array(400),
  );

export const SPEC_CASES: readonly RuleCase[] = [
  {
    key: 'LC-58',
    base: pvParts,
    bad: { domain: patch(part('domain'), 4, u16(44)) },
    near: { domain: patch(part('domain'), 4, u16(12)) },
    at: ['domain', 4],
  },
  {
    key: 'LP-61',
    base: pvParts,
    bad: { info: record(XC.PV_INFO, Uint8Array.of(8, 4, 0, 0, 0, 0, 0, 0, 0)) },
    near: {},
    at: ['info', 4],
  },
  {
    key: 'LP-62',
    base: pvParts,
    bad: { xsave: vcpu(XC.VCPU_XSAVE, 0, new Uint8Array(16)) },
    near: {},
    at: ['xsave', 16],
  },
  {
    key: 'LX-52',
    base: pvParts,
    bad: { xl: flagsOff, libxl: concat(u64(0xff001), new Uint8Array(4096)) },
    near: { xl: flagsOff },
    at: ['libxl', 0],
  },
  { key: 'LV-06', base: pvParts, bad: { xl: libvirt(1) }, near: { xl: libvirt(2) }, at: ['xl', 16] },
  { key: 'LV-07', base: pvParts, bad: { xl: libvirt(2) }, near: { xl: libvirt(1) }, at: ['xl', 16] },
  {
    key: 'LC-41',
    base: pvParts,
    bad: { ...wide, xl: memory(215) },
    near: { ...wide, xl: memory(216) },
    log: ['Failed to populate physmap (16 = Device or resource busy)'],
    at: ['tsc', 0],
  },
  {
    // What the domain may grow to does not count, what it is to have does.
    key: 'LC-41',
    base: pvParts,
    bad: { ...wide, xl: memory(4096, 215) },
    near: { ...wide, xl: memory(215, 4096) },
    log: ['Failed to populate physmap (16 = Device or resource busy)'],
    at: ['tsc', 0],
  },
  {
    // A page that only a page table names is one too many.
    key: 'LC-41',
    base: pvParts,
    bad: { ...wide, xl: memory(216), pages: LAST_STRAW },
    near: { ...wide, xl: memory(220), pages: LAST_STRAW },
    log: ['Failed to populate physmap (16 = Device or resource busy)'],
    at: ['end', 0],
  },
  {
    key: 'QM-08',
    unsettled: true,
    base: hvmParts,
    bad: { emulator: emulator(XL.EMULATOR_CONTEXT, device('0000:00:01.3/piix4_pm')) },
    near: { emulator: emulator(XL.EMULATOR_CONTEXT, device('0000:00:01.0/PIIX3')) },
    log: ["error while loading state for instance 0x0 of device '0000:00:01.3/piix4_pm'"],
  },
];
