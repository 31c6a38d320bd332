/** A stream in the format of Xen 4.5 and older, which libxl does not read itself. */
import { fieldsOf } from '../../../format/kit/fields';
import { LIBXL_HEADER } from '../../../format/libxl/header';
import { startsLegacy } from '../../../format/libxl/legacy';
import { hex0x } from '../../../lib/text';
import type { Rule } from '../../kit/rule';
import type { LibxlHeader } from './header';

const field = fieldsOf(LIBXL_HEADER);

export const LEGACY_RULES: readonly Rule<Pick<LibxlHeader, 'ident' | 'streamV2'>>[] = [
  {
    id: 'LX-52',
    layer: 'libxl',
    severity: 'warning',
    title: 'a legacy stream, of Xen 4.5 or older: libxl must have it converted first',
    explain:
      'The STREAMv2 flag is clear and no libxl header follows. libxl starts convert-legacy-stream for it; a libxl that does not (some versions before Xen 4.10, or one built without the converter) prints Invalid ident and the first bytes of the stream. What is in it is not checked here.',
    advice: 'Convert it with convert-legacy-stream, restore it on a Xen of its time, and save it again there.',
    source: 'tools/libs/light/libxl_stream_read.c: libxl__stream_read_start()',
    when: ({ ident, streamV2 }) =>
      !streamV2 &&
      startsLegacy(ident) && {
        message: `a legacy stream, of Xen 4.5 or older, starts here (${hex0x(ident, 16)}): libxl must have it converted first`,
        at: field('ident'),
      },
  },
];
