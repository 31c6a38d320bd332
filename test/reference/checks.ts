/** docs/checks.md: every rule, made from the tables of src/check/rules and nothing else. */
import { RULE_TABLES } from '../../src/check/rules/texts';
import type { RuleText } from '../../src/check/rule';
import { versionText } from '../../src/check/xen-version';
import { AGREEMENT } from './agreement';
import { cell, table } from './rows';
import { VERIFY_CHECKS } from './verify-checks';

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
  // Within code nothing but the bar of the table needs care.
  const lines = log.map((line) => `\`${line.replaceAll('|', '\\|')}\``).join('<br>');
  const cells = [id, layer, severity, versionsOf(rule), cell(about.filter(Boolean).join(' ')), lines, cell(source)];
  return `| ${cells.join(' | ')} |`;
}

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
      VERIFY_CHECKS.map(({ part, objects, rules }) => `| ${part} | ${objects} | ${rules.join(', ')} |`),
    ),
  );
  lines.push(
    '',
    '## Agreement',
    '',
    'Broken images that a real Xen 4.17 was given too, by the image that they were made from: how many come to the same',
    'end with the same first log line, and the verdicts.',
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
  return [...lines, ''].join('\n');
}
