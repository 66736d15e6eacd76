// SPDX-License-Identifier: MIT
// Clips in Chromium: each state is the replay's, nothing of outside the range is in the file, it plays from a file without
// any network, and hostile pages do nothing.
import { createServer } from 'node:http';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { modules, openBrowser } from '../recorder/browser.mjs';
import { equal, ok, run, test, until } from '../recorder/tap.mjs';
import { clip, ctl, eventsIn, folder, hostile, recordings } from './clips.mjs';

const root = process.env.SIGHT_SOURCE_ROOT;
const full = Boolean(process.env.SIGHT_TEST_FULL);
const browser = await openBrowser(['--allow-file-access-from-files']);
// Where rrweb itself loses something when it seeks, in whatever it is given.
const explained = JSON.parse(readFileSync(join(root, 'tests/conformance/explained.json'), 'utf8'));
const all = recordings(full ? 60 : 5).filter((each, i) => full || i % 4 === 0 || each.name.endsWith('.zst'));

const URLS = ['src', 'href', 'xlink:href', 'poster', 'data', 'action', 'formaction', 'srcset', 'imagesrcset', 'background', 'ping',
  'cite', 'longdesc', 'usemap', 'nonce', 'integrity', 'sandbox', 'allow', 'csp', 'srcdoc', 'http-equiv', 'content', 'manifest', 'profile',
  'rr_src', 'attributename'];

