/** Rows and cells of grids that show only what is in view, or only one cell. */

/** Shows a row; takes what a div does. */
export const GridRow = (props: React.ComponentProps<'div'>): React.ReactNode => (
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- rows that are placed by their position are no table
  <div role="row" {...props} />
);

/** Shows a cell; takes what a span does. */
export const GridCell = (props: React.ComponentProps<'span'>): React.ReactNode => (
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- cells of such rows are none of a table
  <span role="gridcell" {...props} />
);
