/** What is refused of a new domain, in the order in which libxl comes to it. */
import type { NewDomain } from '../../kit/new-domain';
import type { Rule } from '../../kit/rule';
import { BUILD_RULES, DOMAIN_CREATE_RULES, DOMAIN_FINISH_RULES } from './domain-create';
import { DOMAIN_DEFAULTS_RULES } from './domain-defaults';
import { DISK_DEFAULTS_RULES, DISK_FINISH_RULES } from './domain-disks';
import { DOMAIN_HOST_RULES } from './domain-host';

/** Rules of what is done before the stream is opened: defaults, the domain itself, what is set for its building. */
export const BEFORE_STREAM_RULES: readonly Rule<NewDomain>[] = [
  ...DOMAIN_DEFAULTS_RULES,
  ...DOMAIN_CREATE_RULES,
  ...DISK_DEFAULTS_RULES,
  ...BUILD_RULES,
  ...DOMAIN_HOST_RULES,
];

/** Rules of what is done once the stream is read. */
export const BEHIND_STREAM_RULES: readonly Rule<NewDomain>[] = [...DOMAIN_FINISH_RULES, ...DISK_FINISH_RULES];
