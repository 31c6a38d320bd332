/** What libxl looks at in its own stream: the header, the records around the libxc stream, and the device model's data. */
import { hex0x } from '../../lib/text';
import { LIBXL_IDENT } from '../../format/libxl/header';
import { LibxlType } from '../../format/libxl/records';
import { type Rule, TODO } from '../rule';
import { startsLegacy } from './legacy';
import type { DomainKind } from '../simulate/state';

/** The header; what the file does not have reads as zeros. */
export interface LibxlHeader {
  readonly ident: bigint;
  readonly version: number;
  readonly options: number;
  /** The xl header says that this stream is of version 2. */
  readonly streamV2: boolean;
}

const STREAM = 'tools/libs/light/libxl_stream_read.c';

export const LIBXL_HEADER_RULES: readonly Rule<LibxlHeader>[] = [
  {
    id: 'LX-29',
    layer: 'libxl',
    severity: 'fatal',
    log: ['conversion helper [%s] exited with error status 1'],
    title: 'the STREAMv2 flag is clear, so libxl has the stream converted from the legacy format, which it is not',
    explain:
      'Without the flag xl takes what follows for the format of Xen 4.5 and older and starts convert-legacy-stream, which cannot read a stream of version 2.',
    todo: 'If the stream starts with LibxlFmt, bit 1 of the mandatory flags at offset 36 has been lost.',
    source: `${STREAM}: libxl__stream_read_start()`,
    when: ({ streamV2, ident }) => !streamV2 && !startsLegacy(ident) && { values: ['N'] },
  },
  {
    id: 'LX-01',
    layer: 'libxl',
    severity: 'fatal',
    log: ['Invalid ident: expected 0x%016lx, got 0x%016lx'],
    title: 'no libxl stream where it must start',
    explain:
      'The eight bytes behind the configuration must spell LibxlFmt. A wrong length of the optional data in the xl header puts the reader in the wrong place.',
    todo: 'Check the length of the optional data at offset 44 and whether the file was cut or mixed up.',
    source: `${STREAM}: stream_header_done()`,
    when: ({ ident }) => ident !== LIBXL_IDENT && { values: [LIBXL_IDENT, ident], at: { offset: 0, length: 8 } },
  },
  {
    id: 'LX-02',
    layer: 'libxl',
    severity: 'fatal',
    log: ['Unexpected Version: expected %u, got %u'],
    title: 'a version of the libxl stream that Xen does not know',
    explain: 'There is only version 2.',
    todo: TODO.copy,
    source: `${STREAM}: stream_header_done()`,
    when: ({ version }) => version !== 2 && { values: [2, version], at: { offset: 8, length: 4 } },
  },
  {
    id: 'LX-03',
    layer: 'libxl',
    severity: 'fatal',
    log: ['Unable to handle big endian streams'],
    title: 'a big-endian stream',
    explain: 'Xen on x86 reads little-endian streams only.',
    todo: TODO.writer,
    source: `${STREAM}: stream_header_done()`,
    when: ({ options }) => (options & 1) !== 0 && { at: { offset: 12, length: 4 } },
  },
  {
    id: 'LX-04',
    layer: 'spec',
    severity: 'note',
    title: 'reserved option bits are set; libxl does not look at them',
    explain: 'Only bits 0 (big-endian) and 1 (converted from legacy) are defined.',
    todo: TODO.none,
    source: 'docs/specs/libxl-migration-stream.pandoc: Stream header',
    when: ({ options }) => options >>> 2 !== 0 && { at: { offset: 12, length: 4 } },
  },
];

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
  /** A libxc stream was restored before. */
  readonly built: boolean;
  readonly sawEmulatorContext: boolean;
}

const isEmulator = (type: number): boolean =>
  type === LibxlType.EMULATOR_CONTEXT || type === LibxlType.EMULATOR_XENSTORE_DATA;

