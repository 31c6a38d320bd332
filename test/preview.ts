/** The production build behind an address of its own, on a port that the system chooses. */
import { preview } from 'vite';

export interface Served {
  /** `http://127.0.0.1:40123/`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

export async function serveBuild(): Promise<Served> {
  const server = await preview({
    build: { outDir: 'dist/web' },
    preview: { port: 0, host: '127.0.0.1' },
    logLevel: 'warn',
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}
