// SPDX-License-Identifier: MIT
// The side that files: a cache with one visit in it, and sightctl.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { equal, ok } from '../web/recorder/tap.mjs';

const sightctl = resolve(process.env.SIGHT_BUILD_ROOT ?? 'build-tests', 'src/cli/sightctl');
export const TOKEN = 'me@example.org:t0ken';
export const FILE = { name: 'moment.png', type: 'image/png', octets: Buffer.from('89504e470d0a1a0a00ff0d0a2d2d', 'hex') };

export function said(answer, code, ...words) {
  equal(answer.code, code, answer.stderr);
  for (const word of words) ok(answer.stderr.includes(word), `lacks “${word}”: ${answer.stderr}`);
  ok(!answer.stderr.includes('t0ken'), 'the token is told');
}

export async function open(folder) {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', no_proxy: '*', SIGHT_TRACKER_TOKEN: TOKEN };
  const callWith = (token, ...words) => new Promise((done) => {
    execFile(sightctl, [...words, '--cache', join(folder, 'cache')], { env: { ...env, SIGHT_TRACKER_TOKEN: token } },
      (error, stdout, stderr) => done({ code: error?.code ?? 0, stdout: stdout.trim(), stderr }));
  });
  const call = (...words) => callWith(TOKEN, ...words);
  const node = (id, tagName, ...childNodes) => ({ type: 2, id, tagName, attributes: {}, childNodes });
  const page = node(2, 'html', node(3, 'body', node(4, 'button', { type: 3, id: 5, textContent: 'Pay {noformat} now' })));
  const events = [[4, 0, { href: 'https://shop.example/pay', width: 1280, height: 720 }], [2, 1, { node: { type: 0, id: 1, childNodes: [page] }, initialOffset: { left: 0, top: 0 } }],
    [3, 3000, { source: 2, type: 2, id: 4, x: 5, y: 6 }], [5, 3100, { tag: 'ss:error', payload: { kind: 'exception', message: 'rate is undefined {noformat} h1. big' } }],
    [3, 9000, { source: 1, positions: [{ x: 5, y: 5, id: 4, timeOffset: 0 }] }]];
  writeFileSync(join(folder, 'visit.json'), JSON.stringify(events.map(([type, at, data]) => ({ type, timestamp: 1700000000000 + at, data }))));
  writeFileSync(join(folder, FILE.name), FILE.octets);
  const { stdout } = await call('import', join(folder, 'visit.json'), '--json');
  return { call, callWith, moment: `${JSON.parse(stdout).files[0].session}@3000` };
}
