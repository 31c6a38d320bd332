/** Groups of registers that PV and HVM have in common. */
import { foldedPfn } from '../../format/pv/guest-context-32';
import { hex } from '../../lib/text';
import { selectPfn } from '../../state/actions';
import { registerNames, wide } from './summary';
import { Chips, Register, Section } from './value';
import type { VcpuFields } from './vcpus';
import styles from './registers.module.css';

interface Props {
  readonly vcpu: VcpuFields;
}

const GENERAL_32 = 'eax ebx ecx edx esi edi ebp esp'.split(' ');
const GENERAL = 'rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');
const FLAGS = ['OF', 'DF', 'IF', 'SF', 'ZF', 'AF', 'PF', 'CF'];

export function General({ vcpu }: Props): React.ReactNode {
  const { pointer, flags } = registerNames(vcpu);
  const rflags = vcpu.fields.get(flags);
  return (
    <>
      <Section title="General" note="hex">
        <dl>
          {(vcpu.form === 'pv32' ? GENERAL_32 : GENERAL).map((name) => (
            <Register key={name} name={name} node={vcpu.fields.get(name)} />
          ))}
        </dl>
      </Section>
      <Section title="Pointer and flags">
        <dl>
          <Register name={pointer} node={vcpu.fields.get(pointer)} />
          <Register name={flags} node={rflags} />
        </dl>
        <div className={styles['below']}>
          <Chips node={rflags} always={FLAGS} />
        </div>
      </Section>
    </>
  );
}

/** The page that a CR3 or CR1 points to. Guest-physical in both worlds: PV streams carry PFNs. */
export function RootPage({
  value,
  folded = false,
}: {
  readonly value: bigint;
  readonly folded?: boolean;
}): React.ReactNode {
  const pfn = folded ? foldedPfn(Number(value)) : Number((value & 0x000f_ffff_ffff_f000n) >> 12n);
  if (pfn === 0) return undefined;
  return (
    <button
      type="button"
      className="link"
      data-stop
      tabIndex={-1}
      title="Show the page in the map"
      onClick={() => selectPfn(pfn)}
    >
      PFN <span className="mono">{hex(pfn)}</span>
    </button>
  );
}

export function Debug({ vcpu }: Props): React.ReactNode {
  const dr7 = wide(vcpu, 'dr7');
  return (
    <Section title="Debug">
      <dl>
        {[0, 1, 2, 3].map((index) => (
          <Register key={index} name={`dr${index}`} node={vcpu.fields.get(`dr${index}`)}>
            {(dr7 >> BigInt(index * 2)) % 4n > 0n && <span>breakpoint {index}</span>}
          </Register>
        ))}
        {['dr6', 'dr7'].map((name) => (
          <Register key={name} name={name} node={vcpu.fields.get(name)}>
            <Chips node={vcpu.fields.get(name)} />
          </Register>
        ))}
      </dl>
    </Section>
  );
}
