// SPDX-License-Identifier: MIT
// What the recorder tells of presses and pages that no change of the page shows, and the signals that come of it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built, eventsOf, openBrowser, startServer, tagFor, tagged } from './browser.mjs';
import { equal, ok, run, test, until } from './tap.mjs';

const browser = await openBrowser();
const folder = mkdtempSync(join(tmpdir(), 'sight-facts-'));
const sightctl = (...words) => JSON.parse(execFileSync(join(built, 'src/cli/sightctl'), [...words, '--json', `--cache=${join(folder, 'cache')}`], { encoding: 'utf8' }));
const AT_ONCE = 6;

const press = (page) => page.click('#b', { noWaitAfter: true });
const script = (code) => `<button id="b">Do it</button><p id="p">text</p><script>b.onclick = () => { ${code} };</script>`;

// What is on the page, what is done on it (a press on #b where nothing is said), what answers, and which signals there are.
const PAGES = {
  'a download by a link that is not on the page': { body: script('const a = document.createElement("a"); a.href = URL.createObjectURL(new Blob(["x"])); a.download = "x"; a.click()'), answers: ['download'] },
  'a download by an address': { body: '<button id="b" onclick="location.href = \'/file\'">Export</button>', answers: ['download'] },
  'a copy': { body: script('navigator.clipboard.writeText("x")'), answers: ['copy'] },
  'a copy of the selection': { body: script('getSelection().selectAllChildren(p); document.execCommand("copy")'), answers: ['copy'] },
  'printing': { body: script('print()'), answers: ['print'] },
  'a file field that a script clicks': { body: '<input type="file" id="f" hidden>' + script('f.click()'), answers: ['file-chooser'], trusted: [true, false] },
  'a new tab': { body: script('open("about:blank")'), answers: ['new-tab'] },
  'a link into a new tab': { body: '<a id="b" href="/" target="_blank">Help</a>', answers: ['new-tab'] },
  'another program': { body: '<a id="b" href="mailto:a@example.org"><span>Write to us</span></a>', answers: ['other-program'] },
  sound: { body: script('new Audio("data:audio/wav;base64,").play().catch(() => {})'), answers: ['media'] },
  'full screen': { body: '<div id="d">d</div>' + script('document.documentElement.requestFullscreen()'), answers: ['full-screen'], loosely: true },
  'a popover': { body: '<button id="b" popovertarget="d">More</button><div id="d" popover>More of it</div>', answers: ['popover', 'glance'], loosely: true },
  'a menu while the focus is in it': { body: '<style>ul { display: none } div:focus-within ul { display: block }</style><div><button id="b">Account</button><ul><li>Profile<li>Log out</ul></div>', answers: ['focus-menu'] },
  'a part that the address names': { body: '<style>section { display: none } :target { display: block }</style><a id="b" href="#two">Two</a><section id="two">The second part</section>', answers: ['anchor', 'glance'], loosely: true },
  'what only a sheet brings in': { body: '<style>b { opacity: 0; transition: opacity 0.2s } :focus + b { opacity: 1 }</style><button id="b">Show</button><b>there</b>', answers: ['transition'] },
  'a control with a focused look': { body: '<style>.on { outline: 3px solid red }</style><button id="b" onfocus="b.className = \'on\'" onblur="b.className = \'\'">Export</button>', answers: [], signals: ['dead'] },
  'a pressed look around a control': { body: '<style>div { padding: 9px; transition: background 0.1s } div:active, div:focus-within { background: red }</style><div><button id="b">Save</button></div>', answers: [], signals: ['dead'] },
  'rows under the pointer': { body: '<style>p:hover { background: red; transition: background 0.1s }</style>' + script(''), act: async (page) => {
    await press(page);
    await page.waitForTimeout(500);
    await page.hover('p');
  }, answers: [], signals: ['dead'] },
  'a disabled control': { body: '<button id="b" disabled>Pay</button>', act: async (page) => {
    const { x, y } = await page.locator('#b').boundingBox();
    for (let i = 0; i < 5; i++) {
      await page.mouse.click(x + 9, y + 9);
      await page.waitForTimeout(120); // what is told twice within 100 ms is one press; and a second apart is no rage
    }
  }, answers: [], presses: Array(5).fill('disabled'), signals: ['dead', 'rage'] },
  'a press that is dragged away': { body: script(''), act: async (page) => {
    const { x, y } = await page.locator('#b').boundingBox();
    await page.mouse.move(x + 5, y + 5);
    await page.mouse.down();
    await page.mouse.move(x + 200, y + 100);
    await page.mouse.up();
  }, answers: [], presses: ['dragged'] },
  'a click that the page keeps to itself': { body: script(''), head: '<script>addEventListener("click", (event) => event.stopImmediatePropagation(), true)</script>', answers: [], presses: ['prevented'], trusted: [], signals: ['dead'] },
  'a link that the page keeps from leading anywhere': { body: '<a id="b" href="/file" onclick="event.preventDefault()"><span>Report</span></a>', answers: [], presses: ['kept'], signals: ['dead'] },
  'a link that shows something here instead': { body: '<a id="b" href="/elsewhere" onclick="event.preventDefault(); p.textContent = \'Help\'">Help</a><p id="p">text</p>', answers: [], presses: ['kept'] },
  'a link that leads to another view': { body: '<a id="b" href="/elsewhere" onclick="event.preventDefault(); setTimeout(() => history.pushState({}, \'\', \'/elsewhere\'), 300)">Help</a>', answers: [], presses: ['kept'] },
  'a link into a tab of its own by Ctrl': { body: '<a id="b" href="/elsewhere">Help</a>', act: (page) => page.click('#b', { noWaitAfter: true, modifiers: ['Control'] }), answers: ['new-tab'] },
  'a button pressed with Ctrl': { body: script(''), act: (page) => page.click('#b', { modifiers: ['Control'] }), answers: ['new-tab'] },
  'a link pressed with the middle button': { body: '<a id="b" href="/elsewhere" target="x">Help</a>', act: (page) => page.click('#b', { noWaitAfter: true, button: 'middle' }), answers: [], trusted: [] },
  'what a script clicks': { body: script(''), act: (page) => page.evaluate(() => [1, 2, 3, 4].forEach(() => document.querySelector('#b').click())), answers: [], trusted: [false, false, false, false] },
};

