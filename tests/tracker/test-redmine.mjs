// SPDX-License-Identifier: MIT
// sightctl issue against Redmine itself, as Debian packages it: with an empty database, on this machine. Between them stands what can
// lose an answer.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { equal, ok, run, test } from '../web/recorder/tap.mjs';
import { FILE, open, said } from './workstation.mjs';

const folder = mkdtempSync(join(tmpdir(), 'sight-redmine-'));
const app = join(folder, 'redmine');

// Its own code, and one instance of it with nothing of the machine's.
function prepare() {
  const instance = join(app, 'instances/default');
  cpSync('/usr/share/redmine', app, { recursive: true, filter: (path) => !/\/(instances|Gemfile\.lock)$/.test(path) });
  for (const name of ['config', 'files', 'log', 'tmp']) mkdirSync(join(instance, name), { recursive: true });
  writeFileSync(join(instance, 'config/database.yml'), `production:\n  adapter: sqlite3\n  database: ${join(folder, 'db.sqlite')}\n`);
  writeFileSync(join(instance, 'config/secret_key.txt'), '0123456789abcdef'.repeat(4));
  writeFileSync(join(app, 'Gemfile.local'), 'gem "webrick"\n');
}

function start() {
  prepare();
  const script = join(dirname(fileURLToPath(import.meta.url)), 'redmine.rb');
  const server = spawn('ruby', [script], { cwd: app, env: { ...process.env, RAILS_ENV: 'production', REDMINE_INSTANCE: 'default', HOME: folder }, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      const found = /^(\d+) (\S+)$/.exec(line);
      if (found) resolve({ server, port: Number(found[1]), key: found[2] });
    });
    server.on('exit', (code) => reject(new Error(`Redmine ended with ${code}`)));
    server.on('error', reject);
  });
}

let loses = false;
const { server, port, key } = await start();
const between = http.createServer((incoming, response) => {
  const { method, url, headers } = incoming;
  incoming.pipe(http.request({ port, method, path: url, headers }, (answer) => {
    if (loses && method === 'POST' && url === '/issues.json') {
      answer.resume().on('end', () => response.destroy());
      return;
    }
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  }));
});
await new Promise((done) => between.listen(0, '127.0.0.1', done));
const base = `http://127.0.0.1:${between.address().port}`;
const { callWith, moment } = await open(folder);
const issue = (...more) => callWith(key, 'issue', moment, '--to', `redmine:${base}/shop`, ...more);

async function redmine(method, path, body) {
  const headers = { 'X-Redmine-API-Key': key, 'Content-Type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body: body && JSON.stringify(body) });
  return path.endsWith('.json') || path.includes('.json?') ? answer.json().catch(() => null) : Buffer.from(await answer.arrayBuffer());
}
const count = async () => (await redmine('GET', '/issues.json?status_id=*')).total_count;

test('refusals in its own words, and nothing filed', async () => {
  said(await callWith('no such key', 'issue', moment, '--to', `redmine:${base}/shop`), 5);
  said(await issue('--title', ''), 1, 'Subject cannot be blank');
  said(await callWith(key, 'issue', moment, '--to', `redmine:${base}/nowhere`), 1);
  equal(await count(), 0, 'issues');
});

test('an answer that is lost is found again', async () => {
  loses = true;
  said(await issue(), 1, 'trying again finds');
  loses = false;
  equal(await count(), 1, 'it was filed');
  const again = await issue();
  said(again, 0, 'filed before');
  equal([await count(), again.stdout], [1, `${base}/issues/1`], 'filed twice');
});

test('filed with an assignee and a file, read back', async () => {
  const filed = await issue('--again', '--assignee', 'Ada Lovelace', '--label', 'bug', '--attach', join(folder, FILE.name));
  said(filed, 0, 'did not take: bug');
  ok(!filed.stderr.includes('Ada'), filed.stderr);
  equal(filed.stdout, `${base}/issues/2`, 'address');
  const there = (await redmine('GET', '/issues/2.json?include=attachments')).issue;
  ok(there.subject.includes('/pay') && there.description.includes(`\`${moment}\``), JSON.stringify(there));
  equal([there.assigned_to.name, there.attachments.map(({ filename, content_type: type }) => [filename, type])], ['Ada Lovelace', [[FILE.name, FILE.type]]], 'assignee and file');
  equal((await redmine('GET', `/attachments/download/${there.attachments[0].id}/${FILE.name}`)).toString('hex'), FILE.octets.toString('hex'), 'bytes');
  said(await issue('--again', '--assignee', 'Nobody Here'), 0, 'did not take: Nobody Here');
});

test('whether it is closed', async () => {
  const state = () => callWith(key, 'issue', '--state', `${base}/issues/2`, '--to', `redmine:${base}/shop`).then(({ stdout }) => stdout);
  equal(await state(), 'open', 'state');
  const { issue_statuses: statuses } = await redmine('GET', '/issue_statuses.json');
  await redmine('PUT', '/issues/2.json', { issue: { status_id: statuses.find(({ is_closed: closed }) => closed).id } });
  equal(await state(), 'closed', 'state');
});

await run({
  after: async () => {
    server.removeAllListeners('exit');
    server.kill();
    between.closeAllConnections();
    between.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  },
});
