// SPDX-License-Identifier: MIT
// Pictures, fonts and sheets: from a page with a real collector into a cache, when the site is gone; and what is never kept.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { built, openBrowser } from './browser.mjs';
import { equal, ok, run, test, until } from './tap.mjs';

const svg = (color, size = 4) => `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><rect width="9" height="9" fill="${color}"/></svg>`;
const FILES = {
  '/shown.svg': svg('red'), '/background.svg': svg('blue'), '/set.svg': svg('green'), '/masked.svg': svg('black'), '/late.svg': svg('lime'),
  '/broken.svg': svg('gray'), '/hanging.svg': svg('silver'),
  '/sprite.svg': '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="i"><rect width="9" height="9" fill="yellow"/></symbol></svg>',
  '/large.svg': svg('red', 5) + ' '.repeat(300 * 1024),
};
const PAGE = (collector, other) => `<!DOCTYPE html><title>T</title><script src="${collector.url}/v1/recorder.js" data-key="${collector.write_key}"></script>
<style>#b { background: url(/background.svg) }</style><img src="/shown.svg"><img src="/shown.svg?again"><img srcset="/set.svg 1x, /set.svg 2x"><p id="b">x</p>
<div data-ss-mask><img src="/masked.svg"></div><img src="/mine.svg"><img src="/large.svg"><img src="${other}/shown.svg"><img src="/none.svg">
<svg width="9" height="9"><use href="/sprite.svg#i"/></svg>`;

async function startCollector() {
  const folder = mkdtempSync(join(tmpdir(), 'sight-assets-'));
  const child = spawn(join(built, 'src/collector/sessionsight-collector'), ['--listen', '127.0.0.1:0', '--store', join(folder, 'store'), '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve) => child.stdout.once('data', resolve));
  return { ...JSON.parse(line), folder, child };
}

// A site, with what was asked of it; one picture is there for those who have a cookie. Of what is asked for without one, it breaks off the first answer
// for one picture, never begins the first for another, and has none for a third.
async function startSite() {
  const asked = [];
  const state = { asked, page: '', times: (path) => asked.filter(({ pathname, cookie }) => pathname === path && !cookie).length };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    asked.push({ pathname, cookie: request.headers.cookie ?? '' });
    const first = !request.headers.cookie && state.times(pathname) === 1;
    if (first && pathname === '/broken.svg') return void request.socket.destroy();
    if (first && pathname === '/hanging.svg') return;
    if (pathname === '/busy.svg') return void response.writeHead(503).end();
    const mine = pathname === '/mine.svg' && request.headers.cookie ? svg('pink') : undefined;
    const body = pathname === '/' ? state.page : FILES[pathname] ?? mine;
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': pathname === '/' ? 'text/html' : 'image/svg+xml', 'Set-Cookie': 'who=ada' });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${server.address().port}`;
  state.close = () => new Promise((resolve) => {
    server.closeAllConnections?.();
    server.close(resolve);
  });
  return state;
}

function ctl(folder, ...args) {
  const env = { ...process.env, XDG_DATA_HOME: join(folder, 'data'), XDG_CACHE_HOME: join(folder, 'cache'), SECRET_BACKEND: 'file' };
  return JSON.parse(execFileSync(join(built, 'src/cli/sightctl'), [...args, '--json'], { env, encoding: 'utf8' }));
}

// The page at its end, as the application draws it: a PNG.
function draw(folder, session) {
  const output = join(folder, 'page.png');
  const suppressions = join(process.env.SIGHT_SOURCE_ROOT ?? '.', 'tests/web/lsan.supp');
  const env = { ...process.env, GDK_BACKEND: 'x11', GTK_A11Y: 'none', GDK_DEBUG: 'gl-disable', LSAN_OPTIONS: `suppressions=${suppressions}:print_suppressions=0` };
  execFileSync('xvfb-run', ['-a', 'dbus-run-session', '--', join(built, 'src/ui/sessionsight'), '--cache', join(folder, 'data/sessionsight'),
    '--render', session, '--at', '600000', '--output', output], { env, stdio: 'ignore' });
  return readFileSync(output).toString('base64');
}

// A clip as it begins, in a browser: a PNG.
async function picture(clip) {
  const browser = await openBrowser(['--allow-file-access-from-files']);
  const page = await browser.newPage();
  await page.goto(pathToFileURL(clip).href);
  await page.waitForFunction(() => document.querySelector('iframe')?.contentDocument?.querySelector('use')?.getBBox().width > 0);
  const png = await page.screenshot();
  await browser.close();
  return png.toString('base64');
}

// Which of the colours of the site's pictures are in it.
async function colors(png) {
  const browser = await openBrowser();
  const page = await browser.newPage();
  const found = await page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const context = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height }).getContext('2d');
    context.drawImage(image, 0, 0);
    const seen = new Set();
    const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
    for (const pixel of pixels) seen.add(pixel & 0xffffff);
    const of = { red: 0x0000ff, blue: 0xff0000, lime: 0x00ff00, yellow: 0x00ffff, pink: 0xcbc0ff };
    return Object.keys(of).filter((name) => seen.has(of[name]));
  }, png);
  await browser.close();
  return found;
}

