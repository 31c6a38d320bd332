/** Bodies of libxl records. */
import { struct, u32 } from '../kit/layout';

export const LibxlType = {
  END: 0,
  LIBXC_CONTEXT: 1,
  EMULATOR_XENSTORE_DATA: 2,
  EMULATOR_CONTEXT: 3,
  CHECKPOINT_END: 4,
  CHECKPOINT_STATE: 5,
} as const;

const SOURCE = 'docs/specs/libxl-migration-stream.pandoc; tools/libs/light/libxl_sr_stream_format.h';

export const EMULATOR_HEADER_SIZE = 8;

/** Starts both emulator records. libxl writes both fields and reads neither. */
export const EMULATOR_HEADER = struct(
  'emulator header',
  {
    emulator_id: u32({
      names: { 0: 'unknown (converted)', 1: 'QEMU traditional', 2: 'QEMU upstream' },
      doc: 'Which device model wrote the data; Xen 4.21 dropped QEMU traditional.',
    }),
    index: u32({ doc: 'Instance of that device model; always written as 0.' }),
  },
  { doc: 'Starts the body of both emulator records.', source: `${SOURCE} (libxl__sr_emulator_hdr)` },
);

/** Answers run against the stream: the secondary sends all but NEW. */
const CHECKPOINT_STATES = {
  0: 'NEW: the two VMs differ, a new checkpoint starts',
  1: 'SVM_SUSPENDED: the secondary is suspended',
  2: 'SVM_READY: the secondary has loaded its state',
  3: 'SVM_RESUMED: the secondary runs again',
};

export const CHECKPOINT_STATE = struct(
  'CHECKPOINT_STATE',
  {
    control_id: u32({
      names: CHECKPOINT_STATES,
      doc: 'COLO: which step of a checkpoint the sender of this record has reached; NEW comes from the primary, the others from the secondary.',
    }),
  },
  { doc: 'A word between the two sides of a COLO checkpoint.', source: `${SOURCE} (libxl_sr_checkpoint_state)` },
);
