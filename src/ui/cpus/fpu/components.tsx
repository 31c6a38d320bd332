/** Components beside the vectors: masks, protection keys and whatever else there is. */
import type { FieldNode } from '../../../format/kit/node';
import { Chips } from '../chips';
import { Register, Section } from '../value';
import { isInitial } from './model';
import styles from './fpu.module.css';

/** Shown with the vectors, or too long for a list. */
const ELSEWHERE = new Set(['YMM', 'ZMM', 'HI_ZMM', 'TILE_DATA', 'components']);

/** Shows the XSAVE components beside the vectors, such as masks and protection keys, in a section each. */
export function Components({ components }: { readonly components: readonly FieldNode[] }): React.ReactNode {
  return components
    .filter(({ name }) => !ELSEWHERE.has(name))
    .map((component) => (
      <Section
        key={component.name}
        title={component.name}
        {...(isInitial(component) ? { note: 'in its initial state' } : {})}
      >
        <dl className={styles['words']}>
          {[...words(component)].map(([path, node]) => (
            <Register key={path} name={path} node={node}>
              {!isInitial(component) && <Chips node={node} />}
            </Register>
          ))}
        </dl>
      </Section>
    ));
}

/** The integers of a component, those inside of groups with the group's name before theirs. */
function* words({ children = [] }: FieldNode, before = ''): Generator<readonly [string, FieldNode]> {
  for (const node of children) {
    if (typeof node.value === 'number' || typeof node.value === 'bigint') yield [`${before}${node.name}`, node];
    else if (node.value === null && node.children) yield* words(node, `${before}${node.name}.`);
  }
}
