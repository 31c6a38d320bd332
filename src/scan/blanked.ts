/** Tells of an image that it was made for sharing, and what was filled in it. */
import { HVM_DESCRIPTOR_SIZE } from '../format/hvm/entries';
import { HvmType } from '../format/hvm/types';
import { PAGE_SIZE } from '../format/page';
import { LibxcType } from '../format/libxc/types';
import { VCPU_HEADER_SIZE } from '../format/libxc/vcpu-header';
import { isBlankText } from '../format/sharing/fill';
import type { ByteSource } from '../source/source';
import type { Blanked, ImageInfo } from './image';
import type { PageIndex } from './pages';
import { RECORD_HEADER_SIZE } from '../format/framing';
import type { RecordIndex } from './records';

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
  const records = scanned.image.filled === true;
  if (!pages && !registers && !config && !records) return undefined;
  return { pages, registers, config, ...(records ? { records } : {}) };
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
    if (records.lengthAt(index) >= VCPU_HEADER_SIZE + SAMPLE)
      return records.offsetAt(index) + RECORD_HEADER_SIZE + VCPU_HEADER_SIZE;
  }
  return undefined;
}
