// SPDX-License-Identifier: MIT
// What the recorder costs, beside rrweb's own record in the same Chromium and the same run: size, main-thread time, the longest task,
// bytes sent, what a press costs, and whether a visit of a second can be replayed. Times are of the processor, not of the clock.
// recorder.mjs RECORDER_JS NODE_MODULES SAMPLES_DIR [ROUNDS [PART…]]; parts: size, snapshot, storm, cells, sheets, animation, press, visits, samples
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const [recorder, modules, samples, rounds = '3', ...parts] = process.argv.slice(2);
const { chromium } = createRequire(resolve(modules, 'x.js'))('playwright-core');
const KINDS = ['none', 'alone', 'ours'];
const PRESSES = 15;
const VISITS = 50;

// rrweb alone does what any user of it must: keeps the events, turns them to JSON and posts them.
const ALONE = `import { record } from '@rrweb/record';
let events = [];
record({ emit: (event) => events.push(event), recordAfter: 'DOMContentLoaded', sampling: { mousemove: 50, scroll: 100 } });
setInterval(() => { if (events.length) fetch('/v1/batches', { method: 'POST', body: JSON.stringify({ events }) }); events = []; }, 3000);`;

const row = (i) => `<div class="row r${i % 7}"><a href="/item/${i}" title="item ${i}"><b>${i}</b> text of a cell</a><span data-n="${i}">words here</span></div>`;
const rows = (count) => Array.from({ length: count }, (_, i) => row(i)).join('');
const table = '<table>' + Array.from({ length: 2500 }, (_, i) => `<tr>${`<td>${i}</td>`.repeat(8)}</tr>`).join('') + '</table>';
const sheet = (name) => Array.from({ length: 1500 }, (_, i) => `.${name}${i}{color:rgb(${i % 255},0,0);padding:${i}px}`).join('');

// html: the page; work: a function that is run there once it is recorded, and measured; without it the measure begins with the page.
const LOADS = {
  snapshot: { what: 'snapshot of 100,000 nodes', html: `<style>.row { height: 1px; overflow: hidden }</style>${rows(14300)}<script>document.body.offsetHeight</script>` },
  storm: {
    what: 'mutation storm', html: '<div id="box"></div>', work: async () => {
      const frame = () => new Promise((next) => setTimeout(next, 0));
      for (let round = 0; round < 30; round++) {
        const made = document.createElement('table');
        for (let i = 0; i < 120; i++) {
          const line = made.insertRow();
          for (let j = 0; j < 6; j++) {
            const cell = line.insertCell();
            cell.className = `cell c${j}`;
            cell.innerHTML = `<a href="/item?id=${i}" title="item ${i}"><b>${round}</b> text of a cell ${j}</a>`;
          }
        }
        document.querySelector('#box').replaceChildren(made);
        await frame();
        for (const cell of made.querySelectorAll('td')) {
          cell.dataset.state = round;
          cell.style.opacity = 0.5 + (round % 5) / 10;
        }
        for (const b of made.querySelectorAll('b')) b.firstChild.data = `n${round}`;
        await frame();
      }
    },
  },
  cells: {
    what: '20,000 cells that change at once', html: `<style>.sel { background: #ffc }</style>${table}`, work: () => {
      for (const td of document.querySelectorAll('td')) td.className = 'sel';
    },
  },
  sheets: {
    what: 'four late sheets of 72 KB', files: Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`/${name}.css`, sheet(name)])),
    html: '<p>x</p>', work: async () => {
      for (const name of ['a', 'b', 'c', 'd']) {
        await new Promise((next) => {
          document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `/${name}.css`, onload: next }));
        });
      }
    },
  },
  animation: {
    what: '60 frames of 800 moving elements', html: table, work: async () => {
      const all = [...document.querySelectorAll('td')].slice(0, 800);
      for (let f = 0; f < 60; f++) {
        for (const el of all) el.style.transform = `translateX(${f}px)`;
        await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 0)));
      }
    },
  },
};

