/** What the tabs are called. */
import type { Tab } from '../state/place';

export const TAB_TITLES: Readonly<Record<Tab, string>> = {
  record: 'Record',
  memory: 'Memory',
  cpus: 'CPUs',
  policy: 'Policy',
  config: 'Config',
  findings: 'Findings',
};
