/**
 * Images made for sharing: page contents, and registers and configuration if asked, are replaced by a text. It must not
 * be zeros, which a search for records after damage would take for END records; no header begins with letters.
 */
import { HVM_DESCRIPTOR_SIZE } from '../format/hvm/entries';
import { HvmType } from '../format/hvm/types';
import { PAGE_SIZE } from '../format/page';
import { LibxcType } from '../format/libxc/types';
import { recordSpec } from '../format/records';
import { latin1Bytes } from '../lib/bytes';
import type { ByteSource } from '../source/source';
import type { Blanked, ImageInfo } from './image';
import type { PageIndex } from './pages';
import { RECORD_HEADER_SIZE } from '../format/framing';
import type { RecordIndex } from './records';

/** 32 bytes, so that every page holds it a whole number of times. */
const TEXT = 'Blanked for sharing by Xenscope\n';
const LETTERS = latin1Bytes(TEXT);

/** Returns `length` bytes of the text, over and over from its start. */
export function blankText(length: number): Uint8Array {
  const out = new Uint8Array(length);
  out.set(LETTERS.subarray(0, length));
  for (let filled = LETTERS.length; filled < length; filled *= 2) out.copyWithin(filled, 0, filled);
  return out;
}

/** Tells whether the bytes are that text, from its start. */
function isBlankText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte, index) => byte === LETTERS[index % LETTERS.length]);
}

const SAMPLE = 32;

interface Scanned {
  readonly records: RecordIndex;
  readonly pages: PageIndex;
  readonly image: Readonly<ImageInfo>;
}

/**
 * Tells what of an image was blanked, by one page, one set of registers and the start of the configuration; undefined
 * for an image as Xen wrote it.
 */
export async function blankedIn(source: ByteSource, scanned: Scanned): Promise<Blanked | undefined> {
  const blank = async (offset: number | undefined, length: number): Promise<boolean> => {
    // A cut file has headers of what is no longer there.
    if (offset === undefined || offset + length > source.size) return false;
    return isBlankText(await source.read(offset, length));
  };
  const [pages, registers, config] = [
    await blank(firstPage(scanned.pages), PAGE_SIZE),
    await blank(firstRegisters(scanned), SAMPLE),
    await blank(scanned.image.config?.offset, Math.min(SAMPLE, scanned.image.config?.length ?? 0)),
  ];
  return pages || registers || config ? { pages, registers, config } : undefined;
}

/** Runs looked at for the first page that has content: those of an HVM guest may begin with a thousand that have none. */
const RUN_REACH = 100_000;

function firstPage(pages: PageIndex): number | undefined {
  for (let index = 0; index < Math.min(pages.runs, RUN_REACH); index++) {
    const { offset } = pages.run(index);
    if (offset >= 0) return offset;
  }
  return undefined;
}

/** Returns the file offset of the general registers of some vCPU: in an HVM context, or in its basic record. */
function firstRegisters({ records, image }: Scanned): number | undefined {
  const entry = image.context.find(({ typecode, length }) => typecode === HvmType.CPU && length >= SAMPLE);
  if (entry) return entry.offset + HVM_DESCRIPTOR_SIZE;
  // Registers come near the end of a stream.
  for (let index = records.count - 1; index >= Math.max(0, records.count - RUN_REACH); index--) {
    if (records.layerAt(index) !== 'libxc' || records.typeAt(index) !== LibxcType.X86_PV_VCPU_BASIC) continue;
    const span = secretOf(records, index);
    if (span && span.length >= SAMPLE) return span.offset;
  }
  return undefined;
}

/** Bytes of a record that are taken out of an image for sharing, when asked. */
export interface SecretSpan {
  readonly what: 'registers' | 'config';
  /** File offset. */
  readonly offset: number;
  readonly length: number;
}

/**
 * Returns what of a record is taken out with the registers or the configuration, as the table of its type says. An HVM
 * context, whose entries are listed in `ImageInfo.context`, is not among them.
 */
export function secretOf(records: RecordIndex, index: number): SecretSpan | undefined {
  if (records.isHeader(index)) return undefined;
  const secret = recordSpec(records.layerAt(index), records.typeAt(index))?.secret;
  if (typeof secret !== 'object') return undefined;
  const { what, from } = secret;
  return { what, offset: records.offsetAt(index) + RECORD_HEADER_SIZE + from, length: records.lengthAt(index) - from };
}
