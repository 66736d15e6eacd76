// SPDX-License-Identifier: MIT
// The recorder on applications that nobody here wrote: a wiki, an API console, a code editor. No error that was not there before,
// and the replay looks like the page.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { built, eventsOf, modules, openBrowser, startServer, tagFor } from './browser.mjs';
import { equal, ok, run, test, until } from './tap.mjs';

const here = join(dirname(fileURLToPath(import.meta.url)), 'apps');
const apps = resolve(built, 'tests/web/recorder/apps');
const pictures = process.env.SIGHT_PICTURES;
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.png': 'image/png' };
const SIZE = { width: 1100, height: 760 };

function install() {
  const lock = join(apps, 'package-lock.json');
  const wanted = readFileSync(join(here, 'package-lock.json'), 'utf8');
  if (existsSync(lock) && existsSync(join(apps, 'done')) && readFileSync(lock, 'utf8') === wanted) return;
  mkdirSync(apps, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(here, name), join(apps, name));
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: apps, stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(join(apps, 'done'), '');
}

function serve(server, folder, path, change = (text) => text) {
  const file = join(folder, path.split('?')[0]);
  if (!existsSync(file)) return;
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  server.pages[`/${path}`] = [type, /text|javascript/.test(type) ? change(readFileSync(file, 'utf8')) : readFileSync(file)];
}

let browser;
let server;
let wikiFolder;

const withRecorder = (html) => html.replace(/<head>|<meta charset="utf-8"\/>|<meta charset="UTF-8">/i, (all) => `${all}\n${tagFor(server)}`);

// Once without the recorder and once with it: what the page complains about must be the same.
async function use(path, html, act) {
  const complaints = { without: [], with: [] };
  let picture;
  for (const kind of ['without', 'with']) {
    server.pages[path] = ['text/html; charset=utf-8', kind === 'with' ? withRecorder(html) : html];
    const page = await browser.newPage({ viewport: SIZE });
    page.on('pageerror', (error) => complaints[kind].push(error.message));
    page.on('console', (message) => message.type() === 'error' && !message.text().startsWith('Failed to load') && complaints[kind].push(message.text()));
    await page.goto(server.url + path);
    if (kind === 'with') await page.waitForFunction(() => window.SessionSight);
    await act(page);
    await page.mouse.move(4, 4);
    if (kind === 'with') {
      picture = await page.screenshot({ caret: 'hide' });
      await page.evaluate(() => SessionSight.event('done'));
      await until(() => JSON.stringify(server.batches).includes('"name":"done"'), 'the end of the recording');
    }
    await page.close({ runBeforeUnload: true });
  }
  equal(complaints.with.sort(), complaints.without.sort(), 'complaints with and without the recorder');
  return picture;
}

async function replayed(events) {
  const page = await browser.newPage({ viewport: SIZE });
  server.pages['/replay'] = '<!DOCTYPE html><style>iframe { border: 0 }</style><body style="margin:0"><script src="/rrweb.js"></script>';
  await page.goto(`${server.url}/replay`);
  await page.evaluate(async (list) => {
    const replayer = new rrweb.Replayer(list, { root: document.body, mouseTail: false, skipInactive: false });
    replayer.wrapper.querySelector('.replayer-mouse')?.remove();
    const { startTime, endTime } = replayer.getMetaData();
    replayer.pause(endTime - startTime + 1);
    await new Promise((resolve) => setTimeout(resolve, 1200));
  }, events);
  const picture = await page.screenshot({ caret: 'hide' });
  await page.close();
  return picture;
}

// Share of the pixels that differ clearly.
async function difference(a, b) {
  const page = await browser.newPage();
  const share = await page.evaluate(async ([left, right]) => {
    const pixels = async (data) => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
      const canvas = new OffscreenCanvas(image.width, image.height);
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas.getContext('2d').getImageData(0, 0, image.width, image.height).data;
    };
    const [p, q] = [await pixels(left), await pixels(right)];
    let differ = 0;
    for (let i = 0; i < p.length; i += 4) if (Math.abs(p[i] - q[i]) + Math.abs(p[i + 1] - q[i + 1]) + Math.abs(p[i + 2] - q[i + 2]) > 60) differ++;
    return differ / (p.length / 4);
  }, [a.toString('base64'), b.toString('base64')]);
  await page.close();
  return share;
}

async function looksAlike(name, picture) {
  const again = await replayed(eventsOf(server).sort((a, b) => a.timestamp - b.timestamp));
  if (pictures) {
    writeFileSync(join(pictures, `${name}-page.png`), picture);
    writeFileSync(join(pictures, `${name}-replay.png`), again);
  }
  const share = await difference(picture, again);
  console.log(`# ${name}: ${(share * 100).toFixed(2)} % of the pixels differ`);
  ok(share < 0.02, `${(share * 100).toFixed(1)} % of the pixels differ`);
}

