// SPDX-License-Identifier: MIT
// The bundle is small, does what rrweb's record does whole, and is not made of a version that nobody has looked at.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { slim } from '../../../src/web/recorder/slim.mjs';
import { built, eventsOf, modules, openBrowser, startServer } from './browser.mjs';
import { equal, ok, run, test, until } from './tap.mjs';

const root = process.env.SIGHT_SOURCE_ROOT ?? '.';
const { build } = createRequire(resolve(modules, 'x.js'))('esbuild');
const TARGET = ['chrome94', 'firefox93', 'safari15.4'];
const whole = (contents) => build({ stdin: { contents, resolveDir: resolve(root) }, nodePaths: [resolve(modules)], bundle: true, minify: true, format: 'iife',
  target: TARGET, legalComments: 'none', charset: 'utf8', write: false }).then(({ outputFiles }) => Buffer.from(outputFiles[0].contents));
const ours = readFileSync(join(built, 'src/web/recorder.js'));

test('at most 14 KB more than rrweb’s record alone, minified and gzip', async () => {
  const alone = await whole("import { record } from '@rrweb/record'; globalThis.record = record;");
  const more = gzipSync(ours, { level: 9 }).length - gzipSync(alone, { level: 9 }).length;
  console.log(`# ${more} bytes more`);
  ok(more <= 14 * 1024, `${more} bytes more`);
});

test('another version of rrweb stops the build', async () => {
  const text = readFileSync(join(modules, '@rrweb/record/dist/record.js'), 'utf8');
  ok(slim(text).length < text.length, 'the locked version is known');
  let said = '';
  try {
    slim(text.replace('function mergeHooks', 'function combineHooks'));
  } catch (error) {
    said = error.message;
  }
  ok(said.includes('mergeHooks'), `said “${said}”`);
});

// Where a part of rrweb is left out, what it declared may still be asked for: the page would see nothing but a recording with holes.
test('every name in the bundle is declared there, or the browser’s', () => {
  const [{ Linter }, globals] = ['eslint', 'globals'].map(createRequire(resolve(modules, 'x.js')));
  const undeclared = (text) => new Linter().verify(text, { languageOptions: { globals: { ...globals.browser, ...globals.es2021 }, sourceType: 'script' }, rules: { 'no-undef': 'error' } }).map(({ message }) => message);
  equal(undeclared('(() => sight.show(document))()'), ["'sight' is not defined."], 'a name that is planted');
  equal(undeclared(ours.toString()), [], 'names');
});

const PAGE = (tag) => `<!DOCTYPE html><html><head><title>T</title>${tag}<meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/s.css">
<style>p { color: red }</style></head><body><!-- c --><p class="rr-mask" id="p">some text</p><input id="i" type="range"><select id="s"><option>a<option>b</select><textarea id="t">t</textarea>
<canvas id="c" width="20" height="20"></canvas><iframe srcdoc="<p>frame</p>"></iframe><div id="h"></div><svg><circle r="4"/></svg><video id="v" muted></video><dialog id="d">d</dialog>
<script>document.querySelector('#h').attachShadow({ mode: 'open' }).innerHTML = '<style>b { color: blue }</style><b>in</b>'; customElements.define('x-y', class extends HTMLElement {});</script></body></html>`;

// Everything that changes a page or is done on it, one step after another.
async function use(page) {
  const steps = [
    () => document.querySelector('#c').getContext('2d').fillRect(1, 2, 3, 4),
    () => document.querySelector('#p').replaceChildren('other ', Object.assign(document.createElement('b'), { className: 'x', title: 't' })),
    () => { document.querySelector('#p').style.cssText = 'color: green; margin: 3px'; document.querySelector('#p').style.margin = ''; },
    () => document.querySelector('iframe').contentDocument.querySelector('p').append(' more'),
    () => document.querySelector('#h').shadowRoot.querySelector('b').append('side'),
    () => document.styleSheets[1].insertRule('i { color: red }') + document.styleSheets[1].cssRules[0].style.setProperty('color', 'blue', 'important'),
    () => {
      const { sheet } = document.querySelector('style');
      sheet.insertRule('@media all { @supports (top: 0) { q { top: 0 } } }', 1);
      const [inner] = sheet.cssRules[1].cssRules;
      inner.insertRule('q { left: 0 }', 1);
      inner.cssRules[1].style.removeProperty('left');
      inner.deleteRule(0);
      inner.insertRule('q { right: 0 }');
      sheet.addRule('q', 'top: 1px');
      sheet.removeRule(0);
    },
    () => { document.adoptedStyleSheets = [new CSSStyleSheet()]; },
    () => { const [sheet] = document.adoptedStyleSheets; sheet.replaceSync('u { color: red }'); sheet.insertRule('s { top: 0 }'); },
    () => document.body.append(document.createElement('x-y'), document.createElement('iframe')),
    () => document.querySelector('#d').showModal(),
    () => { document.querySelector('#d').close(); document.querySelector('#i').value = 7; document.querySelector('#t').value = 'u'; },
    () => document.body.insertBefore(document.querySelector('svg'), document.querySelector('#p')),
    () => getSelection().selectAllChildren(document.querySelector('#p')),
    () => document.querySelector('select').remove(),
    () => document.querySelector('#t').setAttribute('value', 'v') ?? document.querySelector('#p').append('with a value'),
    () => { document.body.style.height = '3000px'; scrollTo(0, 500); },
    () => document.querySelector('#v').dispatchEvent(new Event('pause')),
    () => scrollTo(0, 0),
  ];
  for (const step of steps) {
    await page.evaluate(step);
    await page.waitForTimeout(150);
  }
  await page.click('#t');
  await page.keyboard.type('ab');
}

// The events of rrweb by their source: those of one source come in order, but a scroll may be told before or after a click.
// Left out: moves, selections, and a browser that tells a new page its size late.
function plain(state) {
  const kept = eventsOf(state).filter(({ type, data }) => type < 5 && type > 1 && ![1, 4, 14].includes(data.source));
  return kept.map(({ data }) => JSON.stringify(data).replaceAll(state.url, '')).sort((a, b) => sourceOf(a) - sourceOf(b));
}

const sourceOf = (text) => Number(/^{"source":(\d+)/.exec(text)?.[1] ?? -1);

test('the same page gives the same events with all of rrweb', async () => {
  const browser = await openBrowser();
  const got = [];
  for (const script of [ours, await whole("import './src/web/recorder/script.js';")]) {
    const server = await startServer();
    server.pages['/s.css'] = ['text/css', 'a { color: red }'];
    server.pages['/r.js'] = ['text/javascript', script.toString()];
    server.pages['/'] = PAGE('<script src="/r.js"></script>');
    const page = await browser.newPage({ viewport: { width: 700, height: 500 } });
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(server.url);
    await page.evaluate(() => SessionSight.start({ url: location.origin, key: 'k', canvas: true }));
    await page.waitForTimeout(300);
    await use(page);
    await page.evaluate(() => SessionSight.event('done'));
    await until(() => server.posts.some(({ text }) => text.includes('"done"')), 'the last batch');
    await page.close();
    await server.close();
    equal(problems, [], 'the page saw');
    got.push(plain(server));
  }
  await browser.close();
  const [small, all] = got;
  for (const source of [0, 2, 3, 5, 7, 8, 9, 13, 15]) ok(all.some((data) => data.startsWith(`{"source":${source},`)), `nothing of source ${source}`);
  for (const [i, data] of all.entries()) equal(small[i], data, `event ${i}`);
  equal(small.length, all.length, 'number of events');
});

run();
