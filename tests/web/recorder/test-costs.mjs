// SPDX-License-Identifier: MIT
// No part of a page is told twice, a task of the page does not pay for a snapshot, and a visit of a second can be replayed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsOf, modules, openBrowser, startServer, tagFor, tagged } from './browser.mjs';
import { equal, ok, run, test, until } from './tap.mjs';

const browser = await openBrowser();
const opened = [];

async function begin(html, pages = {}) {
  const server = await startServer(pages);
  server.pages['/'] = `<!DOCTYPE html><html><head><title>T</title>${tagFor(server)}</head><body>${html}</body></html>`;
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  const page = await context.newPage();
  opened.push(async () => {
    await context.close();
    await server.close();
  });
  return { server, page };
}

const late = (body, ms, type = 'text/css') => (response) => setTimeout(() => response.writeHead(200, { 'Content-Type': type }).end(body), ms);

// Everything that was told up to now is with the collector.
async function told(page, server) {
  const name = `all of ${Math.random()}`;
  await page.evaluate((text) => SessionSight.event(text), name);
  await until(() => tagged(server, 'ss:event').some((event) => event.name === name), 'the last batch');
  return eventsOf(server);
}

const count = (events, text) => JSON.stringify(events).split(text).length - 1;
const snapshots = (events) => events.filter(({ type }) => type === 2);

const SHEETS = {
  'a sheet that is added later': `<script>setTimeout(() => { const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = '/late.css'; document.head.append(l); }, 100)</script>`,
  'a sheet that is there but slow': `<script>const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = '/late.css'; document.head.append(l)</script>`,
  'a sheet for printing until it is there': `<link rel="stylesheet" href="/late.css" media="print" onload="this.media = 'all'">`,
  'a preload that becomes a sheet': `<link rel="preload" as="style" href="/late.css" onload="this.rel = 'stylesheet'">`,
  'a sheet in a shadow root': `<div id="h"></div><script>h.attachShadow({ mode: 'open' }).innerHTML = '<link rel=stylesheet href=/late.css>'</script>`,
};
for (const [what, html] of Object.entries(SHEETS)) {
  test(`${what} is told once`, async () => {
    const { server, page } = await begin(html, { '/late.css': late('.marked { color: red }', 700) });
    await page.goto(server.url);
    await page.waitForFunction(() => [...document.styleSheets, ...(document.querySelector('#h')?.shadowRoot.styleSheets ?? [])].some((sheet) => sheet.cssRules.length));
    await page.waitForTimeout(200);
    const events = await told(page, server);
    equal(count(events, '.marked'), 1, 'times that it was told');
    equal(snapshots(events).length, 1, 'snapshots');
  });
}

test('a sheet that is exchanged is told with what it holds then', async () => {
  const { server, page } = await begin('<link id="l" rel="stylesheet" href="/one.css">', { '/one.css': ['text/css', '.one { top: 0 }'], '/two.css': ['text/css', '.two { top: 0 }'] });
  await page.goto(server.url);
  await page.evaluate(() => new Promise((resolve) => {
    l.onload = resolve;
    l.href = '/two.css';
  }));
  const events = await told(page, server);
  equal([count(events, '.one {'), count(events, '.two {')], [1, 1], 'times');
});

test('a frame is told once, and what changes in it once, also after another snapshot', async () => {
  const frame = '<!DOCTYPE html><p id="p">marked frame</p><button>b</button>';
  const { server, page } = await begin('<iframe id="f" src="/frame"></iframe>', { '/frame': late(frame, 500, 'text/html') });
  await page.goto(server.url);
  await page.frameLocator('#f').locator('#p').waitFor();
  await page.waitForTimeout(200);
  equal(count(await told(page, server), 'marked frame'), 1, 'times');
  // Setting a mask takes a snapshot.
  await page.evaluate(() => document.querySelector('title').setAttribute('data-ss-mask', ''));
  await page.waitForTimeout(300);
  equal(snapshots(await told(page, server)).length, 2, 'snapshots');
  await page.evaluate(() => f.contentDocument.querySelector('#p').append('marked addition'));
  await page.frameLocator('#f').locator('button').click();
  const events = await told(page, server);
  equal([count(events, 'marked frame'), count(events, 'marked addition')], [2, 1], 'times');
  equal(events.filter(({ type, data }) => type === 3 && data.source === 2 && data.type === 2).length, 1, 'clicks');
});

test('twenty thousand cells that change at once are told as changes, without a snapshot', async () => {
  const { server, page } = await begin('<table id="t"></table><script>t.innerHTML = ("<tr>" + "<td>x</td>".repeat(8) + "</tr>").repeat(2500)</script>');
  await page.goto(server.url);
  await page.evaluate(() => { for (const td of document.querySelectorAll('td')) td.className = 'sel'; });
  await page.waitForTimeout(300);
  const events = await told(page, server);
  equal(snapshots(events).length, 1, 'snapshots');
  equal(count(events, '"class":"sel"'), 20000, 'cells');
});

