/** What the configuration asks of the host: whether it has it is not known here. */
import type { Span } from '../../../lib/range';
import type { NewDomain } from '../../kit/new-domain';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

interface Wish {
  /** What is asked for, without its value: findings are shown to others. */
  readonly text: string;
  readonly at: Span;
}

/** Schedulers that have no parameters, so that libxl does not notice that the host has another one. */
const UNNOTICED = ['unknown', 'arinc653', 'null', 'sedf'];

/** The first domain id that no guest can have. */
const DOMID_FIRST_RESERVED = 0x7f_f0;

/** What the host must have, in the order in which libxl asks for it. */
function wishesOf({ config: { c_info: create = {}, b_info: build = {} } }: NewDomain): readonly Wish[] {
  const wishes: Wish[] = [];
  const add = (
    name: string,
    given: { readonly value: number | string | undefined; readonly at: Span } | undefined,
  ): void => {
    if (given?.value !== undefined) wishes.push({ text: name, at: given.at });
  };
  add('its CPU pool', create.pool_name ?? (create.poolid?.value === 0 ? undefined : create.poolid));
  // Any other number leaves the id to libxl.
  const { domid } = create;
  if (domid !== undefined && domid.value > 0 && domid.value < DOMID_FIRST_RESERVED) add('its domain id', domid);
  add('max_grant_frames', build.max_grant_frames);
  add('max_maptrack_frames', build.max_maptrack_frames);
  if (build.vmtrace_buf_kb?.value !== 0) add('vmtrace_buf_kb', build.vmtrace_buf_kb);
  if (build.vpmu?.value === true) wishes.push({ text: 'a virtual PMU', at: build.vpmu.at });
  const affinity = build.vcpu_hard_affinity;
  if (affinity !== undefined && affinity.count > 0)
    wishes.push({ text: 'the CPUs of vcpu_hard_affinity', at: affinity.at });
  return wishes;
}

export const DOMAIN_HOST_RULES: readonly Rule<NewDomain>[] = [
  {
    id: 'LX-77',
    variant: 'limits',
    layer: 'libxl',
    severity: 'note',
    certainty: 'target',
    title: 'the configuration asks for what only the host knows',
    explain:
      'CPU pools, limits of grant tables, trace buffers, CPUs and a domain id of its own are the host’s. Creating the domain fails on a host that has not got them.',
    advice: ADVICE.config,
    source: 'tools/libs/light/libxl_create.c: libxl__domain_config_setdefault(), libxl__domain_make()',
    when: (domain) => {
      const wishes = wishesOf(domain);
      const [first] = wishes;
      if (first === undefined) return false;
      const list = wishes.map(({ text }) => text).join(', ');
      return { at: first.at, settled: false, message: `the host must have what the configuration asks for: ${list}` };
    },
  },
  {
    id: 'LX-77',
    variant: 'scheduler',
    layer: 'libxl',
    severity: 'note',
    certainty: 'target',
    log: [says.libxl('Getting domain sched %s: Invalid argument'), says.libxl('cannot (re-)build domain: -3')],
    title: 'the configuration names a scheduler, which the host must run',
    explain:
      'xl saves the name of the scheduler with its parameters. libxl sets them once the stream is read, and fails on a host that runs another scheduler.',
    advice: 'Take sched_params out of a configuration of your own where the host runs another scheduler.',
    source: 'tools/libs/light/libxl_sched.c: libxl_domain_sched_params_set()',
    when: ({ config }) => {
      const sched = config.b_info?.sched_params?.sched;
      if (sched === undefined || UNNOTICED.includes(sched.value)) return false;
      return {
        at: sched.at,
        values: [sched.value],
        settled: false,
        message: `the host must run the scheduler ${sched.value}, which the configuration names`,
      };
    },
  },
];