async function visit({ body, head = '', act = press }, options = {}) {
  const server = await startServer();
  server.pages['/file'] = ['text/csv', 'a,b', { 'Content-Disposition': 'attachment' }];
  server.pages['/'] = `<!DOCTYPE html><html><head><title>T</title>${tagFor(server)}${head}</head><body>${body}</body></html>`;
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, permissions: ['clipboard-write'], ...options });
  const page = await context.newPage();
  await page.goto(server.url);
  await until(() => tagged(server, 'ss:page').length, 'the page');
  await act(page, server);
  return { server, page, end: async () => {
    await page.evaluate(() => SessionSight.event('done'));
    await until(() => tagged(server, 'ss:event').length, 'the end of the visit');
    await context.close();
    await server.close();
  } };
}

function signalsOf(name, events) {
  const file = join(folder, `${Object.keys(PAGES).indexOf(name)}.json`);
  writeFileSync(file, JSON.stringify(events));
  const [{ session }] = sightctl('import', file).files;
  return sightctl('show', session).signals_list.map(({ kind }) => kind).sort();
}

const found = new Map();

async function look(name) {
  const { server, page, end } = await visit(PAGES[name]);
  await page.waitForTimeout(4000);
  await end();
  found.set(name, eventsOf(server));
}

async function lookAtAll() {
  const names = Object.keys(PAGES);
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (names.length) await look(names.shift());
  }));
}

let looked = null;

for (const [name, { answers, presses = [], signals = [], trusted, loosely }] of Object.entries(PAGES)) {
  test(name, async () => {
    await (looked ??= lookAtAll());
    const events = found.get(name);
    const told = (tag) => tagged({ batches: [{ events }] }, tag);
    const kinds = told('ss:answer').map(({ kind }) => kind);
    if (loosely) ok(kinds.includes(answers[0]) && kinds.every((kind) => answers.includes(kind)), `answered by ${kinds}`);
    else equal(kinds, answers, 'answers');
    equal(told('ss:press').map(({ why }) => why), presses, 'presses');
    if (trusted) equal(told('ss:click').map((click) => click.trusted), trusted, 'trusted');
    equal(signalsOf(name, events), signals, 'signals');
  });
}

