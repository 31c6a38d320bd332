/** Worker entry: glue between messages and the session of the one file, nothing else. */
import { blobSource } from '../source/blob';
import type { FromWorker, ToWorker } from './protocol';
import { Session } from './session';

/** What is used of a worker's global scope; the DOM's types describe the page only. */
declare const self: {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
};

let session: Session | undefined;

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'scan') {
    const { file, name, records } = data;
    session = new Session(blobSource(file, name), (message, transfer) => self.postMessage(message, transfer), records);
    void session.run();
  } else {
    session?.receive(data);
  }
});
