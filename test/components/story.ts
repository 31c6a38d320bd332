/** What the page of components shows: each component in the states that it can be in. */

/** One state of a component. */
export interface State {
  readonly name: string;
  readonly show: () => React.ReactNode;
  /** Texts that are there once the state is: what is asked for, or comes later, is drawn when it has come. */
  readonly until?: readonly string[];
}

/** A component and its states, side by side. */
export interface Story {
  /** In lower case with hyphens: it is the address too. */
  readonly name: string;
  /** Room for each state, CSS pixels; as much as it takes if not given. */
  readonly width?: number;
  readonly height?: number;
  readonly states: readonly State[];
}
