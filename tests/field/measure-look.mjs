// SPDX-License-Identifier: MIT
// The look: the live page in WebKit at a moment against the replay of that visit at the same moment, drawn by the same engine.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { randomFrom } from '../demo-shop/visitor.mjs';
import { unrecorded } from './page.mjs';
import { cut, differing, readPng, shareDiffering, sideBySide, writePng } from './pictures.mjs';
import { batchesOf, quiet } from './recording.mjs';
import { Visitor } from './visitor.mjs';
import { WebKitDriver } from './driver-webkit.mjs';

const EQUAL = 0.03;
// So long before a moment begins who comes to it by playing.
const LEAD_MS = 3000;
const LOOKS = 6;
// Of the window in which clips are watched: the page and what stands around it.
const CLIP_WINDOW = { width: 1060, height: 960 };

// Live pictures have no pointer; the replay draws one.
const pointerBox = ([left, top]) => [left - 4, top - 4, left + 28, top + 36];

// Three pictures, a moment apart: what moves by itself differs between them, and is left out. On a busy machine the page's own timers come late, and what
// they tell with them: the moment is when those that were due at the second picture have run.
async function takePictures(driver) {
  const before = await driver.screenshot();
  await driver.wait(250);
  const picture = await driver.screenshot();
  const wall = await driver.idle();
  const after = await driver.screenshot();
  return { wall, before, picture, after };
}

// A page that is still being built is another one when it is asked for its time: who looks waits until it rests, or has waited long enough.
async function takeMoment(driver) {
  let pictures = await takePictures(driver);
  for (let tries = 1; tries < LOOKS && !pictures.before.equals(pictures.after); tries++) pictures = await takePictures(driver);
  const url = await driver.evaluate(() => location.href);
  const masked = await driver.evaluate(unrecorded);
  return { ...pictures, url, masked, pointer: driver.pointer };
}

async function visit(driver, { application, origin, seed, moments, task, taken, log }) {
  const visitor = new Visitor({ driver, origin, application, random: randomFrom(seed) });
  const look = async () => {
    if (taken.length < moments) taken.push(await takeMoment(driver));
  };
  visitor.watch = { press: async (x, y) => { await driver.press(x, y); await visitor.wait(900); await look(); } };
  await visitor.goto(visitor.pick(application.paths ?? ['/']));
  await application.begin?.(visitor);
  await look();
  if (task) await application.tasks[task](visitor).catch(({ message }) => log(`look, ${task}: ${message.split('\n')[0]}`));
  while (taken.length < moments) await visitor.wanderFor(1);
  await driver.goto('about:blank');
}

function without(mask, { width, height }, boxes) {
  for (const [left, top, right, bottom] of boxes) for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) mask.fill(1, y * width + Math.max(0, left), y * width + Math.min(width, right));
  return mask;
}

const momentFile = (output, { visit: nth, nth: i }, what) => join(output, `${nth}-${i}-${what}.png`);

// The page of a clip: when it begins, by the wall clock.
const clipBegins = () => JSON.parse(document.querySelector('script.clip').textContent).events[0].timestamp;

function clipShow(at) {
  const position = document.getElementById('position');
  position.value = at;
  position.dispatchEvent(new Event('input'));
  document.querySelector('.replayer-mouse').style.display = 'none';
  const { x, y, width, height } = document.querySelector('.replayer-wrapper').getBoundingClientRect();
  return { x, y, width, height };
}

// One clip of the visit, watched in a browser; the last moment is its end.
async function drawClip({ recording, viewer }, moments, fileOf) {
  const clip = `${fileOf(moments.at(-1))}.html`;
  await recording.ctl('clip', moments[0].session, '--from', '0', '--to', String(Math.round(moments.at(-1).at)), '--format', 'html', '-o', clip);
  await viewer.goto(pathToFileURL(clip).href);
  await viewer.wait(500);
  const begins = await viewer.evaluate(clipBegins);
  for (const moment of moments) {
    const box = await viewer.evaluate(clipShow, Math.round(moment.wall - begins));
    await viewer.idle();
    await viewer.wait(300);
    await viewer.idle();
    writeFileSync(fileOf(moment), writePng(cut(readPng(await viewer.screenshot()), box)));
  }
}

const drawing = (lead) => ({ recording }, moments, fileOf) => recording.render(moments[0].session, moments.map((moment) => [moment.at, fileOf(moment)]), lead);

// How moments of a recording come to be seen: gone to, while it plays, and in a clip.
const WAYS = { paused: drawing(0), playing: drawing(LEAD_MS), clip: drawClip };

// What is shown of a moment against what was seen, by each of the ways.
function compare(output, moment) {
  const live = readPng(readFileSync(momentFile(output, moment, 'live')));
  const moving = without(new Uint8Array(live.width * live.height), live, [pointerBox(moment.pointer), ...(moment.masked ?? [])]);
  for (const beside of ['before', 'after']) differing(readPng(readFileSync(momentFile(output, moment, beside))), live).forEach((differs, i) => { moving[i] |= differs; });
  const found = { ...moment, shares: {}, sides: {}, moves: moving.reduce((sum, one) => sum + one, 0) / moving.length };
  for (const way of Object.keys(WAYS)) {
    const file = momentFile(output, moment, way);
    const sides = momentFile(output, moment, `${way}-sides`);
    const shown = existsSync(file) ? readPng(readFileSync(file)) : null;
    found.shares[way] = shown ? shareDiffering(live, shown, moving) : 1;
    rmSync(sides, { force: true });
    if (!shown || found.shares[way] <= EQUAL) continue;
    writeFileSync(sides, writePng(sideBySide(live, shown)));
    found.sides[way] = sides;
  }
  return found;
}

async function drawSession(shared, output, moments, log) {
  for (const [way, draw] of Object.entries(WAYS)) {
    const fileOf = (moment) => momentFile(output, moment, way);
    for (const moment of moments) rmSync(fileOf(moment), { force: true });
    try {
      await draw(shared, moments, fileOf);
    } catch (error) {
      log(`look, ${way} of ${moments[0].session}: ${error.message.split('\n').slice(-2).join(' ')}`);
    }
  }
}

// What was seen and recorded before, drawn by today's build.
export async function compareAgain({ recording, output, log = console.error }) {
  const moments = JSON.parse(readFileSync(join(output, 'moments.json'), 'utf8'));
  recording.cache = join(output, 'cache');
  const viewer = await WebKitDriver.open(CLIP_WINDOW);
  for (const session of new Set(moments.map((moment) => moment.session).filter(Boolean))) {
    const { started_ms: started } = await recording.show(session);
    const own = moments.filter((moment) => moment.session === session);
    for (const moment of own) moment.at = moment.wall - started;
    await drawSession({ recording, viewer }, output, own, log);
  }
  await viewer.close();
  const found = moments.map((moment) => compare(output, moment));
  return { moments: found, equal: Object.fromEntries(Object.keys(WAYS).map((way) => [way, found.filter(({ shares }) => shares[way] <= EQUAL).length])) };
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
      await visit(driver, { application, origin: proxy.origin, seed: seed + nth, moments: Math.ceil(moments / visits), task: tasks.length ? tasks[nth % tasks.length] : null, taken, log });
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
  return compareAgain({ recording, output, log });
}
