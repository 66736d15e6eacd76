// SPDX-License-Identifier: MIT
// Serves the demo shop, and takes the recorder's batches where no collector is given.
import { createReadStream, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8' };
const FILES = new Set(['/shop.css', '/shop.js', '/goods.js', '/checkout.js', '/more.js']);

const cookie = (request, name) => new RegExp(`(?:^|; )${name}=([^;]*)`).exec(request.headers.cookie ?? '')?.[1];

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function json(response, status, value, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*', ...headers });
  response.end(JSON.stringify(value));
}

// What the shop's own interface answers; X-Delay is the time that the visitors' clock lets pass before the page sees it.
function api(path, response) {
  if (path.startsWith('/api/stock/')) {
    const id = Number(path.split('/').pop());
    if (id % 7 === 0) json(response, 503, { error: 'busy' }, { 'X-Delay': '900' });
    else json(response, 200, { text: 'In stock: leaves today.' }, { 'X-Delay': '3600' });
  } else if (path === '/api/orders') {
    json(response, 200, { orders: [{ day: '2 March', what: 'Hand trowel', total: 1840 }, { day: '18 April', what: 'Sweet peas', total: 420 }] }, { 'X-Delay': '6500' });
  } else if (path === '/api/order') json(response, 200, { order: 'F-2048' }, { 'X-Delay': '700' });
  else if (path === '/api/figures') json(response, 500, { error: 'no figures' }, { 'X-Delay': '240' });
  else json(response, 404, { error: 'unknown' });
}

// collector: origin of a real one; without it, onBatch(text) gets every batch as it was posted.
export async function startShop({ recorder, collector = '', key = 'demo', onBatch = () => {}, port = 0 }) {
  const template = readFileSync(join(here, 'site/index.html'), 'utf8');
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://shop');
    try {
      if (request.method === 'POST' && pathname === '/v1/batches') {
        onBatch((await bodyOf(request)).toString('utf8'));
        json(response, 202, { stored: true });
      } else if (pathname === '/v1/recorder.js') {
        response.writeHead(200, { 'Content-Type': 'text/javascript' });
        createReadStream(recorder).pipe(response);
      } else if (pathname.startsWith('/api/')) api(pathname, response);
      else if (FILES.has(pathname)) {
        response.writeHead(200, { 'Content-Type': TYPES[extname(pathname)] });
        createReadStream(join(here, 'site', pathname)).pipe(response);
      } else if (pathname === '/favicon.ico') {
        response.writeHead(204);
        response.end();
      } else {
        const values = { recorder: `${collector}/v1/recorder.js`, key, release: cookie(request, 'release') ?? '2.0', banner: cookie(request, 'banner') ?? 'a' };
        response.writeHead(200, { 'Content-Type': TYPES['.html'] });
        response.end(template.replace(/\{\{(\w+)\}\}/g, (all, name) => values[name] ?? ''));
      }
    } catch (error) {
      json(response, 500, { error: String(error) });
    }
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port: server.address().port, close: () => new Promise((resolve) => { server.closeAllConnections?.(); server.close(resolve); }) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [collector = '', key = 'demo', port = '8080'] = process.argv.slice(2);
  const shop = await startShop({ recorder: join(here, '../../build/src/web/recorder.js'), collector, key, port: Number(port) });
  console.log(`The shop is at http://127.0.0.1:${shop.port}`);
}
