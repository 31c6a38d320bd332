/** The CPU in a few words, as its leaves spell it. */
import { Fragment } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { cacheText } from '../../format/x86/cpuid/caches';
import type { CpuidLeaf } from '../../format/x86/cpuid/leaf';
import { type CpuidSummary, summarise } from '../../format/x86/cpuid/summary';
import { counted, grouped, hex0x } from '../../lib/text';
import { type Entries, listOf, numberOf } from './use-entries';
import styles from './policy.module.css';

/** A value in several pieces breaks between them only. */
type Fact = readonly [name: string, value: string | readonly string[] | undefined];

const plain = (entry: FieldNode): CpuidLeaf => ({
  leaf: numberOf(entry, 'leaf'),
  subleaf: numberOf(entry, 'subleaf'),
  eax: numberOf(entry, 'eax'),
  ebx: numberOf(entry, 'ebx'),
  ecx: numberOf(entry, 'ecx'),
  edx: numberOf(entry, 'edx'),
});

const limit = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : value === 0 ? 'no limit' : `up to +${hex0x(value)}`;

function topologyText({ topology: { processors, threadsPerCore } }: CpuidSummary): string | undefined {
  const parts = [
    processors === undefined ? undefined : counted(processors, 'logical processor'),
    threadsPerCore === undefined ? undefined : counted(threadsPerCore, 'thread a core', 'threads a core'),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

function xstateText({ xstate, xstateSize }: CpuidSummary): Fact[1] {
  if (xstateSize === undefined) return undefined;
  const components = xstate.map(({ name, size, offset, supervisor }) =>
    supervisor ? `${name} ${grouped(size)} B (supervisor)` : `${name} ${grouped(size)} B at ${grouped(offset)}`,
  );
  return [`${grouped(xstateSize)} B`, ...components];
}

function factsOf(found: CpuidSummary): readonly Fact[] {
  const { vendor, signature, highest, highestExtended, caches, physicalBits, linearBits } = found;
  const hypervisor = limit(found.hypervisorLimit);
  const viridian = limit(found.viridianXenLimit);
  return [
    ['Vendor', vendor],
    [
      'Family, model, stepping',
      signature && `${hex0x(signature.family)} ${hex0x(signature.model)} ${hex0x(signature.stepping)}`,
    ],
    ['Topology', topologyText(found)],
    ['Addresses', physicalBits === undefined ? undefined : `${physicalBits} bits physical, ${linearBits} linear`],
    [
      'Highest leaves',
      highest === undefined
        ? undefined
        : `${hex0x(highest)}${highestExtended === undefined ? '' : `, ${hex0x(highestExtended)}`}`,
    ],
    ['Hypervisor leaves', hypervisor && viridian && [`0x40000000 ${hypervisor}`, `0x40000100 ${viridian}`]],
    ['XSAVE area', xstateText(found)],
    ['Caches', caches.length === 0 ? undefined : caches.map((cache) => cacheText(cache))],
  ];
}

/** Shows the CPU in a few words, as its leaves spell it: brand, vendor, topology, caches and more. */
export function PolicySummary({ leaves }: { readonly leaves: Entries }): React.ReactNode {
  const found = summarise(listOf(leaves).map((entry) => plain(entry)));
  return (
    <div className={styles['summary']}>
      <p className={styles['brand']}>{leaves.state === 'ready' ? found.brand || 'CPU without a brand string' : ' '}</p>
      <dl>
        {factsOf(found).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value === undefined
                ? '—'
                : [value].flat().map((piece, index) => (
                    <Fragment key={piece}>
                      {index > 0 && ' · '}
                      <span className={styles['piece']}>{piece}</span>
                    </Fragment>
                  ))}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
