/** Returns the one of `all` that is equal to a text, with its type; undefined if none is. */
export const oneOf = <T extends string>(all: readonly T[], text: string): T | undefined =>
  all.find((one) => one === text);
