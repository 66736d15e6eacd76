// SPDX-License-Identifier: MIT
// Clips made by sightctl, and recordings to make them of.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built } from '../recorder/browser.mjs';

const sightctl = join(built, 'src/cli/sightctl');
const root = process.env.SIGHT_SOURCE_ROOT;
export const folder = mkdtempSync(join(tmpdir(), 'clip-'));

export function ctl(...words) {
  return execFileSync(sightctl, words, { maxBuffer: 1 << 29, encoding: 'utf8' });
}

let made = 0;
export function clip(file, from, to, format = 'json', ...more) {
  const output = join(folder, `${++made}.${format}`);
  ctl('clip', '--file', file, '--from', String(from), '--to', String(to), '--format', format, '-o', output, ...more);
  return output;
}

export const eventsIn = (file) => JSON.parse(readFileSync(file, 'utf8'));

// Recordings of one window with a page: of the corpus where it is there, and of the samples.
export function recordings(nSamples) {
  const corpus = join(process.env.SIGHT_CORPUS ?? '', 'recordings');
  const found = [];
  for (const name of existsSync(corpus) ? readdirSync(corpus).sort() : []) {
    const file = join(corpus, name);
    let events;
    try { events = JSON.parse(readFileSync(file, 'utf8')); } catch { continue; }
    if (!Array.isArray(events) || !events.some((event) => event?.type === 2 && event.data?.node)) continue;
    found.push({ name, file, events });
  }
  const samples = join(root, 'data/samples');
  const names = readdirSync(samples).filter((name) => name.endsWith('.jsonl.zst')).sort();
  for (let i = 0; i < nSamples; i++) {
    const name = names[Math.floor((i * names.length) / nSamples)];
    const text = spawnSync('zstd', ['-dc', join(samples, name)], { maxBuffer: 1 << 28 }).stdout.toString('utf8');
    const batches = text.trim().split('\n').map((line) => JSON.parse(line));
    const events = batches.filter((batch) => batch.window === batches[0].window).flatMap((batch) => batch.events);
    const file = join(folder, name.replace('.jsonl.zst', '.json'));
    writeFileSync(file, JSON.stringify(events));
    found.push({ name, file, events });
  }
  for (const each of found) {
    const times = each.events.map((event) => Number(event?.timestamp)).filter((time) => time >= 0);
    each.start = times.reduce((a, b) => Math.min(a, b), Infinity);
    each.length = times.reduce((a, b) => Math.max(a, b), 0) - each.start;
    each.page = Math.max(0, each.events.find((event) => event?.type === 2).timestamp - each.start) + 1;
  }
  return found;
}

// The hostile vectors as a recording; `server` is where they point, `mark` what their scripts would set.
export function hostile(vectors, server, how) {
  let id = 100;
  const fill = (text) => String(text).replaceAll('PWNP', 'top.name="pwned"').replaceAll('PWN', 'top.name="pwned"')
    .replaceAll('P/', `${server}/`).replaceAll(/(^|\W)B\//g, `$1${server}/`).replaceAll('-C.', '-x.');
  const filled = (attributes) => Object.fromEntries(Object.entries(attributes ?? {}).map(([name, value]) => [name, fill(value)]));
  const texts = [];
  const changes = [];
  const build = (vector) => {
    const node = { type: 2, id: id++, tagName: vector.t, attributes: how === 'attributes' ? {} : filled(vector.a), childNodes: [] };
    if (vector.svg) node.isSVG = true;
    if (how === 'attributes') changes.push({ id: node.id, attributes: filled(vector.a) });
    if (typeof vector.x === 'string') {
      const text = { type: 3, id: id++, textContent: how === 'attributes' ? '' : fill(vector.x) };
      if (how === 'attributes') texts.push({ id: text.id, value: fill(vector.x) });
      node.childNodes.push(text);
    }
    for (const child of vector.c ?? []) node.childNodes.push(build(child));
    return node;
  };
  const heads = [];
  const bodies = [];
  for (const vector of vectors) (vector.h ? heads : bodies).push(build(vector));
  const later = how === 'adding';
  const adds = later ? [...heads.map((node) => ({ parentId: 3, nextId: null, node })), ...bodies.map((node) => ({ parentId: 4, nextId: null, node }))] : [];
  const element = (number, tagName, childNodes) => ({ type: 2, id: number, tagName, attributes: {}, childNodes });
  return [
    { type: 4, timestamp: 1000, data: { href: `${server}/page?token=1`, width: 800, height: 600 } },
    { type: 2, timestamp: 1000, data: { initialOffset: { left: 0, top: 0 }, node: { type: 0, id: 1, childNodes: [
      element(2, 'html', [element(3, 'head', later ? [] : heads), element(4, 'body', [element(5, 'h1', []), ...(later ? [] : bodies)])])] } } },
    ...(how === 'snapshot' ? [] : [{ type: 3, timestamp: 1500, data: { source: 0, removes: [], adds, texts, attributes: changes } }]),
    { type: 3, timestamp: 1900, data: { source: 0, removes: [], texts: [], attributes: [],
      adds: [{ parentId: 5, nextId: null, node: { type: 3, id, textContent: 'the end' } }] } },
    { type: 3, timestamp: 2000, data: { source: 1, positions: [{ x: 1, y: 1, id: 4, timeOffset: 0 }] } },
  ];
}
