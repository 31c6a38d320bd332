/** FPU, SSE and AVX of a vCPU: words of control and status, the x87 stack, vector registers, other components. */
import type { FieldNode } from '../../../format/kit/node';
import { RecordLink } from '../../shared/links';
import { Chips } from '../chips';
import { useComparison } from '../compare';
import type { Parts } from '../../../memory/vcpus/parts';
import { Register, Section } from '../value';
import type { ViewProps } from '../view-props';
import { Components } from './components';
import { ControlWords } from './control-words';
import { fpuOf, type FpuModel } from './model';
import { Stack } from './stack';
import { Vectors } from './vectors';
import registers from '../registers.module.css';
import styles from './fpu.module.css';

/** What may hold it, the newest first: XSAVE areas, then the FXSAVE images of the registers. */
const SOURCES = ['CPU_XSAVE', 'X86_PV_VCPU_XSAVE', 'CPU', 'X86_PV_VCPU_BASIC'] as const;

const modelOf = (parts: Parts): FpuModel | undefined => fpuOf(SOURCES.flatMap((name) => parts.get(name) ?? []));

/** Shows the FPU, SSE and AVX state of a vCPU: control words, the x87 stack, vector registers and other components. */
export function FpuView({ parts }: ViewProps): React.ReactNode {
  const comparison = useComparison();
  const fpu = modelOf(parts);
  const other = comparison && modelOf(comparison.parts);
  if (!fpu) return <p className={registers['note']}>The stream holds no FPU state of this vCPU.</p>;
  return (
    <div className={styles['fpu']}>
      <From fpu={fpu} />
      <div className={styles['columns']}>
        <div>
          <ControlWords legacy={fpu.legacy} />
          <Stack legacy={fpu.legacy} />
          <Components components={fpu.components} />
        </div>
        <Vectors vectors={fpu.vectors} {...(other ? { others: other.vectors, otherId: comparison.id } : {})} />
      </div>
    </div>
  );
}

/** Where it comes from, and which components count. */
function From({ fpu }: { readonly fpu: FpuModel }): React.ReactNode {
  const { source, xcr0, live, unused } = fpu;
  return (
    <Section title="FPU, SSE, AVX">
      <p className={styles['from']}>
        <span>
          from <RecordLink record={source.record} stop /> {source.name}
          {xcr0 === undefined && ', as FXSAVE writes it'}
        </span>
        {unused && <span>not in use: Xen starts it afresh</span>}
      </p>
      {xcr0 && (
        <dl className={styles['masks']}>
          <Register name="xcr0" node={xcr0} digits={0}>
            <ComponentChips of={xcr0} live={live} />
          </Register>
        </dl>
      )}
    </Section>
  );
}

/** The components switched on; those whose bytes do not count are said to be in their initial state. */
function ComponentChips({
  of,
  live,
}: {
  readonly of: FieldNode;
  readonly live: FieldNode | undefined;
}): React.ReactNode {
  const on = of.flags ?? [];
  const counts = new Set(live?.flags);
  return (
    <Chips node={of} says={(part) => (on.includes(part.name) && !counts.has(part.name) ? 'initial' : undefined)} />
  );
}
