// SPDX-License-Identifier: MIT
// What pages and their libraries do to the DOM and the language: the recording is that of the same page without it, and what the
// recorder adds to the page's functions is not to be noticed.
import { eventsOf, openBrowser, startServer, tagFor, tagged } from './browser.mjs';
import { equal, ok, run, test, until } from './tap.mjs';

const browser = await openBrowser();
const server = await startServer();
const SIZE = { viewport: { width: 800, height: 600 } };

// What a page has, and what is done on it.
const CONTENT = `<style id="s">b { top: 0 }</style><form id="f"><label>Town <input id="i"></label><input id="c" type="checkbox"><button id="b" type="button">b</button></form>
<p id="p">text</p><ul id="u"><li>one<li>two</ul><div id="h"></div>`;
const STEPS = `b.onclick = () => {
  p.textContent = 'clicked';
  p.setAttribute('title', 'title');
  u.insertAdjacentHTML('beforeend', '<li class="x">three <b>bold</b>');
  u.insertBefore(u.lastElementChild, u.firstElementChild);
  u.style.cssText = 'color: green; margin: 3px';
  s.sheet.insertRule('i { color: red }');
  h.attachShadow({ mode: 'open' }).innerHTML = '<i>in</i>';
};`;

let places = null;

async function record({ before = '', after = '', content = CONTENT }) {
  const from = server.batches.length;
  server.pages['/'] = `<!DOCTYPE html><html><head><title>T</title><script>window.problems = []; addEventListener('error', (event) => problems.push(event.error?.stack ?? event.message)); ${before}</script>${tagFor(server)}
<script>; ${after}</script></head><body>${content}<script>${STEPS}</script></body></html>`;
  const context = await browser.newContext(SIZE);
  const page = await context.newPage();
  await page.goto(server.url);
  // By place: what drives the browser would ask the page's own functions.
  places ??= await page.evaluate(() => ['b', 'i', 'c'].map((id) => document.getElementById(id).getBoundingClientRect()).map((box) => [box.x + box.width / 2, box.y + box.height / 2]));
  const [button, field, box] = places;
  await page.mouse.click(...button);
  await page.mouse.click(...field);
  await page.keyboard.type('Bern');
  await page.mouse.click(...box);
  await page.waitForTimeout(100);
  // A page that is left while the machine is busy may be ended before it has said all: it is asked to say so first.
  const problems = await page.evaluate(() => {
    SessionSight.event('done');
    SessionSight.stop();
    return window.problems;
  });
  await until(() => tagged({ batches: server.batches.slice(from) }, 'ss:event').length, 'the end of the visit');
  await context.close();
  return { problems, events: eventsOf({ batches: server.batches.slice(from) }) };
}

// The page and its changes, without time, moves and what the pointer met.
const told = (events) => events.filter(({ type, data }) => type === 2 || (type === 3 && ![1, 3, 6].includes(data.source)))
  .map(({ data }) => JSON.stringify(data));

function same(got, wanted) {
  equal(got.problems, wanted.problems, 'the page saw');
  const [a, b] = [told(got.events), told(wanted.events)];
  for (const [i, data] of b.entries()) {
    let at = 0;
    while (at < data.length && a[i]?.[at] === data[at]) at++;
    equal(a[i]?.slice(Math.max(0, at - 40), at + 200), data.slice(Math.max(0, at - 40), at + 200), `event ${i} at ${at}`);
  }
  equal(a.length, b.length, 'number of events');
  for (const tag of ['ss:context', 'ss:route', 'ss:click', 'ss:form']) ok(got.events.some((event) => event.data.tag === tag), `no ${tag}`);
}

const plain = await record({});

test('the plain page is recorded with all that is done on it', () => {
  const all = told(plain.events).join();
  for (const part of ['"clicked"', '"three "', 'color: green', 'i { color: red }', '"in"', '"Bern"', '"isChecked":true']) ok(all.includes(part), `no ${part}`);
});

