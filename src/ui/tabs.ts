/** Titles of the tabs. */
import type { Tab } from '../state/url/link';

export const TAB_TITLES: Readonly<Record<Tab, string>> = {
  record: 'Record',
  memory: 'Memory',
  cpus: 'CPUs',
  policy: 'Policy',
  config: 'Config',
  findings: 'Findings',
};