// Whatever is asked of a node goes through the browser's own getters and functions. Behind proxies they look as before, and count.
const COUNTING = `window.asked = 0;
for (const { prototype } of [Node, Element, Document, HTMLElement, SVGElement]) {
  for (const [name, of] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const counted = (fn) => new Proxy(fn, { apply(target, self, args) { window.asked++; return Reflect.apply(target, self, args); } });
    if (of.get) Object.defineProperty(prototype, name, { ...of, get: counted(of.get) });
    else if (of.configurable && typeof of.value === 'function' && name !== 'constructor') Object.defineProperty(prototype, name, { ...of, value: counted(of.value) });
  }
}
document.addEventListener('DOMContentLoaded', () => { window.before = window.asked; }, true);`;

test('a snapshot asks no more of each node than rrweb itself does', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => `<div class="row r${i % 7}"><a href="/item/${i}" title="item ${i}"><b>${i}</b> text of a cell</a><span data-n="${i}">words here</span></div>`).join('');
  const asked = [];
  for (const tag of ['<script src="/rrweb.js"></script>', null]) {
    const { server, page } = await begin('', { '/rrweb.js': ['text/javascript', `${readFileSync(join(modules, '@rrweb/record/umd/record.js'), 'utf8')};
      rrwebRecord.record({ emit: (event) => JSON.stringify(event), recordAfter: 'DOMContentLoaded', blockSelector: '[data-ss-mask]' })`] });
    server.pages['/'] = `<!DOCTYPE html><html><head><title>T</title><script>${COUNTING}</script>${tag ?? tagFor(server)}</head><body>${rows}</body></html>`;
    await page.goto(server.url);
    asked.push(await page.evaluate(() => (window.asked - window.before) / 2100));
  }
  console.log(`# asked of a node: ${asked.map((count) => count.toFixed(1)).join(' by rrweb, by the recorder ')}`);
  ok(asked[1] > 5 && asked[1] <= asked[0], `${asked}`);
});

test('a press asks what is at few points, fewer where each takes long, and none where nothing happened', async () => {
  const { server, page } = await begin('');
  server.pages['/'] = `<!DOCTYPE html><html><head><title>T</title><script>window.hits = 0;
Document.prototype.elementFromPoint = new Proxy(Document.prototype.elementFromPoint, { apply(...all) { window.hits++; return Reflect.apply(...all); } })</script>
${tagFor(server)}</head><body><button>one</button> <button style="position: absolute; left: 400px">two</button><div id="rows"></div></body></html>`;
  await page.goto(server.url);
  await page.waitForTimeout(200);
  // Looked at before, and when the page has time about 400 ms later.
  const press = async (x) => {
    const before = await page.evaluate(() => window.hits);
    await page.mouse.click(x, 20);
    await page.waitForTimeout(800);
    return await page.evaluate(() => window.hits) - before;
  };
  const [first, again, other] = [await press(20), await press(20), await press(420)];
  ok(first > 20 && first <= 48 && other >= 18 && other <= 48, `points of presses: ${first}, ${other}`);
  equal(again, 0, 'points of the same press again');
  await page.evaluate(() => { document.querySelector('#rows').innerHTML = '<div>row</div>'.repeat(8000); });
  let many = 0;
  for (let i = 0; i < 5; i++) many = await press(i % 2 ? 420 : 20);
  console.log(`# hit tests of a press: ${first}, the same again ${again}, elsewhere ${other}, beside 8,000 rows ${many}`);
  ok(many > 0 && many <= 18, `points of a press beside many rows: ${many}`);
});

test('a page that is left after a second, closed and not followed by another, can be replayed', async () => {
  // What a page has now and then is 100 KB of text.
  const html = `<div id="t"></div><script>t.innerHTML = Array.from({ length: 900 }, (_, i) => '<p>Paragraph ' + i + ' of a page, with words that fill it: ${'lorem ipsum '.repeat(4)}</p>').join('')</script>`;
  const { server, page } = await begin(html);
  await page.goto(server.url);
  await page.waitForTimeout(1000);
  await page.close({ runBeforeUnload: true });
  await until(() => tagged(server, 'ss:visibility').length, 'that it was left');
  equal(snapshots(eventsOf(server)).length, 1, 'snapshots');
  ok(server.posts.every(({ bytes }) => bytes < 40000), 'what is sent is packed');
});

test('what went out a moment before the page goes is not sent again', async () => {
  const { server, page } = await begin('<p>x</p>');
  server.answer = (post, response) => {
    if (post.batch.seq) return false;
    setTimeout(() => response.writeHead(202).end('{}'), 1000);
    server.batches.push(post.batch);
    return true;
  };
  await page.goto(server.url);
  await until(() => server.posts.length, 'the first batch');
  await page.goto('about:blank');
  await until(() => tagged(server, 'ss:visibility').length, 'that it was left');
  equal(server.posts.filter(({ batch }) => batch.seq === 0).length, 1, 'times that the first batch came');
});

run({
  after: async () => {
    for (const close of opened) await close();
    await browser.close();
  },
});
