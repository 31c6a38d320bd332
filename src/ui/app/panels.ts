/** The panels of the tabs. They are loaded after the page has started: on the first look at one, or when nothing else is to do. */
import { lazy } from 'react';
import type { Tab } from '../../state/place';

type Loader = () => Promise<{ readonly default: React.ComponentType }>;

export const LOADERS: Readonly<Record<Tab, Loader>> = {
  record: () => import('../record/record-panel').then(({ RecordPanel }) => ({ default: RecordPanel })),
  memory: () => import('../memory/memory-panel').then(({ MemoryPanel }) => ({ default: MemoryPanel })),
  cpus: () => import('../cpus/cpus-panel').then(({ CpusPanel }) => ({ default: CpusPanel })),
  policy: () => import('../policy/policy-panel').then(({ PolicyPanel }) => ({ default: PolicyPanel })),
  config: () => import('../config/config-panel').then(({ ConfigPanel }) => ({ default: ConfigPanel })),
  findings: () => import('../findings/findings-panel').then(({ FindingsPanel }) => ({ default: FindingsPanel })),
};

export const PANELS: Readonly<Record<Tab, React.ComponentType>> = {
  record: lazy(LOADERS.record),
  memory: lazy(LOADERS.memory),
  cpus: lazy(LOADERS.cpus),
  policy: lazy(LOADERS.policy),
  config: lazy(LOADERS.config),
  findings: lazy(LOADERS.findings),
};
