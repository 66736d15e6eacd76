// SPDX-License-Identifier: MIT
// A visitor of a live application, in either engine: does what a task says, or wanders by a seed.
import { forms, place, places, putBusy, putControl, putMessage } from './page.mjs';

const MESSAGES = ['toast', 'polite', 'below', 'below', 'below', 'above', 'reader', 'off', 'clear'];
const WORDS = 'clover heath sedge yarrow tansy sorrel burdock mallow vetch campion bryony teasel'.split(' ');
// What controls that are put there do, how long it takes, and how often they are pressed.
const CONTROLS = [['never', 0, 5], ['link-never', 0, 4], ['own-never', 0, 6], ['late', 4200, 1], ['link-late', 3600, 1], ['own-late', 5000, 1], ['late-shown', 4600, 1], ['often', 0, 4], ['own-often', 60, 5]];
// What says that it is busy, and for how long: about as long as is called waiting, and less.
const BUSY = ['spinner', 'spinner', 'region', 'progress', 'bar', 'skeleton', 'below', 'off', 'gone'];
const BUSY_MS = [1500, 2300, 4000, 6000, 7500];
// Nobody waits longer for an answer.
const QUIET_MS = 7200;

export class Visitor {
  // watch: { press(x, y, act), form(form), arrived(), look() }, who looks on and labels; all may be absent.
  constructor({ driver, origin, application, random, watch = {} }) {
    Object.assign(this, { driver, origin, application, random, watch, pressed: 0 });
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  // Whoever looks on goes on looking.
  async wait(ms) {
    for (const until = Date.now() + ms; Date.now() < until;) {
      await this.driver.wait(Math.min(700, until - Date.now()));
      await this.watch.look?.();
    }
  }

  evaluate(fn, argument) {
    return this.driver.evaluate(fn, argument);
  }

  async goto(path = '/') {
    await this.driver.goto(this.origin + path);
    await this.wait(1200);
    await this.watch.arrived?.();
  }

  async find(selector, timeout = 10000) {
    for (const until = Date.now() + timeout; Date.now() < until;) {
      const found = await this.evaluate(place, selector);
      if (found) return found;
      await this.driver.wait(150);
    }
    throw new Error(`nothing is ${selector}`);
  }

  async pressAt({ x, y }, options) {
    if (this.watch.press) await this.watch.press(x, y, options);
    else await this.driver.press(x, y);
    this.pressed = Date.now();
  }

  async click(selector, options) {
    await this.pressAt(await this.find(selector), options);
  }

  // Typed on top of what is there.
  async type(selector, text) {
    const { x, y } = await this.find(selector);
    await this.driver.press(x, y);
    await this.driver.type(text);
    await this.watch.look?.();
  }

  async key(name) {
    await this.driver.key(name);
    await this.wait(200);
  }

  async scroll(by) {
    await this.driver.scroll(by);
    await this.wait(300);
    await this.watch.arrived?.();
  }

  // What is filled together: fields is { selector: text }; send(visitor) sends it, or where it is missing it is left by leave(visitor).
  async form(name, fields, { send, leave }) {
    const form = { name, from: Date.now(), values: Object.values(fields), sent: Boolean(send) };
    for (const [selector, text] of Object.entries(fields)) await this.type(selector, text);
    await this.wait(500);
    await (send ?? leave)(this);
    await this.wait(1200);
    form.to = Date.now();
    await this.watch.form?.(form);
  }

  // Fills some of a form that is in view, and sends it or goes elsewhere; what was carried decides what it was. Returns false where there is none.
  async fillSome() {
    const found = await this.evaluate(forms, this.application.keep ?? '');
    if (!found.length) return false;
    const { fields, button } = this.pick(found);
    const form = { name: 'a form', from: Date.now(), values: [], sent: false, search: fields.every(({ search }) => search) };
    for (const { x, y } of fields) {
      const text = `${this.pick(WORDS)} ${this.pick(WORDS)} ${Math.floor(this.random() * 10000)}`;
      await this.driver.press(x, y);
      await this.driver.type(text);
      form.values.push(text);
    }
    await this.wait(500);
    if (this.random() < 0.4) {
      form.asked = true;
      if (button && this.random() < 0.7) await this.driver.press(button.x, button.y);
      else await this.driver.key('Enter');
      await this.wait(1500);
      form.to = Date.now();
    } else {
      await this.goto(this.pick(this.application.paths ?? ['/']));
      form.to = Date.now();
    }
    await this.watch.form?.(form);
    if (form.asked) await this.goto(this.pick(this.application.paths ?? ['/']));
    return true;
  }

  // Not as if it answered a press.
  async tellSomething() {
    await this.wait(this.pressed + QUIET_MS - Date.now());
    await this.evaluate(putMessage, { text: `Note ${Math.floor(this.random() * 1e6)}: the ${this.pick(WORDS)} is not in stock`, how: this.pick(MESSAGES) });
    await this.wait(300);
  }

  // As patient as it takes, or as impatient.
  async tryControl() {
    await this.wait(this.pressed + QUIET_MS - Date.now());
    const [how, ms, times] = this.pick(CONTROLS);
    const at = await this.evaluate(putControl, { how, ms, label: `${this.pick(WORDS)} ${this.pick(WORDS)}` });
    await this.wait(1000);
    if (at) await this.pressAt(at, { times, patient: true });
  }

  // Waits for what takes its time, whether asked for or not, and goes on.
  async waitForSomething() {
    await this.wait(this.pressed + QUIET_MS - Date.now());
    const [ms, asked] = [this.pick(BUSY_MS), this.random() < 0.5];
    const at = await this.evaluate(putBusy, { how: this.pick(BUSY), ms, asked, label: `${this.pick(WORDS)} ${this.pick(WORDS)}` });
    if (at) await this.pressAt(at);
    await this.wait(ms + 1500);
  }

  // One step of somebody who tries things: returns false where there is nothing to try.
  async wander() {
    const found = (await this.evaluate(places, this.application.keep ?? '')).filter(({ field }) => !field || this.random() < 0.4);
    const alive = found.filter((one) => one.alive);
    const dull = found.filter((one) => !one.alive);
    if (found.length < 2) return false;
    if (this.watch.form && this.random() < 0.06 && await this.fillSome()) return true;
    if (this.watch.form && this.random() < 0.08) await this.tellSomething();
    if (this.watch.form && this.random() < 0.08) await this.tryControl();
    if (this.watch.form && this.random() < 0.06) await this.waitForSomething();
    if (this.random() < 0.08) {
      await this.scroll(this.pick([-400, 300, 600]));
      return true;
    }
    const chosen = this.pick(dull.length && (!alive.length || this.random() < 0.18) ? dull : alive);
    const times = this.random() < 0.12 ? 3 + Math.floor(this.random() * 3) : 1;
    await this.pressAt(chosen, { times, patient: this.random() < 0.3 });
    if (chosen.search && this.random() < 0.7) await this.driver.type(this.pick(['ferns', 'note', 'x']));
    if (this.random() < 0.1) await this.key('Escape');
    return true;
  }

  async wanderFor(steps) {
    for (let i = 0; i < steps; i++) if (!await this.wander().catch(() => false)) await this.goto(this.pick(this.application.paths ?? ['/']));
  }
}
