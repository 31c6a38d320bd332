/**
 * A server for the built page, and for nothing else: on this machine only, the files of one folder only, and with headers
 * that hold the page to what its own policy says.
 */
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, relative, sep } from 'node:path';

const LOOPBACK = '127.0.0.1';
/** Ports that are tried one after the other, where the first is taken. */
const TRIES = 20;

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.gz': 'application/gzip',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** Lists the files of a folder by the path that they are asked for by. Symbolic links are none: they may lead elsewhere. */
function filesOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [`/${relative(folder, path).split(sep).join('/')}`, path];
    }),
  );
}

/** Returns the policy that the page names, so that it is written in one place. */
function policyOf(page) {
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/u.exec(page) ?? [];
  if (policy === undefined) throw new Error('the page has no policy');
  return policy.replaceAll('&#39;', "'");
}

/** Returns what is sent with each answer; `page` is the text of index.html. */
const headersFor = (page) => ({
  // Frames can be forbidden by a header only.
  'Content-Security-Policy': `${policyOf(page)}; frame-ancestors 'none'`,
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
});

/** Returns the path that a request names, in the form in which files are listed; undefined for one that is none. */
function pathOf(url) {
  const [path] = url.split(/[?#]/u, 1);
  try {
    const plain = decodeURIComponent(path);
    return plain === '/' ? '/index.html' : plain;
  } catch {
    return undefined;
  }
}

function answer(folder, port, request, response) {
  const refuse = (status, text, more = {}) => {
    response.writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      ...more,
    });
    response.end(`${text}\n`);
  };
  // A page of another site whose name leads here would pass for this one: its name is not.
  if (![`${LOOPBACK}:${port}`, `localhost:${port}`].includes(request.headers.host?.toLowerCase()))
    return refuse(403, 'This server answers to localhost only.');
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(405, 'There is nothing to send here.', { Allow: 'GET, HEAD' });
  // Looked up, never put together: what is not listed is not there.
  const files = filesOf(folder);
  const file = files.get(pathOf(request.url ?? '/'));
  const page = files.get('/index.html');
  if (file === undefined || page === undefined) return refuse(404, 'Not found.');
  response.writeHead(200, {
    ...headersFor(readFileSync(page, 'utf8')),
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Cache-Control': 'no-cache',
  });
  if (request.method === 'HEAD') return response.end();
  return createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve(server.address().port);
    });
  });
}

/** Serves a built page at the port, or at the next one that is free; 0 stands for any. */
export async function serve(folder, port) {
  for (let next = port; ; next++) {
    let own = next;
    const server = createServer((request, response) => answer(folder, own, request, response));
    try {
      own = await listen(server, next);
    } catch (error) {
      if (error.code === 'EADDRINUSE' && next < port + TRIES) continue;
      throw error;
    }
    return {
      url: `http://${LOOPBACK}:${own}/`,
      close: () =>
        new Promise((resolve) => {
          server.close(resolve);
          server.closeAllConnections();
        }),
    };
  }
}
