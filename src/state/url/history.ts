/** Keeping address and state in step: actions write the hash, back and forward read it. */
import { startCheck } from '../session';
import { type AppState, useApp } from '../store';
import { decodeHash, encodeHash } from './codec';
import { type ImageName, type Link, type Place, START } from './link';

/** The link to what is shown now; names the image if one is open, or the one still waited for. */
export function currentLink(): Link {
  const { file, fingerprint, expected, place } = useApp.getState();
  const open: ImageName | undefined = file && (fingerprint === undefined ? file : { ...file, fingerprint });
  const image = open ?? expected;
  return image ? { image, place } : { place };
}

export function writeHistory(step: 'push' | 'replace'): void {
  const hash = encodeHash(currentLink());
  const address = hash === '' ? location.pathname + location.search : hash;
  if (hash === location.hash) return;
  if (step === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

/** Takes over what the address says. A link to another image than the open one waits for that image. */
export function readHistory(): void {
  const decoded = decodeHash(location.hash);
  switch (decoded.kind) {
    case 'none':
      useApp.setState({
        place: START,
        expected: undefined,
        linkProblem: undefined,
        fieldPath: undefined,
        finding: undefined,
      });
      followTarget();
      return;
    case 'newer':
      useApp.setState({
        linkProblem: `This link was made by a newer Xenscope (link version ${decoded.version}). Reload the page, or open the link where it was made.`,
      });
      return;
    case 'unreadable':
      useApp.setState({ linkProblem: 'This link cannot be read: it may have been cut off while it was copied.' });
      return;
    case 'link': {
      const { image, place } = decoded.link;
      useApp.setState({
        place,
        expectedPlace: place,
        expected: image,
        linkProblem: undefined,
        fieldPath: undefined,
        finding: undefined,
      });
      followTarget();
    }
  }
}

/** Checks the open image for the Xen that the address names, if it was checked for another. */
function followTarget(): void {
  const { phase, check, target, place } = useApp.getState();
  if (phase !== 'done' || check.state === 'none' || target.xen === place.xen) return;
  const { xen: _before, ...rest } = target;
  startCheck(place.xen === undefined ? rest : { ...rest, xen: place.xen });
}

/** The place without what the open image does not have: a link may have been made for another one. */
function possible({ place, file, progress }: AppState): Place {
  const { record, range, ...rest } = place;
  const hasRecord = record === undefined || record < progress.records;
  const hasRange = range === undefined || range.end <= (file?.size ?? 0);
  if (hasRecord && hasRange) return place;
  return { ...rest, ...(record !== undefined && hasRecord ? { record } : {}), ...(range && hasRange ? { range } : {}) };
}

/** Starts following the address; returns how to stop. */
export function followHistory(): () => void {
  readHistory();
  const follow = (): void => readHistory();
  addEventListener('popstate', follow);
  // Once the scan has ended the image has its fingerprint: the address names it from then on.
  const stop = useApp.subscribe((state, before) => {
    if (state.phase === before.phase || state.phase !== 'done') return;
    const { expected, fingerprint } = state;
    const found = expected?.fingerprint !== undefined && expected.fingerprint === fingerprint;
    useApp.setState({ place: possible(state), ...(found ? { expected: undefined } : {}) });
    writeHistory('replace');
  });
  return () => {
    removeEventListener('popstate', follow);
    stop();
  };
}
