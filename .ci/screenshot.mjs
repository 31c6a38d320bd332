/** `npm run screenshot`: docs/screenshot.png anew, a registers record of a committed sample in the built page. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { serve } from './serve.mjs';
import { ensurePackages, ensurePrograms } from './setup.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
ensurePackages();
ensurePrograms();

const PICTURE = 'docs/screenshot.png';
const NAME = 'micro64-live.migr';
const buffer = gunzipSync(readFileSync(`test/fixtures/${NAME}.gz`));
/** A link to rip in the registers of vCPU 0. */
const LINK = `#v=1&n=${NAME}&s=${buffer.length.toString(16)}&r=17&b=852e71+8`;

execFileSync('node_modules/.bin/vite', ['build', '--logLevel', 'warn'], { stdio: ['ignore', 2, 2] });
const { chromium } = await import('playwright');
const server = await serve('dist/web', 0);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  await page.goto(`${server.url}${LINK}`);
  await page.setInputFiles('#file-input', { name: NAME, mimeType: 'application/octet-stream', buffer });
  await page.getByText('Complete', { exact: true }).waitFor();
  await page.getByText('Would restore').waitFor();
  await page.getByRole('treeitem', { selected: true }).first().waitFor();
  await page.screenshot({ path: PICTURE });
} finally {
  await browser.close();
  await server.close();
}
console.log(`${PICTURE} is new.`);
