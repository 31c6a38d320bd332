/** A file that holds a name and then a libxl stream. */
import type { Example } from './example';

export const CONTAINER: Example = {
  heading: 'A container',
  files: 4,
  steps: [
    [
      {
        file: 'src/format/box/header.ts',
        text: `/** The header of a box: a name, behind which a libxl stream follows. */
import { sizeOf, struct, text, u32 } from '../kit/layout';

export const BOX_MAGIC = 'Xen box\\n';

export const BOX_HEADER = struct(
  'box_header',
  {
    magic: text(8, { doc: 'How a box starts.' }),
    nameLength: u32({ doc: 'Bytes of the name behind the header.' }),
    reserved: u32({ reserved: true, doc: 'Reserved, 0.' }),
  },
  { doc: 'Header of a box.', source: 'box.h' },
);

export const BOX_HEADER_SIZE = sizeOf(BOX_HEADER);
`,
      },
      { file: 'src/format/layers.ts', before: "'libxl', 'libxc'] as const", text: "'box', " },
    ],
    [
      {
        file: 'src/format/layers.ts',
        before: 'import { LIBVIRT_HEADER',
        text: "import { BOX_HEADER, BOX_MAGIC } from './box/header';\n",
      },
      {
        file: 'src/format/layers.ts',
        before: "  libxl: {\n    title: 'stream v2'",
        text: `  box: {
    title: 'save file',
    file: 'a box',
    within: [],
    outer: 'libxl',
    hasConfig: false,
    startsFile: startingWith(latin1Bytes(BOX_MAGIC)),
  },
`,
      },
      {
        file: 'src/format/layers.ts',
        insteadOf: "within: ['xl', 'libvirt']",
        text: "within: ['xl', 'libvirt', 'box']",
      },
      {
        file: 'src/format/layers.ts',
        insteadOf: "within: ['xl', 'libvirt', 'libxl']",
        text: "within: ['xl', 'libvirt', 'box', 'libxl']",
      },
      { file: 'src/format/layers.ts', before: '} as const;\n\n/** A header, as a row', text: '  BOX_HEADER: 5,\n' },
      {
        file: 'src/format/layers.ts',
        before: '  LIBXL_HEADER: { doc',
        text: "  BOX_HEADER: { doc: 'Header of a box, with its name.', layout: BOX_HEADER },\n",
      },
    ],
    [
      {
        file: 'src/scan/walk/headers/box.ts',
        text: `/** The header of a box, and the name behind it. */
import { BOX_HEADER, BOX_HEADER_SIZE } from '../../../format/box/header';
import { parse } from '../../../format/kit/parse';
import { HeaderType } from '../../../format/layers';
import type { Reading } from '../../reader';
import type { WalkState } from '../state';
import { libxlHeader } from './libxl';

/** Reads the header of a box and what it leads to; false where the walk ends in a header. */
export function* boxHeader(w: WalkState): Reading<boolean> {
  const raw = yield* w.reader.at(0, BOX_HEADER_SIZE);
  if (raw.length < BOX_HEADER_SIZE) return w.cutHeader('box', 0, BOX_HEADER_SIZE, 'the header of the box');
  const end = BOX_HEADER_SIZE + parse(BOX_HEADER, raw).nameLength;
  const length = Math.min(end, w.reader.size);
  const row = w.header('box', HeaderType.BOX_HEADER, 0, length, -1);
  yield* w.keepRange(0, BOX_HEADER_SIZE, 'framing');
  // The name is the user's: an image that is blanked for sharing loses it.
  w.sharing.fill(BOX_HEADER_SIZE, length - BOX_HEADER_SIZE, 'unknown');
  if (length < end) return w.cutHeader('box', 0, end, 'the name of the box');
  return yield* libxlHeader(w, end, row);
}
`,
      },
      {
        file: 'src/scan/walk/headers/open.ts',
        before: 'import { imageHeader',
        text: "import { boxHeader } from './box';\n",
      },
      { file: 'src/scan/walk/headers/open.ts', before: '  libxl: (w) =>', text: '  box: boxHeader,\n' },
    ],
  ],
};
