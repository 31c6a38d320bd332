/** What is said where a header announces a stream of the old format. */
export const LEGACY_MESSAGE =
  'what follows is a legacy (v1) stream, as Xen 4.5 and older wrote it; convert-legacy-stream converts it';