export const LIBXL_RECORD_RULES: readonly Rule<LibxlRecord>[] = [
  {
    id: 'LX-05',
    layer: 'libxl',
    severity: 'note',
    title: 'the file ends before the END record of the libxl stream; xl takes its end for one',
    explain: 'libxl reads zeros where the file has ended, and a header of zeros is an END record.',
    todo: 'Check whether the file was cut. What libxl still expected is the state of the device model, for an HVM guest.',
    source: 'tools/libs/light/libxl_aoutils.c: datacopier_readable()',
    when: ({ headerHave }) =>
      headerHave < 8 &&
      (headerHave === 0 || { message: 'the file ends inside a record header; libxl reads zeros for the rest of it' }),
  },
  {
    id: 'LX-45',
    layer: 'libxl',
    severity: 'warning',
    title: 'the file ends inside the body of a record; libxl reads the rest as zeros',
    explain:
      'libxl does not notice the end of the file: the rest of its buffer, zeros as a rule, counts as the record.',
    todo: TODO.copy,
    source: 'tools/libs/light/libxl_stream_read.c: record_header_done()',
    when: ({ bodyHave, bodyNeeds, length }) =>
      bodyHave < bodyNeeds && {
        message: `the file ends inside the body of a record: ${bodyHave} of ${length} bytes are there; libxl reads the rest as zeros`,
        at: { offset: 8 + bodyHave, length: 0 },
      },
  },
  {
    id: 'LX-08',
    layer: 'libxl',
    severity: 'fatal',
    log: ['Unrecognised record 0x%08x'],
    title: 'a record type that libxl does not know',
    explain: 'libxl refuses every type but 0 to 5; unlike libxc it does not skip optional ones.',
    todo: TODO.newer,
    source: `${STREAM}: process_record()`,
    when: ({ type }) =>
      type > LibxlType.CHECKPOINT_STATE && {
        values: [type],
        message: `record type ${hex0x(type, 8)}, which libxl does not know`,
      },
  },
  {
    id: 'LX-11',
    layer: 'libxl',
    severity: 'fatal',
    log: ['Received a xenstore emulator record when none was expected'],
    title: 'xenstore data of a device model for a guest that has none',
    explain: 'Only HVM guests have a device model; the configuration says PV or PVH.',
    todo: TODO.config,
    source: `${STREAM}: process_record()`,
    when: ({ type, kind }) => type === LibxlType.EMULATOR_XENSTORE_DATA && kind !== 'hvm',
  },
  {
    id: 'LX-12',
    layer: 'libxl',
    severity: 'fatal',
    log: ['Emulator xenstore data record too short to contain header'],
    title: 'xenstore data shorter than its header',
    explain: 'The record starts with the id and the index of the emulator, 8 bytes.',
    todo: TODO.writer,
    source: `${STREAM}: process_record()`,
    when: ({ type, length }) =>
      type === LibxlType.EMULATOR_XENSTORE_DATA && length < 8 && { at: { offset: 4, length: 4 } },
  },
  {
    id: 'LX-17',
    layer: 'libxl',
    severity: 'fatal',
    log: ['Received an emulator context record when none was expected'],
    title: 'state of a device model for a guest that has none',
    explain: 'Only HVM guests have a device model; the configuration says PV or PVH.',
    todo: TODO.config,
    source: `${STREAM}: process_record()`,
    when: ({ type, kind }) => type === LibxlType.EMULATOR_CONTEXT && kind !== 'hvm',
  },
  {
    id: 'LX-18',
    layer: 'libxl',
    severity: 'fatal',
    log: ['Emulator record too short to contain header'],
    title: 'state of a device model shorter than its header',
    explain: 'The record starts with the id and the index of the emulator, 8 bytes.',
    todo: TODO.writer,
    source: `${STREAM}: write_emulator_blob()`,
    when: ({ type, length }) => type === LibxlType.EMULATOR_CONTEXT && length < 8 && { at: { offset: 4, length: 4 } },
  },
  {
    id: 'LX-21',
    layer: 'libxl',
    severity: 'fatal',
    log: ['Unexpected CHECKPOINT_END record in stream'],
    title: 'CHECKPOINT_END outside of a checkpoint',
    explain: 'It may follow only a CHECKPOINT of the libxc stream that is restored as a checkpointed one.',
    todo: 'A Remus stream is received by xl migrate-receive --remus, not by xl restore.',
    source: `${STREAM}: process_record()`,
    when: ({ type, inCheckpoint }) => type === LibxlType.CHECKPOINT_END && !inCheckpoint,
  },
  {
    id: 'LX-22',
    layer: 'libxl',
    severity: 'fatal',
    log: ['Unexpected CHECKPOINT_STATE record in stream'],
    title: 'CHECKPOINT_STATE, which only COLO sends',
    explain: 'It is read only while two hosts agree on a COLO checkpoint, over the channel back.',
    todo: TODO.writer,
    source: `${STREAM}: process_record()`,
    when: ({ type }) => type === LibxlType.CHECKPOINT_STATE,
  },
  {
    id: 'LX-10',
    layer: 'spec',
    severity: 'note',
    title: 'a body where the record has none; libxl reads over it',
    explain: 'END, LIBXC_CONTEXT and CHECKPOINT_END are empty.',
    todo: TODO.none,
    source: 'docs/specs/libxl-migration-stream.pandoc',
    when: ({ type, length }) =>
      (type === LibxlType.END || type === LibxlType.LIBXC_CONTEXT || type === LibxlType.CHECKPOINT_END) &&
      length > 0 && { at: { offset: 4, length: 4 } },
  },
  {
    id: 'LX-50',
    layer: 'spec',
    severity: 'note',
    title: 'padding that is not zero; libxl does not look at it',
    explain: 'Bodies are padded with zeros to a multiple of 8 bytes. verify-stream-v2 refuses anything else.',
    todo: TODO.none,
    source: 'docs/specs/libxl-migration-stream.pandoc: Records',
    when: ({ dirtyPadding, length, bodyNeeds }) =>
      dirtyPadding && { at: { offset: 8 + length, length: bodyNeeds - length } },
  },
  {
    id: 'LX-51',
    layer: 'spec',
    severity: 'note',
    title: 'an emulator id that does not exist; libxl does not look at it',
    explain: 'Ids are 0 (unknown), 1 (qemu-traditional) and 2 (QEMU). verify-stream-v2 refuses any other.',
    todo: TODO.none,
    source: 'docs/specs/libxl-migration-stream.pandoc: EMULATOR_CONTEXT',
    when: ({ emulator }) =>
      emulator > 2 && { message: `emulator id ${emulator}, which does not exist`, at: { offset: 8, length: 4 } },
  },
  {
    id: 'LX-46',
    layer: 'spec',
    severity: 'note',
    title: 'state of the device model comes before the libxc stream',
    explain: 'Xen’s own sender writes it behind; libxl takes it in either place.',
    todo: TODO.none,
    source: 'docs/specs/libxl-migration-stream.pandoc: Layout',
    when: ({ type, built }) => isEmulator(type) && !built,
  },
  {
    id: 'LX-20',
    layer: 'spec',
    severity: 'note',
    title: 'a second EMULATOR_CONTEXT: the last one counts',
    explain: 'Each is written over the same file.',
    todo: TODO.none,
    source: `${STREAM}: write_emulator_blob()`,
    when: ({ type, sawEmulatorContext }) => type === LibxlType.EMULATOR_CONTEXT && sawEmulatorContext,
  },
];

