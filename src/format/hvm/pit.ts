/** HVM save record PIT (10): the interval timer 8254. Source: public/arch-x86/hvm/save.h (struct hvm_hw_pit). */
import { duration, ticksToNs } from '../../lib/duration';
import { array, type Names, struct, u16, u32, u8 } from '../kit/layout';

const SOURCE = 'public/arch-x86/hvm/save.h (struct hvm_hw_pit)';
const PIT_HZ = 1_193_182n;

const time = (ticks: number | bigint): string => duration(ticksToNs(ticks, PIT_HZ));

const ACCESS: Names = { 0: 'none', 1: 'low byte', 2: 'high byte', 3: 'word: low byte next', 4: 'word: high byte next' };

const RW_MODES: Names = { 0: 'not set', 1: 'low byte', 2: 'high byte', 3: 'low byte, then high byte' };

const MODES: Names = {
  0: 'interrupt on terminal count',
  1: 'one-shot started by the gate',
  2: 'rate generator',
  3: 'square wave',
  4: 'strobe started by software',
  5: 'strobe started by the gate',
  0xff: 'never set (Xen before 4.19)',
};

const CHANNEL = struct(
  'hvm_hw_pit_channel',
  {
    count: u32({
      doc: 'Ticks per round, up to 65536, at 1.193182 MHz.',
      note: (value) => (Number(value) === 0 ? undefined : time(value)),
    }),
    latched_count: u16({ doc: 'Count that was latched for reading, in ticks.', note: (value) => time(value) }),
    count_latched: u8({ names: ACCESS, doc: 'What of the latched count is to be read.' }),
    status_latched: u8({ names: { 0: 'no', 1: 'yes' }, doc: 'The next read gives the latched status.' }),
    status: u8({
      display: 'hex',
      doc: 'Status that was latched for reading.',
      bits: {
        BCD: { at: 0, doc: 'Counts in BCD.' },
        mode: { at: 1, width: 3, doc: 'Mode of the channel.' },
        rw_mode: { at: 4, width: 2, names: RW_MODES, doc: 'Bytes of the count that are accessed.' },
        null_count: { at: 6, doc: 'A new count is not yet loaded; Xen never sets this.' },
        output: { at: 7, doc: 'Level of the output.' },
      },
    }),
    read_state: u8({ names: ACCESS, doc: 'Which byte of the count the next read gives.' }),
    write_state: u8({ names: ACCESS, doc: 'Which byte of the count the next write sets.' }),
    write_latch: u8({ display: 'hex', doc: 'Low byte that waits for its high byte.' }),
    rw_mode: u8({ names: RW_MODES, doc: 'Bytes of the count that are accessed.' }),
    mode: u8({ names: MODES, doc: 'How the channel counts.' }),
    bcd: u8({ names: { 0: 'binary', 1: 'BCD' }, doc: 'Number system asked for; Xen always counts in binary.' }),
    gate: u8({ names: { 0: 'off', 1: 'on' }, doc: 'Whether the channel may count; always on for channels 0 and 1.' }),
  },
  {
    doc: 'One counter of the timer.',
    source: SOURCE,
    summary: ({ mode, count }) =>
      mode === undefined || count === undefined
        ? undefined
        : [MODES[Number(mode)] ?? `mode ${mode}`, ...(Number(count) === 0 ? [] : [time(count)])].join(' · '),
  },
);

export const HVM_PIT = struct(
  'hvm_hw_pit',
  {
    channels: array(CHANNEL, 3, { doc: 'Channel 0 gives the timer interrupt, 1 is unused, 2 drives the speaker.' }),
    speaker_data_on: u32({ names: { 0: 'off', 1: 'on' }, doc: 'Whether the speaker is on (port 0x61).' }),
    pad0: u32({ reserved: true, display: 'hex', mustBe: 0, doc: 'Padding; Xen refuses anything but zero.' }),
  },
  { source: SOURCE },
);
