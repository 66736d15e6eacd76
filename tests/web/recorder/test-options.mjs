// SPDX-License-Identifier: MIT
// Each option about masking does what it says, and leaves the rest alone.
import { openBrowser, startServer } from './browser.mjs';
import { ok, run, test, until } from './tap.mjs';

const PAGE = `<!DOCTYPE html><title>Ada Lovelace wrote</title><p id="t">plain words</p><p title="mail to eve@example.org">write to ada@example.org or call 555 123</p>
<p class="private">inner matters</p><p class="gone">secret garden</p><input id="a" name="comment" value="first comment"><input id="n" name="full-name"><input id="q" class="open">
<select id="s"><option>red</option><option selected>blue</option></select><input type="checkbox" id="c"><p id="later"></p>`;

let browser;
let server;

// A server of its own each time: what the page before still had to say is not mixed in.
async function posted(options, act = async () => {}, attributes = '') {
  browser ??= await openBrowser();
  await server?.close();
  server = await startServer();
  server.pages['/'] = PAGE.replace('<p id="t">', `<script src="${server.url}/v1/recorder.js" ${attributes}></script><p id="t">`);
  const page = await browser.newPage();
  await page.goto(server.url);
  if (options) await page.evaluate(([url, more]) => SessionSight.start({ url, key: 'test', ...more }), [server.url, options]);
  await page.fill('#n', 'Ada Lovelace');
  await page.fill('#q', '1234567890');
  await page.selectOption('#s', 'red');
  await page.check('#c');
  await page.evaluate(() => { document.querySelector('#later').textContent = 'Ada Lovelace came at 1742'; });
  await act(page);
  await page.evaluate(() => SessionSight.event('done'));
  await until(() => server.posts.some(({ text }) => text.includes('"done"')), 'the last batch');
  await page.close();
  return server.posts.map(({ text }) => text).join('\n');
}

function holds(text, words, not) {
  for (const word of words) ok(text.includes(word), `“${word}” should be there`);
  for (const word of not) ok(!text.includes(word), `“${word}” should not be there`);
}

test('by default words are sent, digits of fields only to the fifth', async () => {
  const act = async (page) => {
    await page.fill('#a', '４１１１１１１１１１１１');
  };
  holds(await posted({}, act), ['４１１１１***', 'plain words', 'ada@example.org', '555 123', 'first comment', 'Ada Lovelace', '12345*****', 'inner matters'], ['123456', '４１１１１１']);
});

test('mask.text hides all text and the titles', async () => {
  holds(await posted({ mask: { text: true } }), ['***** *****'], ['plain words', 'ada@example', 'inner matters', 'wrote', 'came at', 'eve@']);
});

test('mask.inputs hides what fields hold and what was chosen', async () => {
  const text = await posted({ mask: { inputs: true } });
  holds(text, ['plain words'], ['first comment', '12345', '"isChecked":true', '"selected":true']);
  ok(!text.includes('"text":"red"') && !text.includes('"text":"Ada'), 'values');
});

test('mask.emails, numbers and names hide just these', async () => {
  holds(await posted({ mask: { emails: true } }), ['write to * or call 555'], ['ada@example', 'eve@example']);
  holds(await posted({ mask: { numbers: true } }), ['ada@example.org', 'call *** ***'], ['555 123', '12345', '1742']);
  holds(await posted({ mask: { names: true } }), ['plain words', 'came at 1742'], ['"text":"Ada Lovelace"', 'Ada Lovelace came']);
});

test('selectors: mask, block and allow', async () => {
  holds(await posted({ mask: { selector: '.private' } }), ['plain words', '***** *******'], ['inner matters']);
  holds(await posted({ block: '.gone' }), ['plain words', '3d3846'], ['secret garden']);
  holds(await posted({ allow: '.open' }), ['1234567890'], []);
});

test('options given by attributes of the tag', async () => {
  holds(await posted(null, async () => {}, 'data-key="k" data-mask="text numbers" data-block=".gone"'), ['3d3846', '***** *****'],
    ['plain words', 'secret garden', '12345', '1742']);
});

run({
  after: async () => {
    await browser?.close();
    await server?.close();
  },
});
