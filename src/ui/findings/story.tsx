/** The restore as a story: the stages that it passes, where it stops, what it does not reach. */
import {
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CircleQuestionMark,
  Copy,
  type LucideIcon,
  OctagonX,
  TriangleAlert,
} from 'lucide-react';
import { useState } from 'react';
import { verdictWords } from '../../check/verdict-words';
import type { CheckResult } from '../../check/result';
import type { Stage, StageStatus } from '../../check/kit/stages';
import { readerSpec } from '../../check/kit/reader';
import { versionText } from '../../check/kit/xen-version';
import { counted } from '../../lib/text';
import { copyText } from '../shared/clipboard';
import { RecordLink } from '../shared/links';
import { chooseFinding } from '../../state/actions';
import { checkJson, checkReport } from './report-text';
import { capital } from './words';
import { useFile } from '../shared/use-file';
import styles from './story.module.css';

function headline(result: CheckResult): string {
  const { stages } = result;
  const at = stages.findIndex(({ status }) => status === 'stopped');
  return at < 0 ? verdictWords(result).headline : `The restore stops at step ${at + 1} of ${stages.length}`;
}

function sentence({ verdict, reason, first, findings, reader, xen }: CheckResult): string {
  if (reason !== undefined) return `${capital(reason)}.`;
  const where = `${readerSpec(reader).title} on Xen ${versionText(xen)}`;
  if (first) return `${where}: ${first.message}.`;
  if (verdict === 'ok') return `${where} would restore it.`;
  const warnings = findings.filter(({ severity, counts }) => severity === 'warning' && counts).length;
  return `${where} would report success; ${counted(warnings, 'thing')} would be wrong in the guest.`;
}

/** Shows the restore as a story: the stages that it passes, where it stops, and what it does not reach. */
export function Story({ result }: { readonly result: CheckResult }): React.ReactNode {
  const file = useFile();
  // In a low window what was passed is one line each, so that the whole restore is in view.
  const [whole, setWhole] = useState(false);
  return (
    <section className={styles['story']} aria-label="The restore, step by step" data-whole={whole || undefined}>
      <h1>{headline(result)}</h1>
      <p className={styles['sentence']}>
        {sentence(result)}
        <button
          type="button"
          className={styles['unfold']}
          aria-expanded={whole}
          onClick={() => setWhole((before) => !before)}
        >
          {whole ? 'Less' : 'More'}
        </button>
      </p>
      <ol>
        {result.stages.map((stage) => (
          <Step key={stage.id} stage={stage} result={result} />
        ))}
      </ol>
      {result.verdict === 'ok' && <NextPlaces />}
      <footer className={styles['foot']}>
        <CopyAs what="Report" text={() => checkReport(file, result)} />
        <CopyAs what="JSON" text={() => checkJson(file, result)} />
      </footer>
    </section>
  );
}

/** Copies the whole check: Markdown for people, JSON as the terminal program prints it. */
function CopyAs({ what, text }: { readonly what: string; readonly text: () => string }): React.ReactNode {
  return (
    <button type="button" className="btn" onClick={() => void copyText(text(), what)}>
      <Copy size={14} aria-hidden />
      Copy {what === 'JSON' ? what : what.toLowerCase()}
    </button>
  );
}

/** Findings of a stage that are shown under it. */
const STEP_LIMIT = 4;

const ICONS: Readonly<Record<StageStatus, LucideIcon>> = {
  passed: CircleCheck,
  stopped: OctagonX,
  'not reached': CircleDashed,
  'not looked at': CircleQuestionMark,
  absent: CircleMinus,
};

/** What is said of a stage of which there is nothing else to say. */
const WITHOUT: Readonly<Partial<Record<StageStatus, string>>> = {
  'not reached': 'Not reached',
  'not looked at': 'Not looked at',
  absent: 'Not part of this',
};

function Step({ stage, result }: { readonly stage: Stage; readonly result: CheckResult }): React.ReactNode {
  const file = useFile();
  const { status, title, facts } = stage;
  const own = result.findings
    .map((finding, index) => ({ finding, index }))
    .filter(({ finding }) => finding.stage === stage.id && finding.severity !== 'note');
  const suspect = status === 'passed' && own.length > 0;
  const Icon = suspect ? TriangleAlert : ICONS[status];
  const record = status === 'stopped' ? result.first?.record : undefined;
  return (
    <li className={styles['step']} data-status={suspect ? 'suspect' : status}>
      <Icon size={20} strokeWidth={1.5} aria-hidden />
      <div>
        <h2>
          <span>{capital(title)}</span>
          <span className="sr">{status}</span>
          {record !== undefined && <RecordLink record={record} />}
        </h2>
        {WITHOUT[status] !== undefined && facts.length === 0 && <p>{WITHOUT[status]}</p>}
        {facts.length > 0 && <p>{facts.join(' · ')}</p>}
        {own.length > 0 && (
          <ul className={styles['box']}>
            {own.slice(0, STEP_LIMIT).map(({ finding, index }) => (
              <li key={index} data-severity={finding.severity}>
                <button type="button" onClick={() => chooseFinding(file, index)}>
                  {capital(finding.message)}
                </button>
              </li>
            ))}
            {own.length > STEP_LIMIT && <li>and {own.length - STEP_LIMIT} more</li>}
          </ul>
        )}
      </div>
    </li>
  );
}

/** Where to look when the image is sound and the restore failed all the same. */
function NextPlaces(): React.ReactNode {
  return (
    <section className={styles['next']}>
      <h2>If the restore failed all the same</h2>
      <ul>
        <li>
          <b>Memory of dom0 and the host</b>: <code>xl info</code> free_memory against the guest’s; ballooning of dom0.
        </li>
        <li>
          <b>Target’s hypervisor</b>: <code>xl dmesg</code>. Give its CPU policy and Xen version here, and what it lacks
          is named.
        </li>
        <li>
          <b>Device model</b>: <code>/var/log/xen/qemu-dm-*.log</code>, for images with an EMULATOR_CONTEXT.
        </li>
        <li>
          <b>Guest</b>: its console after it was unpaused; the CPUs tab shows where it stood.
        </li>
        <li>
          <b>The log</b>: paste it below; each line is matched with what it speaks of.
        </li>
      </ul>
    </section>
  );
}
