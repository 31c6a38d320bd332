/** The first header of a file, by what the file is. Each header leads to what it holds, down to the first record. */
import type { Layer } from '../../../format/layers';
import type { Reading } from '../../reader';
import type { WalkState } from '../state';
import { imageHeader } from './libxc';
import { libvirtHeader } from './libvirt';
import { libxlHeader } from './libxl';
import { xlHeader } from './xl';

/** False where the walk ends in a header. */
export function* openContainer(w: WalkState, container: Layer): Reading<boolean> {
  switch (container) {
    case 'xl':
      return yield* xlHeader(w);
    case 'libvirt':
      return yield* libvirtHeader(w);
    case 'libxl':
      return yield* libxlHeader(w, 0, -1);
    case 'libxc':
      w.layer = 'libxc';
      return yield* imageHeader(w, 0, -1);
  }
}
