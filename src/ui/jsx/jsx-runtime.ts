/** The functions that JSX becomes calls of: those of React, given only what is fit to be shown. */
import * as react from 'react/jsx-runtime';
import { shownProps } from './shown';

export { Fragment } from 'react/jsx-runtime';
export type { JSX } from 'react/jsx-runtime';

/** Makes an element with one child or none. */
export const jsx: typeof react.jsx = (type, props, key) => react.jsx(type, shownProps(type, props as object), key);
/** Makes an element whose children stand in the source. */
export const jsxs: typeof react.jsxs = (type, props, key) => react.jsxs(type, shownProps(type, props as object), key);