async function begin() {
  await server?.close();
  server = await startServer();
  server.pages['/rrweb.js'] = ['text/javascript', readFileSync(join(modules, 'rrweb/dist/rrweb.umd.min.cjs'))];
}

test('a wiki (TiddlyWiki): a page is written, saved and searched', async () => {
  install();
  browser = await openBrowser();
  await begin();
  wikiFolder = mkdtempSync(join(tmpdir(), 'sight-wiki-'));
  const folder = join(apps, 'node_modules/tiddlywiki');
  execFileSync('node', [join(folder, 'tiddlywiki.js'), join(folder, 'editions/empty'), '--output', wikiFolder, '--render', '$:/core/save/all', 'wiki.html', 'text/plain'], { stdio: 'ignore' });
  const html = readFileSync(join(wikiFolder, 'wiki.html'), 'utf8');
  const picture = await use('/wiki', html, async (page) => {
    await page.click('button[aria-label="new tiddler"]');
    const title = page.locator('.tc-titlebar input, input.tc-titlebar').first();
    await title.fill('A page about ferns');
    await page.frameLocator('.tc-tiddler-edit-frame iframe').locator('textarea').fill('!! Ferns\n\nThey like //shade// and a wet foot.').catch(async () => {
      await page.locator('.tc-tiddler-edit-frame textarea').first().fill('!! Ferns\n\nThey like //shade// and a wet foot.');
    });
    await page.click('button[title^="Confirm changes"]');
    await page.waitForSelector('.tc-tiddler-view-frame em');
    await page.fill('.tc-search input[type=search]', 'shade');
    await page.waitForSelector('.tc-search-drop-down a, .tc-search-results a');
    await page.waitForTimeout(600);
  });
  await looksAlike('wiki', picture);
});

test('an API console (Swagger UI, React): an operation is opened and tried', async () => {
  await begin();
  const folder = join(apps, 'node_modules/swagger-ui-dist');
  for (const path of ['swagger-ui.css', 'index.css', 'swagger-ui-bundle.js', 'swagger-ui-standalone-preset.js']) serve(server, folder, path);
  server.pages['/swagger-initializer.js'] = ['text/javascript', `window.onload = () => { window.ui = SwaggerUIBundle({ url: '/spec.json', dom_id: '#swagger-ui',
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset], layout: 'StandaloneLayout' }); };`];
  server.pages['/spec.json'] = ['application/json', JSON.stringify({ openapi: '3.0.0', info: { title: 'Ferns', version: '1' }, paths: { '/ferns/{kind}': { get: {
    summary: 'A fern', parameters: [{ name: 'kind', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'The fern' } } } } } })];
  server.pages['/ferns/royal'] = ['application/json', '{"name":"Osmunda regalis","height":160}'];
  const picture = await use('/', readFileSync(join(folder, 'index.html'), 'utf8'), async (page) => {
    await page.click('.opblock-summary');
    await page.click('.try-out__btn');
    await page.fill('.parameters input', 'royal');
    await page.click('.execute');
    await page.waitForSelector('.live-responses-table .response-col_description');
    await page.waitForTimeout(600);
  });
  await looksAlike('console', picture);
});

test('a code editor (CodeMirror): lines are typed and undone', async () => {
  await begin();
  const folder = join(apps, 'node_modules/codemirror');
  for (const path of ['doc/docs.css', 'lib/codemirror.css', 'lib/codemirror.js', 'mode/rpm/changes/index.html', 'mode/rpm/rpm.js', 'mode/rpm/changes/changes.js']) serve(server, folder, path);
  const html = readFileSync(join(folder, 'mode/rpm/changes/index.html'), 'utf8').replace('"changes.js"', '"/mode/rpm/rpm.js"');
  const picture = await use('/mode/rpm/changes/index.html', html, async (page) => {
    await page.click('.CodeMirror-lines');
    await page.keyboard.press('Control+Home');
    for (const line of ['# ferns', 'Name: osmunda', 'Version: two']) {
      await page.keyboard.type(line);
      await page.keyboard.press('Enter');
    }
    await page.keyboard.press('Control+z');
    for (const line of ['# more ferns', 'Name: polypody']) {
      await page.keyboard.type(line);
      await page.keyboard.press('Enter');
    }
    await page.evaluate(() => document.activeElement.blur());
    await page.waitForTimeout(600);
  });
  await looksAlike('editor', picture);
});

run({
  after: async () => {
    await browser?.close();
    await server?.close();
    if (wikiFolder) rmSync(wikiFolder, { recursive: true, force: true });
  },
});
