/** Lets styles set custom properties, which React's types do not know. */
export type { CSSProperties } from 'react';

declare module 'react' {
  interface CSSProperties {
    readonly [property: `--${string}`]: string | number | undefined;
  }
}
