/** What logs put in front of a message, by which a line that goes on with the one before is told, and ids of domains. */

/** What stands in front of a message where a line starts. */
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

/** Returns a message with ids of domains written as N, so that lines of different restores can be compared. */
export const withoutIds = (text: string): string =>
  text
    .replaceAll(/\bHVM\d+(?=[ .])/gu, 'HVMN')
    .replaceAll(/\b([Dd]omain) \d+/gu, '$1 N')
    .replaceAll(/\bd\d+(?=v\d|[ :,]|$)/gu, 'dN')
    .replaceAll(/\[\d+\]/gu, '[N]');

/** Tells whether a line goes on with the one before: nothing stands in front of it that a log puts there. */
export const isContinued = (line: string): boolean => !PREFIXES.some((prefix) => prefix.test(line.trim()));
