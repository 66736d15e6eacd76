// SPDX-License-Identifier: MIT
// Looks on while a visitor presses, and labels each press, form and message by what could be seen and what the browser did. Knows no rule of our detectors
// but the waits that define the words (2.5 s and 7 s).
import { control, glimpse } from './page.mjs';
import { differing, readPng } from './pictures.mjs';

const LOOKS_MS = [150, 500, 1200, 2550];
const LATE_MS = [3100, 4500, 6900];
const BLOCK = 8;
// Fewer changed pixels than this are a caret that blinks.
const SEEN_PIXELS = 20;
// So often in the half second before a press: it never rests.
const ALWAYS = 3;

// Who looked away for longer cannot tell that nothing turned meanwhile.
const LOOK_APART_MS = 2700;

const sleep = (ms) => new Promise((done) => { setTimeout(done, ms); });

// A picture as it came; most are equal to the byte and are never unpacked.
class Picture {
  constructor(png) {
    this.png = png;
  }

  get pixels() {
    return this.unpacked ??= readPng(this.png);
  }
}

// Blocks in which two pictures differ, as a map from block to changed pixels.
function changedBlocks(before, after) {
  const blocks = new Map();
  if (before.png.equals(after.png)) return blocks;
  const [a, b] = [before.pixels, after.pixels];
  if (a.width !== b.width || a.height !== b.height) return blocks.set(0, a.width * a.height);
  const mask = differing(a, b);
  for (let p = 0; p < mask.length; p++) {
    if (!mask[p]) continue;
    const key = (Math.floor(p / a.width / BLOCK) << 12) | Math.floor((p % a.width) / BLOCK);
    blocks.set(key, (blocks.get(key) ?? 0) + 1);
  }
  return blocks;
}

function blocksAround(before, after) {
  const out = new Set();
  for (const key of changedBlocks(before, after).keys()) for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) out.add((((key >> 12) + dy) << 12) | ((key & 4095) + dx));
  return out;
}

export class Watch {
  constructor(driver, wire) {
    Object.assign(this, { driver, wire, presses: [], bursts: [], forms: [], messages: [], busy: [], unwatched: [], restless: new Map() });
  }

  async picture() {
    return new Picture(await this.driver.screenshot());
  }

  // A page was come to: what moves there all the time is known from now on, but not what still comes.
  async arrived() {
    this.restless = new Map();
    const pictures = [];
    for (const ms of [300, 1000, 1000]) {
      await sleep(ms);
      await this.look();
      pictures.push(await this.picture());
    }
    const [first, second] = [blocksAround(pictures[0], pictures[1]), blocksAround(pictures[1], pictures[2])];
    for (const key of first) if (second.has(key)) this.restless.set(key, ALWAYS);
  }

  // What moved just before a press, or did so again and again. What an earlier press still moves is news to later ones.
  learn(a, b) {
    this.moving = blocksAround(a, b);
    for (const key of this.moving) this.restless.set(key, (this.restless.get(key) ?? 0) + 1);
  }

  moves(key) {
    return this.moving?.has(key) || this.restless.get(key) >= ALWAYS;
  }

  // What the layout says now. Messages that are new since the last look, and whether something turns.
  async look() {
    const seen = await this.driver.evaluate(glimpse).catch(() => null);
    if (!seen) return null;
    const { now } = seen;
    for (const { text, visible, laidOut } of seen.messages) {
      let message = this.messages.find((one) => one.text === text && one.last > now - 12000);
      if (!message) this.messages.push(message = { text, at: now, seenAt: 0, laidOut: false, first: !this.presses.length && !this.bursts.length && !this.forms.length });
      if (visible) message.seenAt ||= now;
      message.laidOut ||= laidOut;
      message.last = now;
    }
    this.lookAtBusy(seen);
    return seen;
  }

  // What turns began after the last look that showed none and ended before the next one: on a slow machine these lie far apart. What began anew between
  // two looks is another one.
  lookAtBusy({ now, busy, busySince }) {
    const running = this.busy.at(-1);
    const goesOn = busy && running && !running.over && (busySince ? busySince < running.to : now - running.to < 4000);
    if (goesOn) running.to = now;
    else if (running) running.over ||= now;
    if (this.looked && now - this.looked > LOOK_APART_MS) this.unwatched.push({ from: this.looked, to: now });
    if (busy && !goesOn) this.busy.push({ notBefore: this.looked ?? 0, from: now, to: now, over: 0, what: busy, pressAt: this.pressedAt ?? 0 });
    this.looked = now;
  }

  // Where pixels changed beyond what moves anyway, what was focused before, and the pressed control's own look. What changes only where a film plays may be the
  // film, what turns over it, or controls that come and go: that leaves it unclear.
  seenChange(before, after, { hidden, scene }, unclear = () => {}) {
    const within = (x, y) => ([left, top, right, bottom]) => x > left - 10 && x < right + 10 && y > top - 10 && y < bottom + 10;
    let pixels = 0;
    let filmed = 0;
    const where = [Infinity, Infinity, 0, 0];
    for (const [key, count] of changedBlocks(before, after)) {
      if (this.moves(key)) continue;
      const [x, y] = [(key & 4095) * BLOCK + BLOCK / 2, (key >> 12) * BLOCK + BLOCK / 2];
      if (hidden.some(within(x, y))) continue;
      if (scene?.films.some(within(x, y))) {
        filmed += count;
        continue;
      }
      pixels += count;
      where.splice(0, 4, Math.min(where[0], x), Math.min(where[1], y), Math.max(where[2], x), Math.max(where[3], y));
    }
    if (filmed > SEEN_PIXELS) unclear();
    return pixels > SEEN_PIXELS ? `picture at ${where}` : '';
  }

