/** Texts given beside the open image: logs of a restore, and what xen-cpuid -p prints. */
import { checkOn, showTab } from './actions';
import type { OpenFile } from './open-file';

/** The longest log that is taken, characters. */
export const LOG_LIMIT = 4 * 1024 * 1024;
const HEAD = 4096;
/** Tab, line feed, carriage return and the escape of coloured output: what a text has of control bytes. */
const IN_TEXT: ReadonlySet<number> = new Set([9, 10, 13, 27]);

/**
 * Tells whether a file is text, from how it starts: images have zeros in their first bytes. Rejects where it cannot
 * be read.
 */
export async function isTextFile(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  return head.length > 0 && head.every((byte) => byte >= 32 || IN_TEXT.has(byte));
}

/** Takes a text for the log of a restore, as far as the limit allows. */
export const takeLog = ({ view }: OpenFile, text: string): void => view.setState({ log: text.slice(0, LOG_LIMIT) });

/**
 * Takes a text that was dropped: the CPU policies of a host become the target's, any other text is taken for a log.
 * Returns for what it was taken, in words. Rejects where it cannot be read.
 */
export async function takeText(file: OpenFile, dropped: File): Promise<string> {
  const head = await dropped.slice(0, HEAD).text();
  showTab(file, 'findings');
  if (/^[ \t]*(?:Raw|Host|PV Max|HVM Max|PV Default|HVM Default) policy: \d+ leaves/mu.test(head)) {
    checkOn(file, { ...file.check.state.known, policy: { name: dropped.name, data: dropped } });
    return `${dropped.name} taken for the CPU policies of the target`;
  }
  takeLog(file, await dropped.slice(0, LOG_LIMIT).text());
  return `${dropped.name} taken for the log of a restore`;
}
