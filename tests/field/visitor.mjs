// SPDX-License-Identifier: MIT
// A visitor of a live application, in either engine: does what a task says, or wanders by a seed.
import { place, places } from './page.mjs';

export class Visitor {
  // watch: { press(x, y, act), form(form), arrived(), look() }, who looks on and labels; all may be absent.
  constructor({ driver, origin, application, random, watch = {} }) {
    Object.assign(this, { driver, origin, application, random, watch });
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

  // One step of somebody who tries things: returns false where there is nothing to try.
  async wander() {
    const found = (await this.evaluate(places, this.application.keep ?? '')).filter(({ field }) => !field || this.random() < 0.4);
    const alive = found.filter((one) => one.alive);
    const dull = found.filter((one) => !one.alive);
    if (found.length < 2) return false;
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
    for (let i = 0; i < steps; i++) if (!await this.wander()) await this.goto(this.pick(this.application.paths ?? ['/']));
  }
}
