/** Serves the production build on a port that the system chooses. */
import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { build, preview } from 'vite';

declare module 'vitest' {
  interface ProvidedContext {
    readonly address: string;
  }
}

export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync('dist/web/index.html')) await build({ logLevel: 'warn' });
  const server = await preview({
    build: { outDir: 'dist/web' },
    preview: { port: 0, host: '127.0.0.1' },
    logLevel: 'warn',
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
  project.provide('address', `http://127.0.0.1:${address.port}/`);
  return () => server.close();
}
