/** What a VCPU is at, for components. */
import type { CodeView, NamedLine } from '../../../memory/code/code-view';
import type { SavedVcpu } from '../../../memory/code/saved-points';
import { request } from '../../../state/session';
import { type Loaded, useAsked } from '../use-asked';

/** Instructions shown around the next one. */
const SHOWN = { before: 7, after: 12 };

export const useCode = (vcpu: SavedVcpu): Loaded<CodeView> =>
  useAsked<CodeView>(() => request('code', { vcpu, shown: SHOWN }), `${vcpu.record}:${vcpu.id}`);

/** Code elsewhere; nothing is asked without an address. */
export const useCodeAt = (vcpu: SavedVcpu, at: bigint | undefined): Loaded<readonly NamedLine[]> =>
  useAsked<readonly NamedLine[]>(
    async () => {
      if (at === undefined) return { reason: '' };
      const got = await request('disassembly', { vcpu, at, shown: SHOWN });
      return 'reason' in got ? got : got.lines;
    },
    `${vcpu.record}:${vcpu.id}:${at ?? ''}`,
  );
