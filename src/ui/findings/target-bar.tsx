/** On what the image would be restored: the version of Xen, and the CPU policy of the host. */
import { Cpu, X } from 'lucide-react';
import { useRef } from 'react';
import { checkOn } from '../../state/actions';
import type { RestoreTarget } from '../../state/jobs/check';
import { notify } from '../../state/app';
import { useCheck, useFile, useImage, usePhase } from '../shared/use-file';
import { fittingReader, isReader, READERS, readersOf } from '../../check/kit/reader';
import { NEWEST_XEN, OLDEST_XEN, savingXen, versionText } from '../../check/kit/xen-version';
import styles from './target-bar.module.css';

/** Longest policy taken, bytes: that of a host has 10 KiB. */
const POLICY_LIMIT = 1024 * 1024;

/**
 * Shows what the image would be restored on, and lets it be changed: the version of Xen and the CPU policy of the host.
 */
export function TargetBar(): React.ReactNode {
  const file = useFile();
  const target = useCheck((check) => check.known);
  const ready = usePhase() === 'done';
  const image = useImage((known) => known);
  const saved = savingXen(image);
  const own = saved ?? NEWEST_XEN;
  const fits = fittingReader(image);
  const versions = Array.from({ length: NEWEST_XEN - OLDEST_XEN + 1 }, (_, index) => NEWEST_XEN - index);
  return (
    <div className={styles['bar']}>
      <label>
        Restored by
        <select
          value={target.reader ?? fits}
          disabled={!ready}
          onChange={(event) => {
            const { reader: _before, ...rest } = target;
            const { value } = event.target;
            checkOn(file, value === fits || !isReader(value) ? rest : { ...rest, reader: value });
          }}
        >
          {readersOf(image).map((id) => (
            <option key={id} value={id}>
              {READERS[id].title}
              {id === fits ? ' (fits the file)' : ''}
            </option>
          ))}
        </select>
      </label>
      <label>
        on
        <select
          aria-label="Version of Xen that restores"
          value={target.xen ?? own}
          disabled={!ready}
          onChange={(event) => {
            const { xen: _before, ...rest } = target;
            const xen = Number(event.target.value);
            checkOn(file, xen === own ? rest : { ...rest, xen });
          }}
        >
          {versions.map((version) => (
            <option key={version} value={version}>
              Xen {versionText(version)}
              {version === saved ? ' (which saved it)' : ''}
            </option>
          ))}
        </select>
      </label>
      <Policy target={target} ready={ready} />
    </div>
  );
}

function Policy({ target, ready }: { readonly target: RestoreTarget; readonly ready: boolean }): React.ReactNode {
  const file = useFile();
  const input = useRef<HTMLInputElement>(null);
  const { policy } = target;
  const take = (given: File): void => checkOn(file, { ...target, policy: { name: given.name, data: given } });
  const paste = async (): Promise<void> => {
    try {
      const text = (await navigator.clipboard.readText()).slice(0, POLICY_LIMIT);
      checkOn(file, { ...target, policy: { name: 'pasted', data: new Blob([text]) } });
    } catch {
      notify('The browser did not allow reading the clipboard');
    }
  };
  if (policy) {
    const { policy: _dropped, ...rest } = target;
    return (
      <span className={styles['policy']}>
        <Cpu size={14} aria-hidden />
        CPU policy: <b className="ell">{policy.name}</b>
        <button
          type="button"
          className="btn icon"
          aria-label="Forget the CPU policy of the target"
          title="Forget it"
          onClick={() => checkOn(file, rest)}
        >
          <X size={14} aria-hidden />
        </button>
      </span>
    );
  }
  return (
    <span
      className={styles['policy']}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        const [given] = event.dataTransfer.files;
        event.preventDefault();
        event.stopPropagation();
        if (given && ready) take(given);
      }}
    >
      <Cpu size={14} aria-hidden />
      <span className="ell">CPU of the target not known</span>
      <button
        type="button"
        className="btn"
        disabled={!ready}
        title="What xen-cpuid -p printed on the host that restores, or an image saved there"
        onClick={() => input.current?.click()}
      >
        CPU policy…
      </button>
      <button type="button" className="btn" disabled={!ready} onClick={() => void paste()}>
        Paste
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="CPU policy of the target"
        onChange={(event) => {
          const [given] = event.target.files ?? [];
          if (given) take(given);
          event.target.value = '';
        }}
      />
    </span>
  );
}
