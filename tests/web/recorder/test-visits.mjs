// SPDX-License-Identifier: MIT
// A few visitors of the demo shop afresh: what they do is recorded as they labelled it, and as it was for data/samples.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built, modules } from './browser.mjs';
import { equal, ok, run, test } from './tap.mjs';

const root = process.env.SIGHT_SOURCE_ROOT ?? '.';
const WANTED = { 'coupon-1': ['ss:error', 'ss:form'], 'wrong-email-1': ['ss:notice', 'ss:form'], 'two-tabs-1': ['ss:event', 'ss:identify'] };
const VISITS = Object.keys(WANTED);
const folder = mkdtempSync(join(tmpdir(), 'sight-visits-'));
const unpack = (file) => spawnSync('zstd', ['-dc', file], { maxBuffer: 1 << 28 }).stdout.toString('utf8');
const batchesOf = (where, name) => unpack(join(where, `${name}.jsonl.zst`)).split('\n').filter(Boolean).map((line) => JSON.parse(line));
const tags = (batches) => batches.flatMap((batch) => batch.events).filter((event) => event.type === 5).map((event) => event.data.tag);

test('visitors walk through the shop', () => {
  const made = spawnSync('node', [join(root, 'tests/demo-shop/make-samples.mjs'), join(built, 'src/web/recorder.js'), modules, folder, VISITS.join(',')], { encoding: 'utf8' });
  for (const line of made.stdout.trim().split('\n')) console.log(`# ${line}`);
  equal(made.status, 0, made.stderr);
});

for (const name of VISITS) {
  test(`${name} is the session of the samples again`, () => {
    const [now, then] = [batchesOf(folder, name), batchesOf(join(root, 'data/samples'), name)];
    // The samples were made with shorter ids, of the same random numbers.
    const [ids, known] = [now, then].map((batches) => [...new Set(batches.map(({ session }) => session))]);
    equal(ids.map((id) => id.slice(0, known[0].length)), known, 'session');
    for (const tag of ['ss:context', 'ss:route', 'ss:click', ...WANTED[name]]) ok(tags(now).includes(tag), `no ${tag}`);
    if (name === 'two-tabs-1') equal(new Set(now.map((batch) => batch.window)).size, 2, 'windows');
    const { moments } = JSON.parse(unpack(join(folder, 'labels.json.zst')))[name];
    const times = now.flatMap((batch) => batch.events.map((event) => event.timestamp));
    for (const moment of moments) ok(moment.from >= Math.min(...times) && moment.from <= Math.max(...times), `“${moment.kind}” lies outside the recording`);
  });
}

run({ after: async () => rmSync(folder, { recursive: true, force: true }) });