test('where in the element a click was', async () => {
  const { server, end } = await visit({ body: '<button id="b" style="border: 0; width: 200px; height: 50px">b</button>', act: (page) => page.click('#b', { position: { x: 50, y: 40 } }) });
  await end();
  const [{ place, box }] = tagged(server, 'ss:click');
  equal([place, box], [[0.25, 0.8], [200, 50]], 'place and box');
});

test('the same from inside a frame, and of the page that shows there next', async () => {
  const inner = '<style>body { margin: 0 }</style><button id="b" onclick="navigator.clipboard.writeText(1)">Copy</button><button id="d" disabled>Pay</button><button id="o">Open</button><div id="m"></div>' +
    '<form id="f"><input id="i"></form><p role="alert" id="a"></p><script>o.onclick = () => { const sheet = new CSSStyleSheet(); sheet.replaceSync("#m { position: fixed; inset: 40px 0 0; background: red; opacity: 0.5 }"); document.adoptedStyleSheets = [sheet]; }</script>';
  const { server, end } = await visit({ body: '<div style="height: 100px"></div><iframe id="frame" width="500" height="300"></iframe>', act: async (page, { pages }) => {
    pages['/inner'] = inner;
    for (let nth = 0; nth < 2; nth++) {
      await page.evaluate((n) => { document.querySelector('#frame').src = `/inner?${n}`; }, nth);
      await page.waitForTimeout(700);
      const frame = page.frameLocator('#frame');
      await frame.locator('#b').click();
      await frame.locator('#d').click({ force: true });
      await frame.locator('#i').fill('Ada');
      await frame.locator('#o').click();
      await page.waitForTimeout(700);
      await frame.locator('#a').evaluate((el) => { el.textContent = 'no'; });
      await page.waitForTimeout(300);
    }
  } });
  await end();
  const twice = (list) => [...list, ...list];
  equal(tagged(server, 'ss:click').map(({ interactive, place }) => [interactive, Math.round(place[0] * 10), Math.round(place[1] * 10)]), twice([[true, 5, 5], [true, 5, 5]]), 'clicks');
  equal(tagged(server, 'ss:press').map(({ why }) => why), twice(['disabled']), 'presses');
  equal(tagged(server, 'ss:answer').map(({ kind }) => kind), twice(['copy', 'glance']), 'answers');
  equal(tagged(server, 'ss:form').map(({ form, what }) => `${form} ${what}`).filter((text) => !text.endsWith('blur')), twice(['f focus', 'f leave']), 'forms');
  equal(tagged(server, 'ss:notice').filter(({ what }) => what === 'seen').map(({ kind, in_view: share }) => [kind, share]), twice([['alert', 1]]), 'messages');
});

