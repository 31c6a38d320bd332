/** What libxl looks at in the records around the libxc stream. */
import { hex0x } from '../../../lib/text';
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import { EMULATOR_HEADER, EMULATOR_HEADER_SIZE, EmulatorId } from '../../../format/libxl/layouts';
import { LibxlType } from '../../../format/libxl/types';
import { recordSpec } from '../../../format/records';
import { says } from '../../kit/log-line';
import { inBody, LENGTH_AT } from '../../kit/places';
import { type Rule, ADVICE } from '../../kit/rule';
import type { DomainKind } from '../../kit/domain';

const emulatorField = inBody(EMULATOR_HEADER);
const STREAM = 'tools/libs/light/libxl_stream_read.c';

/** One record; `type` and `length` are 0 where the file has ended. */
export interface LibxlRecord {
  readonly type: number;
  readonly length: number;
  /** Bytes of the header and of the body that the file has. */
  readonly headerHave: number;
  readonly bodyHave: number;
  /** Padding included. */
  readonly bodyNeeds: number;
  /** Bytes of padding that are not zero. */
  readonly dirtyPadding: boolean;
  /** Emulator id of the records that have one, 0 to 2. */
  readonly emulator: number;
  readonly kind: DomainKind;
  readonly inCheckpoint: boolean;
  /** The reader takes the streams of COLO. */
  readonly takesColo: boolean;
  /** A libxc stream was restored before. */
  readonly built: boolean;
  readonly sawEmulatorContext: boolean;
}

/** Tells whether a record holds state of a device model. */
export const isEmulator = (type: number): boolean =>
  type === LibxlType.EMULATOR_CONTEXT || type === LibxlType.EMULATOR_XENSTORE_DATA;

