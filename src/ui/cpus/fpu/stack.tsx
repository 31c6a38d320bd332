/** The x87 registers from the top of the stack. */
import { childNamed, type FieldName, type NamedFields } from '../../../format/kit/named';
import type { FieldNode } from '../../../format/kit/node';
import { type FXSAVE, isInUse, X87_REGISTER } from '../../../format/x86/fxsave';
import { Section, Value } from '../value';
import { isInitial } from './model';
import { TableHead } from '../table-head';
import styles from './fpu.module.css';

/** Shows the x87 registers from the top of the stack, each with its value and its 80 bits. */
export function Stack({ legacy }: { readonly legacy: NamedFields<FieldName<typeof FXSAVE>> }): React.ReactNode {
  const group = legacy.get('st');
  const [fsw, ftw] = [Number(legacy.get('fsw')?.value ?? 0), Number(legacy.get('ftw')?.value ?? 0)];
  if (!group?.children) return undefined;
  const initial = isInitial(group);
  return (
    <Section title="x87 stack" note={initial ? 'in its initial state' : 'from its top'}>
      <table className={styles['stack']}>
        <TableHead columns={['name', 'tag', 'value', '80 bits']} />
        <tbody>
          {group.children.map((node, index) => {
            const used = !initial && isInUse(fsw, ftw, index);
            return (
              <tr key={node.name} className={used ? '' : styles['unused']}>
                <th scope="row">{node.name}</th>
                <td>{used ? 'valid' : 'empty'}</td>
                <td>
                  <Value node={node} text={node.text} />
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
const bits = (node: FieldNode): string =>
  (['sign_exponent', 'significand'] as const)
    .map((name) => childNamed(X87_REGISTER, node, name)?.text ?? '—')
    .join(' ');
