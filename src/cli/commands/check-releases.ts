/** `check --xen all`: the verdict on each release of Xen. */
import { check, type CheckOptions } from '../../check/check';
import type { CheckResult } from '../../check/result';
import { NEWEST_XEN, OLDEST_XEN, savingXen, versionText } from '../../check/kit/xen-version';
import { verdictWords } from '../../check/verdict-words';
import type { ScanResult } from '../../scan/scan';
import type { ByteSource } from '../../source/source';
import { CliError } from '../error';
import { print } from '../output';

interface Releases {
  readonly results: readonly CheckResult[];
  /** The Xen that saved the image, if it says so. */
  readonly savedBy: number | undefined;
}

/** Checks an image for each release, oldest first. */
export async function checkReleases(
  scan: ScanResult,
  source: ByteSource,
  options: Omit<CheckOptions, 'xen'>,
): Promise<Releases> {
  const results: CheckResult[] = [];
  for (let xen = OLDEST_XEN; xen <= NEWEST_XEN; xen++) {
    const result = await check(scan, source, { ...options, xen });
    if (!result.complete) throw new CliError(`${source.name}: ${result.unread ?? 'not checked to its end'}`);
    results.push(result);
  }
  return { results, savedBy: savingXen(scan.image) };
}

/** Finding that decides on a release: where it stops, else the first warning. */
const decisive = ({ first, findings }: CheckResult) =>
  first ?? findings.find(({ severity, counts, reached }) => severity === 'warning' && counts && reached);

/** Prints the verdicts; returns the exit code: 0 if each release from the one that saved on takes the image. */
export function printReleases({ results, savedBy }: Releases, json: boolean | undefined): number {
  if (json === true)
    print(
      JSON.stringify(
        results.map((result) => ({
          xen: versionText(result.xen),
          verdict: result.verdict,
          key: decisive(result)?.key ?? null,
          message: decisive(result)?.message ?? null,
        })),
      ),
    );
  else
    for (const result of results) {
      const { xen, verdict, reason } = result;
      const found = decisive(result);
      const why = found ? `  ${found.id}: ${found.message}` : reason === undefined ? '' : `  ${reason}`;
      print(
        `${versionText(xen).padEnd(5)} ${verdictWords(result).badge.padEnd(14)}${verdict === 'ok' ? '' : why}${xen === savedBy ? '  (which saved it)' : ''}`,
      );
    }
  const isTaken = ({ xen, verdict }: CheckResult): boolean =>
    xen < (savedBy ?? 0) || verdict === 'ok' || verdict === 'suspect';
  return results.every(isTaken) ? 0 : 1;
}
