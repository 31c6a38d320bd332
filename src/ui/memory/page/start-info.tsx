/** What the start_info page of a PV guest says; nothing for any other page. */
import { useEffect, useState } from 'react';
import type { FieldNode } from '../../../format/kit/node';
import { PAGE_SIZE } from '../../../format/libxc/page-data';
import { decodeStartInfo, isStartInfo, startInfoPfn } from '../../../format/pv/start-info';
import { decodePage } from '../../../scan/decode-row';
import { fileData } from '../../../state/session';
import { useApp } from '../../../state/store';
import { TargetLink } from '../../shared/target-link';
import { useLandmarks } from '../../shared/landmarks';
import { useDecoded } from '../../shared/use-decoded';
import styles from './aside.module.css';

interface Props {
  readonly pfn: number;
  /** File offset of the copy that a restore would use. */
  readonly offset: number;
}

export function StartInfo({ pfn, offset }: Props): React.ReactNode {
  const vcpu = useDecoded(useLandmarks().vcpus.get(0));
  const isNamed = vcpu.state === 'ready' && startInfoPfn(vcpu.nodes) === pfn;
  return isNamed ? <Fields offset={offset} /> : null;
}

/** Fields that say something: those of the console one by one, no padding. */
const listed = (nodes: readonly FieldNode[], group = ''): { readonly name: string; readonly node: FieldNode }[] =>
  nodes.flatMap((node) => {
    if (node.name === 'unused' || node.name.startsWith('pad')) return [];
    if (node.value === null && node.children) return listed(node.children, `${node.name}.`);
    return [{ name: `${group}${node.name}`, node }];
  });

function Fields({ offset }: { readonly offset: number }): React.ReactNode {
  const image = useApp((state) => state.image);
  const data = fileData();
  const [page, setPage] = useState<{ readonly offset: number; readonly bytes: Uint8Array }>();
  useEffect(() => {
    let wanted = true;
    const put = (bytes: Uint8Array): void => {
      if (wanted) setPage({ offset, bytes });
    };
    // What cannot be read is said by the bytes themselves; here there is then nothing to list.
    data.source.read(offset, PAGE_SIZE).then(put, () => put(new Uint8Array(0)));
    return () => {
      wanted = false;
    };
  }, [data, offset]);
  if (page?.offset !== offset || page.bytes.length === 0) return null;
  const nodes = decodePage(decodeStartInfo, offset, page.bytes, image);
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
              <TargetLink node={node} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
