// SPDX-License-Identifier: MIT
// A solid block takes the same room as what it hides: it and everything around it stands where it stood, within a pixel.
import { openBrowser, rebuild, startServer, tagFor } from './browser.mjs';
import { ok, run, test, until } from './tap.mjs';

const CASES = {
  'margins of children collapse': '<div data-ss-mask><p style="margin:30px 0">x</p><div><p style="margin:5px 0 40px">y</p></div></div>',
  'negative margins collapse': '<p data-near>a</p><div data-ss-mask><p style="margin:-10px 0 -5px">x</p></div><p data-near>b</p>',
  'padding stops collapsing': '<div data-ss-mask style="padding-top:1px"><p style="margin:30px 0">x</p></div>',
  'a block formatting context': '<div data-ss-mask style="overflow:auto"><p style="margin:30px 0">x</p></div>',
  'an empty block': '<p data-near>a</p><div data-ss-mask style="margin:25px 0"></div>',
  'a list item': '<ul><li>one</li><li data-ss-mask>two</li><li data-near>three</li></ul>',
  'a heading': '<h2 data-ss-mask>Heading</h2><p data-near>text</p>',
  'inline text': '<p>before <span data-ss-mask>hidden</span> <i data-near>after</i></p>',
  'inline with padding': '<p>before <b data-ss-mask style="padding:6px;border:2px solid">hidden</b> <i data-near>after</i></p>',
  'inline, larger': '<p>before <b data-ss-mask style="font-size:30px">hidden</b> <i data-near>after</i></p>',
  'inline, line height': '<p style="line-height:2.2">before <code data-ss-mask>hidden</code> <i data-near>after</i></p>',
  'inline, raised': '<p>before <sup data-ss-mask>hidden</sup> <i data-near>after</i></p>',
  'inline holding a block': '<p data-near>a</p><span data-ss-mask><div>block</div></span>',
  'inline block': '<p>before <span data-ss-mask style="display:inline-block;padding:7px 3px 12px;height:60px">hidden</span> <i data-near>after</i></p>',
  'inline block of lines': '<p>before <span data-ss-mask style="display:inline-block;width:60px">many hidden words here</span> <i data-near>after</i></p>',
  'inline block without text': '<p>before <span data-ss-mask style="display:inline-block;width:60px;height:30px;margin:4px"></span> <i data-near>after</i></p>',
  'inline flex': '<p>before <span data-ss-mask style="display:inline-flex;padding:8px"><b>one</b><b style="font-size:30px">two</b></span> <i data-near>after</i></p>',
  'a button': '<p>before <button data-ss-mask style="padding:9px 20px">hidden</button> <i data-near>after</i></p>',
  'text fields': '<p>before <input data-ss-mask value="x"> <i data-near>after</i> <input data-ss-mask style="padding:10px;font-size:22px" value="y"> <i data-near>after</i></p>',
  'other fields': '<p>a <input type="checkbox" data-ss-mask> <i data-near>b</i> <input type="radio" data-ss-mask> <i data-near>c</i> <input type="range" data-ss-mask> <i data-near>d</i></p>',
  'select and text area': '<p>a <select data-ss-mask><option>one</option></select> <i data-near>b</i> <textarea data-ss-mask>x</textarea> <i data-near>c</i></p>',
  'a picture': '<p>a <img data-ss-mask src="/i.svg" width="80" height="50"> <i data-near>b</i></p>',
  'a frame and a canvas': '<p>a <iframe data-ss-mask width="100" height="60"></iframe> <i data-near>b</i> <canvas data-ss-mask width="40" height="30"></canvas> <i data-near>c</i></p>',
  'vertical align': '<p style="font-size:30px">a <img data-ss-mask style="vertical-align:middle;width:20px;height:20px"> <i data-near>b</i> <span data-ss-mask style="display:inline-block;vertical-align:5px">c</span></p>',
  'flex row': '<div style="display:flex;gap:5px"><p data-ss-mask>one</p><p data-near style="flex:1">two</p><div data-ss-mask style="flex:2;margin:auto">three words here</div></div>',
  'flex row that is too narrow': '<div style="display:flex;width:200px"><p data-ss-mask>several words that wrap</p><p data-near>other words that wrap as well</p></div>',
  'flex column': '<div style="display:flex;flex-direction:column;height:200px"><p data-ss-mask style="flex:1">one</p><p data-near style="flex:1">two</p></div>',
  'flex on the baseline': '<div style="display:flex;align-items:baseline"><b data-near style="font-size:40px">one</b><span data-ss-mask style="padding:5px">two</span></div>',
  'grid': '<div style="display:grid;grid-template-columns:1fr 2fr auto;gap:4px"><p data-ss-mask>one</p><p data-near>two</p><p data-ss-mask>three</p><p data-near style="grid-column:1/3">four</p></div>',
  'grid by areas': '<div style="display:grid;grid-template:\'a b\' auto \'c c\' auto / auto auto"><p data-ss-mask style="grid-area:c">one</p><p data-near style="grid-area:a">two</p><p data-near style="grid-area:b">three</p></div>',
  'a cell': '<table style="border-spacing:3px"><tr><td data-ss-mask style="padding:8px">one</td><td data-near>two</td></tr><tr><td data-near>three</td><th data-ss-mask>four and more</th></tr></table>',
  'a cell with collapsed borders': '<table style="border-collapse:collapse"><tr><td data-ss-mask style="border:6px solid">one</td><td data-near style="border:2px solid">two</td></tr><tr><td data-near>three</td><td>four</td></tr></table>',
  'a cell over two columns': '<table><tr><td data-ss-mask colspan="2" rowspan="2">one</td><td data-near>two</td></tr><tr><td data-near>three</td></tr><tr><td data-near>four</td><td data-near>five</td><td>six</td></tr></table>',
  'a row': '<table style="width:100%"><tr data-ss-mask><td>one</td><td>two</td></tr><tr><td data-near>three</td><td>four</td></tr></table>',
  'a table': '<table data-ss-mask><tr><td>one</td><td>two</td></tr></table><p data-near>after</p>',
  'floats': '<div style="float:left;width:60px;height:50px" data-near>f</div><div data-ss-mask>beside a float</div><p data-near>text</p><div style="clear:both"></div>',
  'a float': '<div data-ss-mask style="float:right;margin:6px">floating</div><p data-near>text beside it</p><div style="clear:both" data-near></div>',
  'clearing': '<div style="float:left;height:50px" data-near>f</div><div data-ss-mask style="clear:both">below a float</div>',
  'absolute': '<div style="position:relative;height:80px"><div data-ss-mask style="position:absolute;right:10px;bottom:5px">corner</div><div data-ss-mask style="position:absolute;inset:0;margin:auto;width:40px;height:20px"></div></div>',
  'relative and sticky': '<div data-ss-mask style="position:relative;left:20px;top:-4px">moved</div><div data-ss-mask style="position:sticky;top:0">sticks</div>',
  'transformed': '<div data-ss-mask style="transform:rotate(10deg) scale(1.5);transform-origin:0 0;width:90px">turned</div><div style="transform:scale(.5)"><p data-ss-mask>in it</p></div><div data-ss-mask style="scale:2;width:30px;translate:40px">x</div>',
  'centred': '<div data-ss-mask style="width:50%;margin:0 auto">centre</div>',
  'hidden': '<div data-ss-mask hidden>gone</div><p data-near>text</p>',
  'contents in a line of blocks': '<div style="width:300px"><div data-near>a</div><div data-ss-mask style="display:contents"><p>one</p><p>two</p></div><div data-near>b</div></div>',
  'in a column': '<div style="columns:2"><p data-near>a</p><p data-ss-mask>b</p><p data-near>c</p></div>',
  'drawing': '<svg width="100" height="40"><g data-ss-mask><text x="10" y="20">hidden</text><circle cx="60" cy="20" r="9"/></g></svg>',
};

