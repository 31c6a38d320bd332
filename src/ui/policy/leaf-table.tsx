/** The leaves as they are, and the MSRs with their bits: each row leads to its bytes. */
import type { FieldNode } from '../../format/kit/node';
import { cacheText, cacheOf } from '../../format/x86/cpuid/caches';
import { NO_SUBLEAF } from '../../format/x86/cpuid/leaf';
import { leafName } from '../../format/x86/cpuid/leaves';
import { lettersOf } from '../../format/x86/cpuid/letters';
import { hex } from '../../lib/text';
import { Digits } from '../shared/digits';
import { EntryTable } from './entry-table';
import { type Entries, numberOf, childNamed } from './use-entries';
import styles from './policy.module.css';

const REGISTERS = ['eax', 'ebx', 'ecx', 'edx'] as const;

/** What a leaf spells or says in a few words. */
function said(entry: FieldNode): string {
  const [eax = 0, ebx = 0, ecx = 0, edx = 0] = REGISTERS.map((register) => numberOf(entry, register));
  switch (numberOf(entry, 'leaf')) {
    case 0x0:
    case 0x8000_0000:
      return lettersOf([ebx, edx, ecx]);
    case 0x8000_0002:
    case 0x8000_0003:
    case 0x8000_0004:
      return lettersOf([eax, ebx, ecx, edx]);
    case 0x4:
    case 0x8000_001d: {
      const cache = cacheOf({ eax, ebx, ecx });
      return cache ? cacheText(cache) : '';
    }
    default:
      return REGISTERS.map((register) => childNamed(entry, register)?.note)
        .filter((note) => note !== undefined)
        .join(' · ');
  }
}

function about(entry: FieldNode): string {
  const name = leafName(numberOf(entry, 'leaf'), numberOf(entry, 'subleaf')) ?? '';
  const words = said(entry);
  return words === '' ? name : `${name}: ${words}`;
}

function leafCells(entry: FieldNode): React.ReactNode[] {
  const subleaf = numberOf(entry, 'subleaf');
  return [
    <span key="leaf" className="mono">
      {hex(numberOf(entry, 'leaf'), 8)}
    </span>,
    <span key="subleaf" className="mono">
      {subleaf === NO_SUBLEAF ? '–' : hex(subleaf)}
    </span>,
    ...REGISTERS.map((name) => <Digits key={name} value={numberOf(entry, name)} digits={8} />),
    about(entry),
  ];
}

function leafWords(entry: FieldNode): string {
  const leaf = hex(numberOf(entry, 'leaf'), 8);
  const values = REGISTERS.map((name) => hex(numberOf(entry, name), 8));
  return [`${leaf}:${hex(numberOf(entry, 'subleaf'))}`, ...values, about(entry)].join(' ');
}

function msrCells(entry: FieldNode): React.ReactNode[] {
  const val = childNamed(entry, 'val');
  const flags = val?.flags ?? [];
  return [
    <span key="idx" className="mono">
      {hex(numberOf(entry, 'idx'), 8)}
    </span>,
    childNamed(entry, 'idx')?.note ?? 'not named',
    typeof val?.value === 'bigint' ? <Digits key="val" value={val.value} digits={16} /> : '—',
    <span key="bits" className={styles['flags']} title={flags.join(' ')}>
      {entry.problem !== undefined && <span className={styles['wrong']}>{entry.problem}</span>}
      {flags.length === 0 && entry.problem === undefined && 'no bit set'}
      {flags.map((name) => (
        <span key={name} className="bit">
          {name}
        </span>
      ))}
    </span>,
  ];
}

const msrWords = (entry: FieldNode): string =>
  [
    hex(numberOf(entry, 'idx'), 8),
    childNamed(entry, 'idx')?.note ?? '',
    childNamed(entry, 'val')?.text ?? '',
    ...(childNamed(entry, 'val')?.flags ?? []),
  ].join(' ');

interface Props {
  readonly leaves: Entries;
  readonly msrs: Entries;
  readonly filter: string;
}

/** Shows the CPUID leaves and the MSRs of the policy in two tables, under one filter. */
export function LeafTables({ leaves, msrs, filter }: Props): React.ReactNode {
  return (
    <div className={styles['tables']}>
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
        columns={['MSR', 'Name', 'Value', 'Bits set']}
        grid={styles['msr']}
        filter={filter}
        words={msrWords}
        cells={msrCells}
        none="The stream has no X86_MSR_POLICY record."
      />
    </div>
  );
}
