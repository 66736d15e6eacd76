// SPDX-License-Identifier: MIT
// The events of a clip in a page that forbids nothing: what keeps them from asking anybody is that they were cleaned. The
// same recordings as they are ask, in the same page.
import { createServer } from 'node:http';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { modules, openBrowser } from '../recorder/browser.mjs';
import { equal, ok, run, test, until } from '../recorder/tap.mjs';
import { clip, eventsIn, folder, hostile } from './clips.mjs';

const root = process.env.SIGHT_SOURCE_ROOT;
const browser = await openBrowser();
const asked = [];
const server = createServer((request, response) => {
  asked.push(request.url);
  response.setHeader('Content-Type', request.url === '/page' ? 'text/html' : 'text/plain');
  response.end(request.url === '/page' ? '<!doctype html><html><body></body></html>' : '');
});
await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
const address = `http://127.0.0.1:${server.address().port}`;

// Sheets, each by itself in a style element of so many texts; S is what it may style, U where it points.
const sheets = [
  ['S{background:url(U)}'],
  ['S{background:URL( "U" )}'],
  ['S{background:u\\72l(U)}'],
  ['S{background:u\\72\r\nl(U)}'],
  ['S{background:\\000075 rl(U)}'],
  ['S{background:image-set("U" 1x)}'],
  ['S{background:-webkit-image-set(url("U") 1x)}'],
  ['S{--x:"U";background:image-set(var(--x) 1x)}'],
  ['S{--x:url(U);background:var(--x)}'],
  ['S{--y:url("data:,x"/*)"*/);background:url(U)/*"*/}'],
  ['S{content:"a\r;background:url(U)"}'],
  ['S{content:"a\\\r\nb";background:url(U);content:"c"}'],
  ['S{b:#url(#x\')\');background:url(U);x:\'}'],
  ['S{b:1url(#x\')\');background:url(U);x:\'}'],
  ['S{--z:url(\v"data:);background:url(U)"}'],
  ['@import "U";'],
  ['@import url(U) screen;'],
  ['@\\69mport "U" layer(a);'],
  ['@IMPORT/**/"U"'],
  ['@font-face{font-family:f;src:url(U)}S{font-family:f}'],
  ['@media all{@supports(display:grid){S{background:url(U)}}}'],
  ['@layer a{S{&{background:url(U)}}}'],
  ['S::before{content:url(U)}'],
  ['S{cursor:url(U),auto}S{list-style:url(U)}S{border-image:url(U) 1}S{mask-image:url(U)}'],
  ['S{background:u', 'rl(U)}'],
  ['S{background:u\\72 ', 'l(U)}'],
  ['S{background:url', '(U)}'],
  ['S{background:url(', 'U)}'],
  ['S{content:"', '";background:url(U);x:"'],
  ['S{background:image-set(', '"U" 1x)}'],
  ['@imp', 'ort "U";'],
  ['@', 'import "U";'],
  ['S{color:red}/*', '*/S{background:url(U)}/*', '*/'],
];

function sheetRecording(how) {
  const events = hostile([], address, 'snapshot');
  const [, head, body] = [events[1].data.node, ...events[1].data.node.childNodes[0].childNodes];
  let id = 1000;
  const styles = sheets.map((texts, i) => {
    const filled = texts.map((text) => text.replaceAll('S', `#s${i}`).replaceAll('U', `/ask/${i}`));
    const style = { type: 2, id: id++, tagName: 'style', attributes: {}, childNodes: [] };
    if (how === 'split') style.attributes._cssText = filled.join('/* rr_split */');
    for (const text of filled) style.childNodes.push({ type: 3, id: id++, textContent: how === 'split' ? '' : text });
    body.childNodes.push({ type: 2, id: id++, tagName: 'p', attributes: { id: `s${i}` }, childNodes: [{ type: 3, id: id++, textContent: 'words' }] });
    return style;
  });
  if (how !== 'later') head.childNodes.push(...styles);
  else {
    // each text before the element that it goes into
    const adds = styles.flatMap((style) => [...style.childNodes.map((node, i) => ({ parentId: style.id, previousId: null, nextId: style.childNodes[i + 1]?.id ?? null, node })),
      { parentId: head.id, nextId: null, node: { ...style, childNodes: [] } }]);
    events.splice(2, 0, { type: 3, timestamp: 1500, data: { source: 0, removes: [], texts: [], attributes: [], adds } });
  }
  return events;
}

// What a page without a policy asks for while rrweb shows the events, by seeking and by playing.
async function contactsOf(events) {
  const context = await browser.newContext({ viewport: { width: 900, height: 700 } });
  const page = await context.newPage();
  await page.goto(`${address}/page`);
  await page.evaluate(readFileSync(join(modules, 'rrweb/dist/rrweb.umd.min.cjs'), 'utf8') + ';0');
  asked.length = 0;
  await page.evaluate(async (given) => {
    const settled = () => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
    const replayer = new rrweb.Replayer(given, { mouseTail: false, showWarning: false, root: document.body, speed: 8, logger: { log() {}, warn() {}, debug() {}, error() {} } });
    replayer.iframe.style.display = 'inherit';
    for (const at of [1, 600, 2000]) {
      try { replayer.pause(at); } catch { /* as hostile as it is */ }
      await settled();
    }
    await new Promise((done) => { replayer.on('finish', done); try { replayer.play(1); } catch { done(); } setTimeout(done, 3000); });
    for (const link of replayer.iframe.contentDocument.querySelectorAll('a,area,button,input[type=submit],summary')) try { link.click(); } catch { /* not one to click */ }
    await settled();
    await new Promise((done) => { const last = new Image(); last.onerror = done; last.src = '/last'; });
  }, events);
  await until(() => asked.includes('/last'), 'the last request');
  const ran = await page.evaluate(() => top.name);
  await context.close();
  return { asked: [...new Set(asked.filter((url) => url !== '/last' && url !== '/favicon.ico'))], ran };
}

function cleaned(events, name) {
  const source = join(folder, `${name}.json`);
  writeFileSync(source, JSON.stringify(events));
  return eventsIn(clip(source, 1, 1001));
}

test('hostile pages ask nobody, even where nothing forbids it', async () => {
  const lists = [join(root, 'tests/fixtures/hostile.json'), join(process.env.SIGHT_CORPUS ?? '', 'hostile/vectors.json')];
  for (const file of lists.filter(existsSync)) {
    const found = JSON.parse(readFileSync(file, 'utf8'));
    const vectors = Array.isArray(found) ? found : found.vectors;
    for (const how of ['snapshot', 'adding', 'attributes']) {
      const events = hostile(vectors, `${address}/ask`, how);
      if (how === 'snapshot') {
        const bare = await contactsOf(events);
        ok(bare.asked.length >= 10, `as it is, it asks for ${bare.asked}`);
      }
      equal(await contactsOf(cleaned(events, how)), { asked: [], ran: '' }, how);
    }
  }
});

test('sheets ask nobody, however their addresses are spelled', async () => {
  for (const how of ['texts', 'split', 'later']) {
    const events = sheetRecording(how);
    const bare = (await contactsOf(events)).asked;
    ok(bare.length >= sheets.length / 2, `${how}: as they are, they ask for ${bare}`);
    equal(await contactsOf(cleaned(events, `sheets-${how}`)), { asked: [], ran: '' }, how);
  }
});

await run({ after: async () => { server.close(); await browser.close(); await rm(folder, { recursive: true }); } });
