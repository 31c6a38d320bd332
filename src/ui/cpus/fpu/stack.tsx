/** The x87 registers from the top of the stack. */
import type { FieldNode } from '../../../format/kit/node';
import { isInUse } from '../../../format/x86/fxsave';
import { hex0x } from '../../../lib/text';
import { goToOffset } from '../../../state/actions';
import { focusBytes } from '../../shared/focus-bytes';
import { Section } from '../value';
import { isInitial } from './model';
import styles from './fpu.module.css';

export function Stack({ legacy }: { readonly legacy: ReadonlyMap<string, FieldNode> }): React.ReactNode {
  const group = legacy.get('st');
  const [fsw, ftw] = [Number(legacy.get('fsw')?.value ?? 0), Number(legacy.get('ftw')?.value ?? 0)];
  if (!group?.children) return undefined;
  const initial = isInitial(group);
  return (
    <Section title="x87 stack" note={initial ? 'in its initial state' : 'from its top'}>
      <table className={styles['stack']}>
        <thead className="cap">
          <tr>
            <th scope="col">name</th>
            <th scope="col">tag</th>
            <th scope="col">value</th>
            <th scope="col">80 bits</th>
          </tr>
        </thead>
        <tbody>
          {group.children.map((node, index) => {
            const used = !initial && isInUse(fsw, ftw, index);
            return (
              <tr key={node.name} className={used ? '' : styles['unused']}>
                <th scope="row">{node.name}</th>
                <td>{used ? 'valid' : 'empty'}</td>
                <td>
                  <Cell node={node}>{node.text}</Cell>
                </td>
                <td className="mono">{bits(node)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Section>
  );
}

/** Sign and exponent, then the significand. */
const bits = ({ children = [] }: FieldNode): string =>
  ['sign_exponent', 'significand'].map((name) => children.find((one) => one.name === name)?.text ?? '—').join(' ');

function Cell({ node, children }: { readonly node: FieldNode; readonly children: React.ReactNode }): React.ReactNode {
  return (
    <button
      type="button"
      className={`${styles['value']} mono`}
      data-stop
      tabIndex={-1}
      title={[node.doc, `Show the bytes at ${hex0x(node.offset)}`].filter((line) => line !== undefined).join('\n')}
      onClick={() => {
        goToOffset(node.offset, 10);
        focusBytes();
      }}
    >
      {children}
    </button>
  );
}
