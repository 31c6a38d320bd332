/** What the start_info page of a PV guest says; nothing for any other page. */
import { type FieldNode, saysNothing } from '../../../format/kit/node';
import { decodeStartInfo, isStartInfo, startInfoPfn } from '../../../format/pv/start-info';
import { decodePage } from '../../../scan/decode-row';
import { MemoryLink } from '../../shared/memory-link';
import { useLandmarks } from '../../shared/use-landmarks';
import { useDecoded } from '../../shared/use-decoded';
import { usePageBytes } from './use-page-bytes';
import { useImage } from '../../shared/use-file';
import styles from './aside.module.css';

interface Props {
  readonly pfn: number;
  /** File offset of the copy that a restore would use. */
  readonly offset: number;
}

/** Shows the fields of the start_info page of a PV guest, and nothing for any other page. */
export function StartInfo({ pfn, offset }: Props): React.ReactNode {
  const vcpu = useDecoded(useLandmarks().libxc.vcpus.get(0)?.basic);
  const isNamed = vcpu.state === 'ready' && startInfoPfn(vcpu.value.nodes) === pfn;
  if (vcpu.state === 'failed')
    return <p className={styles['failed']}>Which page is start_info is not known: {vcpu.reason}</p>;
  return isNamed ? <Fields offset={offset} /> : null;
}

/** Fields that say something: those of the console one by one, no padding. */
const listed = (nodes: readonly FieldNode[], group = ''): { readonly name: string; readonly node: FieldNode }[] =>
  nodes.flatMap((node) => {
    if (saysNothing(node)) return [];
    if (node.value === null && node.children) return listed(node.children, `${node.name}.`);
    return [{ name: `${group}${node.name}`, node }];
  });

function Fields({ offset }: { readonly offset: number }): React.ReactNode {
  const image = useImage((all) => all);
  const page = usePageBytes(offset);
  if (page.state === 'failed') return <p className={styles['failed']}>start_info could not be read: {page.reason}</p>;
  if (page.state === 'loading') return null;
  const nodes = decodePage(decodeStartInfo, offset, page.value, image);
  if (!isStartInfo(nodes)) return null;
  const fields = listed(nodes);
  return (
    <section className={styles['fields']} aria-label="start_info">
      <h3>start_info</h3>
      <dl>
        {fields.map(({ name, node }) => (
          <div key={name} style={{ display: 'contents' }} title={node.doc}>
            <dt>{name}</dt>
            <dd className="mono">
              {[node.text === '' ? '—' : node.text, ...(node.flags ?? [])].join(' · ')}
              <MemoryLink node={node} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
