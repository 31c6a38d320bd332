/** Opening and closing: which file the page shows. */
import type { WorkerLike } from '../worker/client';
import { startWorker } from '../worker/start';
import { app, notify } from './app';
import { OpenFile } from './open-file';
import { START } from './place';
import { writeHistory } from './url/history';

/**
 * Opens a file in place of the one that is open. A link that waits for a file leads to its place in this one. `start`
 * starts a worker of the file.
 */
export function openFile(file: File, start: () => WorkerLike = startWorker): OpenFile {
  const { file: before, link } = app.getState();
  before?.dispose();
  const place = link?.image ? link.place : START;
  const opened = new OpenFile(file, {
    startWorker: start,
    place,
    onMove: (moved, step) => {
      if (app.getState().file === moved) writeHistory(step);
    },
    onScanned: forgetLinkTo,
    onReplaced: (replaced, reason) => {
      if (app.getState().file === replaced)
        notify(`What was asked took too long and was ended: ${reason}. All that was found before is kept.`);
    },
  });
  app.setState({ file: opened, linkProblem: undefined });
  void opened.open();
  writeHistory('replace');
  return opened;
}

/** Where the image turns out to be the one that the link asks for, the link has done its work. */
function forgetLinkTo(file: OpenFile): void {
  const wanted = app.getState().link?.image?.fingerprint;
  if (wanted !== undefined && wanted === file.imageName.fingerprint) app.setState({ link: undefined });
}

/** Closes the file, and forgets the link that led to it. */
export function leaveFile(): void {
  app.getState().file?.dispose();
  app.setState({ file: undefined, link: undefined, linkProblem: undefined });
  writeHistory('push');
}