// What a clip leaves out is left out of the replay's state too.
const normalise = (state) => {
  const css = (text) => String(text).replace(/@import[^;]*;?/gi, '').replace(/url\((?:\\?"[^"]*\\?"|[^)]*)\)/gi, 'url()')
    .replace(/[\w-]+: ?[^;{}]*url\(\)[^;}]*;?/gi, '').replace(/\s+/g, ' ');
  if (!Array.isArray(state)) return state;
  if (state[0] === 'document') {
    const own = state[1].own.filter((rules) => rules !== 'unreadable' && rules.length > 0);
    return ['document', JSON.parse(css(JSON.stringify({ ...state[1], own }))), state[2], state[3].map(normalise).filter(Boolean)];
  }
  if (state[0] === 'text') return ['text', css(state[1])];
  if (state[0] === 'comment') return state[1] === '' ? null : state;
  if (state[0] === 'doctype' || typeof state[0] !== 'string' || state.length !== 4) return state;
  const [tag, attributes, extra, children] = state;
  if (tag === 'link' || tag === 'base') return null;
  const kept = Object.fromEntries(Object.entries(attributes).filter(([name]) => !URLS.includes(name.toLowerCase()) && !name.includes(':on'))
    .map(([name, value]) => [name, css(value)]).sort());
  if (tag === 'noscript') return ['noscript', {}, {}, []];
  if (tag === 'style' && children.length === 0 && 'rel' in kept) return null;
  const more = { ...extra };
  if (more.frame) more.frame = normalise(more.frame);
  if (more.shadow) more.shadow = [more.shadow[0], more.shadow[1].map(normalise).filter(Boolean)];
  return [tag, kept, more, children.map(normalise).filter(Boolean)];
};

async function replayPage() {
  const context = await browser.newContext({ viewport: { width: 1600, height: 1200 } });
  await context.route('**', (route) => (route.request().url() === 'http://replay.test/'
    ? route.fulfill({ contentType: 'text/html', body: '<!doctype html><html><body></body></html>' }) : route.abort()));
  const page = await context.newPage();
  await page.goto('http://replay.test/');
  await page.evaluate(readFileSync(join(modules, 'rrweb/dist/rrweb.umd.min.cjs'), 'utf8') + ';0');
  await page.evaluate(readFileSync(join(root, 'tests/conformance/page-state.js'), 'utf8') + ';0');
  return page;
}

// As text: Playwright carries arguments over value by value.
const stateAt = (page, events, at) => page.evaluate(async ([text, time]) => {
  document.body.innerHTML = '';
  const replayer = new rrweb.Replayer(JSON.parse(text), { mouseTail: false, showWarning: false, root: document.body, logger: { log() {}, warn() {}, debug() {} } });
  replayer.iframe.style.display = 'inherit';
  replayer.pause(time);
  await new Promise((done) => { setTimeout(done, 20); });
  const state = pageState(replayer.iframe.contentDocument);
  replayer.destroy();
  return state;
}, [JSON.stringify(events), at]);

const rangeOf = (each) => {
  const from = Math.max(each.page, Math.round(each.length / 3));
  return [from, Math.max(from + 1, Math.round((each.length * 2) / 3))];
};

test('first, middle and last state are those of the replay', async () => {
  const page = await replayPage();
  const wrong = [];
  for (const each of all) {
    const [from, to] = rangeOf(each);
    const events = eventsIn(clip(each.file, from, to));
    equal([events[0].type, events[1].type], [4, 2], `${each.name} begins with the page`);
    ok(events.every((event) => event.timestamp >= each.start + from && event.timestamp <= each.start + to), `${each.name} leaves its range`);
    for (const at of [from, Math.round((from + to) / 2), to]) {
      const offset = Math.max(1, at - from);
      const found = normalise(await stateAt(page, events, offset));
      const differs = async (wanted, time) => page.evaluate(([x, y]) => firstDifference(x, y), [normalise(await stateAt(page, wanted, time)), found]);
      const difference = await differs(JSON.parse(ctl('snapshot', '--file', each.file, '--at', String(from + offset))), 1);
      // seeking within the clip, rrweb has the same faults as seeking in the whole recording
      if (difference && !explained.some(({ file }) => new RegExp(file).test(each.name)) && await differs(each.events, from + offset)) wrong.push(`${each.name} at ${at} of ${from} to ${to}: ${difference}`);
    }
  }
  await page.context().close();
  ok(wrong.length === 0, wrong.join('\n'));
});

const words = (text) => new Set(text.match(/[A-Za-z0-9_]{7,}/g) ?? []);
const inBase64 = (word) => [0, 1, 2].map((shift) => Buffer.from(' '.repeat(shift) + word).toString('base64').slice(shift ? 4 : 0, -4));

test('what is only before or after the range is nowhere in the file', async () => {
  let looked = 0;
  for (const each of all) {
    const [from, to] = rangeOf(each);
    const file = clip(each.file, from, to, 'html');
    const text = readFileSync(file, 'utf8').replace(/<script>[^]*?<\/script>/, '');
    const inside = JSON.stringify(each.events.filter((event) => event.timestamp >= each.start + from && event.timestamp < each.start + to));
    const known = words('clip payload context preference' + inside + ctl('snapshot', '--file', each.file, '--at', String(from)) + text.slice(0, 2000));
    const there = words(text);
    const outside = words(JSON.stringify(each.events.filter((event) => event.timestamp < each.start + from || event.timestamp >= each.start + to)));
    for (const word of outside) {
      if (known.has(word)) continue;
      looked++;
      ok(!there.has(word), `${each.name}: ${word} is in the clip of ${from} to ${to}`);
      for (const form of word.length >= 12 ? inBase64(word) : []) ok(!text.includes(form), `${each.name}: ${word} (as ${form}) is in the clip of ${from} to ${to}`);
    }
  }
  ok(looked > 20, `only ${looked} words were looked for`);
});

async function openFile(file, more = {}) {
  const context = await browser.newContext({ offline: true, viewport: { width: 1000, height: 700 }, ...more });
  const page = await context.newPage();
  const seen = { requests: [], errors: [] };
  page.on('request', (request) => { if (!/^(data|blob|about):/.test(request.url()) && request.url() !== pathToFileURL(file).href) seen.requests.push(request.url()); });
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') seen.errors.push(message.text()); });
  await page.goto(pathToFileURL(file).href);
  return { context, page, seen };
}

test('plays from a file to its end, without network and without errors', async () => {
  for (const each of all.filter((_, i) => i % (full ? 1 : 6) === 0)) {
    const [from, to] = rangeOf(each);
    const { context, page, seen } = await openFile(clip(each.file, from, to, 'html', '--name', 'A </script> name', '--note', '<img src=x onerror=alert(1)>'));
    await page.selectOption('#speed', '16');
    await page.click('#toggle');
    await until(async () => Number(await page.inputValue('#position')) >= to - from, `the end of ${each.name}`, 60000);
    equal(await page.textContent('h1'), 'A </script> name', 'the name is text');
    equal(await page.textContent('.note'), '<img src=x onerror=alert(1)>', 'the note is text');
    equal(await page.getAttribute('iframe', 'sandbox'), 'allow-same-origin', 'the frame');
    equal(seen, { requests: [], errors: [] }, each.name);
    await context.close();
  }
});

test('sound that a browser will not play, or has no length, is no error', async () => {
  const head = Buffer.alloc(44); // of a WAVE file: PCM, one channel, 8 bits
  for (const [at, word] of [[0, 'RIFF'], [8, 'WAVE'], [12, 'fmt '], [36, 'data']]) head.write(word, at);
  for (const [at, number] of [[4, 36], [16, 16], [24, 8000], [28, 8000]]) head.writeUInt32LE(number, at);
  for (const [at, number] of [[20, 1], [22, 1], [32, 1], [34, 8]]) head.writeUInt16LE(number, at);
  const src = `data:audio/wav;base64,${head.toString('base64')}`;
  const node = (id, tagName, childNodes = [], attributes = {}) => ({ type: 2, id, tagName, attributes, childNodes });
  const sound = node(4, 'audio', [], { src, loop: '', rr_mediaState: 'played', rr_mediaCurrentTime: 0.1, rr_mediaLoop: true });
  const told = (time, data) => ({ type: 3, timestamp: time, data: { source: 7, id: 4, currentTime: 0.1, volume: 1, muted: false, playbackRate: 1, loop: true, ...data } });
  const file = join(folder, 'sound.json');
  writeFileSync(file, JSON.stringify([
    { type: 4, timestamp: 1000, data: { href: 'https://shop.example/', width: 640, height: 400 } },
    { type: 2, timestamp: 1010, data: { initialOffset: { left: 0, top: 0 }, node: { type: 0, id: 1, childNodes: [node(2, 'html', [node(3, 'body', [sound])])] } } },
    told(1500, { type: 0 }), told(2000, { type: 4, playbackRate: 2 }), told(2500, { type: 1 }), told(3000, { type: 0 })]));
  const { context, page, seen } = await openFile(clip(file, 200, 2000, 'html'));
  await page.click('#toggle');
  await until(async () => Number(await page.inputValue('#position')) >= 1800, 'the end', 60000);
  equal(seen, { requests: [], errors: [] }, 'errors');
  await context.close();
});

test('a part of a change that cannot be takes nothing else with it, sought and played', async () => {
  const node = (id, tagName, childNodes = []) => ({ type: 2, id, tagName, attributes: {}, childNodes });
  const file = join(folder, 'odd.json');
  const nowhere = (parentId, id) => ({ parentId, nextId: null, node: node(id, 'b') });
  const change = (time, id) => ({ type: 3, timestamp: time, data: { source: 0, removes: [], texts: [], attributes: [], adds: [
    nowhere(4, id), nowhere(5, id + 1), { parentId: 3, nextId: null, node: node(id + 2, 'p') }, nowhere(4, id + 3)] } });
  writeFileSync(file, JSON.stringify([
    { type: 4, timestamp: 1000, data: { href: 'https://shop.example/', width: 640, height: 400 } },
    { type: 2, timestamp: 1010, data: { initialOffset: { left: 0, top: 0 }, node: { type: 0, id: 1, childNodes: [node(2, 'html', [node(3, 'body', [
      { type: 5, id: 4, textContent: 'a comment' }, { type: 3, id: 5, textContent: 'a text' }])])] } } },
    change(1500, 10), change(2500, 20), { type: 3, timestamp: 4000, data: { source: 3, id: 1, x: 0, y: 0 } }]));
  const { context, page, seen } = await openFile(clip(file, 20, 2900, 'html'));
  const paragraphs = () => page.evaluate(() => document.querySelector('iframe').contentDocument.querySelectorAll('p').length);
  await page.keyboard.press('End');
  equal(await paragraphs(), 2, 'at the end, sought');
  await page.keyboard.press('Home');
  equal(await paragraphs(), 0, 'at the start');
  await page.click('#toggle');
  await until(async () => Number(await page.inputValue('#position')) >= 2800, 'the end', 60000);
  equal([await paragraphs(), seen.errors], [2, []], 'at the end, played');
  await context.close();
});

test('names that cover members of a form or of the document change nothing, nor do sizes that no window has', async () => {
  const node = (id, tagName, attributes = {}, childNodes = []) => ({ type: 2, id, tagName, attributes, childNodes });
  const blank = await browser.newContext();
  const members = await (await blank.newPage()).evaluate(() => {
    const all = new Set();
    for (const of of [document, document.createElement('form')]) for (const name in of) all.add(name);
    return [...all];
  });
  await blank.close();
  ok(members.length > 300, `${members.length} members`);
  const covering = (id) => members.flatMap((name, i) => [node(id + 3 * i, 'img', { name }), node(id + 3 * i + 1, 'object', { id: name }),
    node(id + 3 * i + 2, 'form', {}, [node(id + 5000 + 2 * i, 'input', { NAME: name }), node(id + 5001 + 2 * i, 'button', { id: name })])]);
  const file = join(folder, 'covering.json');
  const change = (time, data) => ({ type: 3, timestamp: time, data: { source: 0, removes: [], texts: [], attributes: [], adds: [], ...data } });
  writeFileSync(file, JSON.stringify([
    { type: 4, timestamp: 1000, data: { href: 'https://shop.example/', width: 1e9, height: -1 } },
    { type: 2, timestamp: 1010, data: { initialOffset: { left: 0, top: 0 }, node: { type: 0, id: 1, childNodes: [node(2, 'html', {}, [node(3, 'body', {}, [
      ...covering(100), node(4, 'form', { class: 'a' }, [...covering(20000), node(5, 'p')])])])] } } },
    change(1500, { adds: [{ parentId: 4, nextId: null, node: node(6, 'p') }, { parentId: 3, nextId: 4, node: node(7, 'p') }], attributes: [{ id: 4, attributes: { class: 'b' } }] }),
    { type: 3, timestamp: 1600, data: { source: 1, positions: [{ x: 20, y: 20, id: 4, timeOffset: 0 }] } },
    { type: 3, timestamp: 1700, data: { source: 4, width: { valueOf: 1 }, height: '400' } },
    change(2000, { removes: [{ parentId: 3, id: 4 }], adds: [{ parentId: 3, nextId: null, node: node(8, 'h1') }] }),
    { type: 3, timestamp: 4000, data: { source: 3, id: 1, x: 0, y: 0 } }]));
  const { context, page, seen } = await openFile(clip(file, 20, 2900, 'html'));
  const found = () => page.evaluate(() => {
    const inner = document.querySelector('iframe');
    const ask = (selector) => Document.prototype.querySelectorAll.call(inner.contentDocument, selector).length;
    return [ask('p'), ask('form.b'), ask('h1'), Number(inner.getAttribute('width')) <= 8192];
  });
  equal(await found(), [1, 0, 0, true], 'at the start');
  await page.keyboard.press('End');
  equal(await found(), [1, 0, 1, true], 'at the end, sought');
  await page.keyboard.press('Home');
  await page.click('#toggle');
  await until(async () => Number(await page.inputValue('#position')) >= 2800, 'the end', 60000);
  equal([await found(), seen], [[1, 0, 1, true], { requests: [], errors: [] }], 'at the end, played');
  await context.close();
});

test('a long sheet is looked through once, whatever is in it', async () => {
  const tokens = ['', 'url(', 'url("', "url('", '(', ' ', '@media', ':is(', ':focus', 'color-scheme', '#', 'https:', '/*', '\\', 'a', '-', ','];
  const worker = new Worker(`const { parentPort, workerData: { file, tokens } } = require('node:worker_threads');
    import(file).then(({ asSeen, setShown }) => {
      setShown({ addresses: { 'https://a.example/': 'h' }, contents: { h: 'blob:h' } });
      for (const first of tokens) for (const again of tokens.slice(1)) for (const last of ['', '!', ')']) {
        parentPort.postMessage([first, again, last]);
        asSeen(first + again.repeat(200000 / again.length) + last);
      }
      parentPort.postMessage(null);
    });`, { eval: true, workerData: { file: pathToFileURL(join(root, 'src/web/player/look.js')).href, tokens } });
  let at = [];
  worker.on('message', (now) => { at = now; });
  await until(() => at === null, 'the end of all sheets', 100000).catch(() => { throw new Error(`no end of ${JSON.stringify(at)}`); }).finally(() => worker.terminate());
});

test('looks at its end as the visitor saw it, whatever the reader prefers', async () => {
  const node = (id, tagName, attributes = {}, childNodes = []) => ({ type: 2, id, tagName, attributes, childNodes });
  const css = '@keyframes in { 0% { opacity: 0 } } .in { animation: in 1s linear both }'
    + ' @media (prefers-color-scheme: dark), (scripting: none) { p { color: red } }'
    + ' html { scroll-behavior: smooth } p { height: 2000px }'
    + ' p { clip-path: url(https://shop.example/#shape) } input:focus { color: rgb(1, 2, 3) }';
  const file = join(folder, 'look.json');
  writeFileSync(file, JSON.stringify([
    { type: 4, timestamp: 1000, data: { href: 'https://shop.example/', width: 640, height: 400 } },
    { type: 2, timestamp: 1010, data: { initialOffset: { left: 0, top: 0 }, node: { type: 0, id: 1, childNodes: [
      node(2, 'html', {}, [node(3, 'head', {}, [node(4, 'style', { _cssText: css })]), node(5, 'body', {}, [node(6, 'p', { class: 'in' }), node(7, 'input')])])] } } },
    { type: 3, timestamp: 2500, data: { source: 0, removes: [], texts: [], attributes: [], adds: [
      { parentId: 5, nextId: null, node: node(8, 'div', { class: 'in' }) }] } },
    { type: 3, timestamp: 2550, data: { source: 3, id: 1, x: 0, y: 700 } },
    { type: 3, timestamp: 2600, data: { source: 2, type: 5, id: 7 } },
    { type: 3, timestamp: 2700, data: { source: 3, id: 1, x: 0, y: 40 } },
    { type: 3, timestamp: 4000, data: { source: 3, id: 1, x: 0, y: 0 } }]));
  const { context, page } = await openFile(clip(file, 20, 2000, 'html'), { colorScheme: 'dark' });
  const looks = () => page.evaluate(() => {
    const { contentDocument: shown, contentWindow: view } = document.querySelector('iframe');
    const style = (name) => view.getComputedStyle(shown.querySelector(name));
    return { opacity: style('p').opacity, color: style('p').color, clip: style('p').clipPath, focus: style('input').color,
      added: shown.querySelector('div') && style('div').opacity, top: view.scrollY };
  });
  await page.keyboard.press('End');
  equal(await looks(), { opacity: '1', color: 'rgb(0, 0, 0)', clip: 'url("#shape")', focus: 'rgb(1, 2, 3)', added: '0.5', top: 40 }, 'at the end');
  await context.close();
  const dark = join(folder, 'dark.json');
  writeFileSync(dark, JSON.stringify([...JSON.parse(readFileSync(file, 'utf8')),
    { type: 5, timestamp: 1015, data: { tag: 'ss:context', payload: { media: { scheme: 'dark' }, release: 'not in a clip' } } }]));
  const made = clip(dark, 20, 2000, 'html');
  ok(!readFileSync(made, 'utf8').includes('not in a clip'), 'the rest of the context is in the clip');
  const other = await openFile(made, { colorScheme: 'light' });
  equal(await other.page.evaluate(() => {
    const { contentDocument: shown, contentWindow: view } = document.querySelector('iframe');
    return view.getComputedStyle(shown.querySelector('p')).color;
  }), 'rgb(255, 0, 0)', 'of a visitor who preferred dark');
  await other.context.close();
});

test('a sheet that scripts made and wrote anew within the range is the new one at its end', async () => {
  const node = (id, tagName, childNodes = []) => ({ type: 2, id, tagName, attributes: {}, childNodes });
  const file = join(folder, 'sheets.json');
  writeFileSync(file, JSON.stringify([
    { type: 4, timestamp: 1000, data: { href: 'https://shop.example/', width: 640, height: 400 } },
    { type: 2, timestamp: 1010, data: { initialOffset: { left: 0, top: 0 }, node: { type: 0, id: 1, childNodes: [node(2, 'html', [node(3, 'head'), node(4, 'body', [node(5, 'p')])])] } } },
    { type: 3, timestamp: 1400, data: { source: 0, removes: [], texts: [], adds: [], attributes: [{ id: 5, attributes: { title: 'x' } }] } },
    { type: 3, timestamp: 1500, data: { source: 15, id: 1, styleIds: [1], styles: [{ styleId: 1, rules: [{ rule: 'p { border-width: ; }', index: 0 }] }] } },
    { type: 3, timestamp: 1510, data: { source: 8, styleId: 1, replaceSync: 'p { --thick: 3px; border: solid var(--thick) }' } },
    { type: 3, timestamp: 4000, data: { source: 3, id: 1, x: 0, y: 0 } }]));
  equal(eventsIn(clip(file, 0, 2900)).slice(0, 2).map(({ type }) => type), [4, 2], 'from the beginning on: the size, and the page');
  const { context, page } = await openFile(clip(file, 20, 2900, 'html'));
  await page.keyboard.press('End');
  equal(await page.evaluate(() => {
    const { contentDocument: shown, contentWindow: view } = document.querySelector('iframe');
    return view.getComputedStyle(shown.querySelector('p')).borderTopWidth;
  }), '3px', 'the edge of the text');
  await context.close();
});

test('a picture that was not kept is a calm area of its size', async () => {
  const node = (id, tagName, attributes = {}, childNodes = []) => ({ type: 2, id, tagName, attributes, childNodes });
  const address = 'https://shop.example/lamp.png';
  const size = { width: '80', height: '40' };
  const own = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"/>')}`;
  const file = join(folder, 'not-kept.json');
  writeFileSync(file, JSON.stringify([
    { type: 4, timestamp: 1000, data: { href: 'https://shop.example/', width: 640, height: 400 } },
    { type: 2, timestamp: 1010, data: { initialOffset: { left: 0, top: 0 }, node: { type: 0, id: 1, childNodes: [node(2, 'html', {}, [node(3, 'body', {}, [
      node(4, 'img', { id: 'told', src: address, ...size }), node(5, 'img', { id: 'own', src: own, ...size }), node(6, 'img', { id: 'none', ...size }),
      node(7, 'video', { id: 'film', poster: address, ...size }), node(8, 'img', { id: 'later', src: own, ...size })])])] } } },
    { type: 3, timestamp: 1500, data: { source: 0, removes: [], texts: [], adds: [], attributes: [{ id: 8, attributes: { src: address } }] } },
    { type: 3, timestamp: 4000, data: { source: 3, id: 1, x: 0, y: 0 } }]));
  const made = clip(file, 20, 2000, 'html');
  ok(!readFileSync(made, 'utf8').includes(address), 'the address is in the clip');
  const { context, page, seen } = await openFile(made);
  const looks = () => page.evaluate(() => {
    const { contentDocument: shown, contentWindow: view } = document.querySelector('iframe');
    return Object.fromEntries(['told', 'own', 'none', 'film', 'later'].map((id) => {
      const el = shown.getElementById(id);
      const { width, height } = el.getBoundingClientRect();
      return [id, [view.getComputedStyle(el).backgroundImage.startsWith('repeating-linear-gradient'), width, height]];
    }));
  });
  const calm = [true, 80, 40];
  const bare = [false, 80, 40];
  equal(await looks(), { told: calm, own: bare, none: bare, film: calm, later: bare }, 'at the beginning');
  await page.keyboard.press('End');
  equal(await looks(), { told: calm, own: bare, none: bare, film: calm, later: calm }, 'at the end');
  equal(seen, { requests: [], errors: [] }, 'requests and errors');
  await context.close();
});

test('goes where the keys say', async () => {
  const each = all.find(({ length, page }) => length > page + 20000);
  const { context, page } = await openFile(clip(each.file, each.page, each.page + 16000, 'html'));
  const position = async () => Number(await page.inputValue('#position'));
  await page.keyboard.press('ArrowRight');
  equal(await position(), 5000, 'five seconds on');
  await page.keyboard.press('End');
  equal(await position(), 16000, 'the end');
  await page.keyboard.press('ArrowLeft');
  equal(await position(), 11000, 'five seconds back');
  await page.keyboard.press('Home');
  equal(await position(), 0, 'the beginning');
  await context.close();
});

test('is shown whole, or in its actual size', async () => {
  const each = all.find(({ events }) => events.some((event) => event.type === 4 && event.data.width > 1000));
  const { context, page } = await openFile(clip(each.file, each.page, each.page + 1000, 'html'), { viewport: { width: 700, height: 500 } });
  const width = eventsIn(clip(each.file, each.page, each.page + 1000))[0].data.width;
  const measure = () => page.evaluate(() => {
    const ground = document.querySelector('#ground');
    return { shown: Math.round(document.querySelector('.replayer-wrapper').getBoundingClientRect().width), whole: ground.scrollWidth, room: ground.clientWidth };
  });
  const { shown, room } = await measure();
  ok(shown <= room, `${shown} px wide where there are ${room}`);
  await page.click('#actual');
  const actual = await measure();
  equal([actual.shown, actual.whole], [width, width], 'as wide as recorded, and to be scrolled');
  await page.keyboard.press('0');
  equal((await measure()).shown, shown, 'whole again');
  await context.close();
});

test('hostile pages run nothing and ask nobody, where the same page bare does both', async () => {
  const contacts = [];
  const server = createServer((request, response) => { contacts.push(request.url); response.setHeader('Content-Type', 'text/html'); response.end('x'); });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const address = `http://127.0.0.1:${server.address().port}`;
  const own = JSON.parse(readFileSync(join(root, 'tests/fixtures/hostile.json'), 'utf8'));
  const other = join(process.env.SIGHT_CORPUS ?? '', 'hostile/vectors.json');
  for (const vectors of [own, ...(existsSync(other) ? [JSON.parse(readFileSync(other, 'utf8'))] : [])]) {
    const list = Array.isArray(vectors) ? vectors : vectors.vectors;
    const bare = await (await browser.newContext()).newPage();
    await bare.goto(`${address}/bare`);
    await bare.evaluate((nodes) => {
      const build = (n) => {
        if (n.type === 3) return document.createTextNode(n.textContent);
        const e = n.isSVG ? document.createElementNS('http://www.w3.org/2000/svg', n.tagName) : document.createElement(n.tagName);
        for (const [k, v] of Object.entries(n.attributes)) try { e.setAttribute(k, v); } catch { /* no name of an attribute */ }
        e.append(...n.childNodes.map(build));
        return e;
      };
      for (const n of nodes) if (n.tagName !== 'meta' && n.tagName !== 'base') try { document.body.append(build(n)); } catch { /* not on a page */ }
    }, hostile(list, `${address}/bare`, 'adding')[2].data.adds.map((add) => add.node));
    await until(() => contacts.filter((url) => url.startsWith('/bare/')).length > 3, 'the bare page to ask');
    await until(() => bare.evaluate(() => top.name === 'pwned'), 'the bare page to run something');
    await bare.context().close();
    for (const how of ['snapshot', 'adding', 'attributes']) {
      const source = join(folder, `hostile-${how}.json`);
      writeFileSync(source, JSON.stringify(hostile(list, `${address}/clip`, how)));
      const file = clip(source, 1, 1000, 'html');
      const text = readFileSync(file, 'utf8');
      const { context, page, seen } = await openFile(file, { offline: false });
      await page.click('#toggle');
      await until(async () => Number(await page.inputValue('#position')) >= 999, 'the end');
      await until(() => page.frames()[1].evaluate(() => document.querySelector('h1')?.textContent === 'the end').catch(() =>
        page.evaluate(() => document.querySelector('iframe').contentDocument.querySelector('h1').textContent === 'the end')), 'the last state');
      await new Promise((done) => { setTimeout(done, 300); });
      equal([contacts.filter((url) => url.startsWith('/clip')), seen.requests, await page.evaluate(() => top.name)], [[], [], ''], how);
      for (const word of ['javascript:', 'onerror', '"script"', 'srcdoc', '@import', 'http-equiv":"refresh', `${address}/clip/img`])
        ok(!text.replace(/<script>[^]*?<\/script>/, '').toLowerCase().includes(word), `${how}: ${word} is in the file`);
      await context.close();
    }
  }
  server.close();
});

test('the moments of a filter are one page: a list, and each plays when it is chosen', async () => {
  const cache = join(folder, 'cache');
  const file = join(folder, 'moments.html');
  const samples = ['asks-twice-1', 'coupon-1', 'wrong-card-2'].map((name) => join(root, 'data/samples', `${name}.jsonl.zst`));
  ctl('import', ...samples, '--cache', cache);
  const filter = ['--cache', cache, '--filter', 'rage or dead or slow'];
  const { moments } = JSON.parse(ctl('moments', ...filter, '--json'));
  ok(moments.length > 2, 'several moments');
  ctl('tag', moments[1].session, '--cache', cache, '--at', String(moments[1].start_ms), '<b>look</b> at this');
  const told = JSON.parse(ctl('clip', ...filter, '-o', file, '--mask-all', '--json', '--name', 'Where it hurts'));
  equal([told.clips, told.total], [moments.length, moments.length], 'all of them');
  const { context, page, seen } = await openFile(file);
  equal(await page.title(), 'Where it hurts', 'title');
  equal(await page.locator('#list button').count(), moments.length, 'a row for each');
  for (const [n, moment] of moments.entries()) {
    await page.click(`#list li:nth-child(${n + 1}) button`);
    equal(await page.textContent('h1'), moment.reason, 'its reason');
    equal(await page.locator('#stage iframe').count(), 1, 'one page is drawn');
    const drawn = await page.evaluate(() => document.querySelector('iframe').contentDocument.body.textContent.trim().length);
    ok(drawn > 20, 'and something is on it');
  }
  // The focus is in the list now, which keeps for itself only the keys that choose.
  const place = () => page.inputValue('#position').then(Number);
  await page.keyboard.press('End');
  ok(await place() > 0, 'End goes to the end');
  await page.keyboard.press('Home');
  equal(await place(), 0, 'where Home goes');
  await page.keyboard.press('0');
  equal(await page.getAttribute('#actual', 'aria-pressed'), 'true', '0 shows the actual size');
  await page.focus('#list li:first-child button');
  await page.keyboard.press(' ');
  equal([await page.textContent('h1'), await page.getAttribute('#toggle', 'aria-label')], [moments[0].reason, 'Play'], 'what Space chooses');
  equal((await page.locator('#list button').allTextContents()).filter((text) => text.includes('<b>look</b> at this')).length >= 1, true, 'the note is text');
  equal([seen.requests, seen.errors], [[], []], 'no network, no errors');
  await context.close();
  ok(ctl('log', '--cache', cache).includes('clipped'), 'the log tells of it');
});

await run({ after: async () => { await browser.close(); await rm(folder, { recursive: true }); } });