  hiddenBy({ box, focus }, { width, height }) {
    const isSmall = ([left, top, right, bottom]) => (right - left) * (bottom - top) < width * height * 0.2;
    const frame = ([l, t, r, b]) => [[l, t, l, b], [r, t, r, b], [l, t, r, t], [l, b, r, b]];
    return [box, focus].filter(Boolean).flatMap((one) => (isSmall(one) ? [one] : frame(one)));
  }

  answerSince(press, before, after, now) {
    const told = this.driver.happenings.find(({ at, kind }) => at >= press.at0 && kind !== 'address');
    if (told) return told.kind;
    press.unclear ||= this.driver.happenings.some(({ at }) => at >= press.at0);
    const state = now && press.own.says && (now.id === press.own.id || now.anew) && now.says !== press.own.says;
    if (state) return 'state';
    return this.seenChange(before, after, press, () => { press.unclear = true; });
  }

  // { times, patient }: several presses in a row are a burst; who is patient waits 7 s for an answer.
  async press(x, y, { times = 1, patient = false } = {}) {
    await this.driver.move(x, y);
    await sleep(350);
    const first = await this.picture();
    await sleep(500);
    const before = await this.picture();
    this.learn(first, before);
    if (times === 1) await this.pressOnce(x, y, before, patient);
    else await this.pressOften(x, y, before, times);
    await this.look();
  }

  async down(x, y, before, scene) {
    const own = await this.driver.evaluate(control, { x, y }).catch(() => null);
    if (!own) return null;
    // Nobody's application.
    if (scene?.url.startsWith('chrome-error:')) return null;
    const press = { at0: Date.now(), own, scene, hidden: this.hiddenBy(own, before.pixels), url: scene?.url ?? '' };
    // What is drawn there is not recorded.
    press.unclear = own.drawn;
    await this.driver.press(x, y);
    this.pressedAt = press.at1 = Date.now();
    return press;
  }

  // When the page got it, which may be long before the driver hears back.
  settle(press) {
    const { pointerdown, pointerup } = this.driver.hand;
    if (pointerdown >= press.at0) press.at0 = pointerdown;
    if (pointerup >= press.at0) press.at1 = pointerup;
    this.pressedAt = press.at1;
  }

  // Whoever presses in a row does not wait for long looks.
  async glance(press, before) {
    const after = await this.picture();
    const now = await this.driver.evaluate(control, { again: true }).catch(() => null);
    this.settle(press);
    press.answer = this.answerSince(press, before, after, now);
    press.selected ||= Boolean(now?.selected) && now.selected !== press.own.selected;
    return after;
  }

  // One look: what answered until now. Each answer came after the last look that showed none was asked for, and before this one was there:
  // on a slow machine that is a wide span, and nothing is claimed where it holds the time that matters.
  async lookFor(press, before) {
    const asked = Date.now();
    const after = await this.glance(press, before);
    const told = this.driver.happenings.find(({ at, kind }) => at >= press.at0 && kind !== 'address');
    if (press.answer) press.notAfter = told?.at ?? Date.now();
    else press.watched = asked;
    const scene = await this.look();
    press.offScreen ||= Boolean(scene && press.scene && (scene.height !== press.scene.height || scene.elements !== press.scene.elements));
    return after;
  }

  async pressOnce(x, y, before, patient) {
    const press = await this.down(x, y, before, await this.look());
    if (!press) return;
    this.presses.push(press);
    press.watched = press.at0;
    for (const ms of patient ? [...LOOKS_MS, ...LATE_MS] : LOOKS_MS) {
      await sleep(Math.max(0, press.at1 + ms - Date.now()));
      await this.lookFor(press, before);
      if (press.answer) return;
    }
    // Whoever goes on now ends the wait for an answer; one that comes just before it may count or not.
    await sleep(500);
    await this.lookFor(press, before);
    press.late = Boolean(press.answer) && !patient;
  }

  async pressOften(x, y, before, times) {
    const burst = { presses: [] };
    let last = before;
    const scene = await this.look();
    for (let i = 0; i < times; i++) {
      const press = await this.down(x, y, last, scene);
      if (!press) break;
      await sleep(i === times - 1 ? 900 : 120);
      last = await this.glance(press, last);
      burst.first ??= last;
      burst.presses.push(press);
    }
    const { presses } = burst;
    burst.gap = Math.max(0, ...presses.slice(1).map((press, i) => press.at1 - presses[i].at1));
    burst.selected = presses.some(({ selected }) => selected);
    // Whether what came after the first press brought anything.
    burst.moved = presses.length > 1 && Boolean(this.seenChange(burst.first, last, presses[0]));
    this.bursts.push(burst);
  }

  // Sent by what the network carried, whatever the visitor meant.
  form(form) {
    const carried = (text) => [text, encodeURIComponent(text), encodeURIComponent(text).replace(/%20/g, '+'), JSON.stringify(text).slice(1, -1)];
    const later = this.driver.requests.filter(({ at, url }) => at >= form.from && !url.includes('/v1/'));
    form.carried = form.values.some((value) => later.some(({ url, body }) => carried(value).some((one) => url.includes(one) || body.includes(one))));
    form.left = !form.sent && !form.carried && !form.search;
    this.forms.push(form);
  }
}
