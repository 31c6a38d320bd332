/** Every feature bit of the policy: a block for each word, a chip for each bit. One tab stop, arrows go from chip to chip. */
import { memo, useMemo, useState } from 'react';
import { attributeText } from '../../format/x86/cpuid/features';
import { hex } from '../../lib/text';
import { goToOffset } from '../../state/actions';
import type { OpenFile } from '../../state/open-file';
import { focusBytes } from '../shared/focus-bytes';
import { RovingGroup } from '../shared/roving-group';
import { type FeatureBit, type FeatureBlock, ownBits } from './feature-blocks';
import { useFile } from '../shared/use-file';
import styles from './features.module.css';

const stateOf = (block: FeatureBlock, { isSet }: FeatureBit): string =>
  block.register === undefined ? 'not in the policy' : isSet ? 'set' : 'clear';

function openRegister(file: OpenFile, { register }: FeatureBlock): void {
  if (!register) return;
  goToOffset(file, register.offset, register.length);
  focusBytes();
}

/** `AVX2: set, bit 5 of 7b0. Integer …; for all guests`. */
function explained(block: FeatureBlock, bit: FeatureBit): string {
  const guests = bit.isMirror ? '' : ` Offered: ${attributeText(bit.attributes)}.`;
  return `${stateOf(block, bit)}, bit ${bit.bit} of ${block.group} (${block.place}). ${bit.doc}${guests}`;
}

function Chip({ block, bit }: { readonly block: FeatureBlock; readonly bit: FeatureBit }): React.ReactNode {
  const file = useFile();
  return (
    <li>
      <button
        type="button"
        className={`bit ${bit.isSet ? (bit.isMirror ? styles['mirror'] : '') : 'off'}`}
        data-stop
        data-bit={`${block.group}.${bit.bit}`}
        tabIndex={-1}
        title={explained(block, bit)}
        onClick={() => openRegister(file, block)}
      >
        {bit.name}
        {!bit.isSet && <span className="sr"> {stateOf(block, bit)}</span>}
      </button>
    </li>
  );
}

const Block = memo(function Block({
  block,
  whole,
}: {
  readonly block: FeatureBlock;
  readonly whole: FeatureBlock | undefined;
}) {
  const file = useFile();
  const own = ownBits(whole ?? block);
  const { register, group, place, value, bits } = block;
  return (
    <section className={styles['block']} aria-label={`${group}, ${place}`}>
      <div className={styles['word']}>
        <h2 className="mono">{group}</h2>
        <span className={styles['count']}>
          {register && `${own.filter(({ isSet }) => isSet).length} of ${own.length}`}
        </span>
        <span className={`mono ${styles['place']}`}>{place}</span>
        {register ? (
          <button
            type="button"
            className={`mono ${styles['value']}`}
            data-stop
            tabIndex={-1}
            title="Show the bytes"
            onClick={() => openRegister(file, block)}
          >
            {hex(value, 8)}
          </button>
        ) : (
          <span className={styles['absent']}>not in the policy</span>
        )}
      </div>
      {bits.length > 0 ? (
        <ul className={styles['bits']}>
          {bits.map((bit) => (
            <Chip key={bit.bit} block={block} bit={bit} />
          ))}
        </ul>
      ) : (
        <p className={styles['empty']}>No bit of this word has a name.</p>
      )}
    </section>
  );
});

interface Props {
  readonly all: readonly FeatureBlock[];
  readonly shown: readonly FeatureBlock[];
}

/** Shows a block for each feature word with a chip for each bit, and below them what the bit pointed at means. */
export function FeatureMatrix({ all, shown }: Props): React.ReactNode {
  const [pointed, setPointed] = useState<string>();
  const point = (target: EventTarget): void => {
    const key = target instanceof Element ? target.closest<HTMLElement>('[data-bit]')?.dataset['bit'] : undefined;
    if (key !== undefined) setPointed(key);
  };
  const wholes = useMemo(() => new Map(all.map((block) => [block.group, block])), [all]);
  const [group = '', number = ''] = pointed?.split('.') ?? [];
  const block = wholes.get(group);
  const bit = block?.bits.find((one) => one.bit === Number(number));
  return (
    <>
      <RovingGroup className={styles['matrix']} label="Feature bits" onPoint={point}>
        {shown.map((one) => (
          <Block key={one.group} block={one} whole={wholes.get(one.group)} />
        ))}
        {shown.length === 0 && <p className={styles['none']}>No feature matches.</p>}
      </RovingGroup>
      <p className={styles['detail']}>
        {block && bit ? (
          <>
            <b className="mono">{bit.name}</b> {explained(block, bit)}
          </>
        ) : (
          'Point at a bit to read what it means; Enter shows its bytes.'
        )}
      </p>
    </>
  );
}
