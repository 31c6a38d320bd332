/** How the next instruction is found: the tables from the root down, each entry leading to its bytes. */
import { offsetInPage } from '../../../format/page';
import { given } from '../../../lib/given';
import { hex, hex0x, memorySize } from '../../../lib/text';
import type { CodeView } from '../../../memory/code/code-view';
import { whyNot } from '../../../memory/walk/reasons';
import { showBytes } from '../../shared/focus-bytes';
import { Section } from '../value';
import { rightsWords } from '../../../memory/walk/rights-words';
import { Stop } from './address';
import { useFile } from '../../shared/use-file';
import styles from './code.module.css';

interface Props {
  readonly view: CodeView;
  readonly pointer: string;
}

/**
 * Shows how the next instruction is found: the tables from the root down, each entry leading to its bytes, and the page
 * or why there is none.
 */
export function WalkSection({ view, pointer }: Props): React.ReactNode {
  const file = useFile();
  const { steps, gpa, pageSize = 0, page, rights } = view.walk;
  const reason = whyNot(view.walk);
  const root = steps[0]?.table;
  return (
    <Section
      named
      title={`Where ${pointer} points`}
      {...given({ note: root === undefined ? undefined : `root PFN ${hex(root)}` })}
    >
      <p className={styles['chips']}>
        {steps.map(({ level, index, table, entry, flags, offset }) => (
          <span key={level} className={styles['step']}>
            <Stop
              className={styles['chip']}
              tip={`${level} ${index} of the table in PFN ${hex0x(table)}\n${hex0x(entry, 16)} ${flags.join(' ')}\nBytes at ${hex0x(offset)}`}
              onClick={() => showBytes(file, { offset, length: 8 })}
            >
              {level} <b>{index}</b>
            </Stop>
            ›
          </span>
        ))}
        {page?.state === 'here' && gpa !== undefined && (
          <Stop
            className={`link mono ${styles['page']}`}
            tip={`Guest address ${hex0x(gpa)}\nShow the bytes`}
            onClick={() => showBytes(file, { offset: page.offset + offsetInPage(gpa), length: 1 })}
          >
            PFN {hex(page.pfn)} +{hex(offsetInPage(gpa))}
          </Stop>
        )}
      </p>
      <p className={styles['words']}>
        {reason ??
          (rights === undefined || steps.length === 0
            ? 'no paging: the address is the guest-physical one'
            : `${memorySize(pageSize)} page, ${rightsWords(rights)}`)}
      </p>
    </Section>
  );
}
