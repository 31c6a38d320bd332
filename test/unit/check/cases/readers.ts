/** What is said of an image beside the verdict of the reader that it was made for. */
import { pvParts } from '../../../fixtures/built/restorable';
import { concat, libvirtFile, record, XC, XL } from '../../../fixtures/built/stream';
import { change, type RuleCase } from './case';

/** A checkpoint of both layers, as Remus sends it, with which the stream breaks off. */
const remus = () =>
  change(pvParts(), { end: concat(record(XC.CHECKPOINT), record(XL.CHECKPOINT_END)), done: undefined });
const libvirt = () => change(pvParts(), { xl: libvirtFile(new Uint8Array(0)) });
/** The image in the file of xl, which no such note goes with. */
const whole = pvParts();

export const READER_CASES: readonly RuleCase[] = [
  { key: 'RD-01', base: remus, bad: {}, near: { end: whole['end'], done: whole['done'] } },
  { key: 'RD-02', base: libvirt, bad: {}, near: { xl: whole['xl'] } },
  { key: 'RD-03', base: pvParts, bad: { xl: undefined }, near: {} },
  {
    key: 'RD-04',
    base: pvParts,
    bad: { xl: undefined, libxl: undefined, context: undefined, done: undefined },
    near: {},
  },
  {
    key: 'LC-52.takes-over',
    base: remus,
    bad: {},
    near: { end: whole['end'], done: whole['done'] },
    at: ['end', 16],
  },
];
