/** CPUID and MSR policy of the domain: what CPU the guest believes to run on. */
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { NO_SUBLEAF } from '../../format/libxc/policy';
import { CPUID_NAMES } from '../../format/x86/cpuid';
import { hex } from '../../lib/text';
import { useApp } from '../../state/store';
import { Digits } from '../shared/digits';
import { FindBox } from '../shared/find-box';
import { useLandmarks } from '../shared/landmarks';
import { PanelMessage } from '../shared/panel-message';
import { EntryTable } from './entry-table';
import { PolicySummary } from './policy-summary';
import { numberOf, useEntries } from './use-entries';
import styles from './policy.module.css';

const REGISTERS = ['eax', 'ebx', 'ecx', 'edx'] as const;

/** `4` → `Caches`; leaves within a range that Xen passes on by number have no name of their own. */
const leafName = (leaf: number): string => CPUID_NAMES[leaf] ?? '';

function leafCells(entry: FieldNode): React.ReactNode[] {
  const leaf = numberOf(entry, 'leaf');
  const subleaf = numberOf(entry, 'subleaf');
  return [
    <span key="leaf" className="mono">
      {hex(leaf, 8)}
    </span>,
    <span key="subleaf" className="mono">
      {subleaf === NO_SUBLEAF ? '–' : hex(subleaf)}
    </span>,
    ...REGISTERS.map((name) => <Digits key={name} value={numberOf(entry, name)} digits={8} />),
    leafName(leaf),
  ];
}

function leafWords(entry: FieldNode): string {
  const leaf = numberOf(entry, 'leaf');
  const values = REGISTERS.map((name) => hex(numberOf(entry, name), 8));
  return [hex(leaf, 8), ...values, leafName(leaf)].join(' ');
}

const msrPart = (entry: FieldNode, name: string): FieldNode | undefined =>
  entry.children?.find((part) => part.name === name);

function msrCells(entry: FieldNode): React.ReactNode[] {
  const index = msrPart(entry, 'idx');
  const value = msrPart(entry, 'val')?.value;
  return [
    <span key="idx" className="mono">
      {hex(numberOf(entry, 'idx'), 8)}
    </span>,
    index?.note ?? 'not named',
    typeof value === 'bigint' ? <Digits key="val" value={value} digits={16} /> : '—',
    entry.problem ?? '',
  ];
}

const msrWords = (entry: FieldNode): string =>
  [hex(numberOf(entry, 'idx'), 8), msrPart(entry, 'idx')?.note ?? '', msrPart(entry, 'val')?.text ?? ''].join(' ');

export function PolicyPanel(): React.ReactNode {
  const { cpuidPolicy, msrPolicy } = useLandmarks();
  const scanning = useApp((state) => state.phase === 'scanning');
  const version = useApp((state) => state.image.libxcVersion);
  const leaves = useEntries(cpuidPolicy, 'leaf');
  const msrs = useEntries(msrPolicy, 'msr');
  const [filter, setFilter] = useState('');
  if (cpuidPolicy === undefined && msrPolicy === undefined) {
    const why =
      version === 2
        ? 'Streams of version 2 (Xen 4.13 and older) have none: the restoring host gives the guest its own default.'
        : 'The stream holds neither an X86_CPUID_POLICY nor an X86_MSR_POLICY record.';
    return <PanelMessage icon={ListChecks} title={scanning ? 'No CPU policy yet' : 'No CPU policy'} text={why} />;
  }
  return (
    <div className={styles['panel']}>
      <div className={styles['toolbar']}>
        <PolicySummary leaves={leaves} />
        <FindBox
          value={filter}
          onChange={setFilter}
          placeholder="Leaf, name or value"
          label="Filter leaves and MSRs by number, name or value"
        />
      </div>
      <EntryTable
        title="CPUID leaves"
        one="leaf"
        entries={leaves}
        columns={['Leaf', 'Subleaf', ...REGISTERS, 'About']}
        grid={styles['cpuid']}
        filter={filter}
        words={leafWords}
        cells={leafCells}
        none="The stream has no X86_CPUID_POLICY record."
      />
      <EntryTable
        title="MSRs"
        one="MSR"
        entries={msrs}
        columns={['MSR', 'Name', 'Value', '']}
        grid={styles['msr']}
        filter={filter}
        words={msrWords}
        cells={msrCells}
        none="The stream has no X86_MSR_POLICY record."
      />
    </div>
  );
}
