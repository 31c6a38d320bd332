/** The server of `npm start`, and what the built page may do: asked as a stranger would ask. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { serve, type Served } from '../../.ci/serve.mjs';

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Asks for exactly that path: `fetch` would tidy it up before. */
function ask(path: string, options: { method?: string; host?: string; at?: string } = {}): Promise<Answer> {
  const { method = 'GET', host, at = inject('address') } = options;
  const { hostname, port } = new URL(at);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers: host === undefined ? {} : { host } }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('headers', () => {
  test.each(['/', '/index.html', '/icon.svg', '/samples/micro64.xlsave.gz', worker()])('of %s', async (path) => {
    const { status, headers } = await ask(path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-security-policy': `${POLICY}; frame-ancestors 'none'`,
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  test.each([
    ['/', 'text/html; charset=utf-8'],
    [worker(), 'text/javascript; charset=utf-8'],
    ['/icon.svg', 'image/svg+xml'],
  ])('%s is of type %s', async (path, type) => {
    expect((await ask(path)).headers['content-type']).toBe(type);
    const head = await ask(path, { method: 'HEAD' });
    expect([head.status, head.headers['content-type'], head.body]).toEqual([200, type, '']);
  });
});

/** The script of the worker, whose name changes with what is in it. */
function worker(): string {
  return `/assets/${readdirSync('dist/web/assets').find((name) => /^scan\.worker-.*\.js$/u.test(name)) ?? ''}`;
}

describe('who may ask', () => {
  test('other names of the host are refused: a site whose name leads here is none of ours', async () => {
    const { port } = new URL(inject('address'));
    for (const host of ['evil.example', `evil.example:${port}`, `localhost.evil.example:${port}`, '127.0.0.1'])
      expect((await ask('/', { host })).status, host).toBe(403);
    expect((await ask('/', { host: `localhost:${port}` })).status).toBe(200);
    expect((await ask('/', { host: `LOCALHOST:${port}` })).status).toBe(200);
  });

  test('it listens on this machine only', async () => {
    const { port } = new URL(inject('address'));
    const others = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address);
    for (const host of others) {
      const outcome = await new Promise((resolve) => {
        const socket = connect({ host, port: Number(port) });
        socket.on('connect', () => resolve('connected'));
        socket.on('error', (error) => resolve('code' in error ? error.code : error.message));
      });
      expect(outcome, host).toBe('ECONNREFUSED');
    }
  });

  test('nothing can be sent', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await ask('/', { method })).status).toBe(405);
  });
});

describe('no path leaves the folder', () => {
  let folder: string;
  let own: Served;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'xenscope-serve-'));
    mkdirSync(join(folder, 'web', 'assets'), { recursive: true });
    copyFileSync('dist/web/index.html', join(folder, 'web', 'index.html'));
    writeFileSync(join(folder, 'web', 'assets', 'a b.txt'), 'inside');
    writeFileSync(join(folder, 'secret.txt'), 'outside');
    symlinkSync(join(folder, 'secret.txt'), join(folder, 'web', 'link.txt'));
    symlinkSync(folder, join(folder, 'web', 'up'));
    own = await serve(join(folder, 'web'), 0);
  });
  afterAll(async () => {
    await own.close();
    rmSync(folder, { recursive: true });
  });

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%252e%252e/secret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/link.txt',
    '/up/secret.txt',
    '/assets',
    '/assets/',
    '/%',
    '/%00',
    'http://127.0.0.1/../secret.txt',
  ])('%s', async (path) => {
    const { status, body } = await ask(path, { at: own.url });
    expect([status, body]).toEqual([404, 'Not found.\n']);
  });

  test('what is in it is found, by any spelling of its name', async () => {
    expect((await ask('/assets/a%20b.txt?x#y', { at: own.url })).body).toBe('inside');
  });
});

test('a port that is taken is left to who has it', async () => {
  const { port } = new URL(inject('address'));
  const other = await serve('dist/web', Number(port));
  expect(new URL(other.url).port).not.toBe(port);
  expect((await ask('/', { at: other.url })).status).toBe(200);
  await other.close();
});

describe('the built page', () => {
  const page = readFileSync('dist/web/index.html', 'utf8');

  test('names the policy before anything is loaded', () => {
    const first = /<(?:meta http-equiv|script|link|style)[^>]*>/u.exec(page)?.[0].replaceAll('&#39;', "'");
    expect(first).toBe(`<meta http-equiv="Content-Security-Policy" content="${POLICY}">`);
  });

  test('has no script and no style of its own, and loads from its own place only', () => {
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/iu);
    const scripts = [...page.matchAll(/<script([^>]*)>([^<]*)<\/script>/gu)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, attributes = '', text] of scripts) {
      expect(attributes).toContain(' src="./assets/');
      expect(text).toBe('');
    }
    const places = [...page.matchAll(/(?:src|href)="([^"]*)"/gu)].map(([, place = '']) => place);
    expect(places.filter((place) => !place.startsWith('./'))).toEqual([]);
  });

  test('makes no code out of text, and no markup', () => {
    const scripts = readdirSync('dist/web/assets').filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(10);
    for (const name of scripts) {
      const code = readFileSync(join('dist/web/assets', name), 'utf8');
      expect(code, name).not.toMatch(/\beval\(|\bFunction\(['"`]|document\.write\(|\.insertAdjacentHTML\(/u);
    }
  });
});
