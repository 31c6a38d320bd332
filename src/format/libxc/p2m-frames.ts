/** X86_PV_P2M_FRAMES: which guest pages hold the P2M table. Source: libxc-migration-stream.pandoc. */
import { hex0x } from '../../lib/text';
import { decode } from '../kit/decode';
import { fieldsOf } from '../kit/fields';
import { array, type Before, struct, toPfn, u32, u64 } from '../kit/layout';
import type { Body, FieldNode } from '../kit/node';
import { PAGE_SIZE } from '../page';

/** `for PFN 0x200–0x3ff`: what the frame at a place of the list describes. */
function covers(index: number, { start_pfn: start = 0, end_pfn: end = 0 }: Before, width: number): string | undefined {
  const each = PAGE_SIZE / width;
  const from = (Math.floor(Number(start) / each) + index) * each;
  if (from > Number(end)) return undefined;
  return `for PFN ${hex0x(from)}–${hex0x(Math.min(from + each - 1, Number(end)))}`;
}

/** An entry has the guest's word: a frame holds 512 or 1024 of them. */
const p2mFrames = (width: 4 | 8 | undefined) =>
  struct(
    'X86_PV_P2M_FRAMES',
    {
      start_pfn: u32({ display: 'hex', doc: 'First PFN that the listed frames describe; Xen always starts at 0.' }),
      end_pfn: u32({
        display: 'hex',
        leadsTo: toPfn,
        doc: 'Last PFN that they describe: the highest that the guest has.',
      }),
      p2m_pfn: array(
        u64({
          display: 'hex',
          leadsTo: toPfn,
          doc: 'PFN of a page of the P2M. Its content is of no use: it is made anew.',
        }),
        'rest',
        {
          doc: 'PFNs of the pages that hold the P2M: 512 entries each for a 64-bit guest, 1024 for a 32-bit one.',
          ...(width === undefined
            ? {}
            : {
                each: (index, before) => {
                  const note = covers(index, before, width);
                  return note === undefined ? {} : { note: () => note };
                },
              }),
        },
      ),
    },
    { source: 'docs/specs/libxc-migration-stream.pandoc (X86_PV_P2M_FRAMES)' },
  );

/** The pages that hold the P2M of a guest of unknown width. */
export const X86_PV_P2M_FRAMES = p2mFrames(undefined);

/** The range of PFNs that the record starts with. */
export const P2M_RANGE = struct('X86_PV_P2M_FRAMES', {
  start_pfn: X86_PV_P2M_FRAMES.fields.start_pfn,
  end_pfn: X86_PV_P2M_FRAMES.fields.end_pfn,
});

/** Place of the first entry of the list, from the start of the body. */
export const P2M_LIST = fieldsOf(X86_PV_P2M_FRAMES)('p2m_pfn[0]');

const OF_64 = p2mFrames(8);
const OF_32 = p2mFrames(4);

/** Decodes the body of an X86_PV_P2M_FRAMES record. */
export function decodeP2mFrames(body: Body): FieldNode[] {
  const width = body.guest?.width;
  return decode(width === 8 ? OF_64 : width === 4 ? OF_32 : X86_PV_P2M_FRAMES, body);
}
