/** docs/checks.md: every rule, made from the tables of src/check/rules and nothing else. */
import { RULE_TABLES } from '../../src/check/rules/texts';
import type { RuleText } from '../../src/check/rule';
import { versionText } from '../../src/check/xen-version';
import { cell, table } from './rows';

const MADE = '<!-- Made by `npm run reference` from the rules in src/check/rules. Do not edit. -->';

function versionsOf({ versions }: RuleText): string {
  const { from, before } = versions ?? {};
  if (from !== undefined && before !== undefined) return `${versionText(from)} to before ${versionText(before)}`;
  if (from !== undefined) return `from ${versionText(from)}`;
  return before === undefined ? '' : `before ${versionText(before)}`;
}

function rowOf(rule: RuleText): string {
  const { id, layer, severity, certainty, log = [], title, explain, todo, source } = rule;
  const about = [`${title}. ${explain}`, certainty === 'target' ? 'Depends on the target.' : '', `To do: ${todo}`];
  const lines = log.map((line) => `\`${line}\``).join('<br>');
  const cells = [
    id,
    layer,
    severity,
    versionsOf(rule),
    cell(about.filter(Boolean).join(' ')),
    cell(lines),
    cell(source),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Checks of Xen's verify-stream-v2 (tools/python/xen/migration), and the rules that cover each. */
const VERIFY: readonly (readonly [what: string, rules: string])[] = [
  ['xl header', 'XL-03'],
  ['short read', 'XL-02, XL-09, LX-05, LX-45, LC-01, LC-08, LC-13, LC-16'],
  ['libxl: ident, version, options', 'LX-01, LX-02, LX-03, LX-04'],
  ['libxl: record type', 'LX-08'],
  ['libxl: padding', 'LX-50'],
  ['libxl: body of END, LIBXC_CONTEXT, CHECKPOINT_END', 'LX-10'],
  ['libxl: emulator records: length, id', 'LX-12, LX-18, LX-51'],
  ['libxl: xenstore data: NUL, pairs', 'LX-13, LX-16'],
  ['libxl: CHECKPOINT_STATE', 'LX-22'],
  ['image header: marker, id, version, options, reserved', 'LC-02, LC-03, LC-04, LC-06, LC-07'],
  ['domain header: type, reserved, page shift', 'LC-09, LC-53, LC-10'],
  ['record type', 'LC-17, LC-18'],
  ['padding', 'LC-20'],
  ['body of END, VERIFY, CHECKPOINT, STATIC_DATA_END', 'LC-21'],
  ['records of version 3 in version 2', 'LC-54'],
  ['policies: length', 'LC-26, LC-27'],
  ['PAGE_DATA: length, reserved, count, bits, type, size', 'LC-33, LC-34, LC-35, LC-56, LC-39, LC-38, LC-36'],
  ['X86_PV_INFO: length, width, levels, reserved', 'LP-02, LP-03, LP-53'],
  ['X86_PV_P2M_FRAMES: length', 'LP-07, LP-09'],
  ['X86_PV_VCPU_*: length, reserved, empty', 'LP-16, LP-54, LP-17'],
  ['SHARED_INFO: length', 'LP-25'],
  ['X86_TSC_INFO: length, reserved', 'LC-31, LC-55'],
  ['HVM_CONTEXT: empty', 'LH-01'],
  ['HVM_PARAMS: length, reserved, empty', 'LH-04, LH-05, LH-13, LH-06'],
  ['TOOLSTACK, CHECKPOINT_DIRTY_PFN_LIST', 'LC-17'],
  ['checkpointed streams', 'LC-46'],
];

/** How the verdict agrees with a real Xen 4.17, by test/unit/check/broken.test.ts. */
const AGREEMENT: readonly (readonly [base: string, all: number, agree: number])[] = [
  ['micro64 (64-bit PV)', 158, 158],
  ['micropvh (PVH)', 110, 110],
  ['hvmbios (HVM)', 40, 40],
  ['micropvh-xsave (PVH)', 9, 9],
];

const HEAD = ['Id', 'Layer', 'Severity', 'Xen', 'What', 'Log', 'Source'];

export function checksPage(): string {
  const lines = [
    MADE,
    '',
    '# Checks',
    '',
    'What `xenscope check` looks at, in the order in which a restore comes to it. `fatal` stops a restore; `warning` does',
    'not, but the guest has lost something; `note` is neither. Versions are those of the Xen that restores, each standing',
    'for its last point release.',
  ];
  for (const { title, rules } of RULE_TABLES) lines.push('', `## ${title}`, '', ...table(HEAD, rules.map(rowOf)));
  lines.push('', '## verify-stream-v2', '', 'What Xen’s checker of streams looks at, and the rules that cover it.', '');
  lines.push(
    ...table(
      ['It looks at', 'Rules'],
      VERIFY.map(([what, rules]) => `| ${what} | ${rules} |`),
    ),
  );
  lines.push(
    '',
    '## Agreement',
    '',
    'Broken images that a real Xen 4.17 was given: verdict and first log lines are the same.',
    '',
  );
  lines.push(
    ...table(
      ['Image', 'Variants', 'Agree'],
      AGREEMENT.map((row) => `| ${row.join(' | ')} |`),
    ),
  );
  return [...lines, ''].join('\n');
}
