/** Files of virsh save. */
import { patch, pvParts } from '../../../fixtures/built/restorable';
import { libvirtFile, u32 } from '../../../fixtures/built/stream';
import { type Change, change, type RuleCase } from './case';

/** Header and XML in place of those of xl. */
const header = libvirtFile(new Uint8Array(0));
const base = () => change(pvParts(), { xl: header });
const bad = (at: number, by: Uint8Array): Change => ({ xl: patch(header, at, by) });

export const LIBVIRT_CASES: readonly RuleCase[] = [
  { key: 'LV-01', base, bad: {}, near: {}, cut: 63, nearCut: 64, log: ['failed to read libxl header'], at: ['xl', 0] },
  {
    key: 'LV-02',
    base,
    bad: bad(12, Uint8Array.of(13)),
    near: {},
    log: ['image magic is incorrect'],
    at: ['xl', 0],
  },
  {
    key: 'LV-03',
    base,
    bad: bad(16, u32(3)),
    near: bad(16, u32(2)),
    log: ['image version is not supported (3 > 2)'],
    at: ['xl', 16],
  },
  { key: 'LV-04', base, bad: bad(20, u32(0)), near: bad(20, u32(1)), log: ['invalid XML length: 0'], at: ['xl', 20] },
  {
    key: 'LV-05',
    base,
    bad: {},
    near: {},
    cut: header.length - 1,
    nearCut: header.length,
    log: ['failed to read XML'],
    at: ['xl', 20],
  },
  {
    key: 'LV-06',
    base,
    bad: bad(16, u32(1)),
    near: bad(16, u32(0)),
    log: ['conversion helper [N] exited with error status 1'],
    at: ['xl', 16],
  },
];
