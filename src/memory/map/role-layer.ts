/** What pages are to the guest and to Xen. The pages of each role are found by `../roles`. */
import { entry, type LayerEntry, type MapLayer } from './layer';

/** The roles, in the order of what tells more; the numbers are the states. */
export const ROLES = [
  'root',
  'code',
  'stack',
  'start-info',
  'shared-info',
  'gdt',
  'idt',
  'xenstore',
  'console',
  'ioreq',
  'special',
  'p2m',
  'table',
  'mmio',
  'other',
  'hole',
] as const;
export type Role = (typeof ROLES)[number];

const LOOKS: Readonly<Record<Role, Omit<LayerEntry, 'state'>>> = {
  root: entry(0, 'Page-table root (CR3)', 'root of page tables', '--k-control'),
  code: entry(0, 'Code at RIP', 'code at rip', '--k-cpu'),
  stack: entry(0, 'Stack at RSP', 'stack at rsp', '--k-cpu', 'pinned'),
  'start-info': entry(0, 'Start info', 'start info', '--k-info'),
  'shared-info': entry(0, 'Shared info', 'shared info', '--k-info', 'pinned'),
  gdt: entry(0, 'GDT', 'GDT', '--k-policy'),
  idt: entry(0, 'IDT', 'IDT', '--k-policy', 'pinned'),
  xenstore: entry(0, 'Xenstore ring', 'xenstore ring', '--k-device'),
  console: entry(0, 'Console ring', 'console ring', '--k-device', 'pinned'),
  ioreq: entry(0, 'I/O requests', 'I/O requests', '--p-l2'),
  special: entry(0, 'Other special page', 'special page', '--p-l2', 'pinned'),
  p2m: entry(0, 'P2M', 'P2M', '--k-header'),
  table: entry(0, 'Page table', 'page table', '--p-l1'),
  mmio: entry(0, 'MMIO', 'MMIO', '--k-control', 'outline'),
  other: entry(0, 'Other memory', 'memory without a known role', '--p-notab'),
  hole: entry(0, 'Memory hole', 'memory hole', '--p-xtab', 'hatch'),
};

export const ROLE_LAYER: MapLayer = {
  id: 'role',
  label: 'Role',
  title: 'Role',
  doc: 'What pages are used for, as registers, records and page tables say.',
  nothing: 'Not in stream',
  rank: (state) => state,
  entries: () => ROLES.map((role, state) => ({ ...LOOKS[role], state, quiet: true })),
};
