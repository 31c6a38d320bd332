/** Bodies of libxl records. Source: docs/specs/libxl-migration-stream.pandoc, libxl_sr_stream_format.h. */
import { bytes, struct, u32 } from '../kit/layout';

export const LibxlType = {
  END: 0,
  LIBXC_CONTEXT: 1,
  EMULATOR_XENSTORE_DATA: 2,
  EMULATOR_CONTEXT: 3,
  CHECKPOINT_END: 4,
  CHECKPOINT_STATE: 5,
} as const;

/** Starts both emulator records. libxl writes both fields and reads neither. */
export const EMULATOR_HEADER = struct('emulator header', {
  emulator_id: u32({
    names: { 0: 'unknown (converted)', 1: 'QEMU traditional', 2: 'QEMU upstream' },
    doc: 'Which device model wrote the data.',
  }),
  index: u32({ doc: 'Instance of that device model; always written as 0.' }),
});

export const EMULATOR_CONTEXT = struct('EMULATOR_CONTEXT', {
  ...EMULATOR_HEADER.fields,
  data: bytes('rest', { doc: "The device model's own save format, opaque to libxl." }),
});

export const CHECKPOINT_STATE = struct('CHECKPOINT_STATE', {
  control_id: u32({
    names: { 0: 'NEW', 1: 'SVM_SUSPENDED', 2: 'SVM_READY', 3: 'SVM_RESUMED' },
    doc: 'COLO: which step of a checkpoint the sender of this record has reached.',
  }),
});
