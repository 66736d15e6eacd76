// SPDX-License-Identifier: MIT
// field.mjs [OPTION…] [APPLICATION…]: see README.md. BUILD names the build folder.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { install, load, names, start } from './applications.mjs';
import { measureCost } from './measure-cost.mjs';
import { compareAgain, measureLook } from './measure-look.mjs';
import { measureNoise } from './measure-noise.mjs';
import { measurePrivacy } from './measure-privacy.mjs';
import { measureSignals, scoreAgain } from './measure-signals.mjs';
import { startProxy } from './proxy.mjs';
import { Recording } from './recording.mjs';
import { printTable } from './table.mjs';

const OPTIONS = {
  presses: { type: 'string', default: '60' }, moments: { type: 'string', default: '24' }, visits: { type: 'string', default: '3' }, seed: { type: 'string', default: '1' },
  jobs: { type: 'string', default: '1' }, table: { type: 'boolean' }, again: { type: 'boolean' }, more: { type: 'boolean' }, only: { type: 'string', multiple: true }, output: { type: 'string', default: 'field-output' }, help: { type: 'boolean', short: 'h' },
};
const USAGE = `Usage: sh tests/field/run [--presses N] [--moments N] [--visits N] [--seed S] [--only look|signals|noise|privacy|cost]… [--jobs N] [--output DIR] [--more] [--table | --again] [APPLICATION…]

Installs real applications, has seeded visitors use them, records that, and compares with what the live pages showed.
Applications: ${names().join(', ')} (all where none is named).
--jobs: so many at once, each on a display of its own. --more adds visits to those that the output folder holds. --table prints what the output folder holds, without measuring; --again finds signals anew in the recordings that it holds.
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
  signals: (shared, options) => measureSignals({ ...shared, presses: Number(options.presses), more: options.more }),
  noise: measureNoise,
  privacy: (shared) => measurePrivacy({ ...shared, output: join(shared.output, 'privacy') }),
  cost: measureCost,
};

const resultFile = (output, name) => resolve(output, name, 'result.json');

// What was measured before stays, where it is not measured now.
function keep(output, result) {
  const file = resultFile(output, result.name);
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  mkdirSync(resolve(output, result.name), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...before, failed: undefined, ...result }, null, 1));
}

async function measureOne(name, what, values) {
  const log = (line) => console.error(`# ${name}: ${line}`);
  try {
    keep(values.output, await measure(await load(name), what, values, log));
  } catch (error) {
    log(`failed: ${error.stack}`);
    keep(values.output, { name, failed: error.message.split('\n')[0] });
  }
}

async function scoreOne(name, { output, only }) {
  const folder = resolve(output, name);
  const again = { signals: ['labels.json', (recording) => scoreAgain({ recording, output: folder })], look: ['look/moments.json', (recording) => compareAgain({ recording, output: join(folder, 'look') })] };
  for (const [what, [file, fn]] of Object.entries(again)) {
    if (!existsSync(join(folder, file)) || (only && !only.includes(what))) continue;
    const work = mkdtempSync(join(tmpdir(), 'sight-field-'));
    const recording = await Recording.start(resolve(process.env.BUILD), work);
    try {
      keep(output, { name, [what]: await fn(recording) });
    } finally {
      await recording.stop();
      rmSync(work, { recursive: true, force: true });
    }
  }
}

// A process for each application: pictures are compared in it, and a pointer of its own is needed for the look.
function measureApart(name, values) {
  const { presses, moments, visits, seed, output, more, only = [] } = values;
  const args = [...Object.entries({ presses, moments, visits, seed, output }), ...only.map((one) => ['only', one])].flatMap(([key, value]) => [`--${key}`, value]).concat(more ? ['--more'] : []);
  const child = spawn('xvfb-run', ['-a', '-s', '-screen 0 1440x1000x24', process.execPath, process.argv[1], ...args, name], { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((done) => { child.once('exit', done); });
}

async function measureAll(chosen, what, values) {
  const left = [...chosen];
  const jobs = Math.min(Number(values.jobs), left.length);
  const next = async () => {
    for (let name = left.shift(); name; name = left.shift()) await (jobs > 1 ? measureApart(name, values) : measureOne(name, what, values));
  };
  await Promise.all(Array.from({ length: jobs }, next));
}

async function main() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) return console.log(USAGE);
  const unknown = [...positionals.filter((name) => !names().includes(name)), ...(values.only ?? []).filter((name) => !MEASURES[name])];
  if (unknown.length || !process.env.BUILD) throw new Error(unknown.length ? `unknown: ${unknown.join(', ')}` : 'BUILD is not set: use tests/field/run');
  const what = Object.fromEntries(Object.entries(MEASURES).filter(([name]) => !values.only || values.only.includes(name)));
  const chosen = positionals.length ? positionals : names();
  if (values.again) for (const name of chosen) await scoreOne(name, values);
  else if (!values.table) await measureAll(chosen, what, values);
  const results = chosen.map((name) => resultFile(values.output, name)).filter(existsSync).map((file) => JSON.parse(readFileSync(file, 'utf8')));
  printTable(results);
  process.exitCode = results.some(({ failed }) => failed) ? 1 : 0;
}

await main();