const rects = () => [...document.querySelectorAll('section')].map((section) => [...section.querySelectorAll('[data-ss-mask],[data-near],[data-block]')].map((el) => {
  const { display } = getComputedStyle(el);
  if (display === 'none') return [0, 0, 0, 0];
  const range = document.createRange();
  range.selectNodeContents(el);
  const { x, y, width, height } = (display === 'contents' ? range : el).getBoundingClientRect();
  const from = section.getBoundingClientRect();
  return [x - from.x, y - from.y, width, height];
}).concat([[0, 0, section.offsetWidth, section.offsetHeight]]));

let browser;
let server;
let was;
let now;

test('a page of blocks is recorded and drawn again', async () => {
  server = await startServer();
  server.pages['/i.svg'] = ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'];
  server.pages['/'] = `<!DOCTYPE html><html><head>${tagFor(server)}<style>body { font: 16px/1.4 serif; width: 700px } section { display: flow-root; border: 1px solid }</style></head><body>${
    Object.values(CASES).map((html) => `<section>${html}</section>`).join('\n')}</body></html>`;
  browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
  await page.goto(server.url);
  await until(() => server.batches.length > 0, 'the first batch');
  was = await page.evaluate(rects);
  const full = server.batches.flatMap((batch) => batch.events).find((event) => event.type === 2);
  await page.goto('about:blank');
  await page.setContent('<!DOCTYPE html><p>x</p>');
  await page.evaluate(rebuild, full.data.node);
  await page.evaluate(() => {
    for (const el of document.querySelectorAll('[style*="61, 56, 70"],[style*="3d3846"],[fill="#3d3846"]')) el.setAttribute('data-block', '');
  });
  now = await page.evaluate(rects);
});

for (const [i, name] of Object.keys(CASES).entries()) {
  test(name, () => {
    const text = (list) => JSON.stringify(list.map((box) => box.map(Math.round)));
    ok(was[i].length === now[i].length && was[i].every((box, j) => box.every((side, k) => Math.abs(side - now[i][j][k]) <= 1)), `was ${text(was[i])}, is ${text(now[i])}`);
  });
}

run({
  after: async () => {
    await browser?.close();
    await server?.close();
  },
});
