/** What a VCPU is at, for components: asked once, and again when symbols come. */
import type { CodeView, NamedLine } from '../../../memory/code/code-view';
import type { SavedVcpu } from '../../../memory/code/saved-points';
import { request } from '../../../state/session';
import { useApp } from '../../../state/store';
import { type Answer, orFail, useAnswer } from '../../shared/use-answer';

/** Instructions shown around the next one. */
const SHOWN = { before: 7, after: 12 };

export function useCode(vcpu: SavedVcpu): Answer<CodeView> {
  const symbols = useApp((state) => state.symbols);
  return useAnswer(`${vcpu.record}:${vcpu.id}`, () => orFail(request('code', { vcpu, shown: SHOWN })), {
    again: symbols,
  });
}

/** Code elsewhere; nothing is asked without an address. */
export function useCodeAt(vcpu: SavedVcpu, at: bigint | undefined): Answer<readonly NamedLine[]> {
  const symbols = useApp((state) => state.symbols);
  const ask = async (va: bigint): Promise<readonly NamedLine[]> =>
    (await orFail(request('disassembly', { vcpu, at: va, shown: SHOWN }))).lines;
  return useAnswer(`${vcpu.record}:${vcpu.id}:${at}`, at === undefined ? undefined : () => ask(at), {
    again: symbols,
  });
}
