/** What an image for sharing holds and what was filled in it, in words. */
import type { KeptKind } from '../../../format/sharing/judge';
import { byteSize } from '../../../lib/text';
import type { Scrub } from './scrub';
import type { FilledWhy, Ledger } from './shared-spans';

const KEPT: Readonly<Record<KeptKind, string>> = {
  framing: 'headers and framing',
  lists: 'lists of pages',
  guest: 'facts of the guest',
  policy: 'CPU policy',
  vcpus: 'state of vCPUs',
  devices: 'state of devices',
  config: 'configuration',
  unknown: 'bytes without a known meaning',
};

const FILLED: Readonly<Record<FilledWhy, string>> = {
  pages: 'page contents',
  damaged: 'records that make no sense',
  unknown: 'bytes without a known meaning',
  lost: 'bytes between records, or not reached',
  registers: 'registers',
  config: 'configuration',
};

function sums<Kind extends string>(
  words: Readonly<Record<Kind, string>>,
  bytes: Partial<Record<Kind, number>>,
): string {
  const kinds = (Object.keys(words) as Kind[]).filter((kind) => (bytes[kind] ?? 0) > 0);
  return kinds.map((kind) => `${words[kind]} ${byteSize(bytes[kind] ?? 0)}`).join(', ') || 'nothing';
}

/** Returns a line for what was kept and one for what was filled, by kind and size. */
export const ledgerText = ({ kept, filled }: Ledger): string[] => [
  `Kept: ${sums(KEPT, kept)}.`,
  `Filled: ${sums(FILLED, filled)}.`,
];

/** Returns what stays and may say something of the guest all the same, unless it is taken out. */
export function staying(scrub: ReadonlySet<Scrub>): string[] {
  const notes = ['Which pages there are, when they were sent, the time of the guest and the CPU that it sees stay.'];
  if (!scrub.has('registers'))
    notes.push(
      'Registers stay, with SSE and AVX, MSRs, APICs and QEMU’s CPUs: they may hold keys, addresses and pieces of memory.',
    );
  if (!scrub.has('config'))
    notes.push(
      'The configuration stays, with names, paths, UUIDs and MAC addresses, xenstore entries and QEMU’s NICs.',
    );
  notes.push('States of other devices stay: keys pressed and bytes on their way to a disk may be among them.');
  return notes;
}
