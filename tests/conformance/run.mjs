// SPDX-License-Identifier: MIT
// run.mjs PAGE_AT NODE_MODULES FOLDER…: compares, at some times of each recording, the page that the core makes with rrweb's own
// Replayer paused at that time. Prints TAP. SIGHT_TEST_FULL: at many times. SIGHT_CONFORMANCE_ONLY: only files whose names have it.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, readdirSync, rmSync, existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const [pageAt, modules, ...folders] = process.argv.slice(2);
const full = Boolean(process.env.SIGHT_TEST_FULL);
const points = full ? 25 : 3;
const require = createRequire(path.join(modules, 'x.js'));
const { chromium } = require('playwright-core');
const here = path.dirname(new URL(import.meta.url).pathname);
const explained = JSON.parse(readFileSync(path.join(here, 'explained.json'), 'utf8'));
const only = process.env.SIGHT_CONFORMANCE_ONLY;

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-smooth-scrolling'] });
const context = await browser.newContext({ viewport: { width: 1600, height: 1200 } });
await context.route('**', (route) => (route.request().url().startsWith('http://replay.test/')
  ? route.fulfill({
    contentType: 'text/html',
    headers: { 'content-security-policy': "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline' data:; img-src data: blob:; font-src data:; media-src data: blob:; frame-src 'self' data: blob: about:" },
    body: '<!doctype html><html><body></body></html>',
  })
  : route.abort()));

async function newPage() {
  const page = await context.newPage();
  await page.goto('http://replay.test/');
  await page.evaluate(readFileSync(path.join(modules, 'rrweb/dist/rrweb.umd.min.cjs'), 'utf8') + ';0');
  await page.evaluate(readFileSync(path.join(here, 'page-state.js'), 'utf8') + ';0');
  return page;
}

// Events go into the page as text, and states stay there: what Playwright carries over value by value takes longer than the replaying.
async function keepState(page, name, events, at) {
  await page.evaluate(async ([name, text, time]) => {
    document.body.innerHTML = '';
    const replayer = new rrweb.Replayer(JSON.parse(text), { mouseTail: false, showWarning: false, root: document.body, logger: { log() {}, warn() {}, debug() {} } });
    replayer.iframe.style.display = 'inherit';
    try { replayer.pause(time); } catch (e) { window[name] = ['failed', String(e)]; return; }
    await new Promise((done) => { setTimeout(done, 30); });
    await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
    window[name] = pageState(replayer.iframe.contentDocument);
    try { replayer.destroy(); } catch { /* a broken page */ }
  }, [name, events, at]);
}

function timesOf(events, points) {
  const first = events[0].timestamp;
  const length = events.at(-1).timestamp - first;
  const start = events.find((e) => e.type === 2);
  if (!start) return [];
  const from = start.timestamp - first + 1;
  const times = new Set([length + 1]);
  for (let i = 0; i < points - 1; i++) times.add(Math.min(length + 1, Math.round(from + ((length - from) * i) / Math.max(points - 1, 1))));
  return [...times].filter((t) => t >= from).sort((a, b) => a - b);
}

const run = (...args) => execFileSync(pageAt, args, { maxBuffer: 1 << 30, encoding: 'utf8' }).trim().split('\n');
const scratch = mkdtempSync(path.join(tmpdir(), 'conformance-'));
let n = 0, failed = 0, equal = 0;
let page = await newPage();

// Pairs of a name and a file of events of one window: a batch is no array of events, and has events of several.
function windowsOf(folder, name) {
  const file = path.join(folder, name);
  if (name.endsWith('.json')) return [[name, file]];
  return run('--windows', file).map((events, i) => {
    const part = path.join(scratch, `${i}.json`);
    writeFileSync(part, events);
    return [`${name} ${i + 1}`, part];
  });
}

function eventsOf(file) {
  let events;
  try { events = JSON.parse(readFileSync(file, 'utf8')); } catch { return []; }
  if (!Array.isArray(events)) events = events.events ?? events.data?.snapshots ?? [];
  return events.flat().filter((e) => e && typeof e === 'object' && typeof e.timestamp === 'number').sort((a, b) => a.timestamp - b.timestamp);
}

async function compare(name, events, time, made) {
  n++;
  let difference;
  try {
    await keepState(page, 'expected', events, time);
    if (made === 'null') await page.evaluate(() => { window.found = ['no page']; });
    else await keepState(page, 'found', made, 1);
    difference = await page.evaluate(() => firstDifference(window.expected, window.found));
  } catch (e) {
    difference = `broke: ${String(e).slice(0, 300)}`;
    await page.close().catch(() => {});
    page = await newPage();
  }
  const why = difference && explained.find((e) => new RegExp(e.file).test(`${name} at ${time}`))?.reason;
  if (!difference) equal++;
  else if (!why) failed++;
  console.log(`${difference && !why ? 'not ok' : 'ok'} ${n} - ${name} at ${time}`);
  if (difference) console.log(`# ${why ? `differs: ${why}; ` : ''}rrweb / ours: ${difference.replace(/\n/g, '\\n')}`);
}

for (const folder of folders.filter(existsSync)) {
  // Of each kind of sample there are some: without --full the first is enough.
  const isWanted = (f) => /\.json$/.test(f) || (full ? /\.jsonl\.zst$/ : /-1\.jsonl\.zst$/).test(f);
  for (const recording of readdirSync(folder).filter(isWanted).sort()) {
    if (only && !recording.includes(only)) continue;
    for (const [name, file] of windowsOf(folder, recording)) {
      const events = eventsOf(file);
      const times = events.length < 2 ? [] : timesOf(events, folder.endsWith('scenes') ? (full ? 25 : 12) : points);
      if (!times.length) continue;
      const ours = run(file, ...times.map(String));
      const text = JSON.stringify(events);
      for (const [i, time] of times.entries()) await compare(name, text, time, ours[i].trim());
    }
  }
}
if (n === 0) console.log(`ok ${++n} - no recordings here`);
console.log(`1..${n}`);
console.log(`# ${equal} of ${n} points equal, ${n - equal - failed} others explained`);
await browser.close();
rmSync(scratch, { recursive: true });
