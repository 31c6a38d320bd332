/** FPU, SSE and AVX of a VCPU: words of control and status, the x87 stack, vector registers, other components. */
import type { FieldNode } from '../../../format/kit/node';
import { RecordLink } from '../../shared/links';
import { Register, Section } from '../value';
import type { VcpuFields } from '../vcpus';
import { Components } from './components';
import { ControlWords } from './control-words';
import { fpuOf, type FpuModel, type FpuSource } from './model';
import { Stack } from './stack';
import { useFpuSources } from './use-sources';
import { Vectors } from './vectors';
import styles from './fpu.module.css';

export function FpuSection({ vcpu }: { readonly vcpu: VcpuFields }): React.ReactNode {
  const sources = useFpuSources(vcpu);
  return sources && <Fpu sources={sources} />;
}

function Fpu({ sources }: { readonly sources: readonly FpuSource[] }): React.ReactNode {
  const fpu = fpuOf(sources);
  if (!fpu) return undefined;
  return (
    <div className={styles['fpu']}>
      <From fpu={fpu} />
      <div className={styles['columns']}>
        <div>
          <ControlWords legacy={fpu.legacy} />
          <Stack legacy={fpu.legacy} />
          <Components components={fpu.components} />
        </div>
        <Vectors vectors={fpu.vectors} />
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
  const docs = new Map(of.children?.map(({ name, doc }) => [name, doc]));
  return (
    <span className={styles['chips']}>
      {on.map((name) => (
        <span key={name} className={`bit ${counts.has(name) ? '' : 'off'}`} title={docs.get(name)}>
          {name}
          {!counts.has(name) && ' initial'}
        </span>
      ))}
    </span>
  );
}
