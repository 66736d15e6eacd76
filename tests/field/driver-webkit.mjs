// SPDX-License-Identifier: MIT
// WebKitGTK's own MiniBrowser by WebDriver: the very library that draws replays, showing the live page. Its GTK 4 build answers no pointer or key
// actions, so those come from the X server; and the GTK 3 build, which does, places letters differently.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const KEYS = { Enter: 'Return', ArrowDown: 'Down', ArrowUp: 'Up', ArrowRight: 'Right', ArrowLeft: 'Left', Backspace: 'BackSpace' };

const xdotool = (...args) => execFileSync('xdotool', args.map(String), { encoding: 'utf8' });

function miniBrowser() {
  const found = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/webkitgtk-6.0/MiniBrowser`).find(existsSync);
  if (!found) throw new Error('webkitgtk-6.0/MiniBrowser is not installed (package webkit2gtk-driver)');
  return found;
}

export class WebKitDriver {
  static async open({ width = 1000, height = 700 } = {}) {
    const driver = new WebKitDriver();
    // Drawn as in the window that draws replays, which has no GPU here: edges are smoothed in another way on one.
    const env = { ...process.env, GSK_RENDERER: 'cairo', WEBKIT_SKIA_ENABLE_CPU_RENDERING: '1' };
    const port = 20000 + (process.pid % 20000);
    driver.pointer = [-100, -100];
    driver.process = spawn('WebKitWebDriver', [`--port=${port}`], { stdio: 'ignore', env });
    driver.at = `http://127.0.0.1:${port}`;
    driver.base = '';
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation', `--geometry=${width}x${height}`] } } };
    for (let tries = 0; !driver.base; tries++) {
      try {
        const { sessionId } = await driver.call('POST', '/session', { capabilities });
        driver.base = `/session/${sessionId}`;
      } catch (error) {
        if (tries > 50) throw error;
        await driver.wait(200);
      }
    }
    await driver.call('POST', '/timeouts', { script: 120000, pageLoad: 300000 }); // a busy machine takes its time
    await driver.call('POST', '/window/rect', { x: 0, y: 0, width, height });
    const [window] = xdotool('search', '--sync', '--onlyvisible', '--name', 'MiniBrowser').split('\n');
    xdotool('windowfocus', '--sync', window);
    driver.top = await driver.evaluate(() => outerHeight - innerHeight);
    return driver;
  }

  async call(method, path, body) {
    const answer = await fetch(this.at + this.base + path, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value?.error} ${value?.message}`);
    return value;
  }

  wait(ms) {
    return new Promise((done) => { setTimeout(done, ms); });
  }

  goto(url) {
    return this.call('POST', '/url', { url });
  }

  // fn runs in the page with one argument that is plain data.
  evaluate(fn, argument = null) {
    return this.call('POST', '/execute/sync', { script: `return (${fn})(arguments[0])`, args: [argument] });
  }

  // When the page has done what was due: the time by its clock.
  idle() {
    return this.call('POST', '/execute/async', { script: 'const done = arguments[0]; setTimeout(() => requestAnimationFrame(() => setTimeout(() => done(Date.now()), 20)), 0);', args: [] });
  }

  async move(x, y) {
    this.pointer = [x, y];
    xdotool('mousemove', x - 3, y + this.top - 2, 'sleep', 0.02, 'mousemove', x, y + this.top);
    await this.wait(60);
  }

  async press(x, y) {
    await this.move(x, y);
    xdotool('mousedown', 1, 'sleep', 0.06, 'mouseup', 1);
    await this.wait(200);
  }

  async type(text) {
    xdotool('type', '--delay', 40, '--', text);
    await this.wait(200);
  }

  async key(name) {
    xdotool('key', KEYS[name] ?? name);
    await this.wait(100);
  }

  scroll(by) {
    return this.evaluate((dy) => { window.scrollBy({ top: dy, behavior: 'instant' }); }, by);
  }

  async screenshot() {
    return Buffer.from(await this.call('GET', '/screenshot'), 'base64');
  }

  async close() {
    await this.goto('about:blank').catch(() => {});
    await this.wait(300);
    await this.call('DELETE', '').catch(() => {});
    this.process.kill('SIGTERM');
  }
}
