/** The CPU in a few words, as its leaves spell it. */
import { type CpuidLeaf, summarise } from '../../format/x86/cpuid';
import { hex0x } from '../../lib/text';
import { type Entries, numberOf } from './use-entries';
import styles from './policy.module.css';

export function PolicySummary({ leaves }: { readonly leaves: Entries }): React.ReactNode {
  const entries = leaves.state === 'ready' ? leaves.list : [];
  const plain = entries.map((entry): CpuidLeaf => ({
    leaf: numberOf(entry, 'leaf'),
    subleaf: numberOf(entry, 'subleaf'),
    eax: numberOf(entry, 'eax'),
    ebx: numberOf(entry, 'ebx'),
    ecx: numberOf(entry, 'ecx'),
    edx: numberOf(entry, 'edx'),
  }));
  const { vendor, brand, family, model, stepping, highest, highestExtended } = summarise(plain);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Vendor', vendor],
    [
      'Family, model, stepping',
      family === undefined ? undefined : `${hex0x(family)} ${hex0x(model ?? 0)} ${hex0x(stepping ?? 0)}`,
    ],
    ['Highest leaf', highest === undefined ? undefined : hex0x(highest)],
    ['Highest extended', highestExtended === undefined ? undefined : hex0x(highestExtended)],
  ];
  return (
    <div className={styles['summary']}>
      <p className={styles['brand']}>{brand === undefined || brand === '' ? 'CPU without a brand string' : brand}</p>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="mono">{value ?? '—'}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
