/** Leaves about threads, cores and nodes. Source: Intel SDM vol. 2A (CPUID leaf 0xb); AMD APM vol. 3 app. E (0x8000001e). */
import { fields, type LeafText, part } from './leaf';

/** Leaf 0xb: threads and cores. */
export const TOPOLOGY_LEAF: LeafText = {
  name: 'Topology',
  eax: fields('How an x2APIC id splits at this level.', {
    id_shift: part(0, 5, 'Bits to shift the id right by for the id of the next level.'),
  }),
  ebx: fields('Size of this level.', { nr_logical: part(0, 16, 'Logical processors at this level.') }),
  ecx: fields('Which level this is.', {
    level: part(0, 8, 'Number of the level: the subleaf.'),
    type: part(8, 8, 'Kind of the level; 0 ends the list.', {
      names: { 0: 'no more levels', 1: 'threads', 2: 'cores' },
    }),
  }),
  edx: { display: 'hex', doc: 'x2APIC id: differs by vCPU, so 0 in a policy.' },
};

/** Leaf 0x8000001e: compute units and nodes. */
export const AMD_TOPOLOGY_LEAF: LeafText = {
  name: 'Topology',
  eax: { display: 'hex', doc: 'Extended APIC id.' },
  ebx: fields('Cores.', {
    core_id: part(0, 8, 'Id of the core.'),
    threads_per_core: part(8, 8, 'Threads of a core, less 1.'),
  }),
  ecx: fields('Nodes.', {
    node_id: part(0, 8, 'Id of the node.'),
    nodes_per_processor: part(8, 3, 'Nodes of a processor, less 1.'),
  }),
};
