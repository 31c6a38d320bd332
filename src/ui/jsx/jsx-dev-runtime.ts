/** What `jsx-runtime` is, with the places in the source that React names while the page is developed. */
import * as react from 'react/jsx-dev-runtime';
import { shownProps } from './shown';

export { Fragment } from 'react/jsx-dev-runtime';
export type { JSX } from 'react/jsx-dev-runtime';

/** Makes an element, however many children it has. */
export const jsxDEV: typeof react.jsxDEV = (type, props, ...rest) =>
  react.jsxDEV(type, shownProps(type, props as object), ...rest);
