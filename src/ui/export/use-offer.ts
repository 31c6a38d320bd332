/** What the chosen export would come to, asked of the worker. */
import type { ExportChoice, ExportOffer } from '../../memory/export/choice';
import { useAnswer } from '../shared/use-answer';
import { useFile } from '../shared/use-file';

/** Asks what an export would be; undefined while it is being found out. */
export function useOffer(choice: ExportChoice | { readonly missing: string }): ExportOffer | undefined {
  const file = useFile();
  const isWhole = !('missing' in choice);
  const asked = useAnswer(JSON.stringify(choice), isWhole ? () => file.request('offer', choice) : undefined);
  if (!isWhole) return { refused: choice.missing };
  if (asked.state === 'failed') return { refused: asked.reason };
  return asked.state === 'ready' ? asked.value : undefined;
}
