/** What the page shared with Xen says of a PV vCPU: upcalls, and how its clock runs. */
import { childNamed } from '../../format/kit/named';
import { SHARED_INFO_64 } from '../../format/libxc/shared-info';
import { useBytes } from '../shared/use-file';
import { itemAt } from '../shared/use-fields';
import { pairFields, useComparison } from './compare';
import { FieldList } from './field-list';
import { Section } from './value';
import type { ViewProps } from './view-props';
import styles from './registers.module.css';

/**
 * Shows the `vcpu_info` that the page shared with Xen holds of a PV vCPU: upcalls, and how its clock runs; or why it is
 * not there.
 */
export function SharedView({ id, parts }: ViewProps): React.ReactNode {
  const bytes = useBytes();
  const comparison = useComparison();
  const list = parts.get('SHARED_INFO')?.fields.get('vcpu_info');
  const { items } = list ?? {};
  if (!items) return <p className={styles['note']}>SHARED_INFO is not decoded.</p>;
  if (id >= items.count) {
    return (
      <p className={styles['note']}>
        The page has room for {items.count} vCPUs; this one keeps its vcpu_info elsewhere.
      </p>
    );
  }
  const info = itemAt(bytes, items, id);
  if (info === 'loading') return undefined;
  if ('failed' in info) {
    return (
      <p className={styles['note']} role="alert">
        Its vcpu_info could not be read: {info.failed}
      </p>
    );
  }
  const theirs = comparison && comparison.id < items.count ? itemAt(bytes, items, comparison.id) : 'loading';
  if (comparison && theirs !== 'loading' && !('failed' in theirs)) {
    pairFields(info.children ?? [], theirs.children ?? [], comparison.pairs);
  }
  const time = childNamed(SHARED_INFO_64.fields.vcpu_info.of, info, 'time');
  return (
    <div className={styles['wide']}>
      <Section title={`vcpu_info[${id}]`} note="SHARED_INFO">
        <FieldList nodes={(info.children ?? []).filter((node) => node !== time)} />
        <p className={styles['none']}>A guest may keep its vcpu_info in a page of its own: then this copy is old.</p>
      </Section>
      {time && (
        <Section title="Time" note={time.text}>
          <FieldList nodes={time.children ?? []} />
        </Section>
      )}
    </div>
  );
}
