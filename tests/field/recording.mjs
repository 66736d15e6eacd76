// SPDX-License-Identifier: MIT
// A real collector with a store of its own, and the programs of the build that look at what came in.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CUSTOM = 5;

export class Recording {
  // folder: empty, for the store and the cache.
  static async start(build, folder) {
    const recording = new Recording();
    Object.assign(recording, { build, folder, store: join(folder, 'store'), cache: join(folder, 'cache') });
    mkdirSync(recording.cache, { recursive: true, mode: 0o700 });
    recording.process = spawn(join(build, 'src/collector/sessionsight-collector'), ['--json', '--listen', '127.0.0.1:0', '--store', recording.store, '--rate-address', '0'],
      { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: recording.process.stdout })) {
      Object.assign(recording, JSON.parse(line));
      break;
    }
    await recording.ctl('endpoints', 'add', recording.url, '--token', recording.token);
    return recording;
  }

  async program(name, args) {
    const env = { ...process.env, GSETTINGS_SCHEMA_DIR: join(this.build, 'data'), GSETTINGS_BACKEND: 'memory', SECRET_BACKEND: 'file', GSK_RENDERER: 'cairo',
      XDG_DATA_HOME: join(this.folder, 'data'), XDG_CONFIG_HOME: join(this.folder, 'config'), ASAN_OPTIONS: 'detect_leaks=0' };
    const { stdout } = await run(join(this.build, name), args, { env, maxBuffer: 1 << 28, timeout: 600000 });
    return stdout;
  }

  ctl(...args) {
    return this.program('src/cli/sightctl', [...args, '--cache', this.cache]);
  }

  sync() {
    return this.ctl('sync');
  }

  async show(session) {
    return JSON.parse(await this.ctl('show', session, '--json'));
  }

  // Takes the batches of a session into the cache as a file, with the recorder's own facts or as other recorders tell it. Returns its id there.
  async take(batches, { facts = true } = {}) {
    const events = batches.flatMap((batch) => batch.events).filter(({ type, data }) => facts || !(type === CUSTOM && data.tag.startsWith('ss:'))).sort((a, b) => a.timestamp - b.timestamp);
    const file = join(this.folder, `${batches[0].session}-${facts ? 'told' : 'bare'}.json`);
    writeFileSync(file, JSON.stringify(events));
    const { files: [taken] } = JSON.parse(await this.ctl('import', file, '--json'));
    if (!taken.session) throw new Error(taken.error);
    return taken.session;
  }

  // The page at moments, in milliseconds from the start of the session, as PNG files: [[at, file]…]. lead: played up to each from so long before.
  render(session, moments, lead = 0) {
    const wanted = moments.flatMap(([at, file]) => ['--at', String(Math.max(0, Math.round(at))), '--output', file]);
    return this.program('src/ui/sessionsight', ['--cache', this.cache, '--render', session, ...wanted, ...(lead ? ['--lead', String(lead)] : [])]);
  }

  async stop() {
    const gone = new Promise((done) => { this.process.once('exit', done); });
    this.process.kill('SIGTERM');
    await gone;
  }
}

// Nothing more comes once this many milliseconds passed without a batch.
export async function quiet(wire, ms = 1500) {
  for (let seen = -1, since = Date.now(); Date.now() - since < ms;) {
    if (wire.length !== seen) [seen, since] = [wire.length, Date.now()];
    await new Promise((done) => { setTimeout(done, 100); });
  }
}

export const batchesOf = (wire) => wire.filter(({ path }) => path.startsWith('/v1/batches')).map(({ text }) => JSON.parse(text));

export function sessionsOf(wire) {
  return [...new Set(batchesOf(wire).map(({ session }) => session))];
}
