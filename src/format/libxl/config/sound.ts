/** A sound card that the guest knows to be virtual. Source: libxl_types.idl, libxl_device_vsnd. */
import { BACKEND } from './devices';
import { arrayOf, enumOf, int, string, struct, uint32 } from './idl';

const PCM_FORMAT = enumOf(
  's8',
  'u8',
  ...['s16', 'u16', 's24', 'u24', 's32', 'u32', 'f32', 'f64', 'iec958_subframe'].flatMap((name) => [
    `${name}_le`,
    `${name}_be`,
  ]),
  'mu_law',
  'a_law',
  'ima_adpcm',
  'mpeg',
  'gsm',
);

const PARAMS = struct({
  sample_rates: arrayOf(uint32),
  sample_formats: arrayOf(PCM_FORMAT),
  channels_min: uint32,
  channels_max: uint32,
  buffer_size: uint32,
});

const STREAM = struct({ unique_id: string, type: enumOf('p', 'c'), params: PARAMS });

export const DEVICE_VSND = struct({
  ...BACKEND,
  devid: int,
  short_name: string,
  long_name: string,
  params: PARAMS,
  pcms: arrayOf(struct({ name: string, params: PARAMS, streams: arrayOf(STREAM) })),
});