const THERE_BEFORE = {
  'libraries that add toJSON': `Array.prototype.toJSON = function () { return '[' + this.map((x) => JSON.stringify(x)).join() + ']'; };
    String.prototype.toJSON = Object.prototype.toJSON = Number.prototype.toJSON = function () { return 'own'; };`,
  'libraries that add to Object and Array so that loops find it': `Object.prototype.extend = function () {}; Array.prototype.each = Array.prototype.forEach; Array.prototype.last = () => 1;
    Object.prototype.should = { be: true };`,
  'a library with an Array.from of its own': `Array.from = (item) => (item == null ? [] : item.length === undefined ? [item] : Array.prototype.slice.call(item));`,
  'a library with Element, Event and Class of its own': `{ const { prototype } = Element; window.Element = function (tag) { return document.createElement(tag); }; window.Element.prototype = prototype;
    window.Event = { stop() {} }; window.Class = function () {}; window.Hash = function () {}; }`,
  'a library with a bind of its own': `{ const { bind } = Function.prototype; Function.prototype.bind = function (self, args) { return bind.apply(this, [self].concat(args ?? [])); }; }`,
  'a page with a class called Node, one called Map and one called Text': `class Node { constructor() { this.next = null; } } window.Map = function () {}; class Text {}`,
  'an old polyfill of matches and closest': `Element.prototype.matches = Element.prototype.closest = function () { throw new Error('not here'); };`,
  'a library that patches what nodes are asked for': `for (const name of ['childNodes', 'parentNode', 'textContent', 'nextSibling']) {
    const { get, set } = Object.getOwnPropertyDescriptor(Node.prototype, name);
    Object.defineProperty(Node.prototype, name, { configurable: true, set, get() { return this.id === 'never' ? null : get.call(this); } }); }`,
  'zones': `window.Zone = {}; { const Native = MutationObserver; window.MutationObserver = class { constructor(fn) { this.own = new Native((...args) => fn(...args)); } observe() { throw new Error('zone'); } disconnect() {} };
    const { addEventListener } = EventTarget.prototype; EventTarget.prototype.addEventListener = function (type, fn, options) { return addEventListener.call(this, type, fn && fn.handleEvent ? fn : fn && ((e) => fn.call(this, e)), options); }; }`,
};
const COMES_AFTER = {
  ...THERE_BEFORE,
  'a library with a JSON of its own': `window.JSON = { stringify: () => 'no', parse: () => null };`,
  'tests that stop the time': `window.setTimeout = () => 0; window.requestAnimationFrame = () => 0; window.requestIdleCallback = () => 0;`,
  'a library that replaces natives': `Element.prototype.getAttribute = Node.prototype.contains = Node.prototype.getRootNode = function () { throw new Error('gone'); };
    window.MutationObserver = window.WeakMap = window.Set = window.Proxy = undefined; window.Promise = function () {};`,
  'a page that freezes what there is': `for (const of of [Object, Array, Function, String, Node, Element, Document, CSSStyleSheet, CSSStyleDeclaration, HTMLInputElement, HTMLSelectElement,
    History, EventTarget, customElements.constructor]) { Object.freeze(of); Object.freeze(of.prototype); } Object.freeze(JSON); Object.freeze(history);`,
};
for (const [what, script] of Object.entries(THERE_BEFORE)) test(`${what}, before the recorder`, async () => same(await record({ before: script }), plain));
for (const [what, script] of Object.entries(COMES_AFTER)) {
  test(`${what}, after the recorder`, async () => {
    const got = await record({ after: script });
    // A frozen page cannot be listened to where only a patch tells.
    const patched = what.includes('freezes') ? ({ data }) => ![8, 13].includes(data.source) : () => true;
    same({ ...got, events: got.events.filter(patched) }, { ...plain, events: plain.events.filter(patched) });
  });
}

// Every member that a form or a document has, as the name of a field, a form or a picture.
async function names() {
  const page = await browser.newPage();
  await page.goto('about:blank');
  const all = await page.evaluate(() => {
    const found = new Set();
    for (const node of [document.createElement('form'), document]) for (let of = node; of; of = Object.getPrototypeOf(of)) Object.getOwnPropertyNames(of).forEach((name) => found.add(name));
    return [...found].filter((name) => !/[^\w]/.test(name)).sort();
  });
  await page.close();
  return all;
}

