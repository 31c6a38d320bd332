/** The first header of a file, by what the file is. Each header leads to what it holds, down to the first record. */
import { type Container, LAYER_SPECS } from '../../../format/layers';
import type { Reading } from '../../reader';
import type { WalkState } from '../state';
import { imageHeader } from './libxc';
import { libvirtHeader } from './libvirt';
import { libxlHeader } from './libxl';
import { xlHeader } from './xl';

/** The walk over the first header of each container, and over those that it leads to. */
const FIRST_HEADERS: Readonly<Record<Container, (w: WalkState) => Reading<boolean>>> = {
  xl: xlHeader,
  libvirt: libvirtHeader,
  libxl: (w) => libxlHeader(w, 0, -1),
  libxc: (w) => imageHeader(w, 0, -1),
};

/** Goes over the headers of a file, down to the first record; false where the walk ends in one. */
export function* openContainer(w: WalkState, container: Container): Reading<boolean> {
  w.outer = LAYER_SPECS[container].outer;
  return yield* FIRST_HEADERS[container](w);
}
