/**
 * SHARED_INFO: the page that Xen and a PV guest share, laid out by the guest's word. Source: public/xen.h,
 * arch-x86/xen.h, xen-x86_32.h, xen-x86_64.h. Restoring keeps vcpu_info and arch of it; event channels are reset, the wall
 * clock is written anew.
 */
import { PAGE_SIZE } from '../page';
import { asRuns, setBitsOf } from '../../lib/bit-set';
import { decode } from '../kit/decode';
import {
  array,
  type Before,
  type Bits,
  bytes,
  type Field,
  type IntField,
  type IntOptions,
  sizeOf,
  struct,
  type StructField,
  toVa,
  u32,
  u64,
  u8,
  zeros,
} from '../kit/layout';
import { locate } from '../kit/locate';
import type { Body, FieldNode } from '../kit/node';
import { hasTime, VCPU_TIME_INFO } from './vcpu-time';

type Width = 4 | 8;

/** XEN_LEGACY_MAX_VCPUS. */
const VCPUS = 32;

const NMI_REASON: Bits = {
  io_error: { at: 0, doc: 'I/O check (port 0x61, bit 6).' },
  pci_serr: { at: 1, doc: 'PCI SERR or memory parity (port 0x61, bit 7).' },
  unknown: { at: 2, doc: 'Hardware NMI of unknown origin.' },
  reserved_3: { at: 3, width: 61, display: 'hex', reserved: true, doc: 'Not used.' },
};

const word = (width: Width, options: IntOptions): IntField => (width === 8 ? u64(options) : u32(options));

/** Numbers of the bits that are set in one word. */
const bitsOf = (value: number | bigint): number[] => {
  const found: number[] = [];
  for (let bit = 0n, left = BigInt(value); left > 0n; bit++, left >>= 1n) if (left & 1n) found.push(Number(bit));
  return found;
};

const vcpuInfo = (width: Width) =>
  struct(
    'vcpu_info',
    {
      evtchn_upcall_pending: u8({
        names: { 0: 'nothing', 1: 'events pending' },
        doc: 'Set by Xen when an event is pending for the vCPU, cleared by the guest.',
      }),
      evtchn_upcall_mask: u8({
        names: { 0: 'upcalls enabled', 1: 'upcalls masked' },
        doc: 'Set by the guest to hold off upcalls: the interrupt flag of a PV vCPU.',
      }),
      pad: zeros(width - 2),
      evtchn_pending_sel: word(width, {
        display: 'hex',
        note: (value) => (BigInt(value) === 0n ? undefined : `evtchn_pending ${asRuns(bitsOf(value))}`),
        doc: 'Which words of evtchn_pending to look at. Cleared when the domain is restored.',
      }),
      arch: struct(
        'arch_vcpu_info',
        width === 8
          ? { cr2: cr2(8), pad: zeros(8, { doc: 'Padding, so that vcpu_info has 64 bytes.' }) }
          : { cr2: cr2(4), pad: zeros(20, { doc: 'Padding, so that vcpu_info has 64 bytes.' }) },
        { doc: 'What only x86 has.' },
      ),
      time: VCPU_TIME_INFO,
    },
    {
      summary: ({ evtchn_upcall_pending: pending = 0, evtchn_upcall_mask: mask = 0 }) =>
        `${Number(pending) === 0 ? 'nothing pending' : 'events pending'} · upcalls ${Number(mask) === 0 ? 'enabled' : 'masked'}`,
    },
  );

function cr2(width: Width): IntField {
  return word(width, { display: 'register', leadsTo: toVa, doc: 'Address of the last page fault.' });
}

/** `3, 7`, or what is not in the set where most is. */
function channels(raw: Uint8Array, width: Width, little: boolean): string {
  const set = setBitsOf(raw, width, little);
  const all = raw.length * 8;
  if (set.length <= all / 2) return asRuns(set);
  if (set.length === all) return 'all';
  const given = new Set(set);
  return `all but ${asRuns(Array.from({ length: all }, (_, channel) => channel).filter((channel) => !given.has(channel)))}`;
}

/** A bitmap of event channels: a word for every 64 or 32 of them, as many words as a word has bits. */
const channelMap = (width: Width, doc: string, each: string): Field => {
  const bits = width * 8;
  return array(word(width, { display: 'register', doc: each }), bits, {
    doc,
    label: (index) => `[${index}]`,
    note: (raw, little) => channels(raw, width, little),
    each: (index) => ({
      note: (value) => {
        const set = bitsOf(value).map((bit) => index * bits + bit);
        return set.length === 0 ? undefined : `channels ${asRuns(set)}`;
      },
    }),
  });
};

const date = (seconds: bigint): string | undefined => {
  const ms = Number(seconds) * 1000;
  return Number.isSafeInteger(ms) && ms <= 8.64e15 ? `${new Date(ms).toISOString().slice(0, 19)}Z` : undefined;
};

