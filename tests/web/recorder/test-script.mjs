// SPDX-License-Identifier: MIT
// The script of an issue's draft does again what was recorded: on a form with fields of every kind, and in the shop, where it
// meets the exception that the issue is about.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startShop } from '../../demo-shop/server.mjs';
import { built, openBrowser, startServer, tagFor } from './browser.mjs';
import { equal, ok, run, test, until } from './tap.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sight-script-'));

const sightctl = (...words) => execFileSync(join(built, 'src/cli/sightctl'), [...words, '--cache', join(folder, 'cache')],
  { encoding: 'utf8', env: { ...process.env, SIGHT_TRACKER_TOKEN: '' } });

// What whoever has Playwright's runner runs; here `test` hands the steps to us.
async function stepsOf(...of) {
  const modules = join(folder, 'node_modules/@playwright/test'), out = mkdtempSync(join(folder, 'issue-'));
  mkdirSync(modules, { recursive: true });
  writeFileSync(join(modules, 'package.json'), '{"type":"module","main":"index.js"}');
  writeFileSync(join(modules, 'index.js'), 'export const test = (name, steps) => { globalThis.steps = steps; };');
  sightctl('issue', ...of, '--to', `folder:${out}`);
  await import(pathToFileURL(join(out, 'steps.spec.js')));
  return [globalThis.steps, readFileSync(join(out, 'steps.spec.js'), 'utf8')];
}

const FORM = `<h1>Order</h1><form id="order" method="get" action="/sent">
  <label>Name <input name="who"></label> <label>Mail <input type="email" name="mail"></label>
  <label>How many <input type="number" name="count"></label> <label>When <input type="date" name="day"></label>
  <select name="size"><option value="">Choose</option><option value="s">Small</option><option value="l">Large</option></select>
  <input type="radio" name="pay" value="card" checked> Card <input type="radio" name="pay" value="bill"> Bill
  <input type="checkbox" name="gift"> A gift <input type="checkbox" name="news" checked> News
  <textarea name="note"></textarea></form>
  <script>order.who.onkeydown = ({ key }) => { if (key === 'Enter') order.requestSubmit(); };</script>`;
const wanted = { who: 'example', mail: 'someone@example.org', count: '1', day: '2024-01-31', size: 's', pay: 'bill', gift: 'on', note: 'example' };

const browser = await openBrowser();

async function visitForm(server) {
  const page = await browser.newPage();
  await page.goto(`${server.url}/`);
  await page.waitForFunction(() => globalThis.SessionSight);
  for (const [name, value] of Object.entries({ note: 'ring twice', who: 'Ada', mail: 'ada@shop.example', count: '3', day: '2026-05-18' }))
    await page.fill(`[name=${name}]`, value);
  await page.focus('select');
  await page.selectOption('select', 'l');
  await page.click('[value=bill]');
  await page.click('[name=gift]');
  await page.click('[name=news]');
  await page.fill('[name=who]', 'Ada L.');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/sent?*');
  await page.close();
  await until(() => server.batches.some((batch) => JSON.stringify(batch).includes('"submit"')), 'what was sent');
}

test('a form with fields of every kind is filled in and sent by Enter', async () => {
  const server = await startServer({ '/sent': '<h1>Thanks</h1>' });
  server.pages['/'] = `<!doctype html>${tagFor(server)}${FORM}`;
  await visitForm(server);
  const file = join(folder, 'form.jsonl');
  writeFileSync(file, server.batches.map((batch) => `${JSON.stringify(batch)}\n`).join(''));
  const { session } = JSON.parse(sightctl('import', file, '--json')).files[0];
  const [steps, text] = await stepsOf(`${session}@3600000`);
  const page = await browser.newPage();
  page.setDefaultTimeout(30000);
  try {
    await steps({ page });
    await page.waitForURL('**/sent?*');
    equal(Object.fromEntries(new URL(page.url()).searchParams), wanted, 'what was sent');
  } catch (error) {
    throw new Error(`${error.message}\n${text}`, { cause: error });
  }
  await page.close();
  await server.close();
});

test('in the shop it meets the exception again', async () => {
  sightctl('import', join(here, '../../../data/samples/coupon-1.jsonl.zst'));
  const problem = JSON.parse(sightctl('problems', '--json')).problems.find(({ title }) => title.startsWith('Exceptions'));
  const [steps, text] = await stepsOf('--problem', problem.problem);
  const shop = await startShop({ recorder: join(built, 'src/web/recorder.js') });
  const context = await browser.newContext();
  const seen = [];
  await context.route('http://shop.example/**', async (route) => {
    const to = new URL(route.request().url());
    const answer = await fetch(`http://127.0.0.1:${shop.port}${to.pathname}${to.search}`, { headers: { cookie: 'release=1.0' } });
    await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body: Buffer.from(await answer.arrayBuffer()) });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  page.on('pageerror', (error) => seen.push(error.message));
  try {
    await steps({ page });
    await until(() => seen.length > 0, 'an exception');
    ok(problem.title.includes(seen[0]), `${seen[0]} is not what ${problem.title} tells of`);
  } catch (error) {
    throw new Error(`${error.message}\n${text}`, { cause: error });
  }
  await context.close();
  await shop.close();
});

await run({ after: async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
} });
