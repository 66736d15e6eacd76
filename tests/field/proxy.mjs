// SPDX-License-Identifier: MIT
// Stands before an application: puts the recorder's tag into its documents, passes /v1/ on to the collector, keeps what went there,
// and lets chosen answers wait. The application's own content security policy stays as it is.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import { connect } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { gunzipSync } from 'node:zlib';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.gif': 'image/gif', '.woff': 'font/woff', '.woff2': 'font/woff2', '.ttf': 'font/ttf', '.txt': 'text/plain' };

async function bodyOf(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

const asText = (body, encoding) => (encoding === 'gzip' ? gunzipSync(body) : body).toString('utf8');

// routes: path -> text, or function (URL, request body) -> { type, body, status, headers }; folders: path prefix -> folder of files.
function answerLocally({ routes = {}, folders = {} }, url, body) {
  const route = routes[url.pathname];
  if (typeof route === 'string') return { type: TYPES[extname(url.pathname)] ?? TYPES['.html'], body: route };
  if (route) return route(url, body);
  for (const [prefix, folder] of Object.entries(folders)) {
    if (!url.pathname.startsWith(prefix)) continue;
    const file = join(folder, normalize(decodeURIComponent(url.pathname.slice(prefix.length))));
    if (file.startsWith(folder) && existsSync(file) && statSync(file).isFile()) return { type: TYPES[extname(file)] ?? 'application/octet-stream', body: readFileSync(file) };
  }
  return { type: 'text/plain', body: 'not found', status: 404 };
}

function fetchFrom(upstream, request, body) {
  const headers = { ...request.headers, host: new URL(upstream).host, 'accept-encoding': 'identity' };
  return new Promise((resolve, reject) => {
    const going = ask(upstream + request.url, { method: request.method, headers }, async (answer) => {
      resolve({ status: answer.statusCode, headers: answer.headers, body: await bodyOf(answer) });
    });
    going.on('error', reject);
    going.end(body);
  });
}

// routes of what it returns stand before those of the application; wire is what was posted. application: { upstream } or { routes, folders }, with { headers, delays: [[pattern, ms]] }. Without a key no recorder is put in.
export async function startProxy(application, collector, key) {
  const wire = [];
  const routes = {};
  // Where the policy asks for a nonce, whoever owns the page gives it to this tag as to the others.
  const tagFor = (policy = '') => (key ? `<script src="/v1/recorder.js" data-key="${key}"${/'nonce-[^']+'/.test(policy) ? ` nonce="${/'nonce-([^']+)'/.exec(policy)[1]}"` : ''} async></script>` : '');

  async function answer(request, body) {
    const url = new URL(request.url, 'http://local');
    const delay = application.delays?.find(([pattern]) => pattern.test(request.url))?.[1] ?? 0;
    if (delay) await new Promise((done) => { setTimeout(done, delay); });
    if (url.pathname.startsWith('/v1/')) {
      if (request.method !== 'GET') wire.push({ at: Date.now(), path: request.url, bytes: body.length, headers: request.headers, text: asText(body, request.headers['content-encoding']) });
      return fetchFrom(collector, request, body);
    }
    if (application.upstream && !routes[url.pathname]) return fetchFrom(application.upstream, request, body);
    const local = routes[url.pathname] ? { routes } : application;
    const { type, status = 200, headers = {}, body: text } = await answerLocally(local, url, body.toString('utf8'));
    return { status, headers: { 'content-type': type, ...headers }, body: Buffer.from(text) };
  }

  const server = createServer(async (request, response) => {
    try {
      const { status, headers, body } = await answer(request, await bodyOf(request));
      const sent = { ...headers, ...(/html/.test(headers['content-type'] ?? '') ? application.headers : {}) };
      const isDocument = /^(document|iframe|frame)$/.test(request.headers['sec-fetch-dest'] ?? 'document') && /html/.test(headers['content-type'] ?? '');
      const tag = isDocument ? tagFor(sent['content-security-policy']) : '';
      const whole = tag ? Buffer.from(body.toString('utf8').replace(/<head(\s[^>]*)?>|<html(\s[^>]*)?>(?![\s\S]*<head[\s>])|$/i, (head) => head + tag)) : body;
      for (const name of ['content-length', 'transfer-encoding', 'connection', 'keep-alive']) delete sent[name];
      if (typeof sent.location === 'string' && application.upstream) sent.location = sent.location.replace(application.upstream, '');
      response.writeHead(status, { ...sent, 'content-length': whole.length });
      response.end(request.method === 'HEAD' ? undefined : whole);
    } catch (error) {
      response.writeHead(502, { 'content-type': 'text/plain' });
      response.end(String(error));
    }
  });
  server.on('upgrade', (request, socket, head) => {
    if (!application.upstream) return socket.destroy();
    const { hostname, port } = new URL(application.upstream);
    const there = connect(Number(port), hostname, () => {
      const lines = request.rawHeaders.map((text, i) => (i % 2 ? `${text}\r\n` : `${text}: `)).join('');
      there.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines}\r\n`);
      there.write(head);
      there.pipe(socket).pipe(there);
    });
    for (const end of [there, socket]) end.on('error', () => [there, socket].forEach((one) => one.destroy()));
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  return {
    origin: `http://127.0.0.1:${server.address().port}`, wire, routes,
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
  };
}
