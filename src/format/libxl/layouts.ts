/** Layouts of libxl record bodies. */
import { sizeOf, struct, u32 } from '../kit/layout';

const SOURCE = 'docs/specs/libxl-migration-stream.pandoc; tools/libs/light/libxl_sr_stream_format.h';

/** Device models by the number in front of their data. */
export const EmulatorId = { UNKNOWN: 0, QEMU_TRADITIONAL: 1, QEMU: 2 } as const;

/** Starts both emulator records. libxl writes both fields and reads neither. */
export const EMULATOR_HEADER = struct(
  'emulator header',
  {
    emulator_id: u32({
      names: {
        [EmulatorId.UNKNOWN]: 'unknown (converted)',
        [EmulatorId.QEMU_TRADITIONAL]: 'QEMU traditional',
        [EmulatorId.QEMU]: 'QEMU upstream',
      },
      doc: 'Which device model wrote the data; Xen 4.21 dropped QEMU traditional.',
    }),
    index: u32({ doc: 'Instance of that device model; always written as 0.' }),
  },
  { doc: 'Starts the body of both emulator records.', source: `${SOURCE} (libxl__sr_emulator_hdr)` },
);

/** Bytes of the header in front of both emulator records. */
export const EMULATOR_HEADER_SIZE = sizeOf(EMULATOR_HEADER);

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

/** Bytes of a CHECKPOINT_STATE body. */
export const CHECKPOINT_STATE_SIZE = sizeOf(CHECKPOINT_STATE);
