/** How an HVM guest has set the caching of memory: by page attribute and by range. */
import { MTRR_RANGE } from '../../format/hvm/mtrr';
import { childNamed } from '../../format/kit/named';
import type { FieldNode } from '../../format/kit/node';
import { FIXED_RANGES } from '../../format/hvm/mtrr-ranges';
import { MemoryLink } from '../shared/memory-link';
import { Chips, Note } from './chips';
import { NotRead, useItems } from './field-list';
import { Register, Section, Value } from './value';
import type { ViewProps } from './view-props';
import { TableHead } from './table-head';
import styles from './registers.module.css';

/** One row for each of the eight combinations of page-table bits. */
function Pat({ pat }: { readonly pat: FieldNode | undefined }): React.ReactNode {
  const entries = (pat?.children ?? []).slice(0, 8);
  return (
    <Section title="Page attribute table">
      <dl>
        <Register name="PAT" node={pat} />
      </dl>
      <table className={styles['table']}>
        <TableHead columns={['entry', 'PAT PCD PWT', 'type']} />
        <tbody>
          {entries.map((entry, index) => (
            <tr key={entry.name}>
              <th scope="row">{entry.name}</th>
              <td className="mono">{[4, 2, 1].map((bit) => ((index & bit) === 0 ? 0 : 1)).join(' ')}</td>
              <td>
                <Value node={entry} text={entry.note ?? entry.text} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Ranges({ list }: { readonly list: FieldNode | undefined }): React.ReactNode {
  const ranges = useItems(list);
  return (
    <Section title="Variable ranges">
      <div className={styles['tableWrap']}>
        <table className={styles['table']}>
          <TableHead columns={['MTRR', 'base', 'mask', 'range']} />
          <tbody>
            {ranges.list.map((range, index) => (
              <tr key={range.offset}>
                <th scope="row">{index}</th>
                <td>
                  <Value node={childNamed(MTRR_RANGE, range, 'base')} />
                  <MemoryLink node={childNamed(MTRR_RANGE, range, 'base')} stop />
                </td>
                <td>
                  <Value node={childNamed(MTRR_RANGE, range, 'mask')} />
                </td>
                <td>{range.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <NotRead items={ranges} />
      <p className={styles['none']}>{list?.doc}</p>
    </Section>
  );
}

function FixedRanges({ fixed }: { readonly fixed: FieldNode | undefined }): React.ReactNode {
  return (
    <Section title="Fixed ranges" note="the first MiB">
      <p className={styles['none']}>{fixed?.text}</p>
      <dl className={styles['wideNames']}>
        {fixed?.children?.map((register, index) => (
          <Register key={register.offset} name={FIXED_RANGES[index]?.name ?? register.name} node={register}>
            <Note node={register} />
          </Register>
        ))}
      </dl>
    </Section>
  );
}

/** Shows how an HVM guest has set the caching of memory: by MTRR range and by page attribute. */
export function MtrrView({ parts }: ViewProps): React.ReactNode {
  const fields = parts.get('MTRR')?.fields;
  const [type, cap] = [fields?.get('msr_mtrr_def_type'), fields?.get('msr_mtrr_cap')];
  return (
    <div className={styles['wide']}>
      <div className={styles['stack']}>
        <Section title="MTRRs">
          <dl className={styles['wideNames']}>
            <Register name="def_type" node={type} digits={0}>
              <Note node={type} />
              <Chips node={type} more />
            </Register>
            <Register name="cap" node={cap} digits={0}>
              <Chips node={cap} more />
            </Register>
          </dl>
        </Section>
        <Ranges list={fields?.get('msr_mtrr_var')} />
        <FixedRanges fixed={fields?.get('msr_mtrr_fixed')} />
      </div>
      <Pat pat={fields?.get('msr_pat_cr')} />
    </div>
  );
}
