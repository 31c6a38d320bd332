/** The policy of the page holds in its workers too: nothing is sent to another place, and no text is run as code. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { launch as launchFirefox } from 'puppeteer-core';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launch, openSample } from './page';

let browser: Browser;
/** Another place, which would take anything from anybody, and what came to it. */
let elsewhere: Server;
let address: string;
const arrived: string[] = [];
beforeAll(async () => {
  browser = await launch();
  elsewhere = createServer((request, response) => {
    arrived.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' });
    response.end('taken');
  });
  await new Promise<void>((resolve) => {
    elsewhere.listen(0, '127.0.0.1', resolve);
  });
  address = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await browser.close();
  elsewhere.close();
});

/**
 * An expression that tries what a policy forbids, as text, as tools would change its import(). It does so in a task of its own:
 * what a debugger evaluates may be let through.
 */
const tries = (target: string): string => `(async (target) => {
  await new Promise((resolve) => setTimeout(resolve, 0));
  const outcome = async (act) => {
    try {
      await act();
      return 'went through';
    } catch (error) {
      return error.name;
    }
  };
  return {
    post: await outcome(() => fetch(target, { method: 'POST', body: 'memory of a guest' })),
    opaque: await outcome(() => fetch(target, { method: 'POST', mode: 'no-cors', body: 'memory of a guest' })),
    code: await outcome(() => new Function('return 1')()),
    import: await outcome(() => import(target + 'script.js')),
    own: await outcome(() => fetch(location.origin)),
  };
})(${JSON.stringify(target)})`;

const REFUSED = { post: 'TypeError', opaque: 'TypeError', code: 'EvalError', import: 'TypeError', own: 'went through' };

test('Chromium: the worker of an open file', async () => {
  const { page } = await openSample(browser);
  const [worker] = page.workers();
  if (!worker) throw new Error('no worker');
  arrived.length = 0;
  expect(await worker.evaluate(tries(address))).toEqual(REFUSED);
  expect(await page.evaluate(tries(address))).toEqual(REFUSED);
  expect(arrived).toEqual([]);
});

test('Firefox: a worker that is started as those of files are', async () => {
  const firefox = await launchFirefox({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true });
  const page = await firefox.newPage();
  await page.goto(inject('address'));
  arrived.length = 0;
  const outcome = await page.evaluate((expression) => {
    const script = `postMessage(await ${expression});`;
    const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    const worker = new Worker(url, { type: 'module' });
    return new Promise((resolve) => {
      worker.addEventListener('message', ({ data }) => resolve(data));
    });
  }, tries(address));
  expect(outcome).toEqual(REFUSED);
  expect(await page.evaluate(tries(address))).toEqual(REFUSED);
  expect(arrived).toEqual([]);
  await firefox.close();
});
