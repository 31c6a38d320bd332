/** Serves the production build to all tests; builds it where there is none. */
import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { build } from 'vite';
import { serveBuild } from '../preview';

declare module 'vitest' {
  interface ProvidedContext {
    readonly address: string;
  }
}

export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync('dist/web/index.html')) await build({ logLevel: 'warn' });
  const { url, close } = await serveBuild();
  project.provide('address', url);
  return close;
}
