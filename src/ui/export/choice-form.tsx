/** The choices, each with what it is; the chosen one with its inputs and its size, or why it cannot be had. */
import { CircleSlash } from 'lucide-react';
import { RadioGroup } from 'radix-ui';
import { useId, useState } from 'react';
import type { ExportOffer } from '../../memory/export/choice';
import { type Scrub, SCRUBS } from '../../memory/export/blank/scrub';
import { byteSize, hex0x } from '../../lib/text';
import { app } from '../../state/app';
import type { ExportWhat } from '../../state/export';
import { choiceOf, CHOICES, type Inputs, isPv, recordName } from './choices';
import { canPick, save } from './save';
import { useOffer } from './use-offer';
import { useFile, useIsScanning, usePlace } from '../shared/use-file';
import { useApp } from '../shared/use-app';
import styles from './export.module.css';

/**
 * Shows what can be exported, and of the chosen one its inputs, its size or why it cannot be had, and the button that
 * saves it.
 */
export function ChoiceForm(): React.ReactNode {
  const file = useFile();
  const what = useApp((state) => state.exportWhat);
  const pfn = usePlace((place) => place.pfn);
  const scanning = useIsScanning();
  const start = pfn === undefined ? '' : hex0x(pfn);
  const [inputs, setInputs] = useState<Inputs>({
    scrub: [],
    keepUnknown: false,
    machineFrames: false,
    first: start,
    last: start,
  });
  const choice = choiceOf(file, what, inputs);
  const offer = useOffer(choice);
  const refused = scanning ? 'the image is still being read' : offer && 'refused' in offer ? offer.refused : undefined;
  const label = useId();
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (offer && refused === undefined && !('missing' in choice)) void save(file, choice, offer);
      }}
    >
      <RadioGroup.Root
        className={styles['choices'] ?? ''}
        aria-label="What to export"
        value={what}
        onValueChange={(value) => {
          const chosen = CHOICES.find((one) => one.what === value);
          if (chosen) app.setState({ exportWhat: chosen.what });
        }}
      >
        {CHOICES.map((one) => (
          <div key={one.what} className={styles['choice']} data-chosen={one.what === what}>
            <RadioGroup.Item value={one.what} id={`${label}-${one.what}`} className={styles['radio'] ?? ''}>
              <RadioGroup.Indicator className={styles['dot']} />
            </RadioGroup.Item>
            <label htmlFor={`${label}-${one.what}`}>
              <b>{one.title}</b> <Subject what={one.what} />
              <span className={styles['text']}>{one.text}</span>
            </label>
            {one.what === what && <Details what={what} inputs={inputs} onChange={setInputs} />}
          </div>
        ))}
      </RadioGroup.Root>
      <footer className={styles['foot']}>
        <output>{refused === undefined ? <Size offer={offer} /> : <Refused reason={refused} />}</output>
        <button type="submit" className="btn primary" disabled={offer === undefined || refused !== undefined}>
          {canPick() ? 'Save…' : 'Download'}
        </button>
      </footer>
    </form>
  );
}

/** What of the selection a choice is about. */
function Subject({ what }: { readonly what: ExportWhat }): React.ReactNode {
  const file = useFile();
  const { record, range } = usePlace((all) => all);
  const text =
    what === 'record'
      ? recordName(file, record)
      : what === 'range' && range
        ? `${hex0x(range.start)}, ${byteSize(range.end - range.start)}`
        : undefined;
  return text === undefined ? null : <span className={`mono ${styles['subject']}`}>{text}</span>;
}

const SCRUB_TEXT: Readonly<Record<Scrub, string>> = {
  registers: 'Registers too',
  config: 'Configuration and xenstore entries too',
};

interface DetailsProps {
  readonly what: ExportWhat;
  readonly inputs: Inputs;
  readonly onChange: (inputs: Inputs) => void;
}

function Details({ what, inputs, onChange }: DetailsProps): React.ReactNode {
  const file = useFile();
  if (what === 'pages')
    return (
      <div className={styles['details']}>
        <PfnInput label="First PFN" value={inputs.first} onChange={(first) => onChange({ ...inputs, first })} />
        <PfnInput label="Last PFN" value={inputs.last} onChange={(last) => onChange({ ...inputs, last })} />
      </div>
    );
  if (what === 'elf')
    return (
      <div className={styles['details']}>
        {isPv(file) && <Frames inputs={inputs} onChange={onChange} />}
        <OpenCore />
      </div>
    );
  if (what !== 'blank') return null;
  const { scrub } = inputs;
  return (
    <div className={styles['details']}>
      {SCRUBS.map((one) => (
        <label key={one} className={styles['check']}>
          <input
            type="checkbox"
            checked={scrub.includes(one)}
            onChange={({ target }) =>
              onChange({ ...inputs, scrub: target.checked ? [...scrub, one] : scrub.filter((other) => other !== one) })
            }
          />
          {SCRUB_TEXT[one]}
        </label>
      ))}
      <label className={styles['check']}>
        <input
          type="checkbox"
          checked={inputs.keepUnknown}
          onChange={({ target }) => onChange({ ...inputs, keepUnknown: target.checked })}
        />
        Bytes without a known meaning stay
      </label>
      <p className={styles['text']}>
        {scrub.length === 0
          ? 'The fingerprint is unchanged, so links work with either file.'
          : 'The fingerprint changes: links made with the original keep their offsets but report a different file. No verdict can be given.'}
      </p>
    </div>
  );
}

/**
 * Shows which of two core dumps of a PV guest is made: the one that most tools read, or the one that its host would
 * have written.
 */
function Frames({ inputs, onChange }: Omit<DetailsProps, 'what'>): React.ReactNode {
  return (
    <>
      <label className={styles['check']}>
        <input
          type="checkbox"
          checked={inputs.machineFrames}
          onChange={({ target }) => onChange({ ...inputs, machineFrames: target.checked })}
        />
        Machine frames of the host, in place of PFNs
      </label>
      <p className={styles['text']}>
        {inputs.machineFrames
          ? 'As xl dump-core writes page tables: for crash with Linux before 3.19. Volatility does not follow them.'
          : 'Page tables hold PFNs, as in the image.'}
      </p>
    </>
  );
}

/** `vmlinux` has debug information, and is of the build that runs in the guest. crash was not tried with HVM guests. */
function OpenCore(): React.ReactNode {
  const file = useFile();
  return (
    <p className={styles['text']}>
      Open it with <code>gdb vmlinux -c guest.core</code>
      {isPv(file) && (
        <>
          {' '}
          or <code>crash vmlinux guest.core</code>
        </>
      )}
      .
    </p>
  );
}

interface PfnInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function PfnInput({ label, value, onChange }: PfnInputProps): React.ReactNode {
  return (
    <label className={styles['pfn']}>
      {label}
      <input
        className="mono"
        value={value}
        placeholder="0x…"
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}

function Size({ offer }: { readonly offer: ExportOffer | undefined }): React.ReactNode {
  if (!offer || 'refused' in offer) return <span className={styles['text']}>Calculating the size…</span>;
  const { size, content, atLeast } = offer;
  const holes = canPick() ? ', the rest are holes' : '; a download has no holes, and is written in full';
  return (
    <>
      <b className="mono">
        {atLeast ? 'about ' : ''}
        {byteSize(size)}
      </b>
      {content < size && <span className={styles['text']}>{` of which ${byteSize(content)} are content${holes}`}</span>}
    </>
  );
}

const Refused = ({ reason }: { readonly reason: string }): React.ReactNode => (
  <span className={styles['refused']}>
    <CircleSlash size={14} aria-hidden />
    Not possible: {reason}
  </span>
);
