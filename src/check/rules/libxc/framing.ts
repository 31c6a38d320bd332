/** What libxc looks at in every record before it looks inside: that it is there, not too long, and of a type it takes. */
import { hex0x } from '../../../lib/text';
import { REC_LENGTH_MAX } from '../../../format/libxc/types';
import { libxcSpec } from '../../../format/records';
import { padded, RECORD_HEADER_SIZE } from '../../../format/framing';
import { says } from '../../kit/log-line';
import { LENGTH_AT } from '../../kit/places';
import { type Rule, ADVICE } from '../../kit/rule';

/** Returns how libxc spells a record type in its log. */
export const libxcTypeName = (type: number): string => libxcSpec(type)?.logName ?? 'Reserved';

/** A record header as it stands in the file. */
export interface LibxcFrame {
  /** Bytes of the header, and from the start of the body, that the file has. */
  readonly headerHave: number;
  readonly bodyHave: number;
  readonly type: number;
  readonly length: number;
  /** A CHECKPOINT was there before. */
  readonly checkpointed: boolean;
  /** Bytes of padding that are not zero. */
  readonly dirtyPadding: boolean;
}

const READ = 'tools/libs/guest/xg_sr_common.c: read_record()';
/** REC_LENGTH_MAX before 4.10. */
const OLD_LENGTH_MAX = 8 * 1024 * 1024;

const tooLong = (max: number, frame: LibxcFrame) =>
  frame.length > max && {
    values: [frame.type, libxcTypeName(frame.type), frame.length, max],
    message: `a record of ${hex0x(frame.length)} bytes: at most ${hex0x(max)} are taken`,
    at: LENGTH_AT,
  };

export const FRAME_RULES: readonly Rule<LibxcFrame>[] = [
  {
    id: 'LC-13',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Failed to read Record Header from stream')],
    perror: true,
    title: 'the file ends where a record of the libxc stream must start',
    explain: 'Every libxc stream ends with an END record. The file was cut, or the sender stopped before it was done.',
    advice: ADVICE.copy,
    source: READ,
    when: ({ headerHave, checkpointed }) =>
      !checkpointed && headerHave < RECORD_HEADER_SIZE && { at: { offset: 0, length: headerHave } },
  },
  {
    id: 'LC-52',
    variant: 'between-records',
    layer: 'libxc',
    severity: 'note',
    log: [says.libxc('Failed to read Record Header from stream')],
    perror: true,
    title: 'the stream ends after a checkpoint; a Remus receiver would resume from the last complete one',
    explain:
      'From the first checkpoint on libxc keeps the records of a round back. When the stream ends, it drops those of the round that was not finished and restores what it has, with this line and then “Restore successful”.',
    advice: 'Feed the stream to xl migrate-receive --remus.',
    source: 'tools/libs/guest/xg_sr_restore.c: restore()',
    when: ({ headerHave, checkpointed }) =>
      checkpointed && headerHave < RECORD_HEADER_SIZE && { at: { offset: 0, length: headerHave } },
  },
  {
    id: 'LC-52',
    variant: 'in-record',
    layer: 'libxc',
    severity: 'note',
    log: [says.libxc('Failed to read %zu bytes of data for record (0x%08x, %s)')],
    perror: true,
    title:
      'the stream ends inside a record after a checkpoint; a Remus receiver would resume from the last complete one',
    explain: 'libxc drops the records of the round that was not finished and restores what it has.',
    advice: 'Feed the stream to xl migrate-receive --remus.',
    source: 'tools/libs/guest/xg_sr_restore.c: restore()',
    when: ({ type, length, headerHave, bodyHave, checkpointed }) =>
      checkpointed &&
      headerHave === RECORD_HEADER_SIZE &&
      bodyHave < padded(length) && {
        values: [padded(length), type, libxcTypeName(type)],
        at: { offset: RECORD_HEADER_SIZE + bodyHave, length: 0 },
      },
  },
  {
    id: 'LC-14',
    variant: '128-mib',
    layer: 'libxc',
    severity: 'fatal',
    versions: { from: 410 },
    log: [says.libxc('Record (0x%08x, %s) length %#x exceeds max (%#x)')],
    title: 'a record longer than 128 MiB',
    explain: 'libxc takes such a length for damage, which it usually is.',
    advice: ADVICE.copy,
    source: READ,
    when: (frame) => tooLong(REC_LENGTH_MAX, frame),
  },
  {
    id: 'LC-14',
    variant: '8-mib',
    layer: 'libxc',
    severity: 'fatal',
    versions: { before: 410 },
    log: [says.libxc('Record (0x%08x, %s) length %#x exceeds max (%#x)')],
    title: 'a record longer than 8 MiB, the limit before Xen 4.10',
    explain: 'The frame list of a PV guest of nearly 1 TiB is longer; Xen 4.10 raised the limit for it.',
    advice: ADVICE.newer,
    source: 'tools/libxc/xc_sr_common.c: read_record(), before 4.10',
    when: (frame) => tooLong(OLD_LENGTH_MAX, frame),
  },
  {
    id: 'LC-16',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Failed to read %zu bytes of data for record (0x%08x, %s)')],
    perror: true,
    title: 'the file ends inside a record',
    explain: 'The record’s length, padding included, reaches past the end of the file.',
    advice: ADVICE.copy,
    source: READ,
    when: ({ type, length, bodyHave, checkpointed }) =>
      !checkpointed &&
      bodyHave < padded(length) && {
        values: [padded(length), type, libxcTypeName(type)],
        message: `the file ends inside a record: ${bodyHave} of ${length} bytes are there`,
        at: { offset: RECORD_HEADER_SIZE + bodyHave, length: 0 },
      },
  },
  {
    id: 'LC-20',
    layer: 'spec',
    severity: 'note',
    title: 'padding that is not zero; libxc ignores it',
    explain: 'Bodies are padded with zeros to a multiple of 8 bytes. verify-stream-v2 refuses anything else.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: Records',
    when: ({ dirtyPadding, length }) =>
      dirtyPadding && { at: { offset: RECORD_HEADER_SIZE + length, length: padded(length) - length } },
  },
];
