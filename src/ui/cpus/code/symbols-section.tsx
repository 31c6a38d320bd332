/** The symbols of the guest's kernel: a file to choose, what it says, and where the kernel was moved to. */
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { counted, hex } from '../../../lib/text';
import type { SymbolsInfo } from '../../../memory/kernel/fit';
import { moveSymbols } from '../../../state/symbols';
import { useFile } from '../../shared/use-file';
import { Stop } from './address';
import { Section } from '../value';
import styles from './code.module.css';

/** Shows the symbols of the guest’s kernel: a file to choose, what it says, and by how much the kernel was moved. */
export function SymbolsSection(): React.ReactNode {
  const { symbols: job } = useFile();
  const symbols = useStore(job.store);
  const input = useRef<HTMLInputElement>(null);
  return (
    <Section
      named
      title="Symbols"
      note={
        <Stop
          className="link cap"
          tip="A System.map, /proc/kallsyms, or vmlinux with its symbol table; dropping it on the page does the same"
          onClick={() => input.current?.click()}
        >
          {symbols.state === 'idle' ? 'System.map or vmlinux…' : 'another file…'}
        </Stop>
      }
    >
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Symbols of the guest’s kernel"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) void job.start({ kind: 'file', file });
          target.value = '';
        }}
      />
      <output className={styles['words']}>
        {symbols.state === 'failed' && (
          <span className={styles['wrong']}>{`${symbols.known}: ${symbols.reason}. `}</span>
        )}
        {symbols.state === 'idle' && 'None: addresses have no names. '}
        {(symbols.state === 'idle' || symbols.state === 'failed') && (
          <Stop
            className="link"
            tip="Linux carries the names of its functions with it: they are looked for in its memory"
            onClick={() => void job.start({ kind: 'own' })}
          >
            Use the kernel’s built-in symbols (kallsyms)
          </Stop>
        )}
        {symbols.state === 'running' && `Reading: ${symbols.known} …`}
        {symbols.state === 'done' &&
          `${symbols.known}: ${counted(symbols.out.count, 'symbol')}. ${fitText(symbols.out)}`}
      </output>
      {symbols.state === 'done' && <Slide key={String(symbols.out.slide)} slide={symbols.out.slide} />}
    </Section>
  );
}

const signed = (slide: bigint): string => `${slide < 0n ? '-' : ''}0x${hex(slide < 0n ? -slide : slide)}`;

function fitText({ how, slide, by, of }: SymbolsInfo): string {
  switch (how) {
    case 'none':
      return 'No kernel entry point matches these symbols: they belong to another kernel, or it was relocated. You can enter the offset.';
    case 'given':
      return `Shifted by ${signed(slide)}, as entered.`;
    case 'found': {
      const where = slide === 0n ? 'The kernel is where it was linked' : `The kernel was moved by ${signed(slide)}`;
      return `${where}: ${by.length} of ${counted(of, 'entry point')} say so, ${by[0]} for one.`;
    }
  }
}

function Slide({ slide }: { readonly slide: bigint }): React.ReactNode {
  const file = useFile();
  const [text, setText] = useState(signed(slide));
  const value = /^-?0x[\da-f]{1,16}$/iu.test(text.trim()) ? parse(text.trim()) : undefined;
  return (
    <form
      className={styles['slide']}
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== undefined) void moveSymbols(file, value);
      }}
    >
      <label>
        Shift
        <input
          className="mono"
          value={text}
          spellCheck={false}
          aria-invalid={value === undefined}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="btn" disabled={value === undefined || value === slide}>
        Apply
      </button>
    </form>
  );
}

const parse = (text: string): bigint => (text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text));
