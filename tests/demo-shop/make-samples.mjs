// SPDX-License-Identifier: MIT
// Makes data/samples: lets the scripted visitors walk through the shop in Chromium and keeps what the recorder posted.
// make-samples.mjs RECORDER_JS NODE_MODULES OUTPUT_DIR [NAME,NAME…]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { startShop } from './server.mjs';
import { Visitor } from './visitor.mjs';
import { visits } from './visits.mjs';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-smooth-scrolling', '--autoplay-policy=no-user-gesture-required'];

function zstd(text, file) {
  const done = spawnSync('zstd', ['-q', '-19', '-f', '-o', file], { input: text });
  if (done.status !== 0) throw new Error(`zstd: ${done.stderr}`);
}

async function walk(browser, visit, origin, posted) {
  const visitor = await Visitor.open(browser, { ...visit, origin });
  try {
    await visit.script(visitor);
    await visitor.leave();
  } finally {
    await visitor.context.close();
  }
  // The last batches come as the page goes: wait until nothing new arrives.
  for (let quiet = 0, seen = -1; quiet < 4;) {
    await new Promise((done) => setTimeout(done, 100));
    quiet = posted.length === seen ? quiet + 1 : 0;
    seen = posted.length;
  }
  return visitor.labels;
}

// As the collector does: what was sent twice counts once.
function onceEach(posted) {
  const kept = new Map();
  for (const text of posted) {
    const batch = JSON.parse(text);
    const key = `${batch.session}/${batch.window}/${batch.seq}`;
    if (!kept.has(key)) kept.set(key, { text, batch });
  }
  return [...kept.values()];
}

const [recorder, modules, output, only = ''] = process.argv.slice(2);
const { chromium } = createRequire(resolve(modules, 'x.js'))('playwright-core');
mkdirSync(output, { recursive: true });
if (!only) for (const name of readdirSync(output)) if (/\.jsonl\.zst$|^labels\.json\.zst$/.test(name)) rmSync(join(output, name));

const labelsFile = join(output, 'labels.json.zst');
const labels = only ? JSON.parse(spawnSync('zstd', ['-dc', labelsFile], { maxBuffer: 1 << 28 }).stdout.toString('utf8') || '{}') : {};
let failed = 0;
let posted = [];
const shop = await startShop({ recorder, onBatch: (text) => posted.push(text) });
const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, `--host-resolver-rules=MAP shop.example 127.0.0.1:${shop.port}`] });
let browser = await launch();
for (const visit of visits.filter(({ name }) => !only || only.split(',').includes(name))) {
  posted = [];
  if (!browser.isConnected()) browser = await launch();
  try {
    const moments = await walk(browser, visit, 'http://shop.example', posted);
    const batches = onceEach(posted);
    const sessions = [...new Set(batches.map(({ batch }) => batch.session))];
    const events = batches.reduce((sum, { batch }) => sum + batch.events.length, 0);
    const times = batches.flatMap(({ batch }) => batch.events.map((event) => event.timestamp));
    labels[visit.name] = { sessions, device: visit.device, release: visit.release, banner: visit.banner, user: visit.user, moments };
    zstd(`${batches.map(({ text }) => text).join('\n')}\n`, join(output, `${visit.name}.jsonl.zst`));
    console.log(`${visit.name}: ${sessions.length} session(s), ${Math.round((Math.max(...times) - Math.min(...times)) / 1000)} s, ${batches.length} batches, ${events} events, ${moments.length} moments`);
  } catch (error) {
    failed++;
    console.error(`${visit.name} (${visit.device}, ${visit.release}): ${error.message.split('\n')[0]} ${/at async (?:Object\.)?(\w+) \(.*acts/.exec(error.stack)?.[1] ?? ''}`);
  }
}
await browser.close();
await shop.close();
zstd(JSON.stringify(Object.fromEntries(Object.entries(labels).sort()), null, 1), labelsFile);
console.log(`${Object.keys(labels).length} visits, ${failed} failed`);
process.exit(failed ? 1 : 0);
