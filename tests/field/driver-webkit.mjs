// SPDX-License-Identifier: MIT
// WebKitGTK's own MiniBrowser by WebDriver: the engine in which replays are drawn, showing the live page. Only the GTK 3 build takes pointer actions.
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';

const KEYS = { Enter: '\ue007', Escape: '\ue00c', Tab: '\ue004', Backspace: '\ue003', ArrowDown: '\ue015', ArrowUp: '\ue013', ArrowRight: '\ue014', ArrowLeft: '\ue012' };

function miniBrowser() {
  const found = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/webkit2gtk-4.1/MiniBrowser`).find((path) => {
    try {
      execFileSync('test', ['-x', path]);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error('webkit2gtk-4.1/MiniBrowser is not installed (package webkit2gtk-driver)');
  return found;
}

export class WebKitDriver {
  static async open({ width = 1000, height = 700 } = {}) {
    const driver = new WebKitDriver();
    const port = 20000 + (process.pid % 20000);
    driver.process = spawn('WebKitWebDriver', [`--port=${port}`], { stdio: 'ignore' });
    driver.at = `http://127.0.0.1:${port}`;
    driver.base = '';
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] } } };
    for (let tries = 0; !driver.base; tries++) {
      try {
        const { sessionId } = await driver.call('POST', '/session', { capabilities });
        driver.base = `/session/${sessionId}`;
      } catch (error) {
        if (tries > 50) throw error;
        await driver.wait(200);
      }
    }
    await driver.call('POST', '/window/rect', { x: 0, y: 0, width, height });
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

  point(actions) {
    return this.call('POST', '/actions', { actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }] });
  }

  move(x, y) {
    return this.point([{ type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 50 }]);
  }

  async press(x, y) {
    await this.move(x, y);
    await this.point([{ type: 'pointerDown', button: 0 }, { type: 'pause', duration: 60 }, { type: 'pointerUp', button: 0 }]);
  }

  keys(list) {
    const actions = list.flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }, { type: 'pause', duration: 30 }]);
    return this.call('POST', '/actions', { actions: [{ type: 'key', id: 'keys', actions }] });
  }

  type(text) {
    return this.keys([...text]);
  }

  key(name) {
    return this.keys([KEYS[name] ?? name]);
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
