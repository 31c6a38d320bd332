/** The stages of a restore, in the order in which Xen goes through them. */

export const STAGES = [
  { id: 'file', title: 'xl reads the header and the configuration' },
  { id: 'stream', title: 'libxl opens the stream' },
  { id: 'guest', title: 'libxc checks the headers against the new domain' },
  { id: 'policy', title: 'the CPU policy is set' },
  { id: 'memory', title: 'pages are loaded' },
  { id: 'state', title: 'records with the state of the guest are taken' },
  { id: 'vcpus', title: 'Xen loads vCPUs and devices' },
  { id: 'tables', title: 'page tables are pinned, the P2M is written' },
  { id: 'devices', title: 'device model and xenstore are set up' },
  { id: 'ready', title: 'the domain is ready to run' },
] as const;

export type StageId = (typeof STAGES)[number]['id'];

/**
 * How far a stage was looked at. `absent`: what it needs is not in the file, or not part of what the reader does.
 * `not looked at`: it was passed over, and nothing is known of it.
 */
export type StageStatus = 'passed' | 'stopped' | 'not reached' | 'not looked at' | 'absent';

export interface Stage {
  readonly id: StageId;
  readonly title: string;
  readonly status: StageStatus;
  /** Short facts: what was seen there. */
  readonly facts: readonly string[];
}
