/** What libxl says where the device model of a restored HVM guest does not come up. */
import { type LogLine, says } from '../../kit/log-line';

export const NO_DEVICE_MODEL: readonly LogLine[] = [
  says.libxl('domain {N} device model: spawn failed (rc=-3)'),
  says.libxl('Post DM startup configs failed, rc=-3'),
  says.libxl('device model did not start: -3'),
];
