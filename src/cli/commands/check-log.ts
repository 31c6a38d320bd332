/** What a log shows, as `check --log` prints it: the lines that tell of a failure, with what they are about. */
import { headlineOf } from '../../check/log/explain';
import { SIDES } from '../../check/log/host-lines';
import type { LogMatch } from '../../check/log/match';
import { counted, hex0x } from '../../lib/text';
import { print } from '../output';

/** Prints what a log shows; `all`: also the lines that tell of no failure. */
export function printLog(lines: readonly LogMatch[], all: boolean): void {
  print('');
  print('The log:');
  const headline = headlineOf(lines);
  if (headline !== undefined) print(`  ${headline}`);
  const shown = all ? lines : lines.filter(matters);
  for (const line of shown) {
    const known = meaning(line);
    print(`  ${known === undefined ? ' ' : '→'}   ${line.text}`);
    if (known !== undefined) print(`        ${known}`);
  }
  const left = lines.length - shown.length;
  const told = `${counted(shown.length, 'line')} of ${lines.length} ${shown.length === 1 ? 'tells' : 'tell'} of a failure`;
  if (!all) print(`  ${told}${left > 0 ? '; --all-lines prints the rest' : ''}`);
}

/** Tells whether a line is of a failure: of this image, of a rule, or of somebody else. */
const matters = ({ finding, rule, side, refused, note, record }: LogMatch): boolean =>
  finding !== undefined ||
  rule !== undefined ||
  side !== undefined ||
  refused !== undefined ||
  (note !== undefined && record === undefined);

function meaning({ finding, rule, side, record, offset, note }: LogMatch): string | undefined {
  const where = offset === undefined ? '' : ` at ${hex0x(offset)}${record === undefined ? '' : `, record ${record}`}`;
  const id = finding?.id ?? rule?.id;
  if (side !== undefined) return `${SIDES[side]}: ${note ?? ''}`;
  if (note === undefined) return id === undefined ? undefined : `${id}${where}`;
  if (finding) return `${finding.id}${where}: ${note}`;
  return `${id === undefined ? '' : `${id}: `}${note}${where}`;
}
