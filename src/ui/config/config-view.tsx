/** The configuration, as a tree where it is JSON, and as text. */
import { ChevronDown, ChevronUp, Copy, Search, TriangleAlert } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import { useMemo, useState } from 'react';
import { byteSize, grouped } from '../../lib/text';
import { goToOffset } from '../../state/actions';
import { copyText } from '../app/clipboard';
import { type JsonTree, jsonTree, matchingRows } from './json-tree';
import { occurrences } from './text-rows';
import { TextView } from './text-view';
import { TreeView } from './tree-view';
import type { Config } from './use-config';
import { prettyXml } from './xml-text';
import styles from './config.module.css';

const TITLES = {
  json: 'libxl domain configuration, JSON',
  cfg: 'xl domain configuration, xl.cfg text',
  xml: 'libvirt domain, XML',
} as const;

interface Parsed {
  readonly tree?: JsonTree;
  /** The text as it is shown. */
  readonly text: string;
  readonly problem?: string;
}

function parse({ format }: Config, text: string): Parsed {
  if (format === 'json') {
    try {
      const tree = jsonTree(text);
      return tree.cut ? { tree, text, problem: 'Too many values: the tree shows the first ones.' } : { tree, text };
    } catch (error) {
      return { text, problem: `Not valid JSON: ${error instanceof Error ? error.message : 'it cannot be parsed'}` };
    }
  }
  if (format === 'cfg') return { text };
  const pretty = prettyXml(text);
  return pretty === undefined ? { text, problem: 'Not plain well-formed XML: shown as it stands.' } : { text: pretty };
}

interface Props {
  readonly config: Config;
  readonly text: string;
  readonly cut: boolean;
}

export function ConfigView({ config, text, cut }: Props): React.ReactNode {
  const parsed = useMemo(() => parse(config, text), [config, text]);
  const { tree } = parsed;
  const [asText, setAsText] = useState(false);
  const [wanted, setWanted] = useState('');
  const [hit, setHit] = useState(0);
  const showsTree = tree !== undefined && !asText;
  const hits = useMemo(() => occurrences(parsed.text, wanted), [parsed.text, wanted]);
  const found = useMemo(
    () => (tree && showsTree ? matchingRows(tree, wanted).hits : hits.length),
    [tree, showsTree, wanted, hits],
  );
  const step = (by: number): void => setHit((hit + by + hits.length) % Math.max(1, hits.length));
  const problem = cut ? 'Longer than 1 MiB: only the beginning is shown.' : parsed.problem;
  const count =
    wanted === ''
      ? ''
      : showsTree || found === 0
        ? `${grouped(found)} found`
        : `${grouped(hit + 1)} of ${grouped(found)}`;

  return (
    <div className={styles['panel']}>
      <div className={styles['toolbar']}>
        {tree && (
          <ToggleGroup.Root
            type="single"
            className={styles['modes']}
            aria-label="How the configuration is shown"
            value={asText ? 'text' : 'tree'}
            onValueChange={(value) => {
              if (value !== '') setAsText(value === 'text');
            }}
          >
            <ToggleGroup.Item value="tree">Tree</ToggleGroup.Item>
            <ToggleGroup.Item value="text">Text</ToggleGroup.Item>
          </ToggleGroup.Root>
        )}
        <span className={`ell ${styles['title']}`}>
          {TITLES[config.format]} · {byteSize(config.length)}
        </span>
        <label className={styles['find']}>
          <Search size={14} aria-hidden />
          <input
            className="mono"
            value={wanted}
            placeholder="Find"
            aria-label="Find in the configuration"
            spellCheck={false}
            onChange={(event) => {
              setWanted(event.target.value);
              setHit(0);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !showsTree) step(event.shiftKey ? -1 : 1);
            }}
          />
          <span className="cap" role="status">
            {count}
          </span>
        </label>
        {!showsTree && (
          <span className={styles['steps']}>
            <button
              type="button"
              className="btn icon"
              aria-label="Previous"
              disabled={hits.length < 2}
              onClick={() => step(-1)}
            >
              <ChevronUp size={14} aria-hidden />
            </button>
            <button
              type="button"
              className="btn icon"
              aria-label="Next"
              disabled={hits.length < 2}
              onClick={() => step(1)}
            >
              <ChevronDown size={14} aria-hidden />
            </button>
          </span>
        )}
        <button
          type="button"
          className="btn icon"
          aria-label="Copy the configuration"
          title="Copy"
          onClick={() => void copyText(text, 'Configuration')}
        >
          <Copy size={14} aria-hidden />
        </button>
        <button type="button" className="btn" onClick={() => goToOffset(config.offset, config.length)}>
          Show the bytes
        </button>
      </div>
      {problem !== undefined && (
        <p className={`sev-warning ${styles['problem']}`} role="alert">
          <TriangleAlert size={14} aria-hidden />
          {problem}
        </p>
      )}
      <div className={styles['content']}>
        {tree && showsTree ? (
          <TreeView tree={tree} wanted={wanted} />
        ) : (
          <TextView
            text={parsed.text}
            label={TITLES[config.format]}
            wantedLength={wanted.length}
            hits={hits}
            hit={wanted === '' ? -1 : hit}
          />
        )}
      </div>
    </div>
  );
}
