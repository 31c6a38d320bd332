/** How a libxl stream may end, and what may follow it. */
import { says } from '../../kit/log-line';
import { NO_DEVICE_MODEL } from './no-device-model';
import { type Rule, ADVICE } from '../../kit/rule';
import type { DomainKind } from '../../kit/domain';

/** How the stream stands when libxl has come to its END. */
export interface LibxlEnd {
  readonly built: boolean;
  readonly kind: DomainKind;
  readonly sawEmulatorContext: boolean;
}

export const LIBXL_END_RULES: readonly Rule<LibxlEnd>[] = [
  {
    id: 'LX-20',
    variant: 'missing',
    layer: 'libxl',
    severity: 'fatal',
    log: NO_DEVICE_MODEL,
    title: 'no EMULATOR_CONTEXT: QEMU would be started from a state file that does not exist',
    explain: 'QEMU of a restored HVM guest is told to load its state from a file that nobody has written, and exits.',
    advice: 'The end of the file is missing, or the sender failed to save the device model: look at its qemu-dm log.',
    source: 'tools/libs/light/libxl_dm.c: device_model_spawn_outcome()',
    when: ({ kind, sawEmulatorContext }) => kind === 'hvm' && !sawEmulatorContext,
  },
  {
    id: 'LX-47',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('domain {N} console tty: timed out')],
    title: 'the libxl stream ends without a libxc stream, so the domain has no memory',
    explain: 'libxl is satisfied, but without the pages of its rings the console of the domain never comes up.',
    advice: ADVICE.copy,
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
    explain: 'xl migrate sends it when the receiver has said that it is ready; xl restore does not read it.',
    advice: ADVICE.none,
    source: 'tools/xl/xl_migrate.c: migrate_receive()',
    when: ({ goAhead }) => goAhead,
  },
  {
    id: 'LX-49',
    layer: 'spec',
    severity: 'note',
    title: 'bytes after the last END; they are ignored',
    explain: 'xl stops reading at the END of the libxl stream.',
    advice: ADVICE.none,
    source: 'tools/libs/light/libxl_stream_read.c: process_record()',
    when: ({ length, goAhead }) =>
      length > 0 && !goAhead && { message: `${length} bytes after the last END; they are ignored` },
  },
];
