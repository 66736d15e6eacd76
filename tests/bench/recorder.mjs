// SPDX-License-Identifier: MIT
// What the recorder costs, beside rrweb's own record in the same Chromium: size, main-thread time, bytes sent per minute.
// recorder.mjs RECORDER_JS NODE_MODULES SAMPLES_DIR
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const [recorder, modules, samples] = process.argv.slice(2);
const { chromium } = createRequire(resolve(modules, 'x.js'))('playwright-core');
const ROUNDS = 5;

// rrweb alone does what any user of it must: keeps the events, turns them to JSON and posts them.
const ALONE = `import { record } from '@rrweb/record';
let events = [];
record({ emit: (event) => events.push(event), sampling: { mousemove: 50, scroll: 100 } });
setInterval(() => { if (events.length) fetch('/v1/batches', { method: 'POST', body: JSON.stringify({ events }) }); events = []; }, 3000);`;

const WORK = `async function work() {
  const box = document.querySelector('#box');
  const frame = () => new Promise((resolve) => setTimeout(resolve, 0));
  for (let round = 0; round < 30; round++) {
    const table = document.createElement('table');
    for (let i = 0; i < 120; i++) {
      const row = table.insertRow();
      for (let j = 0; j < 6; j++) {
        const cell = row.insertCell();
        cell.className = 'cell c' + j;
        cell.innerHTML = '<a href="/item?id=' + i + '" title="item ' + i + '"><b>' + round + '</b> text of a cell ' + j + '</a>';
      }
    }
    box.replaceChildren(table);
    await frame();
    for (const cell of table.querySelectorAll('td')) { cell.dataset.state = round; cell.style.opacity = 0.5 + (round % 5) / 10; }
    for (const b of table.querySelectorAll('b')) b.firstChild.data = 'n' + round;
    await frame();
  }
}`;

function bundleAlone() {
  const folder = mkdtempSync(join(tmpdir(), 'sight-bench-'));
  const [input, output] = [join(folder, 'alone.js'), join(folder, 'alone.min.js')];
  const plain = join(folder, 'plain.js');
  writeFileSync(input, ALONE);
  writeFileSync(plain, "import { record } from '@rrweb/record'; globalThis.record = record;");
  const bundle = (from, to) => execFileSync(join(modules, '.bin/esbuild'), [from, '--bundle', '--minify', '--format=iife', '--target=chrome94,firefox93,safari15.4',
    '--legal-comments=none', '--charset=utf8', '--log-level=error', `--outfile=${to}`], { env: { ...process.env, NODE_PATH: resolve(modules) } });
  bundle(input, output);
  bundle(plain, join(folder, 'plain.min.js'));
  const scripts = { alone: readFileSync(output), plain: readFileSync(join(folder, 'plain.min.js')) };
  rmSync(folder, { recursive: true });
  return scripts;
}

const scripts = bundleAlone();
const ours = readFileSync(recorder);
const size = (text) => gzipSync(text, { level: 9 }).length;

async function serve() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    request.resume();
    if (pathname === '/v1/recorder.js') response.end(ours);
    else if (pathname === '/alone.js') response.end(scripts.alone);
    else if (pathname.startsWith('/v1/')) response.writeHead(202).end('{"stored":true}');
    else {
      const tag = { '/ours': '<script src="/v1/recorder.js" data-key="x"></script>', '/alone': '<script src="/alone.js"></script>' }[pathname] ?? '';
      response.setHeader('Content-Type', 'text/html');
      response.end(`<!DOCTYPE html><title>T</title>${tag}<div id="box"></div><script>${WORK}</script>`);
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

async function measure(browser, url) {
  const page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(url);
  await page.waitForTimeout(300);
  const metric = async () => (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value;
  const before = await metric();
  await page.evaluate('work()');
  await page.waitForTimeout(3500);
  const after = await metric();
  await page.close();
  return (after - before) * 1000;
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

function bytesPerMinute() {
  const rows = [];
  for (const name of readdirSync(samples).filter((file) => file.endsWith('.jsonl.zst'))) {
    const text = spawnSync('zstd', ['-dc', join(samples, name)], { maxBuffer: 1 << 28 }).stdout.toString('utf8');
    const lines = text.split('\n').filter(Boolean);
    const times = lines.flatMap((line) => JSON.parse(line).events.map((event) => event.timestamp));
    const minutes = (Math.max(...times) - Math.min(...times)) / 60000;
    rows.push({ minutes, wire: lines.reduce((sum, line) => sum + gzipSync(line).length, 0), plain: text.length });
  }
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  return { sessions: rows.length, minutes: sum('minutes'), wire: sum('wire') / sum('minutes'), plain: sum('plain') / sum('minutes') };
}

const server = await serve();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const times = { none: [], alone: [], ours: [] };
const base = `http://127.0.0.1:${server.address().port}`;
for (let round = 0; round < ROUNDS; round++) for (const kind of Object.keys(times)) times[kind].push(await measure(browser, `${base}/${kind}`));
await browser.close();
server.close();

const [none, alone, with_] = ['none', 'alone', 'ours'].map((kind) => median(times[kind]));
console.log(`size, minified and gzip:  recorder ${size(ours)} B, @rrweb/record alone ${size(scripts.plain)} B: ${((size(ours) - size(scripts.plain)) / 1024).toFixed(1)} KB more`);
console.log(`main thread, ${ROUNDS} rounds, median:  no recorder ${none.toFixed(0)} ms, rrweb alone ${alone.toFixed(0)} ms, recorder ${with_.toFixed(0)} ms: ${(with_ / alone).toFixed(3)} times rrweb`);
const sent = bytesPerMinute();
console.log(`sent, ${sent.sessions} sample sessions of ${sent.minutes.toFixed(0)} min:  ${(sent.wire / 1024).toFixed(1)} KB a minute gzip (${(sent.plain / 1024).toFixed(1)} KB of JSON)`);
