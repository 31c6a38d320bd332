/** The configuration, as a tree and as text. */
import { ChevronDown, ChevronUp, Copy } from 'lucide-react';
import { useMemo, useState } from 'react';
import { byteSize, grouped } from '../../lib/text';
import { copyText } from '../shared/clipboard';
import { FindBox } from '../shared/find-box';
import { fieldList, matchingRows } from './field-list';
import { Frame } from './frame';
import { showBytes } from '../shared/focus-bytes';
import { Switch } from '../shared/switch';
import { occurrences } from './text-rows';
import { TextView } from './text-view';
import { TreeView } from './tree-view';
import type { Config, ConfigText } from './use-config';
import { prettyXml } from './xml-text';
import { useFile } from '../shared/use-file';
import styles from './config.module.css';

const TITLES = {
  json: 'JSON of libxl',
  cfg: 'xl.cfg text',
  xml: 'libvirt XML',
} as const;

const MODES = [
  ['tree', 'Tree'],
  ['text', 'Text'],
] as const;

interface Props {
  readonly parts: React.ReactNode;
  readonly config: Config;
  readonly loaded: ConfigText;
}

/** The text as it is shown: XML set out where that can be done. */
function shownText({ format }: Config, text: string): string {
  return format === 'xml' ? (prettyXml(text) ?? text) : text;
}

/** Shows the configuration as a tree of its fields or as text, with a search in both. */
export function ConfigView({ parts, config, loaded }: Props): React.ReactNode {
  const file = useFile();
  const { fields, cut, problem } = loaded;
  const text = useMemo(() => shownText(config, loaded.text), [config, loaded.text]);
  const list = useMemo(() => fieldList(fields), [fields]);
  const [mode, setMode] = useState<'tree' | 'text'>('tree');
  const [wanted, setWanted] = useState('');
  const [hit, setHit] = useState(0);
  const isTree = mode === 'tree';
  const hits = useMemo(() => occurrences(text, wanted), [text, wanted]);
  const found = useMemo(() => (isTree ? matchingRows(list, wanted).hits : hits.length), [list, isTree, wanted, hits]);
  const step = (by: number): void => setHit((hit + by + hits.length) % Math.max(1, hits.length));
  const count = isTree || found === 0 ? `${grouped(found)} found` : `${grouped(hit + 1)} of ${grouped(found)}`;

  return (
    <Frame
      parts={
        <>
          {parts}
          <Switch label="How the configuration is shown" value={mode} choices={MODES} onChange={setMode} />
        </>
      }
      title={`${TITLES[config.format]} · ${byteSize(config.length)}`}
      problem={cut ? 'Longer than 1 MiB: only the beginning is shown.' : problem && `The text is damaged: ${problem}.`}
      tools={
        <>
          <FindBox
            value={wanted}
            placeholder="Find"
            label="Find in the configuration"
            found={wanted === '' ? '' : count}
            onChange={(value) => {
              setWanted(value);
              setHit(0);
            }}
            onEnter={(back) => {
              if (!isTree) step(back ? -1 : 1);
            }}
          />
          {!isTree && (
            <span className={styles['steps']}>
              <Step label="Previous" icon={ChevronUp} disabled={hits.length < 2} onClick={() => step(-1)} />
              <Step label="Next" icon={ChevronDown} disabled={hits.length < 2} onClick={() => step(1)} />
            </span>
          )}
          <button
            type="button"
            className="btn icon"
            aria-label="Copy the configuration"
            title="Copy"
            onClick={() => void copyText(loaded.text, 'Configuration')}
          >
            <Copy size={14} aria-hidden />
          </button>
          <button type="button" className="btn" onClick={() => showBytes(file, config)}>
            Show the bytes
          </button>
        </>
      }
    >
      {isTree ? (
        <TreeView list={list} label="Domain configuration" wanted={wanted} />
      ) : (
        <TextView
          text={text}
          label={TITLES[config.format]}
          wantedLength={wanted.length}
          hits={hits}
          hit={wanted === '' ? -1 : hit}
        />
      )}
    </Frame>
  );
}

interface StepProps {
  readonly label: string;
  readonly icon: typeof ChevronUp;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

function Step({ label, icon: Icon, disabled, onClick }: StepProps): React.ReactNode {
  return (
    <button type="button" className="btn icon" aria-label={label} disabled={disabled} onClick={onClick}>
      <Icon size={14} aria-hidden />
    </button>
  );
}
