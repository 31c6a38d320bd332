/** What a vCPU is at, for components: asked once, and again when symbols come. */
import type { CodeView, NamedLine } from '../../../memory/code/code-view';
import type { SavedVcpu } from '../../../memory/vcpus/saved';
import { type Answer, orFail, useAnswer } from '../../shared/use-answer';
import { useFile, useSymbols } from '../../shared/use-file';

/** Instructions shown around the next one. */
const SHOWN = { before: 7, after: 12 };

/** Returns the code, stack and callers that a vCPU is at; they are asked for again when symbols change. */
export function useCode(vcpu: SavedVcpu): Answer<CodeView> {
  const file = useFile();
  const symbols = useSymbols();
  return useAnswer(`${vcpu.record}:${vcpu.id}`, () => orFail(file.request('code', { vcpu, shown: SHOWN })), {
    again: symbols,
  });
}

/** Returns the code at another address of a vCPU; nothing is asked without an address. */
export function useCodeAt(vcpu: SavedVcpu, at: bigint | undefined): Answer<readonly NamedLine[]> {
  const file = useFile();
  const symbols = useSymbols();
  const ask = async (va: bigint): Promise<readonly NamedLine[]> =>
    (await orFail(file.request('disassembly', { vcpu, at: va, shown: SHOWN }))).lines;
  return useAnswer(`${vcpu.record}:${vcpu.id}:${at}`, at === undefined ? undefined : () => ask(at), {
    again: symbols,
  });
}