test('what has the focus, from the beginning, and whether that shows', async () => {
  const { server, end } = await visit({ body: '<input id="i"><button id="b">b</button><a href="#" id="a">a</a><script>i.focus()</script>', act: async (page) => {
    await press(page);
    await page.keyboard.press('Shift');
    await press(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await page.evaluate(() => {
      const form = document.body.appendChild(document.createElement('form'));
      form.append(Object.assign(document.createElement('input'), { id: 'new' }));
      document.querySelector('#new').focus();
    });
    await page.waitForTimeout(100);
    await page.evaluate(() => document.body.setAttribute('data-ss-mask', ''));
    await page.evaluate(() => document.body.removeAttribute('data-ss-mask'));
    await page.waitForTimeout(200);
  } });
  await end();
  const names = new Map();
  const name = ({ id, attributes, childNodes = [] }) => names.set(id, attributes?.id ?? null) && childNodes.forEach(name);
  const focused = [];
  for (const { type, data } of eventsOf(server)) {
    if (type === 2) name(data.node);
    if (type === 3 && data.source === 0) data.adds.forEach(({ node }) => name(node));
    if (type === 3 && data.source === 2 && data.type === 5 && data.id > 0) focused.push(`${names.get(data.id)} ${data.visible}`);
  }
  equal(focused.slice(0, 5), ['i true', 'b false', 'b true', 'a true', 'new true'], 'focused, and shown by a key');
  const [{ form, field }] = tagged(server, 'ss:form').filter(({ what }) => what === 'focus');
  equal([names.get(Number(form)), names.get(field.id)], [null, 'new'], 'what is new is told by its number');
  equal(focused.slice(5), ['new true'], 'told again with a snapshot, but not where it is masked');
});

test('what has the focus in a component is told once, and where a key takes it', async () => {
  const { server, end } = await visit({ body: `<div id="h"></div><script>h.attachShadow({ mode: 'open' }).innerHTML = '<input><button>b</button>';</script>`, act: async (page) => {
    await page.click('input');
    await page.keyboard.type('abc');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift');
  } });
  await end();
  const nodes = new Map();
  const note = (node) => nodes.set(node.id, node.tagName) && (node.childNodes ?? []).forEach(note);
  note(eventsOf(server).find(({ type }) => type === 2).data.node);
  const focused = eventsOf(server).filter(({ type, data }) => type === 3 && data.source === 2 && data.type === 5).map(({ data }) => `${nodes.get(data.id)} ${data.visible}`);
  equal(focused, ['input true', 'button true'], 'focused, and whether it showed');
});

test('what a script and a wheel scroll', async () => {
  const { server, end } = await visit({ body: '<div style="height: 9000px"></div>', act: async (page) => {
    await page.evaluate(() => scrollTo(0, 500));
    await page.waitForTimeout(600);
    await page.mouse.wheel(0, 300);
    await page.waitForTimeout(300);
  } });
  await end();
  equal(tagged(server, 'ss:scroll').map(({ by }) => by), ['script', 'wheel'], 'causes');
});

test('how large the page is, at first, when it grows, and as it is left', async () => {
  const { server, end } = await visit({ body: '<style>body { margin: 0 }</style><div style="height: 1000px"></div>', act: async (page) => {
    await page.evaluate(() => { document.querySelector('div').style.height = '1100px'; });
    await page.waitForTimeout(200);
    await page.evaluate(() => { document.querySelector('div').style.height = '2000px'; });
    await page.waitForTimeout(200);
    await page.evaluate(() => dispatchEvent(new Event('pagehide')));
  } });
  await end();
  // It is left once more as it is closed.
  equal(tagged(server, 'ss:page').slice(0, 3).map((page) => page.height_px), [1000, 2000, 2000], 'heights');
});

test('the visitor’s media features, and when they change', async () => {
  const { server, end } = await visit({ body: '', act: async (page) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.waitForTimeout(200);
  } }, { colorScheme: 'dark', reducedMotion: 'reduce' });
  await end();
  const [first, ...more] = tagged(server, 'ss:context').map(({ media }) => media);
  equal([first.scheme, first.motion, first.forced, first.direction], ['dark', 'reduce', 'none', 'ltr'], 'at first');
  equal(Object.keys(first).sort(), ['contrast', 'data', 'direction', 'forced', 'hover', 'motion', 'pointer', 'scheme'], 'features');
  equal(more.at(-1)?.scheme, 'light', 'then');
});

const FILLED = '<form id="f"><input name="plant"><input name="where"></form><form id="g"><input name="other"></form>';
const fill = async (page) => {
  await page.fill('[name=plant]', 'fern & "moss"');
  await page.fill('[name=where]', 'Oak Hill');
  await page.fill('[name=other]', 'unsent');
};
const SENT = {
  'as JSON': () => fetch('/', { method: 'POST', body: JSON.stringify({ plant: 'fern & "moss"', at: ['Oak Hill'] }) }),
  'in an address': () => fetch('/?w=Oak+Hill&p=fern%20%26%20%22moss%22'),
  'as a form, by XMLHttpRequest': () => {
    const request = new XMLHttpRequest();
    request.open('POST', '/');
    request.send(new FormData(document.querySelector('#f')));
  },
  'as a Request, the fields emptied at once': () => {
    fetch(new Request('/', { method: 'POST', body: new URLSearchParams(new FormData(document.querySelector('#f'))) }));
    for (const field of document.querySelectorAll('#f input')) field.value = '';
  },
  'as a beacon': () => navigator.sendBeacon('/', new URLSearchParams(new FormData(document.querySelector('#f')))),
};
for (const [how, sends] of Object.entries(SENT)) {
  test(`a request that carries all that was filled in sends the form: ${how}`, async () => {
    const { server, end } = await visit({ body: FILLED, act: async (page) => {
      await fill(page);
      await page.evaluate(() => fetch('/?p=fern%20%26%20%22moss%22'));
      await page.evaluate(() => SessionSight.event('now'));
      await page.evaluate(sends);
      await page.evaluate(sends);
    } });
    await end();
    const order = eventsOf(server).filter(({ type, data }) => type === 5 && (data.payload.what === 'sent' || data.payload.name === 'now')).map(({ data }) => data.payload);
    equal(order.map(({ form, name }) => form ?? name), ['now', 'f'], 'forms that were sent');
    equal(Object.keys(order[1]).sort(), ['field', 'form', 'what'], 'what is told');
  });
}

