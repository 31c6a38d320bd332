/** What the dialog offers, with what each is good for. */
import type { ExportChoice } from '../../memory/export/choice';
import { DomainType } from '../../format/libxc/headers';
import type { Scrub } from '../../memory/export/blank/scrub';
import type { ExportWhat } from '../../state/export';
import type { OpenFile } from '../../state/open-file';

export interface ChoiceText {
  readonly what: ExportWhat;
  readonly title: string;
  readonly text: string;
}

export const CHOICES: readonly ChoiceText[] = [
  {
    what: 'elf',
    title: 'Guest as ELF core',
    text: 'Registers and memory in the layout of xl dump-core: crash, Volatility and gdb open it.',
  },
  {
    what: 'raw',
    title: 'Guest memory, raw',
    text: 'Physical memory from page 0 on; what is not in the image is a hole.',
  },
  {
    what: 'blank',
    title: 'Image for sharing',
    text: 'The same file with only what is known to be harmless: same offsets, and next to nothing once compressed.',
  },
  { what: 'pages', title: 'Pages', text: 'As a restore would load them, concatenated.' },
  { what: 'record', title: 'Body of the record', text: 'Without its header and padding.' },
  { what: 'range', title: 'Selected bytes', text: 'As they stand in the file.' },
];

export interface Inputs {
  readonly scrub: readonly Scrub[];
  /** Bytes without a known meaning stay in an image for sharing. */
  readonly keepUnknown: boolean;
  readonly machineFrames: boolean;
  /** PFNs as typed. */
  readonly first: string;
  readonly last: string;
}

/** A PFN in hex, with or without 0x. */
function pfnOf(text: string): number | undefined {
  const digits = /^(?:0x)?([\da-f]{1,12})$/iu.exec(text.trim())?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

/** Tells whether page tables of the guest in the image hold PFNs. */
export const isPv = ({ image }: OpenFile): boolean => image.domainType === DomainType.X86_PV;

/** Returns the choice with its numbers, or why it cannot be made as things are. */
export function choiceOf(
  file: OpenFile,
  what: ExportWhat,
  inputs: Inputs,
): ExportChoice | { readonly missing: string } {
  const { record, range } = file.place;
  switch (what) {
    case 'elf':
      return { what, machineFrames: inputs.machineFrames && isPv(file) };
    case 'raw':
      return { what };
    case 'blank':
      return { what, scrub: inputs.scrub, keepUnknown: inputs.keepUnknown };
    case 'pages': {
      const first = pfnOf(inputs.first);
      const last = inputs.last.trim() === '' ? first : pfnOf(inputs.last);
      return first === undefined || last === undefined ? { missing: 'PFNs are hex numbers' } : { what, first, last };
    }
    case 'record':
      return record === undefined ? { missing: 'no record is selected' } : { what, index: record };
    case 'range':
      return range
        ? { what, offset: range.start, length: range.end - range.start }
        : { missing: 'no bytes are selected' };
  }
}

/** Names a record: `#12 X86_PV_VCPU_BASIC` */
export function recordName({ records }: OpenFile, index: number | undefined): string | undefined {
  const row = index === undefined ? undefined : records.row(index);
  return row && `#${row.index} ${row.name}`;
}