export const LIBXL_RECORD_RULES: readonly Rule<LibxlRecord>[] = [
  {
    id: 'LX-05',
    layer: 'libxl',
    severity: 'note',
    title: 'the file ends before the END record of the libxl stream; xl treats the end of the file as END',
    explain: 'libxl reads zeros where the file has ended, and a header of zeros is an END record.',
    advice:
      'Check whether the file was cut. What libxl still expected is the state of the device model, for an HVM guest.',
    source: 'tools/libs/light/libxl_aoutils.c: datacopier_readable()',
    when: ({ headerHave }) =>
      headerHave < RECORD_HEADER_SIZE &&
      (headerHave === 0 || { message: 'the file ends inside a record header; libxl reads zeros for the rest of it' }),
  },
  {
    id: 'LX-45',
    layer: 'libxl',
    severity: 'warning',
    title: 'the file ends inside the body of a record; libxl reads the rest as zeros',
    explain:
      'libxl does not notice the end of the file: the rest of its buffer, zeros as a rule, counts as the record.',
    advice: ADVICE.copy,
    source: 'tools/libs/light/libxl_stream_read.c: record_header_done()',
    // The body of an END is of no meaning.
    when: ({ type, bodyHave, bodyNeeds, length }) =>
      type !== LibxlType.END &&
      bodyHave < bodyNeeds && {
        message: `the file ends inside the body of a record: ${bodyHave} of ${length} bytes are there; libxl reads the rest as zeros`,
        at: { offset: RECORD_HEADER_SIZE + bodyHave, length: 0 },
      },
  },
  {
    id: 'LX-08',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Unrecognised record 0x%08x')],
    title: 'an unknown libxl record type',
    explain: 'libxl refuses every type but 0 to 5; unlike libxc it does not skip optional ones.',
    advice: ADVICE.newer,
    source: `${STREAM}: process_record()`,
    when: ({ type }) =>
      recordSpec('libxl', type) === undefined && {
        values: [type],
        message: `record type ${hex0x(type, 8)}, which libxl does not know`,
      },
  },
  {
    id: 'LX-11',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Received a xenstore emulator record when none was expected')],
    title: 'xenstore data of a device model for a guest that has none',
    explain: 'Only HVM guests have a device model; the configuration says PV or PVH.',
    advice: ADVICE.config,
    source: `${STREAM}: process_record()`,
    when: ({ type, kind }) => type === LibxlType.EMULATOR_XENSTORE_DATA && kind !== 'hvm',
  },
  {
    id: 'LX-12',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Emulator xenstore data record too short to contain header')],
    title: 'xenstore data shorter than its header',
    explain: 'The record starts with the id and the index of the emulator, 8 bytes.',
    advice: ADVICE.writer,
    source: `${STREAM}: process_record()`,
    when: ({ type, length }) =>
      type === LibxlType.EMULATOR_XENSTORE_DATA && length < EMULATOR_HEADER_SIZE && { at: LENGTH_AT },
  },
  {
    id: 'LX-17',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Received an emulator context record when none was expected')],
    title: 'state of a device model for a guest that has none',
    explain: 'Only HVM guests have a device model; the configuration says PV or PVH.',
    advice: ADVICE.config,
    source: `${STREAM}: process_record()`,
    when: ({ type, kind }) => type === LibxlType.EMULATOR_CONTEXT && kind !== 'hvm',
  },
  {
    id: 'LX-18',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Emulator record too short to contain header')],
    title: 'state of a device model shorter than its header',
    explain: 'The record starts with the id and the index of the emulator, 8 bytes.',
    advice: ADVICE.writer,
    source: `${STREAM}: write_emulator_blob()`,
    when: ({ type, length }) =>
      type === LibxlType.EMULATOR_CONTEXT && length < EMULATOR_HEADER_SIZE && { at: LENGTH_AT },
  },
  {
    id: 'LX-21',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Unexpected CHECKPOINT_END record in stream')],
    title: 'CHECKPOINT_END outside a checkpoint',
    explain: 'It may follow only a CHECKPOINT of the libxc stream that is restored as a checkpointed one.',
    advice: 'A Remus stream is received by xl migrate-receive --remus, not by xl restore.',
    source: `${STREAM}: process_record()`,
    when: ({ type, inCheckpoint }) => type === LibxlType.CHECKPOINT_END && !inCheckpoint,
  },
  {
    id: 'LX-22',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('Unexpected CHECKPOINT_STATE record in stream')],
    title: 'CHECKPOINT_STATE, which only COLO sends',
    explain: 'It is read only while two hosts agree on a COLO checkpoint, over the back channel.',
    advice: ADVICE.writer,
    source: `${STREAM}: process_record()`,
    when: ({ type, takesColo }) => type === LibxlType.CHECKPOINT_STATE && !takesColo,
  },
  {
    id: 'LX-10',
    layer: 'spec',
    severity: 'note',
    title: 'a body in a record that must be empty; libxl skips it',
    explain: 'END, LIBXC_CONTEXT and CHECKPOINT_END are empty.',
    advice: ADVICE.none,
    source: 'docs/specs/libxl-migration-stream.pandoc',
    when: ({ type, length }) => recordSpec('libxl', type)?.length.max === 0 && length > 0 && { at: LENGTH_AT },
  },
  {
    id: 'LX-50',
    layer: 'spec',
    severity: 'note',
    title: 'padding that is not zero; libxl ignores it',
    explain: 'Bodies are padded with zeros to a multiple of 8 bytes. verify-stream-v2 refuses anything else.',
    advice: ADVICE.none,
    source: 'docs/specs/libxl-migration-stream.pandoc: Records',
    when: ({ dirtyPadding, length, bodyNeeds }) =>
      dirtyPadding && { at: { offset: RECORD_HEADER_SIZE + length, length: bodyNeeds - length } },
  },
  {
    id: 'LX-51',
    layer: 'spec',
    severity: 'note',
    title: 'an unknown emulator ID; libxl ignores it',
    explain: 'Ids are 0 (unknown), 1 (qemu-traditional) and 2 (QEMU). verify-stream-v2 refuses any other.',
    advice: ADVICE.none,
    source: 'docs/specs/libxl-migration-stream.pandoc: EMULATOR_CONTEXT',
    when: ({ emulator }) =>
      emulator > EmulatorId.QEMU && {
        message: `emulator id ${emulator}, which does not exist`,
        at: emulatorField('emulator_id'),
      },
  },
  {
    id: 'LX-46',
    layer: 'spec',
    severity: 'note',
    title: 'state of the device model comes before the libxc stream',
    explain: 'Xen’s own sender writes it after that stream; libxl takes it in either place.',
    advice: ADVICE.none,
    source: 'docs/specs/libxl-migration-stream.pandoc: Layout',
    when: ({ type, built }) => isEmulator(type) && !built,
  },
  {
    id: 'LX-20',
    variant: 'second',
    layer: 'spec',
    severity: 'note',
    title: 'a second EMULATOR_CONTEXT: the last one is used',
    explain: 'Each one overwrites the same file, so the last one is used.',
    advice: ADVICE.none,
    source: `${STREAM}: write_emulator_blob()`,
    when: ({ type, sawEmulatorContext }) => type === LibxlType.EMULATOR_CONTEXT && sawEmulatorContext,
  },
];
