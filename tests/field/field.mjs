// SPDX-License-Identifier: MIT
// field.mjs [OPTION…] [APPLICATION…]: see README.md. BUILD names the build folder.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { install, load, names, start } from './applications.mjs';
import { measureCost } from './measure-cost.mjs';
import { measureLook } from './measure-look.mjs';
import { measurePrivacy } from './measure-privacy.mjs';
import { measureSignals } from './measure-signals.mjs';
import { startProxy } from './proxy.mjs';
import { Recording } from './recording.mjs';
import { printTable } from './table.mjs';

const OPTIONS = {
  presses: { type: 'string', default: '60' }, moments: { type: 'string', default: '24' }, visits: { type: 'string', default: '3' }, seed: { type: 'string', default: '1' },
  only: { type: 'string', multiple: true }, output: { type: 'string', default: 'field-output' }, help: { type: 'boolean', short: 'h' },
};
const USAGE = `Usage: sh tests/field/run [--presses N] [--moments N] [--visits N] [--seed S] [--only look|signals|privacy|cost]… [--output DIR] [APPLICATION…]

Installs real applications, has seeded visitors use them, records that, and compares with what the live pages showed.
Applications: ${names().join(', ')} (all where none is named).
BUILD=DIR takes another build of this project than build/.`;

async function measure(application, what, options, log) {
  const folder = install(application);
  const work = mkdtempSync(join(tmpdir(), 'sight-field-'));
  const output = resolve(options.output, application.name);
  mkdirSync(output, { recursive: true });
  const result = { name: application.name };
  const build = resolve(process.env.BUILD);
  let running;
  let recording;
  let proxy;
  try {
    running = await start(application, folder, join(work, 'application'));
    recording = await Recording.start(build, work);
    proxy = await startProxy(running, recording.url, recording.write_key);
    const shared = { application, running, proxy, recording, build, output, seed: Number(options.seed), log };
    for (const [name, fn] of Object.entries(what)) {
      const began = Date.now();
      try {
        result[name] = await fn(shared, options);
      } catch (error) {
        result.failed = `${name}: ${error.message.split('\n')[0]}`;
        log(error.stack);
      }
      log(`${name} took ${Math.round((Date.now() - began) / 1000)} s`);
    }
  } finally {
    await proxy?.close();
    await recording?.stop();
    running?.stop();
    rmSync(work, { recursive: true, force: true });
  }
  return result;
}

const MEASURES = {
  look: (shared, options) => measureLook({ ...shared, output: join(shared.output, 'look'), moments: Number(options.moments), visits: Number(options.visits) }),
  signals: (shared, options) => measureSignals({ ...shared, presses: Number(options.presses) }),
  privacy: (shared) => measurePrivacy({ ...shared, output: join(shared.output, 'privacy') }),
  cost: measureCost,
};

async function main() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) return console.log(USAGE);
  const unknown = [...positionals.filter((name) => !names().includes(name)), ...(values.only ?? []).filter((name) => !MEASURES[name])];
  if (unknown.length || !process.env.BUILD) throw new Error(unknown.length ? `unknown: ${unknown.join(', ')}` : 'BUILD is not set: use tests/field/run');
  const what = Object.fromEntries(Object.entries(MEASURES).filter(([name]) => !values.only || values.only.includes(name)));
  const results = [];
  for (const name of positionals.length ? positionals : names()) {
    const log = (line) => console.error(`# ${name}: ${line}`);
    try {
      results.push(await measure(await load(name), what, values, log));
    } catch (error) {
      log(`failed: ${error.stack}`);
      results.push({ name, failed: error.message.split('\n')[0] });
    }
    mkdirSync(values.output, { recursive: true });
    writeFileSync(join(values.output, 'results.json'), JSON.stringify(results, null, 1));
  }
  printTable(results);
  process.exitCode = results.some(({ failed }) => failed) ? 1 : 0;
}

await main();
