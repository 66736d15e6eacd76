// SPDX-License-Identifier: MIT
// Chromium for the tests, and a small collector whose answers a test decides.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const built = process.env.SIGHT_BUILD_ROOT ?? 'build';
export const modules = join(built, 'src/web/npm/node_modules');
const require = createRequire(resolve(modules, 'x.js'));

export const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-smooth-scrolling', '--autoplay-policy=no-user-gesture-required'];

export async function openBrowser(flags = []) {
  const { chromium } = require('playwright-core');
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, ...flags] });
}

// pages: path -> html, [type, body] or a function that answers. answer(request, batch) may take over: returns true when it answered by itself.
export async function startServer(pages = {}) {
  const state = { batches: [], posts: [], answer: null, pages, url: '', close: null };
  const recorder = readFileSync(join(built, 'src/web/recorder.js'));
  const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'Content-Type, Content-Encoding', 'Access-Control-Expose-Headers': 'Retry-After' };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://x');
    if (request.method === 'OPTIONS') {
      response.writeHead(204, cors);
      response.end();
      return;
    }
    if (pathname === '/v1/recorder.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript', ...cors });
      response.end(recorder);
      return;
    }
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('error', () => {});
    request.on('end', () => {
      const raw = Buffer.concat(parts);
      if (pathname !== '/v1/batches') {
        const found = state.pages[pathname];
        if (typeof found === 'function') {
          found(response);
          return;
        }
        const [type, body, headers] = typeof found === 'string' ? ['text/html; charset=utf-8', found] : found ?? ['text/plain', ''];
        response.writeHead(found === undefined ? 404 : 200, { 'Content-Type': type, ...headers });
        response.end(body);
        return;
      }
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8');
      const batch = JSON.parse(text);
      const post = { text, batch, key: searchParams.get('key'), headers: request.headers, bytes: raw.length, at: Date.now() };
      state.posts.push(post);
      if (state.answer?.(post, response, cors)) return;
      const duplicate = state.batches.some((other) => other.session === batch.session && other.window === batch.window && other.seq === batch.seq);
      if (!duplicate) state.batches.push(batch);
      response.writeHead(202, { 'Content-Type': 'application/json', ...cors });
      response.end(JSON.stringify(duplicate ? { stored: false, duplicate: true } : { stored: true }));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${server.address().port}`;
  state.close = () => new Promise((resolve) => {
    server.closeAllConnections?.();
    server.close(resolve);
  });
  return state;
}

export const eventsOf = (state) => state.batches.flatMap((batch) => batch.events);
export const tagged = (state, tag) => eventsOf(state).filter((event) => event.type === 5 && event.data.tag === tag).map((event) => event.data.payload);

export const tagFor = (state, more = '') => `<script src="${state.url}/v1/recorder.js" data-key="test" ${more}></script>`;

// Runs in a page: draws a full snapshot there.
export const rebuild = (snapshot) => {
  const make = (node, doc) => {
    if (node.type === 3) return doc.createTextNode(node.textContent);
    if (node.type !== 2) return null;
    const el = node.isSVG ? doc.createElementNS('http://www.w3.org/2000/svg', node.tagName) : doc.createElement(node.tagName === 'script' ? 'noscript' : node.tagName);
    for (const [name, value] of Object.entries(node.attributes)) {
      if (name === '_cssText') el.textContent = value;
      else if (!name.startsWith('rr_') && !(name === 'src' && node.tagName === 'iframe')) el.setAttribute(name, value);
    }
    if (node.isShadowHost) el.attachShadow({ mode: 'open' });
    for (const child of node.childNodes) {
      const made = make(child, doc);
      if (made && !('_cssText' in node.attributes)) (child.isShadow ? el.shadowRoot : el).append(made);
    }
    el.setAttribute('data-id', node.id);
    return el;
  };
  const html = snapshot.childNodes.find((child) => child.type === 2);
  const made = make(html, document);
  document.documentElement.replaceWith(made);
};
