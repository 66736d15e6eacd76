// SPDX-License-Identifier: MIT
// sightctl mcp as the clients that agents use see it: the one that still says hello, the one of the stateless protocol, and the
// inspector. Recorded texts that try to be instructions come through all tools, stay between the marks, and change nothing.
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { equal, ok, run, test } from '../web/recorder/tap.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const built = resolve(process.env.SIGHT_BUILD_ROOT ?? 'build-tests');
const npm = join(built, 'tests/mcp');
const sightctl = join(built, 'src/cli/sightctl');
const folder = mkdtempSync(join(tmpdir(), 'sight-mcp-'));
const cache = join(folder, 'cache');
const orders = JSON.parse(readFileSync(join(here, 'orders.json'), 'utf8'));
const env = { ...process.env, LC_ALL: 'C.UTF-8', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };

function install() {
  const wanted = readFileSync(join(here, 'npm/package-lock.json'), 'utf8');
  if (existsSync(join(npm, 'done')) && readFileSync(join(npm, 'done'), 'utf8') === wanted) return;
  mkdirSync(npm, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(here, 'npm', name), join(npm, name));
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: npm, stdio: ['ignore', 'ignore', 'inherit'] });
  // The inspector's own package looks for this beside itself, where it stands when it is a part of a larger one.
  copyFileSync(join(npm, 'node_modules/@modelcontextprotocol/inspector-cli/package.json'), join(npm, 'node_modules/@modelcontextprotocol/package.json'));
  writeFileSync(join(npm, 'done'), wanted);
}

install();
const require = createRequire(join(npm, 'x.js'));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const call = (...words) => execFileSync(sightctl, [...words, '--cache', cache], { env, encoding: 'utf8' });

function importVisit() {
  const element = (id, tagName, childNodes) => ({ type: 2, id, tagName, attributes: {}, childNodes });
  const texts = orders.map((text, i) => element(10 + 2 * i, 'p', [{ type: 3, id: 11 + 2 * i, textContent: text }]));
  const page = element(2, 'html', [element(3, 'body', texts)]);
  const events = [[4, 0, { href: 'https://shop.example/pay', width: 1280, height: 720 }], [2, 1, { node: { type: 0, id: 1, childNodes: [page] }, initialOffset: { left: 0, top: 0 } }],
    ...orders.map((message, i) => [5, 100 + i, { tag: 'ss:error', payload: { kind: 'exception', message } }]), ...orders.map((name, i) => [5, 200 + i, { tag: 'ss:event', payload: { name } }]),
    [3, 9000, { source: 1, positions: [{ x: 5, y: 5, id: 4, timeOffset: 0 }] }]];
  writeFileSync(join(folder, 'visit.json'), JSON.stringify(events.map(([type, at, data]) => ({ type, timestamp: 1700000000000 + at, data }))));
  return JSON.parse(call('import', join(folder, 'visit.json'), '--json')).files[0].session;
}

// What the cache holds, as the verbs tell it.
const truth = () => ['sessions', 'endpoints'].map((verb) => call(verb, '--json')).join('') + call('settings', 'list', '--json') + readdirSync(folder);

const session = importVisit();
const before = truth();

const CALLS = [['find_sessions', { filter: 'error', limit: 5 }], ['find_moments', { filter: 'error', limit: 100 }], ['list_problems', { limit: 100 }], ['session_story', { session }],
  ['page_text', { session, at_ms: 500 }], ['draft_issue', { moment: `${session}@100` }], ['contrast', { filter: 'error', against: '-error' }],
  ['compare', { filter: 'error', opportunity: 'page:/pay', date: '2023-11-20' }]];

const clients = {
  '2025-11-25': async () => {
    const [{ Client }, { StdioClientTransport }] = [await load('@modelcontextprotocol/sdk/client/index.js'), await load('@modelcontextprotocol/sdk/client/stdio.js')];
    return [new Client({ name: 'test', version: '1' }), StdioClientTransport];
  },
  '2026-07-28': async () => {
    const [{ Client }, { StdioClientTransport }] = [await import(pathToFileURL(join(npm, 'node_modules/@modelcontextprotocol/client/dist/index.mjs')).href),
      await import(pathToFileURL(join(npm, 'node_modules/@modelcontextprotocol/client/dist/stdio.mjs')).href)];
    return [new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } }), StdioClientTransport];
  },
};

for (const [version, make] of Object.entries(clients)) {
  test(`the client of ${version}: lists the tools, and what they answer is fenced`, async () => {
    const [client, Transport] = await make();
    const transport = new Transport({ command: sightctl, args: ['mcp', '--cache', cache], env, stderr: 'ignore' });
    const negotiated = [];
    const { send } = transport;
    transport.send = (message, ...more) => { negotiated.push(JSON.stringify(message)); return send.call(transport, message, ...more); };
    await client.connect(transport);
    const { tools } = await client.listTools();
    equal(tools.map(({ name }) => name).sort(), CALLS.map(([name]) => name).sort(), 'tools');
    ok(tools.every(({ annotations }) => annotations.readOnlyHint), 'tools that change something');
    let within = '';
    for (const [name, args] of CALLS) {
      const { isError, content, ...rest } = await client.callTool({ name, arguments: args });
      ok(!isError && content.length === 1, `${name}: ${JSON.stringify(content)}`);
      const { text, type } = content[0];
      const fenced = /^([^<]*)<recorded-data-([0-9a-f-]{36})>\n(.*)\n<\/recorded-data-\2>$/s.exec(text);
      ok(type === 'text' && fenced, `${name}: no fence: ${text.slice(0, 300)}`);
      ok(!fenced[3].includes(fenced[2]), `${name}: the number of the marks stands within`);
      const outside = fenced[1] + JSON.stringify(rest);
      equal(orders.filter((order) => outside.includes(order)), [], `${name}: outside`);
      within += fenced[3].replace(/\\"/g, '"').replace(/\\\//g, '/');
    }
    // What would turn the direction of the text around it is taken out.
    const lost = orders.filter((order) => !within.includes(order.split('\n')[0].replace('\u202e', '').slice(0, 12)));
    ok(orders.length >= 40 && lost.length === 0, `of ${orders.length} orders not in the answers: ${JSON.stringify(lost)}`);
    await client.close();
    ok(negotiated.some((message) => message.includes(version)) && negotiated.some((message) => message.includes('"initialize"')) === (version === '2025-11-25'), `${version} was not spoken: ${negotiated[0]}`);
  });
}

test("the inspector's command line lists the tools and calls one", async () => {
  const inspector = join(npm, 'node_modules/@modelcontextprotocol/inspector-cli/build/cli.js');
  const ask = (...words) => promisify(execFile)(process.execPath, [inspector, '--cli', sightctl, 'mcp', '--cache', cache, ...words], { env }).then(({ stdout }) => JSON.parse(stdout));
  const { tools } = await ask('--method', 'tools/list');
  equal(tools.map(({ name }) => name).sort(), CALLS.map(([name]) => name).sort(), 'tools');
  const { content } = await ask('--method', 'tools/call', '--tool-name', 'find_sessions', '--tool-arg', 'filter=all');
  ok(content[0].text.includes(session), content[0].text);
});

test('nothing was changed', () => {
  equal(truth(), before, 'the cache');
  const acts = JSON.parse(call('log', '--json')).map(({ line }) => JSON.parse(line).what);
  equal([...new Set(acts)], ['watched'], 'the log');
});

await run({ after: async () => rmSync(folder, { recursive: true }) });
