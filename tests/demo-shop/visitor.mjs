// SPDX-License-Identifier: MIT
// A visitor with a hand and a head: moves, clicks, reads and types with human timing, and writes down what it did.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLOCK = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'clock.js'), 'utf8');

export const DEVICES = {
  desktop: { viewport: { width: 1440, height: 900 }, userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36' },
  laptop: { viewport: { width: 1280, height: 720 }, userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36' },
  wide: { viewport: { width: 1920, height: 1080 }, userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36' },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true, userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1' },
  android: { viewport: { width: 412, height: 915 }, deviceScaleFactor: 2.6, isMobile: true, hasTouch: true, userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36' },
};

export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class Visitor {
  static async open(browser, { seed, device = 'desktop', release = '2.0', banner = 'a', start, origin }) {
    const context = await browser.newContext({ ...DEVICES[device], locale: 'en-GB', timezoneId: 'Europe/Berlin' });
    const { hostname } = new URL(origin);
    await context.addCookies([{ name: 'release', value: release, domain: hostname, path: '/' }, { name: 'banner', value: banner, domain: hostname, path: '/' }]);
    await context.addInitScript(CLOCK.replace(/\(START\);\s*$/, `(${JSON.stringify({ start, seed })});`));
    const visitor = new Visitor();
    Object.assign(visitor, { context, origin, start, now: start, random: randomFrom(seed), touch: device === 'phone' || device === 'android', labels: [], x: 200, y: 200, banner, release });
    visitor.pace = visitor.between(1, 2.2);
    visitor.page = await context.newPage();
    visitor.page.on('dialog', (dialog) => dialog.dismiss());
    return visitor;
  }

  between(low, high) {
    return low + this.random() * (high - low);
  }

  // Lets time pass. A page load on the way takes the clock along.
  async wait(ms) {
    const until = this.now + Math.round(ms);
    while (this.now < until) {
      try {
        this.now = await this.page.evaluate((left) => window.__clock.run(left), until - this.now);
      } catch (error) {
        if (!/context was destroyed|navigat|__clock/i.test(error.message)) throw error;
        await this.page.waitForLoadState('load');
        this.now = Math.max(this.now, await this.page.evaluate(() => window.__clock.now()));
      }
    }
  }

  async settle() {
    await this.page.waitForLoadState('load');
    await this.wait(250);
  }

  async visit(path) {
    await this.page.goto(this.origin + path, { waitUntil: 'load' });
    await this.page.waitForFunction(() => window.SessionSight !== undefined, null, { polling: 20 });
    await this.settle();
  }

  // What a visitor writes down: kind (or kinds) of moment, near miss or not (perhaps only known then), when it began and ended.
  async moment(kinds, fn, { near = false, about = '' } = {}) {
    const from = this.now;
    const path = new URL(this.page.url()).pathname;
    await fn();
    const missed = typeof near === 'function' ? await near() : near;
    for (const kind of [kinds].flat()) this.labels.push({ kind, near: missed, about, from, to: this.now, path });
  }

  // A link opened beside the page: another tab of the same visitor.
  async inNewTab(selector, fn) {
    const href = await this.page.locator(selector).first().getAttribute('href');
    const [tab] = await Promise.all([this.context.waitForEvent('page'), this.page.evaluate((to) => { window.open(to); }, href)]);
    const before = this.page;
    this.page = tab;
    await tab.waitForLoadState('load');
    await this.settle();
    await fn();
    await tab.close({ runBeforeUnload: true });
    this.page = before;
    await this.wait(1200);
  }

  async move(x, y, speed = 1) {
    if (this.touch) {
      this.x = x;
      this.y = y;
      return;
    }
    const distance = Math.hypot(x - this.x, y - this.y);
    const steps = Math.max(2, Math.min(28, Math.round(distance / 32)));
    const bend = this.between(-0.12, 0.12);
    const [fromX, fromY] = [this.x, this.y];
    for (let i = 1; i <= steps; i++) {
      const t = i / steps;
      const eased = t * t * (3 - 2 * t);
      const arc = Math.sin(Math.PI * t) * bend;
      await this.page.mouse.move(fromX + (x - fromX) * eased - (y - fromY) * arc, fromY + (y - fromY) * eased + (x - fromX) * arc);
      await this.wait((16 + this.between(0, 10)) / speed);
    }
    this.x = x;
    this.y = y;
  }

  // Scrolls until the middle of the element is there to be hit.
  async boxOf(selector) {
    const found = this.page.locator(selector).first();
    await found.waitFor({ state: 'attached', timeout: 10000 });
    for (let tries = 0; tries < 40; tries++) {
      const box = await found.boundingBox();
      const hit = box && await found.evaluate((el) => {
        const { x, y, width, height } = el.getBoundingClientRect();
        const top = document.elementFromPoint(x + width / 2, y + Math.min(height, 300) / 2);
        return Boolean(top) && (el.contains(top) || top.contains(el));
      });
      const { height } = this.page.viewportSize();
      if (hit) return box;
      if (!box) await this.wait(200);
      else await this.scroll(box.y < height / 3 ? Math.max(-420, box.y - height / 3) : Math.min(420, box.y - height / 2));
    }
    throw new Error(`cannot get to ${selector}`);
  }

  async sees(selector) {
    const box = await this.page.locator(selector).first().boundingBox();
    return Boolean(box) && box.y + box.height > 0 && box.y < this.page.viewportSize().height;
  }

  async pointAt(selector) {
    const box = await this.boxOf(selector);
    const y = box.y + Math.min(box.height, 300) * this.between(0.35, 0.65);
    return [box.x + box.width * this.between(0.35, 0.65), Math.min(y, this.page.viewportSize().height - 4)];
  }

  async press() {
    if (this.touch) await this.page.touchscreen.tap(this.x, this.y);
    else {
      await this.page.mouse.down();
      await this.wait(this.between(50, 90));
      await this.page.mouse.up();
    }
    await this.page.waitForLoadState('load');
    await this.wait(30);
  }

  async click(selector) {
    const [x, y] = await this.pointAt(selector);
    await this.move(x, y);
    await this.wait(this.between(120, 350));
    await this.press();
    await this.wait(this.between(250, 500));
  }

  async clickMany(selector, times, gap) {
    const [x, y] = await this.pointAt(selector);
    await this.move(x, y);
    for (let i = 0; i < times; i++) {
      await this.press();
      await this.wait(gap * this.between(0.8, 1.2));
    }
  }

  async scroll(by) {
    const notch = Math.sign(by) * Math.min(120, Math.abs(by));
    if (!this.touch) await this.page.mouse.move(this.x, this.y);
    for (let done = 0; Math.abs(done) < Math.abs(by) - 1; done += notch) {
      const step = Math.abs(by - done) < Math.abs(notch) ? by - done : notch;
      if (this.touch) await this.page.evaluate((dy) => window.scrollBy({ top: dy, behavior: 'instant' }), step);
      else await this.page.mouse.wheel(0, step);
      await this.wait(this.between(50, 110));
    }
    await this.wait(160);
  }

  async type(selector, text, { fast = 1 } = {}) {
    await this.click(selector);
    for (const char of text) {
      await this.page.keyboard.type(char);
      await this.wait(this.between(70, 190) / fast);
    }
  }

  async erase(count) {
    for (let i = 0; i < count; i++) {
      await this.page.keyboard.press('Backspace');
      await this.wait(this.between(60, 110));
    }
  }

  async read(ms) {
    for (let left = ms; left > 0; left -= 1500) {
      if (this.touch && left > 1500 && this.random() < 0.2) await this.scroll((this.random() < 0.7 ? 1 : -1) * this.between(20, 90));
      if (this.random() < 0.5) await this.move(this.x + this.between(-60, 60), Math.max(80, this.y + this.between(-40, 40)), 0.6);
      await this.wait(Math.min(left, 1500));
    }
  }

  async shake() {
    const [x, y] = [this.x, this.y];
    for (let i = 0; i < 14; i++) {
      const to = x + (i % 2 ? -1 : 1) * this.between(90, 130);
      await this.page.mouse.move((this.x + to) / 2, y + this.between(-15, 15));
      await this.wait(35);
      await this.page.mouse.move(to, y + this.between(-20, 20));
      await this.wait(35);
      this.x = to;
    }
  }

  // Leaves as people do: the tab is closed with what the recorder still holds.
  async leave() {
    await this.wait(4000);
    await this.page.goto('about:blank');
    await this.context.close();
  }
}
