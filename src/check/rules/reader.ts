/** What other programs would say to an image that one of them reads. */
import type { Container } from '../../format/layers';
import type { Rule } from '../kit/rule';
import type { ReaderId } from '../kit/reader';

/** An image and who reads it. */
export interface ReadBy {
  readonly reader: ReaderId;
  readonly container: Container | undefined;
  /** Checkpoints in the stream. */
  readonly checkpoints: number;
}

const common = { layer: 'spec', severity: 'note' } as const;

export const READER_RULES: readonly Rule<ReadBy>[] = [
  {
    ...common,
    id: 'RD-01',
    title: 'a checkpointed stream: xl restore refuses it at the first CHECKPOINT',
    explain:
      'Remus and COLO send such streams. xl restore prints “Found checkpoint in non-checkpointed stream” and gives up; xl migrate-receive --remus takes over with the last checkpoint that is complete.',
    advice: 'Feed the stream to xl migrate-receive --remus.',
    source: 'tools/libs/guest/xg_sr_restore.c: handle_checkpoint()',
    when: ({ reader, checkpoints }) => reader === 'remus' && checkpoints > 0,
  },
  {
    ...common,
    id: 'RD-02',
    title: 'a file of virsh save: xl restore does not read it',
    explain:
      'xl restore refuses it by its first bytes, “File has wrong magic number - corrupt or for a different tool?”. That says nothing about what is in it.',
    advice: 'Restore it with virsh restore.',
    source: 'tools/xl/xl_vmcontrol.c: create_domain()',
    when: ({ reader, container }) => reader === 'virsh' && container === 'libvirt',
  },
  {
    ...common,
    id: 'RD-03',
    title: 'a bare libxl stream: the header and the configuration of a toolstack are not in this file',
    explain:
      'libxl reads the stream into a domain that its caller has created. What xl or libvirt put in front of it, and test, is not here: only the stream is judged.',
    advice: 'To restore it, put in front what the toolstack writes: for xl, its header and the configuration.',
    source: 'tools/libs/light/libxl_create.c: libxl_domain_create_restore()',
    when: ({ reader, container }) => reader === 'libxl' && container === 'libxl',
  },
  {
    ...common,
    id: 'RD-04',
    title: 'a bare libxc stream: what the toolstack and libxl put around it is not in this file',
    explain:
      'libxc reads the stream into a domain that exists. The configuration, the device model’s state and what they are tested for are not here: only the stream is judged.',
    advice: 'To restore it, put around it what xl and libxl write.',
    source: 'tools/libs/guest/xg_sr_restore.c: xc_domain_restore()',
    when: ({ reader, container }) => reader === 'libxc' && container === 'libxc',
  },
];
