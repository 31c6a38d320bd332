/** What went wrong, in words for a person. */

/** Returns what a failure says of itself. `otherwise` is said of what is thrown without being an `Error`. */
export const reasonOf = (error: unknown, otherwise = 'it failed'): string =>
  error instanceof Error ? error.message : otherwise;
