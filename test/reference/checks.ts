/** docs/checks.md: every rule, made from the tables of src/check/rules and nothing else. */
import { RULES, RULE_TABLES } from '../../src/check/rules/register';
import { PRINTERS } from '../../src/check/kit/log-line';
import { keyOf, type RuleText } from '../../src/check/kit/rule';
import { versionText } from '../../src/check/kit/xen-version';
import { AGREEMENT, LOST, OTHER_LINE } from './agreement';
import { cell, table } from './rows';
import { VERIFY_CHECKS } from './verify-checks';

const MADE = '<!-- Made by `npm run reference` from the rules in src/check/rules. Do not edit. -->';

function versionsOf({ versions }: RuleText): string {
  const { from, before } = versions ?? {};
  if (from !== undefined && before !== undefined) return `${versionText(from)} to before ${versionText(before)}`;
  if (from !== undefined) return `from ${versionText(from)}`;
  return before === undefined ? '' : `before ${versionText(before)}`;
}

/** The key, as a place that links lead to; the first of several rules of one id is where the id leads. */
function keyCell(rule: RuleText): string {
  const key = keyOf(rule);
  const isFirst = RULES.find(({ id }) => id === rule.id) === rule;
  const names = isFirst && key !== rule.id ? [rule.id, key] : [key];
  return names.map((name) => `<a id="${name}"></a>`).join('') + key;
}

function rowOf(rule: RuleText): string {
  const { layer, severity, certainty, log = [], title, explain, advice, source } = rule;
  const about = [`${title}. ${explain}`, certainty === 'target' ? 'Depends on the target.' : '', `To do: ${advice}`];
  // Within code nothing but the bar of the table needs care.
  const lines = log.map(({ by, text }) => `${PRINTERS[by]}: \`${text.replaceAll('|', '\\|')}\``).join('<br>');
  const cells = [
    keyCell(rule),
    layer,
    severity,
    versionsOf(rule),
    cell(about.filter(Boolean).join(' ')),
    lines,
    cell(source),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** What a restore prints or may stop at, and why no rule looks for it. */
const NO_RULES: readonly (readonly [what: string, why: string])[] = [
  [
    '`Loading new save file … (new xl fmt info 0x…/0x…/…)`, ` Savefile contains xl domain config in JSON format`, `Found x86 … domain from Xen …`, `Restoring domain`',
    'Printed of every image. They are matched in a log, and lead to the header that they are of; a log of another file is told by the length of the optional data.',
  ],
  [
    '`savevm: unsupported version %d for ’%s’ v%d`',
    'Which versions of a device’s state a QEMU takes is nowhere in the image, nor which QEMU wrote it. Of a device that the configuration does not have see QM-03.',
  ],
  [
    '`Failed to allocate …`, `Populate physmap failed …`, `failed to free memory for the domain`, `Unable to map … mfns`',
    'Memory of the host.',
  ],
  [
    '`error reading …`, `unexpected poll event …`, `… exited without providing results`',
    'Trouble of the host while it reads.',
  ],
  [
    'What a receiver of Remus does after the last checkpoint (`Restore successful` behind LC-52), COLO’s two-way traffic',
    'xl restore, which is played through here, stops at the first checkpoint: LC-46. LC-19 and LC-52 tell of the receiver.',
  ],
  ['Legacy streams, and what convert-legacy-stream says of them', 'Recognised (LX-52), not read.'],
];

const HEAD = ['Key', 'Layer', 'Severity', 'Xen', 'What', 'Log', 'Source'];

export function checksPage(): string {
  const lines = [
    MADE,
    '',
    '# Checks',
    '',
    'What `xenscope check` looks at, in the order in which a restore comes to it. `fatal` stops a restore; `warning` does',
    'not, but the guest has lost something; `note` is neither. Versions are those of the Xen that restores, each standing',
    'for its last point release. A key names one rule; where several rules share an id, a word behind it tells them apart.',
  ];
  for (const { title, rules } of RULE_TABLES) lines.push('', `## ${title}`, '', ...table(HEAD, rules.map(rowOf)));
  lines.push(
    '',
    '## verify-stream-v2',
    '',
    'What Xen’s own checker of streams objects to, and the rules that cover it.',
    '',
  );
  lines.push(
    ...table(
      ['Part', 'It objects to', 'Rules'],
      VERIFY_CHECKS.map(
        ({ part, objects, rules }) => `| ${part} | ${objects} | ${rules.map((id) => `[${id}](#${id})`).join(', ')} |`,
      ),
    ),
  );
  lines.push(
    '',
    '## No rules',
    '',
    ...table(
      ['What', 'Why'],
      NO_RULES.map(([what, why]) => `| ${what} | ${why} |`),
    ),
    '',
    '## Agreement',
    '',
    'Broken images that a real Xen 4.17 was given too, by the image that they were made from: how many come to the same',
    'end with the same first log line, and the verdicts. The exceptions that count as agreement stand below.',
    '',
  );
  lines.push(
    ...table(
      ['Image', 'Variants', 'Agree', 'fails', 'suspect', 'ok'],
      AGREEMENT.map(
        ({ base, all, agree, fails, suspect, ok }) => `| ${[base, all, agree, fails, suspect, ok].join(' | ')} |`,
      ),
    ),
  );
  lines.push(
    '',
    'The verdict is the same, the line is another, which only the host decides:',
    '',
    ...table(['Variant', 'Why'], exceptions(OTHER_LINE)),
    '',
    'The real restore was accepted and the guest still there 0.7 s later; `suspect` here, as something of it is lost:',
    '',
    ...table(['Variant', 'What is lost'], exceptions(LOST)),
  );
  return [...lines, ''].join('\n');
}

const exceptions = (rows: Readonly<Record<string, string>>): string[] =>
  Object.entries(rows).map(([variant, why]) => `| ${variant} | ${cell(why)} |`);
