// SPDX-License-Identifier: MIT
// Chromium by its protocol, which also tells what the browser itself did: downloads, tabs, dialogs, file choosers, requests.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--autoplay-policy=no-user-gesture-required', ];

// What only the page is told: in the page before anything else, seen by the harness through a binding.
function watchPage() {
  const tell = (kind) => window.fieldHappened?.(kind, Date.now());
  for (const kind of ['pointerdown', 'pointerup', 'click']) addEventListener(kind, ({ isTrusted }) => isTrusted && tell(kind), true);
  addEventListener('copy', () => tell('copy'), true);
  addEventListener('cut', () => tell('copy'), true);
  addEventListener('beforeprint', () => tell('print'), true);
  addEventListener('fullscreenchange', () => tell('full-screen'), true);
  for (const kind of ['play', 'pause', 'volumechange', 'ratechange']) addEventListener(kind, () => tell('media'), true);
  const { print } = window;
  window.print = new Proxy(print, { apply: () => tell('print') });
  for (const [owner, names] of [[window, ['showSaveFilePicker', 'showOpenFilePicker', 'showDirectoryPicker']], [HTMLInputElement.prototype, ['showPicker']]]) {
    for (const name of names.filter((one) => owner[one])) owner[name] = new Proxy(owner[name], { apply: (target, self, args) => { tell('chooser'); return Reflect.apply(target, self, args); } });
  }
  if (navigator.clipboard) {
    for (const name of ['writeText', 'write']) {
      const fn = navigator.clipboard[name];
      Object.defineProperty(navigator.clipboard, name, { configurable: true, value: new Proxy(fn, { apply: (target, self, args) => { tell('copy'); return Reflect.apply(target, self, args); } }) });
    }
  }
}

export class ChromiumDriver {
  // hosts: { name: address }, the only ones there are beside this machine.
  static async open(build, { width = 1100, height = 720, hosts = {} } = {}) {
    const { chromium } = createRequire(join(build, 'src/web/npm/x.js'))('playwright-core');
    const driver = new ChromiumDriver();
    const rules = [...Object.entries(hosts).map(([host, to]) => `MAP ${host} ${to}`), 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'];
    driver.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, `--host-resolver-rules=${rules.join(', ')}`] });
    driver.size = { width, height };
    return driver;
  }

  // A visitor who was never here before.
  async newVisitor() {
    this.context = await this.browser.newContext({ viewport: this.size, acceptDownloads: true, locale: 'en-GB' });
    Object.assign(this, { happenings: [], requests: [], console: [], hand: {} });
    await this.context.exposeBinding('fieldHappened', (source, kind, at) => this.happened(kind, at));
    await this.context.addInitScript(watchPage);
    this.page = await this.context.newPage();
    this.context.on('page', async (tab) => {
      this.happened('tab');
      await tab.waitForTimeout(300).catch(() => {});
      await tab.close().catch(() => {});
    });
    this.page.on('download', (download) => { this.happened('download'); download.cancel().catch(() => {}); });
    this.page.on('filechooser', () => this.happened('chooser'));
    this.page.on('dialog', (dialog) => { this.happened('dialog'); dialog.accept().catch(() => {}); });
    const protocol = await this.context.newCDPSession(this.page);
    await protocol.send('Page.enable');
    // Where the document stays, the address alone tells a person little.
    protocol.on('Page.frameNavigated', ({ frame }) => !frame.parentId && this.happened('navigation'));
    protocol.on('Page.navigatedWithinDocument', () => this.happened('address'));
    this.page.on('request', (request) => this.requests.push({ at: Date.now(), url: request.url(), body: request.postData() ?? '', method: request.method() }));
    this.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => this.requests.push({ at: Date.now(), url: socket.url(), body: String(payload), method: 'WS' })));
    this.page.on('console', (message) => /error|warning/.test(message.type()) && this.console.push(`${message.type()}: ${message.text()}`));
    this.page.on('pageerror', (error) => this.console.push(`exception: ${error.message}`));
  }

  // at: when, by the page's clock, which is this machine's.
  happened(kind, at = Date.now()) {
    if (kind in this.hand) this.hand[kind] = at;
    else this.happenings.push({ at, kind });
  }

  wait(ms) {
    return new Promise((done) => { setTimeout(done, ms); });
  }

  async goto(url) {
    await this.page.goto(url, { waitUntil: 'load', timeout: 60000 });
  }

  evaluate(fn, argument = null) {
    return this.page.evaluate(fn, argument);
  }

  move(x, y) {
    return this.page.mouse.move(x, y, { steps: 4 });
  }

  // When the page got the latest press is in `hand`; where nothing is told, the page was gone already.
  async press(x, y) {
    await this.move(x, y);
    this.hand = { pointerdown: 0, pointerup: 0, click: 0 };
    await this.page.mouse.down();
    await this.wait(50);
    await this.page.mouse.up();
  }

  type(text) {
    return this.page.keyboard.type(text, { delay: 40 });
  }

  key(name) {
    return this.page.keyboard.press(name);
  }

  scroll(by) {
    return this.page.mouse.wheel(0, by);
  }

  screenshot() {
    return this.page.screenshot({ caret: 'initial', animations: 'allow', scale: 'css' });
  }

  // Leaves as people do: the last page is told that it goes.
  async endVisit() {
    await this.goto('about:blank').catch(() => {});
    await this.wait(300);
    await this.context.close();
  }

  close() {
    return this.browser.close();
  }
}
