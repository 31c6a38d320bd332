/** Keys that a pane takes by itself. */
import { matchKeyBindingPress, parseKeybinding } from 'tinykeys';
import { PANE_KEYS, type PaneKeyId } from './keys';

/** Tells whether an event is one of the keys of `id`, with exactly their modifiers. */
export const isPressed = ({ nativeEvent }: React.KeyboardEvent, id: PaneKeyId): boolean =>
  PANE_KEYS[id].keys.some((keys) => parseKeybinding(keys).some((press) => matchKeyBindingPress(nativeEvent, press)));
