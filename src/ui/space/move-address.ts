/** Moves through virtual memory as the keyboard does: many times a second, without a step in the history for each. */
import { useApp } from '../../state/store';
import { writeHistory } from '../../state/url/history';

const ADDRESS_DELAY_MS = 250;
let timer: ReturnType<typeof setTimeout> | undefined;

export function moveAddress(va: bigint): void {
  const { place } = useApp.getState();
  if (place.va === va) return;
  useApp.setState({ place: { ...place, va } });
  clearTimeout(timer);
  timer = setTimeout(() => writeHistory('replace'), ADDRESS_DELAY_MS);
}