test('what a page shows is kept, and nothing that only this visitor sees', async () => {
  const collector = await startCollector();
  const site = await startSite();
  const other = await startSite();
  site.page = PAGE(collector, other.url);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${site.url}/`);
    await page.waitForFunction(() => window.SessionSight);
    await page.evaluate(() => { document.body.append(Object.assign(new Image(), { src: '/late.svg' })); });
    const told = async () => {
      const headers = { Authorization: `Bearer ${collector.token}` };
      const { changes } = await (await fetch(`${collector.url}/v1/changes`, { headers })).json();
      const lines = changes.length ? await (await fetch(`${collector.url}/v1/sessions/${changes[0].session}/batches`, { headers })).text() : '';
      const events = lines.split('\n').filter(Boolean).flatMap((line) => JSON.parse(line).events);
      return Object.assign({}, ...events.filter(({ data }) => data?.tag === 'ss:assets').map(({ data }) => data.payload));
    };
    let all = {};
    await until(async () => Object.keys(all = await told()).length >= 11, 'eleven addresses and a reason');
    for (const path of ['/shown.svg', '/shown.svg?again', '/set.svg', '/background.svg', '/late.svg', '/sprite.svg'])
      ok(/^[0-9a-f]{64}$/.test(all[site.url + path]), `${path} is kept: ${all[site.url + path]}`);
    equal(all[`${site.url}/shown.svg`], all[`${site.url}/shown.svg?again`], 'one content, one hash');
    for (const address of [`${site.url}/mine.svg`, `${site.url}/large.svg`, `${site.url}/none.svg`, `${other.url}/shown.svg`])
      equal(all[address], 0, address);
    ok(!(`${site.url}/masked.svg` in all), 'the masked picture is not told of');
    equal(site.asked.filter(({ pathname }) => pathname === '/masked.svg').length, 1, 'nor asked for again');
    ok(site.asked.some(({ pathname, cookie }) => pathname === '/mine.svg' && !cookie), 'asked without credentials');
    const append = (...paths) => page.evaluate((all) => { for (const src of all) document.body.append(Object.assign(new Image(), { src })); }, paths);
    const hashOf = async (path) => /^[0-9a-f]{64}$/.test((await told())[site.url + path]);
    await append('/broken.svg', '/busy.svg');
    await until(() => hashOf('/broken.svg'), 'what was broken off');
    await until(async () => (await told())[`${site.url}/busy.svg`] === 0, 'that one is not to be had');
    equal([site.times('/broken.svg'), site.times('/busy.svg')], [2, 3], 'asked for again');
    // Another page of the session has nothing to ask again but what failed.
    await append('/hanging.svg');
    await until(() => site.times('/hanging.svg') === 1, 'one that takes long');
    const asked = () => site.asked.filter(({ pathname, cookie }) => pathname !== '/' && !cookie).length;
    const before = asked();
    await page.goto(`${site.url}/`);
    await append('/late.svg', '/hanging.svg', '/new.svg');
    await until(async () => `${site.url}/new.svg` in await told(), 'what is new on another page');
    equal(asked(), before + 2, 'addresses that were asked');
    ok(await hashOf('/hanging.svg'), 'what was left is kept');
    // Once the recorder has ended, nothing is asked for and nothing thrown: what fails would come again after two seconds.
    const thrown = page.evaluate(() => new Promise((resolve) => {
      addEventListener('unhandledrejection', ({ reason }) => resolve(String(reason)));
      setTimeout(() => resolve(null), 4000);
    }));
    const left = site.times('/busy.svg');
    await append('/busy.svg?left');
    await until(() => site.times('/busy.svg') === left + 1, 'one that fails for now');
    await page.evaluate(() => SessionSight.stop());
    equal([await thrown, site.times('/busy.svg')], [null, left + 1], 'after the end');
    await browser.close();
    await site.close();

    ctl(collector.folder, 'endpoints', 'add', collector.url, '--token', collector.token);
    ctl(collector.folder, 'sync');
    const { sessions: [{ session }] } = ctl(collector.folder, 'sessions');
    const { assets } = ctl(collector.folder, 'show', session);
    equal([assets.kept, assets.missing], [7, 0], 'in the cache');
    const clip = join(collector.folder, 'clip.html');
    ctl(collector.folder, 'clip', session, '--from', '0', '--to', '600000', '--output', clip);
    const text = readFileSync(clip, 'utf8');
    const inside = (content) => text.includes(`data:image/svg+xml;base64,${Buffer.from(content).toString('base64')}`);
    equal(['red', 'blue', 'lime', 'black', 'pink'].map((color) => inside(svg(color))), [true, true, true, false, false], 'in a clip');
    ok((await colors(await picture(clip))).includes('yellow'), 'a part of a file is drawn in a clip');
    equal(await colors(draw(collector.folder, session)), ['red', 'blue', 'lime', 'yellow'], 'drawn');
  } finally {
    await browser.close().catch(() => {});
    await site.close().catch(() => {});
    await other.close();
    collector.child.kill();
    rmSync(collector.folder, { recursive: true, force: true });
  }
});

run();