const WC_VERSION = u32({
  doc: 'Counts updates of the wall clock; odd while one is going on.',
  note: (value) => (Number(value) % 2 === 1 ? 'update going on' : undefined),
});
const WC_SEC = u32({
  doc: 'Seconds from 1970 to when system_time was 0, low 32 bits. Wall-clock time is this plus system_time.',
  note: (value) => (Number(value) === 0 ? undefined : date(BigInt(value))),
});
const WC_NSEC = u32({ display: 'ns', doc: 'Nanoseconds to add to wc_sec.' });
const WC_SEC_HI = u32({
  doc: 'High 32 bits of wc_sec; 0 until 2106, and before Xen 4.6.',
  refine: ({ wc_sec: low }: Before) =>
    low === undefined
      ? {}
      : {
          doc: 'High 32 bits of wc_sec; 0 until 2106, and before Xen 4.6.',
          note: (value) => (Number(value) === 0 ? undefined : date(BigInt(value) * 0x1_0000_0000n + BigInt(low))),
        },
});

const archSharedInfo = (width: Width): StructField =>
  struct(
    'arch_shared_info',
    {
      max_pfn: word(width, { display: 'hex', doc: 'PFNs that the guest’s P2M has: its highest plus 1.' }),
      pfn_to_mfn_frame_list_list: word(width, {
        display: 'hex',
        doc: 'Machine frame of the root of the P2M tree, on the host that saved; 0 not set, all ones given up for p2m_vaddr.',
      }),
      nmi_reason: word(width, { display: 'hex', bits: NMI_REASON, doc: 'Why the guest got an NMI (XEN_NMIREASON_*).' }),
      p2m_cr3: word(width, {
        display: 'register',
        doc: 'Root of the page tables in which p2m_vaddr holds: a machine frame of the host that saved; 0 for no linear P2M.',
      }),
      p2m_vaddr: word(width, { display: 'register', leadsTo: toVa, doc: 'Virtual address of the linear P2M.' }),
      p2m_generation: word(width, {
        doc: 'Counts changes of the P2M’s mappings; odd while one is going on.',
        note: (value) => (BigInt(value) % 2n === 1n ? 'change going on' : undefined),
      }),
      ...(width === 4 ? { wc_sec_hi: WC_SEC_HI } : {}),
    },
    {
      doc: 'What only x86 has: where the P2M is.',
      source: 'xen/include/public/arch-x86/xen.h (struct arch_shared_info)',
    },
  );

const SHARED_INFO = 'shared_info';

function sharedInfo(width: Width) {
  const info = vcpuInfo(width);
  const size = sizeOf(info);
  const time = locate(info, 'time').offset;
  const fields = {
    vcpu_info: array(info, VCPUS, {
      doc: 'One for each of the first 32 vCPUs. A guest may have moved its own to pages of its choice: then this copy is old.',
      note: (raw, little) => {
        const used = Array.from({ length: raw.length / size }, (_, vcpu) => vcpu).filter((vcpu) =>
          hasTime(raw, vcpu * size + time, little),
        );
        return used.length === 0 ? undefined : `used by vCPU ${asRuns(used)}`;
      },
    }),
    evtchn_pending: channelMap(
      width,
      'Event channels with an event that the guest has not handled; of the 2-level kind only: FIFO channels have pages of their own. Cleared when the domain is restored.',
      'A bit for each event channel that is pending.',
    ),
    evtchn_mask: channelMap(
      width,
      'Event channels that the guest has masked; of the 2-level kind only: FIFO channels have pages of their own. All are masked when the domain is restored.',
      'A bit for each event channel that is masked.',
    ),
    wc_version: WC_VERSION,
    wc_sec: WC_SEC,
    wc_nsec: WC_NSEC,
    ...(width === 8 ? { wc_sec_hi: WC_SEC_HI } : {}),
    arch: archSharedInfo(width),
  } as const;
  const unused = PAGE_SIZE - sizeOf(struct(SHARED_INFO, fields));
  return struct(
    SHARED_INFO,
    { ...fields, unused: bytes(unused, { doc: 'Rest of the page, behind the structure.' }) },
    { source: 'xen/include/public/xen.h (struct shared_info)' },
  );
}

export const SHARED_INFO_64 = sharedInfo(8);
export const SHARED_INFO_32 = sharedInfo(4);

/** Decodes the body of a SHARED_INFO record by the width of the guest. */
export function decodeSharedInfo(body: Body): FieldNode[] {
  const width = body.guest?.width;
  const nodes = decode(width === 4 ? SHARED_INFO_32 : SHARED_INFO_64, body);
  if (width === 4 || width === 8) return nodes;
  // A guess is better marked than hidden.
  return nodes.map((node, index) =>
    index === 0
      ? { ...node, note: ['no X86_PV_INFO: taken for a 64-bit guest', node.note].filter(Boolean).join(' · ') }
      : node,
  );
}
