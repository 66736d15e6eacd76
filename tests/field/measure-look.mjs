// SPDX-License-Identifier: MIT
// The look: the live page in WebKit at a moment against the replay of that visit at the same moment, drawn by the same engine.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../demo-shop/visitor.mjs';
import { differing, readPng, shareDiffering, sideBySide, writePng } from './pictures.mjs';
import { quiet, sessionsOf } from './recording.mjs';
import { Visitor } from './visitor.mjs';
import { WebKitDriver } from './driver-webkit.mjs';

const EQUAL = 0.03;

// Live pictures have no pointer; the replay draws one.
function withoutPointer(mask, { width, height }, [left, top]) {
  for (let y = Math.max(0, top - 4); y < Math.min(height, top + 36); y++) mask.fill(1, y * width + Math.max(0, left - 4), y * width + Math.min(width, left + 28));
  return mask;
}

// Two pictures a moment apart: what moves by itself differs between them, and is left out. They stand between two readings of the clock.
async function takeMoment(driver) {
  const first = readPng(await driver.screenshot());
  await driver.wait(250);
  const before = Date.now();
  const second = readPng(await driver.screenshot());
  const url = await driver.evaluate(() => location.href);
  return { at: (before + Date.now()) / 2, url, picture: second, moving: withoutPointer(differing(first, second), second, driver.pointer) };
}

async function visit(driver, { application, origin, seed, moments, task }) {
  const visitor = new Visitor({ driver, origin, application, random: randomFrom(seed) });
  const taken = [];
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
  return taken;
}

async function compare(recording, session, moment, file) {
  const { started_ms: started } = recording.shown;
  await recording.render(session, moment.at - started, file);
  const replay = readPng(readFileSync(file));
  const share = shareDiffering(moment.picture, replay, moment.moving);
  const moves = moment.moving.reduce((sum, one) => sum + one, 0) / moment.moving.length;
  return { share, moves, replay };
}

// Each visitor is one browser that was never here. Returns { moments: [{ share, at, url, visit }], equal }.
export async function measureLook({ application, proxy, recording, output, seed, moments, visits, log }) {
  mkdirSync(output, { recursive: true });
  const tasks = Object.keys(application.tasks ?? {});
  const all = [];
  for (let nth = 0; nth < visits; nth++) {
    const driver = await WebKitDriver.open();
    const known = new Set(sessionsOf(proxy.wire));
    let taken = [];
    try {
      taken = await visit(driver, { application, origin: proxy.origin, seed: seed + nth, moments: Math.ceil(moments / visits), task: tasks.length ? tasks[nth % tasks.length] : null });
    } catch (error) {
      log(`look, visit ${seed + nth}: ${error.message.split('\n')[0]}`);
    }
    await driver.close();
    await quiet(proxy.wire);
    await recording.sync();
    const session = sessionsOf(proxy.wire).find((id) => !known.has(id));
    if (session) recording.shown = await recording.show(session);
    for (const [i, moment] of taken.entries()) {
      const file = join(output, `${nth}-${i}-replay.png`);
      const { share, moves, replay } = session ? await compare(recording, session, moment, file) : { share: 1, moves: 0, replay: moment.picture };
      const sides = join(output, `${nth}-${i}-sides.png`);
      writeFileSync(sides, writePng(sideBySide(moment.picture, replay)));
      all.push({ share, moves, at: session ? Math.round(moment.at - recording.shown.started_ms) : 0, url: moment.url, session, sides, visit: seed + nth });
    }
  }
  return { moments: all, equal: all.filter(({ share }) => share <= EQUAL).length };
}
