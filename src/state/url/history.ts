/** Keeps address and state in step: moves write the hash, back and forward read it. */
import { app } from '../app';
import type { OpenFile, Step } from '../open-file';
import { type Link, START } from '../place';
import { decodeHash, encodeHash } from './codec';

/** Returns the link to what is shown now; it names the image that is open, or the one still waited for. */
export function currentLink(): Link {
  const { file, link } = app.getState();
  if (!file) return link ?? { place: START };
  return { image: file.imageName, place: file.place };
}

/** Writes what is shown into the address. */
export function writeHistory(step: Step): void {
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
      follow(undefined);
      return;
    case 'newer':
      app.setState({
        linkProblem: `This link was made by a newer Xenscope (link version ${decoded.version}). Reload the page, or open the link where it was made.`,
      });
      return;
    case 'unreadable':
      app.setState({ linkProblem: 'This link cannot be read: it may have been cut off while it was copied.' });
      return;
    case 'link':
      follow(decoded.link);
  }
}

/** Shows where a link leads, in the open file if there is one. */
function follow(link: Link | undefined): void {
  app.setState({ link, linkProblem: undefined });
  const { file } = app.getState();
  if (!file) return;
  file.turn();
  file.view.setState({ place: link?.place ?? START, fieldPath: undefined, finding: undefined });
  followTarget(file);
}

/** Checks the open image for the Xen that the address names, if it was checked for another. */
function followTarget(file: OpenFile): void {
  const { phase, check, place } = file;
  const { state, known: target } = check.state;
  if (phase !== 'done' || state === 'idle' || target.xen === place.xen) return;
  const { xen: _before, ...rest } = target;
  void file.startCheck(place.xen === undefined ? rest : { ...rest, xen: place.xen });
}

/** Starts following the address; returns how to stop. */
export function followHistory(): () => void {
  readHistory();
  addEventListener('popstate', readHistory);
  return () => removeEventListener('popstate', readHistory);
}
