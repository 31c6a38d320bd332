import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { icedX86 } from './vite.iced.ts';
import { licences, noteLicences } from './vite.licences.ts';

/** The page may load its own scripts, workers and styles and nothing else; set on the built page only, as the development server injects its own. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
  ],
};

/** `vite build` makes the page; `vite build --mode cli` makes the terminal program. */
export default defineConfig(({ mode }) =>
  mode === 'cli'
    ? {
        plugins: [licences],
        build: {
          ssr: 'src/cli/main.ts',
          outDir: 'dist/cli',
          target: 'node20',
          rollupOptions: { output: { entryFileNames: 'xenscope.mjs', banner: '#!/usr/bin/env node' } },
        },
        publicDir: false as const,
      }
    : {
        base: './',
        plugins: [react({ jsxImportSource: '#jsx' }), contentSecurityPolicy, icedX86, licences],
        optimizeDeps: { exclude: ['iced-x86'] },
        build: {
          outDir: 'dist/web',
          target: 'es2023',
          chunkSizeWarningLimit: 700,
          // How long each plugin took is nothing that somebody who starts the page wants to read.
          rollupOptions: { checks: { bundlerTimings: false } },
        },
        worker: { format: 'es' as const, plugins: () => [icedX86, noteLicences] },
      },
);
