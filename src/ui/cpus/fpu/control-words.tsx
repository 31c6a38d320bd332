/** Control and status of x87 and SSE. */
import type { FieldName, NamedFields } from '../../../format/kit/named';
import type { FieldNode } from '../../../format/kit/node';
import type { FXSAVE } from '../../../format/x86/fxsave';
import { hex } from '../../../lib/text';
import { Chips } from '../chips';
import { Register, Section } from '../value';
import { isInitial } from './model';
import styles from './fpu.module.css';

interface Props {
  readonly legacy: NamedFields<FieldName<typeof FXSAVE>>;
}

/** Exceptions are masked by default: those bits say something when they are clear. */
const WORDS = ['fcw', 'fsw', 'ftw', 'mxcsr'] as const;

/** Shows the control and status words of x87 and SSE, and the last instruction and its pointers. */
export function ControlWords({ legacy }: Props): React.ReactNode {
  const fcw = legacy.get('fcw');
  const initial = fcw !== undefined && isInitial(fcw);
  return (
    <Section title="Control and status" {...(initial ? { note: 'x87 in its initial state' } : {})}>
      <dl className={styles['words']}>
        {WORDS.map((name) => (
          <Register key={name} name={name} node={legacy.get(name)}>
            <WordChips node={legacy.get(name)} />
          </Register>
        ))}
        <Register name="mxcsr_mask" node={legacy.get('mxcsr_mask')} />
        <Register name="fop" node={legacy.get('fop')}>
          {legacy.get('fop')?.value !== 0 && <span>{legacy.get('fop')?.note}</span>}
        </Register>
        {(['fip', 'fdp'] as const).map((name) => (
          <Register key={name} name={name} node={legacy.get(name)}>
            <Pointer node={legacy.get(name)} wordSize={legacy.get('fpu_word_size')} />
          </Register>
        ))}
      </dl>
    </Section>
  );
}

/** Bits that do not count say nothing. */
const WordChips = ({ node }: { readonly node: FieldNode | undefined }): React.ReactNode =>
  node && !isInitial(node) && <Chips node={node} more />;

/** What the 64 bits of a pointer are, by the word size that Xen noted. */
function Pointer(props: {
  readonly node: FieldNode | undefined;
  readonly wordSize: FieldNode | undefined;
}): React.ReactNode {
  const { value } = props.node ?? {};
  const size = props.wordSize?.value;
  if (typeof value !== 'bigint' || value === 0n || (size !== 4 && size !== 2)) return undefined;
  return (
    <span>
      selector <span className="mono">{hex((value >> 32n) & 0xffffn, 4)}</span> offset{' '}
      <span className="mono">{hex(value & 0xffff_ffffn, 8)}</span>
    </span>
  );
}
