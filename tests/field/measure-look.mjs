// SPDX-License-Identifier: MIT
// The look: the live page in WebKit at a moment against the replay of that visit at the same moment, drawn by the same engine.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../demo-shop/visitor.mjs';
import { unrecorded } from './page.mjs';
import { differing, readPng, shareDiffering, sideBySide, writePng } from './pictures.mjs';
import { batchesOf, quiet } from './recording.mjs';
import { Visitor } from './visitor.mjs';
import { WebKitDriver } from './driver-webkit.mjs';

const EQUAL = 0.03;

// Live pictures have no pointer; the replay draws one.
const pointerBox = ([left, top]) => [left - 4, top - 4, left + 28, top + 36];

// Three pictures, a moment apart: what moves by itself differs between them, and is left out. The second stands between two readings of the clock.
async function takeMoment(driver) {
  const before = await driver.screenshot();
  await driver.wait(250);
  const asked = Date.now();
  const picture = await driver.screenshot();
  const wall = (asked + Date.now()) / 2;
  const after = await driver.screenshot();
  const url = await driver.evaluate(() => location.href);
  const masked = await driver.evaluate(unrecorded);
  return { wall, url, masked, before, picture, after, pointer: driver.pointer };
}

async function visit(driver, { application, origin, seed, moments, task, taken }) {
  const visitor = new Visitor({ driver, origin, application, random: randomFrom(seed) });
  const look = async () => {
    if (taken.length < moments) taken.push(await takeMoment(driver));
  };
  visitor.watch = { press: async (x, y) => { await driver.press(x, y); await visitor.wait(900); await look(); } };
  await visitor.goto(visitor.pick(application.paths ?? ['/']));
  await application.begin?.(visitor);
  await look();
  if (task) await application.tasks[task](visitor);
  while (taken.length < moments) await visitor.wanderFor(1);
  await driver.goto('about:blank');
}

function without(mask, { width, height }, boxes) {
  for (const [left, top, right, bottom] of boxes) for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) mask.fill(1, y * width + Math.max(0, left), y * width + Math.min(width, right));
  return mask;
}

const momentFile = (output, { visit: nth, nth: i }, what) => join(output, `${nth}-${i}-${what}.png`);

// What the replay shows of a moment against what was seen, by each way in which it is drawn.
async function compare(recording, output, moment) {
  const live = readPng(readFileSync(momentFile(output, moment, 'live')));
  const moving = without(new Uint8Array(live.width * live.height), live, [pointerBox(moment.pointer), ...(moment.masked ?? [])]);
  for (const beside of ['before', 'after']) differing(readPng(readFileSync(momentFile(output, moment, beside))), live).forEach((differs, i) => { moving[i] |= differs; });
  const file = momentFile(output, moment, 'replay');
  await recording.render(moment.session, moment.at, file);
  const replay = readPng(readFileSync(file));
  const sides = momentFile(output, moment, 'sides');
  writeFileSync(sides, writePng(sideBySide(live, replay)));
  return { ...moment, share: shareDiffering(live, replay, moving), moves: moving.reduce((sum, one) => sum + one, 0) / moving.length, sides };
}

const result = (moments) => ({ moments, equal: moments.filter(({ share }) => share <= EQUAL).length });

// What was seen and recorded before, drawn by today's build.
export async function compareAgain({ recording, output }) {
  const all = [];
  recording.cache = join(output, 'cache');
  const started = {};
  for (const moment of JSON.parse(readFileSync(join(output, 'moments.json'), 'utf8'))) {
    const { session } = moment;
    if (session) started[session] ??= (await recording.show(session)).started_ms;
    all.push(session ? await compare(recording, output, { ...moment, at: moment.wall - started[session] }) : { ...moment, share: 1 });
  }
  return result(all);
}

// Each visitor is one browser that was never here. Keeps pictures and recordings, so that they can be compared again.
export async function measureLook({ application, proxy, recording, output, seed, moments, visits, log }) {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const tasks = Object.keys(application.tasks ?? {});
  const kept = [];
  for (let nth = 0; nth < visits; nth++) {
    const driver = await WebKitDriver.open();
    const mark = proxy.wire.length;
    const taken = [];
    try {
      await visit(driver, { application, origin: proxy.origin, seed: seed + nth, moments: Math.ceil(moments / visits), task: tasks.length ? tasks[nth % tasks.length] : null, taken });
    } catch (error) {
      log(`look, visit ${seed + nth}: ${error.message.split('\n')[0]}`);
    }
    await driver.close();
    await quiet(proxy.wire);
    const batches = batchesOf(proxy.wire.slice(mark));
    const session = batches[0]?.session;
    for (const [i, { before, picture, after, ...said }] of taken.entries()) {
      const moment = { ...said, session, visit: seed + nth, nth: i };
      writeFileSync(momentFile(output, moment, 'before'), before);
      writeFileSync(momentFile(output, moment, 'live'), picture);
      writeFileSync(momentFile(output, moment, 'after'), after);
      kept.push(moment);
    }
  }
  await recording.sync();
  cpSync(recording.cache, join(output, 'cache'), { recursive: true });
  writeFileSync(join(output, 'moments.json'), JSON.stringify(kept));
  return compareAgain({ recording, output });
}
