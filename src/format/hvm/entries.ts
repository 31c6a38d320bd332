/**
 * The entries of an HVM context, without what is in them: enough to walk over one and to name its parts. Source:
 * public/hvm/save.h.
 */
import { sizeOf, struct, u16, u32 } from '../kit/layout';
import { parse } from '../kit/parse';
import { HVM_NAMES_BY_CODE, HvmType } from './types';

export const HVM_DESCRIPTOR = struct(
  'hvm_save_descriptor',
  {
    typecode: u16({ names: HVM_NAMES_BY_CODE, doc: 'What the entry carries.' }),
    instance: u16({ doc: 'vCPU or device that the entry belongs to; 0 where there is only one.' }),
    length: u32({ display: 'bytes', doc: 'Bytes of the body that follows.' }),
  },
  { source: 'public/hvm/save.h (struct hvm_save_descriptor)' },
);

/** Bytes of the descriptor in front of an entry's body. */
export const HVM_DESCRIPTOR_SIZE = sizeOf(HVM_DESCRIPTOR);

/** Bytes looked at of one context; a real one has some 10 KiB per vCPU. */
export const HVM_CONTEXT_LIMIT = 16 * 1024 * 1024;
/** Entries looked at of one context; a real one has fewer than 16 per vCPU. */
const HVM_ENTRY_LIMIT = 65_536;

/** One entry's place in the context. */
export interface HvmEntry {
  readonly typecode: number;
  readonly instance: number;
  /** Offset of the descriptor in the context, bytes. */
  readonly at: number;
  /** Length that the descriptor claims, bytes. */
  readonly length: number;
  /** Bytes of it that the context holds. */
  readonly available: number;
}

/** Walks over the descriptors. Stops at END, at the end of the context, or at `HVM_ENTRY_LIMIT`. */
export function* hvmEntries(context: Uint8Array, length: number, little: boolean): Generator<HvmEntry> {
  let at = 0;
  for (let seen = 0; seen < HVM_ENTRY_LIMIT && at + HVM_DESCRIPTOR_SIZE <= context.length; seen++) {
    const descriptor = parse(HVM_DESCRIPTOR, context, little, at);
    const room = length - at - HVM_DESCRIPTOR_SIZE;
    yield { ...descriptor, at, available: Math.min(descriptor.length, room) };
    if (descriptor.typecode === HvmType.END || descriptor.length > room) return;
    at += HVM_DESCRIPTOR_SIZE + descriptor.length;
  }
}
