/** The key of a command or pane, drawn as a key. */
import { keyNames } from './key-text';
import type { KeyId } from './keys';

/** Shows the first key of `of`, or the one at `at`; nothing where there is none. */
export function KeyCap({ of, at = 0 }: { readonly of: KeyId; readonly at?: number }): React.ReactNode {
  const name = keyNames(of)[at];
  return name !== undefined && <kbd>{name}</kbd>;
}
