/** Worker entry: glue between messages and sessions, nothing else. */
import { blobSource } from '../source/blob';
import type { FromWorker, ToWorker } from './protocol';
import { Session } from './session';

/** What is used of a worker's global scope; the DOM's types describe the page only. */
declare const self: {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
};

let current: { readonly id: number; readonly session: Session } | undefined;

const post = (message: FromWorker, transfer: Transferable[]): void => self.postMessage(message, transfer);

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'open') {
    current?.session.close();
    const session = new Session(data.session, blobSource(data.file, data.name), post);
    current = { id: data.session, session };
    void session.run();
  } else if (current?.id === data.session) {
    if (data.kind === 'close') current.session.close();
    else if (data.kind === 'cancel') current.session.cancel();
    else if (data.kind === 'cancel-job') current.session.cancelJob(data.id);
    else if (data.kind === 'job') void current.session.job(data.id, data.name, data.input);
    else void current.session.answer(data.id, data.name, data.input);
  }
});
