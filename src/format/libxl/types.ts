/** The record types of libxl: their numbers, and one row each for all else that is said of a type. */
import { atLeast, exactly, type RecordRow } from '../record-spec';
import { CHECKPOINT_STATE_SIZE, EMULATOR_HEADER_SIZE } from './layouts';

/** Numbers of the types. Source: tools/libs/light/libxl_sr_stream_format.h (REC_TYPE_*). */
export const LibxlType = {
  END: 0,
  LIBXC_CONTEXT: 1,
  EMULATOR_XENSTORE_DATA: 2,
  EMULATOR_CONTEXT: 3,
  CHECKPOINT_END: 4,
  CHECKPOINT_STATE: 5,
} as const;

/** A record without a body, which every reader takes. */
const empty = { group: 'control', length: exactly(0), takenFor: 'all' } as const;

/** Every type that the specification defines. Source: docs/specs/libxl-migration-stream.pandoc. */
export const LIBXL_RECORDS = {
  END: { doc: 'End of the libxl stream.', ...empty },
  LIBXC_CONTEXT: { doc: 'A complete libxc stream follows.', ...empty },
  EMULATOR_XENSTORE_DATA: {
    group: 'device',
    doc: 'Xenstore entries of the device model.',
    length: atLeast(EMULATOR_HEADER_SIZE),
    takenFor: 'hvm',
  },
  EMULATOR_CONTEXT: {
    group: 'device',
    doc: 'State of the device model (QEMU).',
    length: atLeast(EMULATOR_HEADER_SIZE),
    takenFor: 'hvm',
    walked: true,
  },
  CHECKPOINT_END: { doc: 'A checkpoint is complete; libxc records follow.', ...empty },
  // Only the two sides of COLO send it to each other; no restore of a file takes it.
  CHECKPOINT_STATE: {
    group: 'control',
    doc: 'State of a COLO checkpoint.',
    length: exactly(CHECKPOINT_STATE_SIZE),
    takenFor: 'none',
  },
} as const satisfies Readonly<Record<keyof typeof LibxlType, RecordRow>>;
