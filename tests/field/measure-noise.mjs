// SPDX-License-Identifier: MIT
// Noise: errors of every kind are made to happen in the live application, and what analysis makes of each is compared with what it was.
import { createServer } from 'node:http';
import { randomFrom } from '../demo-shop/visitor.mjs';
import { ChromiumDriver } from './driver-chromium.mjs';
import { quiet, sessionsOf } from './recording.mjs';
import { Visitor } from './visitor.mjs';

const ELSEWHERE = 'widgets.example';
// What is told of one comes before the next one.
const APART_MS = 1400;
const ERRORS = ['error', 'console', 'request'];

// The page's own script. Each function makes one error; noise says what it is.
const OWN = `window.fieldErrors = {
  thrown: (t) => setTimeout(() => { null[t](); }),
  rejected: (t) => { Promise.reject(new Error('cannot save ' + t)); },
  told: (t) => console.error('cannot show ' + t),
  failed: (t) => fetch('/field-failed?' + t),
  missing: (t) => fetch('/field-nowhere?' + t).then((answer) => { if (!answer.ok) throw new Error(t + ' is missing'); }),
  observer: (t) => setTimeout(() => { throw new TypeError('ResizeObserver cannot observe ' + t); }),
  aborted: (t) => setTimeout(() => { throw new Error('the order ' + t + ' was aborted by the shop'); }),
  timeout: (t) => fetch('/field-slow?' + t, { signal: AbortSignal.timeout(60) }),
  library: (t) => setTimeout(() => window.fieldLibrary(t)),
  resizeLoop: () => { const el = document.createElement('div'); el.style.cssText = 'position:absolute;width:9px;height:9px'; document.body.append(el); let n = 0;
    new ResizeObserver((list, observer) => { el.style.width = el.offsetWidth + 1 + 'px'; if (++n > 1) { observer.disconnect(); el.remove(); } }).observe(el); },
  givenUp: (t) => { const abort = new AbortController(); fetch('/field-slow?' + t, { signal: abort.signal }); setTimeout(() => abort.abort(), 60); },
  extension: (t) => setTimeout(() => { const error = new TypeError('no ' + t); error.stack = error + '\\n    at inject (chrome-extension://abcdefghijklmnop/content.js:2:17)\\n    at chrome-extension://abcdefghijklmnop/content.js:9:3'; throw error; }),
  foxExtension: (t) => { const error = new Error('no ' + t); error.stack = 'inject@moz-extension://1f2e-33/content.js:2:17\\n@moz-extension://1f2e-33/content.js:9:3'; Promise.reject(error); },
};
for (const kind of ['error', 'unhandledrejection']) addEventListener(kind, () => { window.fieldHeard = Date.now(); });`;

const IS_NOISE = { thrown: false, rejected: false, told: false, failed: false, missing: false, observer: false, aborted: false, timeout: false, library: false, resizeLoop: true, givenUp: true, extension: true, foxExtension: true,
  muted: true, widget: true, widgetPromise: true };

// Whether a page's listeners hear of it; of the others the network and the console know.
const HEARD = Object.keys(IS_NOISE).filter((kind) => !['told', 'failed'].includes(kind));

const WIDGETS = {
  '/library.js': 'window.fieldLibrary = (t) => { throw new RangeError("no place for " + t); };',
  '/muted.js': 'setTimeout(() => { throw new Error("the widget has no " + document.currentScript); }, 20);',
  '/widget.js': 'setTimeout(() => { throw new Error("the widget has no data"); }, 20);',
  '/widgetPromise.js': 'Promise.reject(new Error("the widget was not let in"));',
};

function serveWidgets() {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' });
    response.end(WIDGETS[new URL(request.url, 'http://local').pathname] ?? '');
  });
  return new Promise((done) => { server.listen(0, '127.0.0.1', () => done(server)); });
}

// In the page. A policy may keep the script out.
function load({ src, crossorigin }) {
  return new Promise((done) => {
    const script = document.createElement('script');
    Object.assign(script, { src, onload: () => done(true), onerror: () => done(false) });
    script.nonce = document.querySelector('script[nonce]')?.nonce ?? '';
    if (crossorigin) script.crossOrigin = 'anonymous';
    document.head.append(script);
  });
}

function make({ kind, token }) {
  window.fieldHeard = 0;
  window.fieldErrors[kind]?.(token);
  return Date.now();
}

async function plantAll(driver, visitor, random) {
  const planted = [];
  await driver.evaluate(load, { src: '/field-own.js' });
  const hasLibrary = await driver.evaluate(load, { src: `http://${ELSEWHERE}/library.js`, crossorigin: true });
  for (const [kind, noise] of Object.entries(IS_NOISE)) {
    if (kind === 'library' && !hasLibrary) continue;
    const at = await driver.evaluate(make, { kind, token: `fern${Math.floor(random() * 1e9)}` });
    if (kind in { muted: 1, widget: 1, widgetPromise: 1 }) await driver.evaluate(load, { src: `http://${ELSEWHERE}/${kind}.js`, crossorigin: kind !== 'muted' });
    await visitor.wait(APART_MS);
    const heard = await driver.evaluate(() => window.fieldHeard ?? 0);
    if (heard || !HEARD.includes(kind)) planted.push({ kind, noise, at, to: Date.now() });
  }
  return planted;
}

// Returns { planted, right, wrong: [{ kind, noise, found }] }.
export async function measureNoise({ application, proxy, recording, build, seed, log }) {
  const random = randomFrom(seed + 4242);
  const widgets = await serveWidgets();
  const driver = await ChromiumDriver.open(build, { hosts: { [ELSEWHERE]: `127.0.0.1:${widgets.address().port}` } });
  const mark = proxy.wire.length;
  Object.assign(proxy.routes, {
    '/field-own.js': OWN, '/field-failed': () => ({ type: 'text/plain', status: 500, body: '' }), '/field-nowhere': () => ({ type: 'text/plain', status: 404, body: '' }),
    '/field-slow': () => new Promise((done) => { setTimeout(() => done({ type: 'text/plain', body: '' }), 900); }),
  });
  let planted = [];
  try {
    await driver.newVisitor();
    const visitor = new Visitor({ driver, origin: proxy.origin, application, random });
    await visitor.goto(application.paths?.[0] ?? '/');
    await application.begin?.(visitor);
    await visitor.wait(1500);
    planted = await plantAll(driver, visitor, random);
    await driver.endVisit();
  } finally {
    await driver.close();
    widgets.close();
  }
  await quiet(proxy.wire);
  await recording.sync();
  const [session] = sessionsOf(proxy.wire.slice(mark));
  if (!session) {
    log('noise: nothing was recorded');
    return { planted: 0, right: 0, wrong: [] };
  }
  const { started_ms: started, signals_list: found } = await recording.show(session);
  const wrong = [];
  for (const one of planted) {
    const mine = found.filter(({ start_ms: at }) => at + started >= one.at - 20 && at + started < one.to - 20);
    const isNoise = mine.some(({ kind }) => kind === 'noise');
    const isError = mine.some(({ kind }) => ERRORS.includes(kind));
    if (isNoise !== one.noise || isError === one.noise) wrong.push({ kind: one.kind, noise: one.noise, found: mine.map(({ kind, reason }) => `${kind}: ${reason}`) });
  }
  return { planted: planted.length, noise: planted.filter(({ noise }) => noise).length, right: planted.length - wrong.length, wrong };
}