test('fields, forms and pictures that are called like every member of the DOM', async () => {
  const all = await names();
  ok(all.length > 400 && all.includes('matches') && all.includes('createElement'), `${all.length} names`);
  const content = (prefix) => `${CONTENT.replace('</form>', `${all.map((name) => `<input name="${prefix}${name}">`).join('')}</form>`)}
${all.map((name) => `<form name="${prefix}${name}"></form><img name="${prefix}${name}" alt="">`).join('')}`;
  const got = await record({ content: content('') });
  const wanted = await record({ content: content('the-') });
  // What looks like a secret may be a name in one page and none in the other.
  const nameless = ({ problems, events }) => ({ problems, events: JSON.parse(JSON.stringify(events).replace(/"name":"[^"]*"/g, '"name":""')) });
  same(nameless(got), nameless(wanted));
});

test('what the page’s own calls throw, it gets; what they give, too', async () => {
  server.pages['/'] = `<!DOCTYPE html><title>T</title>${tagFor(server)}<style id="s">b { top: 0 }</style><p>p</p>`;
  const page = await browser.newPage();
  await page.goto(server.url);
  const said = await page.evaluate(async () => {
    const of = (fn) => {
      try {
        return String(fn());
      } catch (error) {
        return error.name;
      }
    };
    const sheet = new CSSStyleSheet();
    return [of(() => s.sheet.insertRule('not a rule')), of(() => s.sheet.deleteRule(9)), of(() => s.sheet.insertRule('i { top: 0 }', 1)), of(() => document.body.attachShadow({})),
      of(() => customElements.define('nodash', class extends HTMLElement {})), of(() => history.pushState(() => {}, '')), of(() => s.sheet.cssRules[0].style.setProperty('top', '1px')),
      of(() => sheet.replaceSync(Symbol('x'))), await fetch('http://[').catch((error) => error.name)];
  });
  equal(said, ['SyntaxError', 'IndexSizeError', '1', 'TypeError', 'SyntaxError', 'DataCloneError', 'undefined', 'TypeError', 'TypeError'], 'what the page got');
  await page.close();
});

test('of a frame that is taken away while it scrolls, nobody goes on asking', async () => {
  server.pages['/'] = `<!DOCTYPE html><title>T</title><script>const native = setTimeout; let timers = 0; window.setTimeout = (fn, ms) => { timers += ms === 100; return native(fn, ms); };</script>
${tagFor(server)}<iframe srcdoc="<p style='height: 5000px'>long</p>"></iframe>`;
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.waitForTimeout(300);
  const [scrolled, later] = await page.evaluate(async () => {
    const frame = document.querySelector('iframe');
    for (const y of [50, 90]) {
      frame.contentWindow.scrollTo(0, y);
      await new Promise((done) => { frame.contentDocument.addEventListener('scroll', done, { once: true }); });
    }
    frame.remove();
    const before = timers;
    await new Promise((done) => { native(done, 800); });
    return [before, timers - before];
  });
  equal(scrolled, 1, 'timers of what scrolled');
  ok(later < 3, `timers after it was gone: ${later}`);
  await page.close();
});

test('a document that is opened and written anew is recorded on', async () => {
  const from = server.batches.length;
  const state = { get batches() { return server.batches.slice(from); } };
  server.pages['/'] = `<!DOCTYPE html><title>T</title>${tagFor(server)}<p>first</p>`;
  const context = await browser.newContext(SIZE);
  const page = await context.newPage();
  await page.goto(server.url);
  await page.evaluate(() => {
    document.open();
    document.write('<!DOCTYPE html><title>U</title><button id="b">second</button>');
    document.close();
  });
  await page.click('#b');
  await page.evaluate(() => { document.querySelector('#b').textContent = 'third'; });
  await page.waitForTimeout(100);
  // Who closes a page that is busy for a second ends it before it can say anything.
  await page.goto('about:blank');
  await until(() => tagged(state, 'ss:visibility').length, 'the end of the visit');
  await context.close();
  const events = eventsOf(state);
  equal(events.filter(({ type }) => type === 2).length, 2, 'snapshots');
  ok(JSON.stringify(events.filter(({ type }) => type === 2)[1]).includes('"second"'), 'the second holds what was written');
  equal(events.filter(({ data }) => data.tag === 'ss:click').length, 1, 'clicks');
  equal(events.filter(({ type, data }) => type === 3 && data.source === 2 && data.type === 2).length, 1, 'clicks of rrweb');
  ok(events.some(({ type, data }) => type === 3 && data.source === 0 && JSON.stringify(data).includes('"third"')), 'what changes then');
});

run({
  after: async () => {
    await browser.close();
    await server.close();
  },
});