/** How the stream stands when libxl has come to its END. */
export interface LibxlEnd {
  readonly built: boolean;
  readonly kind: DomainKind;
  readonly sawEmulatorContext: boolean;
}

const NO_DEVICE_MODEL = [
  'domain {N} device model: spawn failed (rc=-3)',
  'Post DM startup configs failed, rc=-3',
  'device model did not start: -3',
] as const;

export const LIBXL_END_RULES: readonly Rule<LibxlEnd>[] = [
  {
    id: 'LX-20',
    layer: 'libxl',
    severity: 'fatal',
    log: NO_DEVICE_MODEL,
    title: 'no EMULATOR_CONTEXT: the device model is started with state that is not there',
    explain: 'QEMU of a restored HVM guest is told to load its state from a file that nobody has written, and exits.',
    todo: 'The end of the file is missing, or the sender failed to save the device model: look at its qemu-dm log.',
    source: 'tools/libs/light/libxl_dm.c: device_model_spawn_outcome()',
    when: ({ kind, sawEmulatorContext }) => kind === 'hvm' && !sawEmulatorContext,
  },
  {
    id: 'LX-47',
    layer: 'libxl',
    severity: 'fatal',
    log: ['domain {N} console tty: timed out'],
    title: 'the libxl stream ends before any libxc stream: the domain has no memory',
    explain: 'libxl is satisfied, but without the pages of its rings the console of the domain never comes up.',
    todo: TODO.copy,
    source: 'tools/libs/light/libxl_create.c: console_xswait_callback()',
    when: ({ built, kind }) => !built && kind !== 'hvm',
  },
];

/** What follows the stream. */
export interface Trailer {
  readonly length: number;
  /** The go-ahead of xl migrate. */
  readonly goAhead: boolean;
}

export const TRAILER_RULES: readonly Rule<Trailer>[] = [
  {
    id: 'LX-48',
    layer: 'xl',
    severity: 'note',
    title: 'a captured migration that succeeded: the sender’s go-ahead follows the stream',
    explain: 'xl migrate sends it when the receiver has told that it is ready; xl restore does not read it.',
    todo: TODO.none,
    source: 'tools/xl/xl_migrate.c: migrate_receive()',
    when: ({ goAhead }) => goAhead,
  },
  {
    id: 'LX-49',
    layer: 'spec',
    severity: 'note',
    title: 'bytes behind the last END; nobody reads them',
    explain: 'xl stops reading at the END of the libxl stream.',
    todo: TODO.none,
    source: 'tools/libs/light/libxl_stream_read.c: process_record()',
    when: ({ length, goAhead }) =>
      length > 0 && !goAhead && { message: `${length} bytes behind the last END; nobody reads them` },
  },
];
