/** The configuration, read when the panel is looked at: its text, and its values as fields. */
import type { FieldNode } from '../../format/kit/node';
import { visibleLines } from '../../lib/visible';
import type { ImageInfo } from '../../scan/image';
import type { ByteSource } from '../../source/source';
import { recordAt } from '../../state/actions';
import { type Answer, useAnswer } from '../shared/use-answer';
import { useDecoded } from '../shared/use-decoded';
import { useFile, useImage } from '../shared/use-file';

/** Longest text shown, bytes. */
const TEXT_LIMIT = 1024 * 1024;

export type Config = NonNullable<ImageInfo['config']>;

interface Text {
  readonly text: string;
  /** It is longer than what is shown. */
  readonly cut: boolean;
}

export interface ConfigText extends Text {
  /** Values of the configuration; none where it could not be read as what it should be. */
  readonly fields: readonly FieldNode[];
  readonly problem: string | undefined;
}

async function load(source: ByteSource, { offset, length }: Config): Promise<Text> {
  const bytes = await source.read(offset, Math.min(length, TEXT_LIMIT));
  const nul = bytes.indexOf(0);
  const used = nul < 0 ? bytes : bytes.subarray(0, nul);
  const text = visibleLines(new TextDecoder().decode(used).replaceAll('\r\n', '\n'));
  return { text, cut: nul < 0 && length > TEXT_LIMIT };
}

/** Returns the configuration of the image, if it has one, and what is in it. */
export function useConfig(): { readonly config: Config | undefined; readonly loaded: Answer<ConfigText> } {
  const file = useFile();
  const config = useImage((image) => image.config);
  const decoded = useDecoded(config && recordAt(file, config.offset));
  // The key stands for the configuration, which is posted anew with every change of the image.
  const key = config && `${config.offset}:${config.length}`;
  const text = useAnswer(key, config && (() => load(file.source, config)));
  if (text.state !== 'ready') return { config, loaded: text };
  if (decoded.state !== 'ready') return { config, loaded: decoded };
  const node = decoded.value.nodes.find(({ offset, length }) => offset === config?.offset && length > 0);
  const fields = (node?.children ?? []).filter(({ name, length }) => name !== 'end' || length > 1);
  return { config, loaded: { state: 'ready', value: { ...text.value, fields, problem: node?.problem } } };
}
