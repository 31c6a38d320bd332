/** What Xen and libxc print when a part of the HVM context is refused. */
import { HvmType } from '../../../format/hvm/types';
import { errnoTail } from '../../kit/errno';
import { type LogLine, says } from '../../kit/log-line';
import type { Hit, RuleText } from '../../kit/rule';
import type { Simulation, Tail } from '../simulation';
import type { HvmEntryAt } from './entry-at';

const EINVAL = 22;
const EPERM = 1;

/** What a pass over the entries does: look at them, or load them. */
export type Pass = 'check' | 'load';

const errnoOf = (hit: Hit, rule: RuleText): number => hit.errno ?? rule.errno ?? EINVAL;

/** What libxc hears: before 4.13 loading failed with -1 whatever the reason, which reads as EPERM. */
const heard = ({ xen }: Simulation, errno: number): LogLine =>
  says.libxc(`Unable to restore HVM context${errnoTail(xen >= 413 ? errno : EPERM)}`);

/** Returns the lines that follow where the context as a whole is refused. */
export const contextRefused =
  (sim: Simulation): Tail =>
  (hit, rule) => [heard(sim, errnoOf(hit, rule))];

/** Returns the lines that follow where an entry is refused. */
export const entryRefused =
  (sim: Simulation, { type, instance }: HvmEntryAt, pass: Pass): Tail =>
  (hit, rule) => {
    const errno = errnoOf(hit, rule);
    const line =
      sim.xen >= 419
        ? `HVM restore dN: failed to ${pass} ${type}:${instance} rc ${-errno}`
        : `HVMN restore: failed to load entry ${HvmType[type]}/${instance}${sim.xen >= 413 ? ` rc ${-errno}` : ''}`;
    return [says.xen(line), heard(sim, errno)];
  };
