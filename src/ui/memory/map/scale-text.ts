/** How the scale of the map reads. */
import { PAGE_SIZE } from '../../../format/page';
import { byteSize, counted } from '../../../lib/text';
import type { Grid } from './zoom';

/** Says how large a row of the map is: `1 row = 64 MiB`. */
export const rowText = ({ perRow }: Grid): string =>
  `1 row = ${perRow < 256 ? `${perRow * 4} KiB` : byteSize(perRow * PAGE_SIZE).replace('.0 ', ' ')}`;

/** Says how large rows and cells of the map are: `1 row = 64 MiB, 1 cell = 64 pages`. */
export const scaleText = (grid: Grid): string =>
  grid.perCell > 1 ? `${rowText(grid)}, 1 cell = ${counted(grid.perCell, 'page')}` : rowText(grid);
