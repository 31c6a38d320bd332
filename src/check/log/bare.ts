/**
 * What logs put around a message: prefixes of xl, libxl, libxc, Xen, syslog and journals, and ids of domains. Taken off,
 * the same message is the same text, whoever logged it.
 */

/** What may stand in front of a message, in any order and more than once: a toolstack wraps the lines of another. */
const PREFIXES = [
  // syslog, with the time as it always was or as a date: host, program, process.
  /^\w{3} +\d+ \d\d:\d\d:\d\d(?:\.\d+)? \S+ [\w./@-]+(?:\[\d+\])?: /u,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d) [\w.-]+ [\w./@-]+(?:\[\d+\])?: /u,
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?:? */u,
  /^\[[^\]]*\] */u,
  /^\(XEN\) /u,
  // libvirtd: thread, level, function and line.
  /^\d+: (?:error|warning|info|debug) : (?:[\w.-]+:\d+ : )?/u,
  // xenopsd and its helper.
  /^(?:xenguest|emu-manager|libxl-save-helper)[\w.-]*(?:\[\d+\])?: /u,
  // libvirt writes what libxl and libxc say without the level.
  /^xc: (?:(?:error|warning|info|detail|debug|progress): )?/u,
  /^libxl: (?:(?:error|warning|info|notice|debug|detail): )?[\w.-]+:\d+:\w+: (?:Domain \d+:)?/u,
  // Debug builds tell the place in the source and, for what a guest did, the vCPU that ran.
  /^[\w./-]+\.c:\d+:(?:d(?:\d+|\[\w+\])(?:v\d+)?)? /u,
] as const;

/** Deepest nesting of prefixes taken off. */
const PREFIX_LIMIT = 8;

/** Returns a line without what logs put in front of a message, and behind it. */
export function bareMessage(line: string): string {
  let text = line.trim();
  for (let depth = 0; depth < PREFIX_LIMIT; depth++) {
    const prefix = PREFIXES.find((one) => one.test(text));
    if (!prefix) break;
    text = text.replace(prefix, '');
  }
  return text.replace(/: Internal error$/u, '').trim();
}

/** Returns a message with ids of domains written as N, so that lines of different restores can be compared. */
export const withoutIds = (text: string): string =>
  text
    .replaceAll(/\bHVM\d+(?=[ .])/gu, 'HVMN')
    .replaceAll(/\b([Dd]omain) \d+/gu, '$1 N')
    .replaceAll(/\bd\d+(?=v\d|[ :,]|$)/gu, 'dN')
    .replaceAll(/\[\d+\]/gu, '[N]');

/** Tells whether a line goes on with the one before: nothing stands in front of it that a log puts there. */
export const isContinued = (line: string): boolean => !PREFIXES.some((prefix) => prefix.test(line.trim()));
