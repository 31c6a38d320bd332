/** `check --json`: the format fixed by the design. */
import { DomainType } from '../format/libxc/headers';
import { given } from '../lib/given';
import type { ScanResult } from '../scan/scan';
import type { ByteSource } from '../source/source';
import type { CheckResult } from './result';
import type { CheckFinding } from './kit/finding';
import { type Printer, textsOf } from './kit/log-line';
import { versionText } from './kit/xen-version';

interface FindingJson extends Pick<
  CheckFinding,
  'id' | 'key' | 'severity' | 'layer' | 'certainty' | 'offset' | 'length' | 'message'
> {
  readonly record: number | null;
  readonly log: readonly string[];
  /** Who prints each line of `log`. */
  readonly by: readonly Printer[];
}

function findingJson(finding: CheckFinding): FindingJson {
  const { id, key, severity, layer, certainty, record, offset, length, message, log } = finding;
  return {
    id,
    key,
    severity,
    layer,
    certainty,
    record: record ?? null,
    offset,
    length,
    message,
    log: textsOf(log),
    by: log.map(({ by }) => by),
  };
}

const KINDS: Readonly<Record<number, string>> = { [DomainType.X86_PV]: 'x86 PV', [DomainType.X86_HVM]: 'x86 HVM' };

/** Returns the result of a check as `check --json` prints it. */
export function reportJson(
  report: CheckResult,
  scan: Pick<ScanResult, 'image' | 'fingerprint'>,
  source: Pick<ByteSource, 'name' | 'size'>,
) {
  const { image, fingerprint } = scan;
  const { domainType, xenMajor, xenMinor } = image;
  return {
    schema: 1,
    image: {
      name: source.name,
      size: source.size,
      fingerprint: fingerprint ?? null,
      container: image.container ?? null,
      domain: domainType === undefined ? null : (KINDS[domainType] ?? 'reserved'),
      libxcVersion: image.libxcVersion ?? null,
      savedBy: xenMajor === undefined ? null : `${xenMajor}.${xenMinor ?? 0}`,
      checkedAs: versionText(report.xen),
    },
    verdict: report.verdict,
    ...given({ reason: report.reason }),
    reader: report.reader,
    first: report.first ? findingJson(report.first) : null,
    findings: report.findings.map(findingJson),
  };
}