function bundleAlone() {
  const folder = mkdtempSync(join(tmpdir(), 'sight-bench-'));
  const [input, plain] = [join(folder, 'alone.js'), join(folder, 'plain.js')];
  writeFileSync(input, ALONE);
  writeFileSync(plain, "import { record } from '@rrweb/record'; globalThis.record = record;");
  const bundle = (from) => {
    execFileSync(join(modules, '.bin/esbuild'), [from, '--bundle', '--minify', '--format=iife', '--target=chrome94,firefox93,safari15.4', '--legal-comments=none',
      '--charset=utf8', '--log-level=error', `--outfile=${from}.min`], { env: { ...process.env, NODE_PATH: resolve(modules) } });
    return readFileSync(`${from}.min`);
  };
  const scripts = { alone: bundle(input), plain: bundle(plain) };
  rmSync(folder, { recursive: true });
  return scripts;
}

const scripts = bundleAlone();
const ours = readFileSync(recorder);
const size = (text) => gzipSync(text, { level: 9 }).length;
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const sum = (list) => list.reduce((total, one) => total + one, 0);
let posted = [];

async function serve() {
  const tags = { none: '', alone: '<script src="/alone.js"></script>', ours: '<script src="/v1/recorder.js" data-key="x"></script>' };
  const server = createServer((request, response) => {
    const [, kind, load] = request.url.split('/');
    const file = Object.values(LOADS).find(({ files }) => files?.[request.url])?.files[request.url];
    const body = [];
    request.on('data', (part) => body.push(part));
    request.on('end', () => {
      if (request.url === '/v1/recorder.js') response.end(ours);
      else if (request.url === '/alone.js') response.end(scripts.alone);
      else if (kind === 'v1') {
        const raw = Buffer.concat(body);
        posted.push(request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw);
        response.writeHead(202).end('{"stored":true}');
      } else if (file) response.writeHead(200, { 'Content-Type': 'text/css' }).end(file);
      else {
        response.setHeader('Content-Type', 'text/html');
        response.end(`<!DOCTYPE html><title>T</title>${tags[kind] ?? ''}${LOADS[load]?.html ?? `<button>Press</button> <button>Other</button><script>onpointerdown = () => {}</script>${rows(500)}`}`);
      }
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

// Tasks of the page's main thread between two calls, in order, in ms of processor time, and when the pointer went down.
async function traced(page, during) {
  const devtools = await page.context().newCDPSession(page);
  const events = [];
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await devtools.send('Tracing.start', { traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'], excludedCategories: ['*'] } });
  await during();
  const done = new Promise((next) => devtools.once('Tracing.tracingComplete', next));
  await devtools.send('Tracing.end');
  await done;
  const main = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const own = events.filter(({ pid, tid }) => main.some((thread) => thread.pid === pid && thread.tid === tid));
  const tasks = own.filter(({ name }) => name === 'RunTask').map(({ ts, tdur }) => ({ ts, ms: (tdur ?? 0) / 1000 })).sort((a, b) => a.ts - b.ts);
  return { tasks, presses: own.filter(({ name, args }) => name === 'EventDispatch' && args.data.type === 'pointerdown').map(({ ts }) => ts).sort((a, b) => a - b) };
}

const server = await serve();
const base = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'] });

async function measure(kind, load) {
  const page = await browser.newPage();
  const { work } = LOADS[load];
  posted = [];
  const url = `${base}/${kind}/${load}`;
  if (work) {
    await page.goto(url);
    await page.waitForTimeout(4000);
    posted = [];
  }
  const { tasks } = await traced(page, async () => {
    await (work ? page.evaluate(work) : page.goto(url));
    await page.waitForTimeout(4500);
  });
  await page.close();
  return { all: sum(tasks.map(({ ms }) => ms)), longest: Math.max(...tasks.map(({ ms }) => ms)), bytes: sum(posted.map((body) => gzipSync(body).length)) };
}

async function press(kind) {
  const page = await browser.newPage();
  await page.goto(`${base}/${kind}/press`);
  await page.waitForTimeout(3500);
  const { tasks, presses } = await traced(page, async () => {
    for (let i = 0; i < PRESSES; i++) {
      // Another control each time.
      await page.mouse.click(20 + (i % 2) * 60, 15);
      await page.waitForTimeout(700);
    }
  });
  await page.close();
  const costs = presses.map((at, i) => sum(tasks.filter(({ ts }) => ts >= at - 1000 && ts < (presses[i + 1] ?? at + 7e5) - 1000).map(({ ms }) => ms)));
  return { median: median(costs), mean: sum(costs) / costs.length };
}

async function visits() {
  let replayed = 0;
  for (let i = 0; i < VISITS; i++) {
    posted = [];
    const page = await browser.newPage();
    await page.goto(`${base}/ours/visit`, { waitUntil: 'commit' });
    await page.waitForTimeout(1000);
    await page.close({ runBeforeUnload: true });
    for (let wait = 0; wait < 20 && !posted.some((body) => body.includes('"ss:visibility"')); wait++) await new Promise((next) => setTimeout(next, 50));
    const types = new Set(posted.flatMap((body) => JSON.parse(body).events.map(({ type }) => type)));
    replayed += Number(types.has(4) && types.has(2));
  }
  return replayed;
}

function bytesPerMinute() {
  const all = [];
  for (const name of readdirSync(samples).filter((file) => file.endsWith('.jsonl.zst'))) {
    const text = spawnSync('zstd', ['-dc', join(samples, name)], { maxBuffer: 1 << 28 }).stdout.toString('utf8');
    const lines = text.split('\n').filter(Boolean);
    const times = lines.flatMap((line) => JSON.parse(line).events.map((event) => event.timestamp));
    const minutes = (Math.max(...times) - Math.min(...times)) / 60000;
    all.push({ minutes, wire: sum(lines.map((line) => gzipSync(line).length)), plain: text.length });
  }
  const minutes = sum(all.map((one) => one.minutes));
  return { sessions: all.length, minutes, wire: sum(all.map(({ wire }) => wire)) / minutes, plain: sum(all.map(({ plain }) => plain)) / minutes };
}

const wanted = (part) => !parts.length || parts.includes(part);

if (wanted('size')) console.log(`size, minified and gzip:  recorder ${size(ours)} B, @rrweb/record alone ${size(scripts.plain)} B: ${size(ours) - size(scripts.plain)} B more`);
for (const [load, { what }] of Object.entries(LOADS)) {
  if (!wanted(load)) continue;
  const got = Object.fromEntries(KINDS.map((kind) => [kind, []]));
  for (let round = 0; round < Number(rounds); round++) for (const kind of KINDS) got[kind].push(await measure(kind, load));
  const of = (kind, key) => median(got[kind].map((one) => one[key]));
  // Each round by itself: what else the machine does changes slowly.
  const pairs = (fn) => median(got.ours.map((one, i) => fn(one, got.alone[i])));
  console.log(`${what}, ${rounds} rounds, medians:  main thread none ${of('none', 'all').toFixed(0)}, rrweb ${of('alone', 'all').toFixed(0)}, ours ${of('ours', 'all').toFixed(0)} ms: ` +
    `${pairs((a, b) => a.all / b.all).toFixed(2)} times rrweb; longest task ${of('none', 'longest').toFixed(0)}, ${of('alone', 'longest').toFixed(0)}, ${of('ours', 'longest').toFixed(0)} ms: ` +
    `${pairs((a, b) => a.longest - b.longest).toFixed(0)} ms more; sent ${of('alone', 'bytes')}, ${of('ours', 'bytes')} B: ${(of('ours', 'bytes') / of('alone', 'bytes')).toFixed(2)} times`);
}
if (wanted('press')) {
  const got = {};
  for (let round = 0; round < Number(rounds); round++) for (const kind of KINDS) (got[kind] ??= []).push(await press(kind));
  // A batch is sent after every fourth press: the mean has that in it, the median has not.
  for (const what of ['median', 'mean']) {
    const [none, alone, own] = KINDS.map((kind) => median(got[kind].map((one) => one[what])).toFixed(2));
    // Each round by itself, as above.
    const more = (kind) => median(got[kind].map((one, i) => one[what] - got.none[i][what])).toFixed(2);
    console.log(`a press, ${what} of ${PRESSES}, ${rounds} rounds:  none ${none}, rrweb ${alone}, ours ${own} ms: costs ${more('ours')} ms, of which rrweb ${more('alone')}`);
  }
}
if (wanted('visits')) console.log(`visits of one second that can be replayed:  ${await visits()} of ${VISITS}`);
await browser.close();
server.close();
if (wanted('samples')) {
  const sent = bytesPerMinute();
  console.log(`sent, ${sent.sessions} sample sessions of ${sent.minutes.toFixed(0)} min:  ${(sent.wire / 1024).toFixed(1)} KB a minute gzip (${(sent.plain / 1024).toFixed(1)} KB of JSON)`);
}