test('only messages that are laid out are told', async () => {
  const hidden = ['position: absolute; left: -999em', 'position: absolute; width: 1px; height: 1px; overflow: hidden', 'position: absolute; clip: rect(0, 0, 0, 0)', 'position: absolute; clip-path: inset(50%)'];
  const { server, end } = await visit({ body: `${hidden.map((style) => `<p role="alert" style="${style}">message</p>`).join('')}<div style="height: 0; overflow: hidden"><p role="alert">message</p></div>
<ul role="log" aria-live="polite"><li>message</ul><table aria-live="polite"><tr><td>cell</table><p id="shown" role="alert">message</p>
<c-alert>in a slot</c-alert><c-alert style="display: block; height: 0; overflow: hidden">cut by what is around</c-alert><c-alert></c-alert><script>
customElements.define('c-alert', class extends HTMLElement {
  connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<div role="alert" style="padding: 9px"><slot></slot></div>'; }
});</script>`, act: (page) => page.waitForTimeout(500) });
  await end();
  const notices = tagged(server, 'ss:notice').filter(({ what }) => what === 'shown');
  equal(notices.length, 2, 'messages');
});

test('what is busy is told from when it is seen until it has faded out', async () => {
  const { server, end } = await visit({ body: `<style>i { display: block; width: 30px; height: 30px } #fades, #in { opacity: 0; transition: opacity 200ms } .on { opacity: 1 !important }</style>
<i class="spinner" style="opacity: 0"></i><p style="opacity: 0"><i class="loader"></i></p><div id="fades"><i class="app-spinner"></i></div><svg class="icon-spinner" width="30" height="30"></svg>`,
  act: async (page, at) => {
    const told = (count) => until(() => tagged(at, 'ss:notice').length >= count, `${count} notices`);
    await told(2);
    await page.evaluate(() => { document.querySelector('#fades').className = 'on'; });
    await told(4);
    await page.evaluate(() => { document.querySelector('#fades').className = ''; });
    await told(5);
  } });
  await end();
  const told = tagged(server, 'ss:notice');
  equal(told.map(({ what }) => what), ['shown', 'seen', 'shown', 'seen', 'gone'], 'what is told');
  ok(told[0].id !== told[2].id && told[2].id === told[4].id, 'of which');
});

test('what is busy is told as it leaves the view and comes back, and Enter, but no other key and nothing of what is masked', async () => {
  const { server, end } = await visit({ body: `<p role="alert">Note</p><i class="spinner" style="display: block; width: 30px; height: 30px"></i><input id="i">
<div data-ss-block><input id="hidden"></div><div style="height: 3000px"></div>`, act: async (page, at) => {
    const told = (count) => until(() => tagged(at, 'ss:notice').length >= count, `${count} notices`);
    await told(4);
    await page.evaluate(() => scrollTo(0, 2000));
    await told(5);
    await page.evaluate(() => scrollTo(0, 0));
    await told(6);
    await page.focus('#i');
    await page.keyboard.type('ab');
    await page.keyboard.press('Enter');
    await page.focus('#hidden');
    await page.keyboard.press('Enter');
  } });
  await end();
  equal(tagged(server, 'ss:notice').filter(({ kind }) => kind === 'busy').map(({ what }) => what), ['shown', 'seen', 'left', 'seen'], 'what is busy');
  equal(tagged(server, 'ss:notice').filter(({ kind }) => kind === 'alert').map(({ what }) => what), ['shown', 'seen'], 'a message');
  equal(tagged(server, 'ss:key').map((told) => Object.keys(told)), [['id']], 'keys');
});

run({ after: async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
} });
