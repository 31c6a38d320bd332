/** Groups of registers that PV and HVM have in common. */
import { foldedPfn } from '../../format/pv/roots';
import { FRAME_MASK, pfnOf } from '../../format/page';
import { breakpointText } from '../../format/x86/breakpoints';
import type { FieldNode } from '../../format/kit/node';
import { hex } from '../../lib/text';
import { selectPfn } from '../../state/actions';
import { Chips } from './chips';
import type { VcpuFields } from '../../memory/vcpus/registers';
import type { Parts } from '../../memory/vcpus/parts';
import { registerNames, wide } from './summary';
import { Register, Section } from './value';
import { useFile } from '../shared/use-file';
import styles from './registers.module.css';

interface Props {
  readonly vcpu: VcpuFields;
}

const GENERAL_32 = ['eax', 'ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp', 'esp'] as const;
const GENERAL = [
  'rax',
  'rbx',
  'rcx',
  'rdx',
  'rsi',
  'rdi',
  'rbp',
  'rsp',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
] as const;
const FLAGS = ['OF', 'DF', 'IF', 'SF', 'ZF', 'AF', 'PF', 'CF'];

/** Shows the general registers of a vCPU, its instruction pointer and its flags. */
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
          <Chips node={rflags} always={FLAGS} more />
        </div>
      </Section>
    </>
  );
}

/** The page that a CR3 or CR1 points to. Guest-physical in both worlds: PV streams carry PFNs. */
function RootPage({ value, folded = false }: { readonly value: bigint; readonly folded?: boolean }): React.ReactNode {
  const file = useFile();
  const pfn = folded ? foldedPfn(Number(value)) : pfnOf(value & FRAME_MASK);
  if (pfn === 0) return undefined;
  return (
    <button
      type="button"
      className="link"
      data-stop
      tabIndex={-1}
      data-tip="Show the page in the map"
      onClick={() => selectPfn(file, pfn)}
    >
      PFN <span className="mono">{hex(pfn)}</span>
    </button>
  );
}

/** What the page tables of a PV guest are for; 64-bit ones have two roots. */
function Root({ vcpu, name }: Props & { readonly name: 'cr1' | 'cr3' }): React.ReactNode {
  const { form } = vcpu;
  const role = name === 'cr1' ? 'user-mode root' : form === 'pv64' ? 'kernel-mode root' : 'root';
  return (
    <Register name={name} node={vcpu.fields.get(name)}>
      <RootPage value={wide(vcpu, name)} folded={form === 'pv32'} />
      {form !== 'hvm' && <span>{role}</span>}
    </Register>
  );
}

/** A register with its bits spelled out. */
const Bits = ({ name, node }: { readonly name: string; readonly node: FieldNode | undefined }): React.ReactNode => (
  <Register name={name} node={node}>
    <Chips node={node} more />
  </Register>
);

/** Shows the control registers of a vCPU with their bits, and EFER and XCR0 where the stream has them. */
export function Control({ vcpu, parts }: Props & { readonly parts: Parts }): React.ReactNode {
  const { fields, form } = vcpu;
  const xcr0 = (parts.get('CPU_XSAVE') ?? parts.get('X86_PV_VCPU_XSAVE'))?.fields.get('xcr0');
  const efer = fields.get('msr_efer');
  return (
    <Section title="Control">
      <dl>
        <Bits name="cr0" node={fields.get('cr0')} />
        {form === 'pv64' && <Root vcpu={vcpu} name="cr1" />}
        <Register name="cr2" node={fields.get('cr2')} />
        <Root vcpu={vcpu} name="cr3" />
        <Bits name="cr4" node={fields.get('cr4')} />
        {efer && <Bits name="efer" node={efer} />}
        {xcr0 && <Bits name="xcr0" node={xcr0} />}
      </dl>
    </Section>
  );
}

const BREAKPOINTS = ['dr0', 'dr1', 'dr2', 'dr3'] as const;

/** Shows the debug registers of a vCPU: each breakpoint with what it waits for, then dr6 and dr7 with their bits. */
export function Debug({ vcpu }: Props): React.ReactNode {
  const dr7 = wide(vcpu, 'dr7');
  return (
    <Section title="Debug">
      <dl className={styles['shortNames']}>
        {BREAKPOINTS.map((name, index) => (
          <Register key={name} name={name} node={vcpu.fields.get(name)}>
            {vcpu.fields.has('dr7') && <span>{breakpointText(dr7, index)}</span>}
          </Register>
        ))}
        {(['dr6', 'dr7'] as const).map((name) => (
          <Register key={name} name={name} node={vcpu.fields.get(name)}>
            <Chips node={vcpu.fields.get(name)} more />
          </Register>
        ))}
      </dl>
    </Section>
  );
}
