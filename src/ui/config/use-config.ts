/** The configuration, read when the panel is looked at: its text, and its values as fields. */
import { reasonOf } from '../../lib/reason';
import { useEffect, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import type { ImageInfo } from '../../scan/image';
import { recordAt } from '../../state/actions';
import { type FileData, fileData } from '../../state/session';
import { useApp } from '../../state/store';
import { useDecoded } from '../shared/use-decoded';

/** Longest text shown, bytes. */
const TEXT_LIMIT = 1024 * 1024;

export type Config = NonNullable<ImageInfo['config']>;

export type ConfigText =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | {
      readonly state: 'ready';
      readonly text: string;
      readonly cut: boolean;
      /** Values of the configuration; none where it could not be read as what it should be. */
      readonly fields: readonly FieldNode[];
      readonly problem: string | undefined;
    };

type Loaded =
  | Exclude<ConfigText, { state: 'ready' }>
  | { state: 'ready'; readonly text: string; readonly cut: boolean };

async function load(data: FileData, { offset, length }: Config): Promise<Loaded> {
  try {
    const bytes = await data.source.read(offset, Math.min(length, TEXT_LIMIT));
    const nul = bytes.indexOf(0);
    const used = nul < 0 ? bytes : bytes.subarray(0, nul);
    const text = new TextDecoder().decode(used).replaceAll('\r\n', '\n');
    return { state: 'ready', text, cut: nul < 0 && length > TEXT_LIMIT };
  } catch (error) {
    return { state: 'failed', reason: reasonOf(error, 'the read failed') };
  }
}

export function useConfig(): { readonly config: Config | undefined; readonly loaded: ConfigText } {
  const config = useApp((state) => state.image.config);
  const data = fileData();
  const key = config && `${config.offset}:${config.length}`;
  const decoded = useDecoded(config && recordAt(config.offset));
  const [result, setResult] = useState<{ readonly key: unknown; readonly data: FileData; readonly got: Loaded }>();
  useEffect(() => {
    if (!config) return undefined;
    let wanted = true;
    void load(data, config).then((got) => {
      if (wanted) setResult({ key, data, got });
    });
    return () => {
      wanted = false;
    };
    // `key` stands for the configuration, which is posted anew with every change of the image.
  }, [key, data]);
  const got = result && result.key === key && result.data === data ? result.got : undefined;
  if (got?.state !== 'ready') return { config, loaded: got ?? { state: 'loading' } };
  if (decoded.state !== 'ready') return { config, loaded: decoded };
  const node = decoded.nodes.find(({ offset, length }) => offset === config?.offset && length > 0);
  const fields = (node?.children ?? []).filter(({ name, length }) => name !== 'end' || length > 1);
  return { config, loaded: { ...got, fields, problem: node?.problem } };
}
