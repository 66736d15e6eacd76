// SPDX-License-Identifier: MIT
// What a page shows is in its recording, however it came there. Where the events are drawn, rrweb's Replayer does it, as any player would.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsOf, modules, openBrowser, startServer, tagFor, tagged } from './browser.mjs';
import { equal, ok, run, test, until } from './tap.mjs';

const browser = await openBrowser();
const server = await startServer();
const SIZE = { viewport: { width: 800, height: 600 } };
server.pages['/rrweb.js'] = ['text/javascript', readFileSync(join(modules, 'rrweb/dist/rrweb.umd.min.cjs'))];
server.pages['/replay'] = '<!DOCTYPE html><style>iframe { border: 0 }</style><body style="margin:0"><script src="/rrweb.js"></script>';

// Records a page on which steps are done, and gives what `look` finds on it after each and on its replay after the last.
async function record(content, steps, look, pages = {}) {
  const from = server.batches.length;
  Object.assign(server.pages, pages);
  server.pages['/'] = `<!DOCTYPE html><html><head><title>T</title>${tagFor(server)}</head><body>${content}</body></html>`;
  const context = await browser.newContext(SIZE);
  const page = await context.newPage();
  await page.goto(server.url);
  await page.waitForTimeout(200);
  for (const step of steps) {
    await step(page);
    await page.waitForTimeout(200);
  }
  const live = await page.evaluate(look);
  // A page that is left while the machine is busy may be ended before it has said all: it is asked to say so first.
  await page.evaluate(() => {
    SessionSight.event('done');
    SessionSight.stop();
  });
  const state = { batches: [] };
  await until(() => {
    state.batches = server.batches.slice(from);
    return tagged(state, 'ss:event').length;
  }, 'the end of the visit');
  const events = eventsOf(state).sort((a, b) => a.timestamp - b.timestamp);
  // The replay has what was recorded, and nothing else.
  for (const path of Object.keys(pages)) delete server.pages[path];
  const player = await context.newPage();
  await player.goto(`${server.url}/replay`);
  const again = await player.evaluate(async ([list, body]) => {
    const replayer = new rrweb.Replayer(list, { root: document.body, mouseTail: false, skipInactive: false });
    const { startTime, endTime } = replayer.getMetaData();
    replayer.pause(endTime - startTime + 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { contentDocument, contentWindow } = replayer.iframe;
    return new Function('document', 'getComputedStyle', `return (${body})()`)(contentDocument, contentWindow.getComputedStyle.bind(contentWindow));
  }, [events, String(look)]);
  await context.close();
  return { live, again, events };
}

const clicks = (events) => events.filter(({ type, data }) => type === 3 && data.source === 2 && data.type === 2);

test('what moved and was wrapped in one task is there, before another snapshot', async () => {
  const { live, again, events } = await record('<button id="go">Go</button><div><table><tr><td>first<td>second</table></div>', [async (page) => {
    await page.evaluate(() => {
      const table = document.querySelector('table');
      for (const cell of table.querySelectorAll('td')) {
        const text = cell.firstChild;
        const span = document.createElement('span');
        cell.insertBefore(span, text);
        span.append(text);
      }
      const grid = document.createElement('div');
      table.before(grid);
      grid.append(table);
    });
  }], () => document.body.textContent.replace(/\s+/g, ' ').trim());
  equal(again, live, 'text');
  const adds = events.filter(({ type, data }) => type === 3 && data.source === 0).flatMap(({ data }) => data.adds.map(({ node }) => node.textContent));
  equal(adds.filter((text) => /^(first|second)$/.test(text)), ['first', 'second'], 'texts that were told with the change');
});

test('what scrolls at once is told of each', async () => {
  const { live, again } = await record(`<style>div { height: 80px; overflow: auto } p { height: 4000px }</style>${'<div><p>long</p></div>'.repeat(4)}`, [
    (page) => page.evaluate(() => [...document.querySelectorAll('div')].forEach((el, i) => { el.scrollTop = 500 + i; })),
  ], () => [...document.querySelectorAll('div')].map((el) => el.scrollTop).join());
  equal(live, '500,501,502,503', 'the page');
  equal(again, live, 'its replay');
});

test('the sheets of a component are told with it, once, and that it has none any more', async () => {
  const { live, again, events } = await record('<script>const sheet = new CSSStyleSheet(); sheet.replaceSync("p { color: green }");</script>', [
    (page) => page.evaluate(() => {
      // Timers come late where a machine is busy.
      setTimeout(() => document.body.append('later'), 0);
      for (const name of ['before', 'after']) {
        const host = Object.assign(document.createElement('div'), { id: name });
        if (name === 'before') document.body.append(host);
        const root = host.attachShadow({ mode: 'open' });
        root.innerHTML = '<p>in</p>';
        root.adoptedStyleSheets = [sheet];
        if (name === 'after') document.body.append(host);
      }
    }),
    (page) => page.evaluate(() => { document.querySelector('#after').shadowRoot.adoptedStyleSheets = []; }),
  ], () => ['#before', '#after'].map((id) => getComputedStyle(document.querySelector(id).shadowRoot.querySelector('p')).color).join());
  equal(live, 'rgb(0, 128, 0),rgb(0, 0, 0)', 'the page');
  equal(again, live, 'its replay');
  const order = events.filter(({ type, data }) => type === 3 && (data.source === 15 || data.source === 0)).map(({ data }) => data.styleIds?.length ?? (data.adds.some(({ node }) => node.textContent === 'later') ? 'later' : 'added'));
  equal(order.slice(order.indexOf('added')), ['added', 1, 1, 'later', 0], 'what was told');
});

test('the sheets of a component that draws itself later come behind what it draws', async () => {
  const { live, again } = await record('<c-late></c-late>', [(page) => page.evaluate(() => customElements.define('c-late', class extends HTMLElement {
    connectedCallback() {
      const root = this.attachShadow({ mode: 'open' });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('p { color: green }');
      root.adoptedStyleSheets = [sheet];
      Promise.resolve().then(() => Promise.resolve()).then(() => { root.innerHTML = '<p>in</p>'; });
    }
  }))], () => getComputedStyle(document.querySelector('c-late').shadowRoot.querySelector('p')).color);
  equal(live, 'rgb(0, 128, 0)', 'the page');
  equal(again, live, 'its replay');
});

test('a form that is reset is empty again', async () => {
  const { live, again } = await record('<form><input name="plant"><input type="checkbox" name="wet"></form>', [
    async (page) => {
      await page.fill('[name=plant]', 'fern');
      await page.check('[name=wet]');
    },
    async (page) => {
      const before = server.batches.length;
      await page.evaluate(() => document.querySelector('form').reset());
      // Told with a snapshot, when the page has time.
      await until(() => eventsOf({ batches: server.batches.slice(before) }).some(({ type }) => type === 2), 'the snapshot');
    },
  ], () => [...document.querySelectorAll('input')].map((el) => el.type === 'checkbox' ? el.checked : el.value).join());
  equal(live, ',false', 'the page');
  equal(again, live, 'its replay');
});

test('a closed shadow root is recorded with what is in it, and a click in it is one on what is in it', async () => {
  const { live, again, events } = await record(`<script>customElements.define('c-card', class extends HTMLElement {
    constructor() {
      super();
      const root = this.attachShadow({ mode: 'closed' });
      root.innerHTML = 'Offer: <slot></slot> <button>Buy</button><p hidden>Bought</p>';
      root.querySelector('button').onclick = () => { root.querySelector('p').hidden = false; };
      window.root = root;
    }
  });</script><c-card>socks</c-card>`, [(page) => page.evaluate(() => {
    const { x, y } = window.root.querySelector('button').getBoundingClientRect();
    window.at = [x + 5, y + 5];
  }), async (page) => page.mouse.click(...await page.evaluate(() => window.at))],
  () => (document.querySelector('c-card').shadowRoot ?? window.root).querySelector('p').hidden);
  equal([live, again], [false, false], 'the paragraph is hidden');
  const [click] = clicks(events);
  ok(new RegExp(`"tagName":"button","attributes":\\{\\},"childNodes":\\[[^\\]]*\\],"id":${click.data.id},`).test(JSON.stringify(events)), `clicked ${click.data.id}`);
});

test('open popovers and boxes that are neither checked nor not are told as long as they are', async () => {
  const is = (events) => events.filter(({ type, data }) => type === 3 && data.source === 0).flatMap(({ data }) => data.attributes.map(({ attributes }) => attributes['ss-is']))
    .filter((value) => value !== undefined);
  const { events } = await record(`<input type="checkbox" id="all"><div id="menu" popover>menu</div><div id="late"></div><script>all.indeterminate = true;</script>`, [
    (page) => page.evaluate(() => document.querySelector('#menu').showPopover()),
    (page) => page.evaluate(() => document.querySelector('#menu').hidePopover()),
    (page) => page.click('#all'),
  ], () => 0);
  const page = JSON.stringify(events.find(({ type }) => type === 2));
  ok(/"id":"all","ss-is":"indeterminate"/.test(page) && !page.includes('popover-open'), 'the snapshot');
  equal(is(events).map((value) => /popover-open|indeterminate/.exec(value ?? '')?.[0]), ['popover-open', undefined, undefined], 'changes');
});

test('states in a frame, what fills the screen and what is defined late are told, and addresses in rules as whole ones', async () => {
  const frame = '<style>p:target { color: green }</style><input type=checkbox id=all><p id=one>one</p><div id=menu popover>menu</div>';
  const { events } = await record(`<style id="s">b { top: 0 }</style><iframe id="f" srcdoc="${frame}"></iframe><x-late></x-late><p id="box">box</p><button id="go" onclick="box.requestFullscreen()">go</button>`, [
    (page) => page.evaluate(() => {
      s.sheet.insertRule('#box { background: url(pic.png) }');
      s.sheet.cssRules[0].style.setProperty('list-style', 'url("/dot.png")');
      f.contentDocument.querySelector('#all').indeterminate = true;
      customElements.define('x-late', class extends HTMLElement {});
    }),
    (page) => page.evaluate(() => { f.contentWindow.location.hash = 'one'; }),
    (page) => page.evaluate(() => f.contentDocument.querySelector('#menu').showPopover()),
    (page) => page.click('#go'),
    (page) => page.evaluate(() => document.exitFullscreen()),
  ], () => 0);
  const changes = events.filter(({ type, data }) => type === 3 && data.source === 0).flatMap(({ data }) => data.attributes).filter(({ attributes }) => 'ss-is' in attributes);
  equal(changes.map(({ attributes }) => attributes['ss-is']), ['indeterminate', 'target', 'popover-open', 'fullscreen', null], 'states');
  equal(events.filter(({ data }) => data.source === 16).map(({ data }) => data.define.name), ['x-late'], 'defined');
  ok(!JSON.stringify(events.find(({ type }) => type === 2)).includes('"isCustom"'), 'before it was');
  const told = JSON.stringify(events.filter(({ data }) => data.source === 8 || data.source === 13));
  for (const path of ['/pic.png', '/dot.png']) ok(told.includes(server.url + path), `${path} in ${told}`);
});

test('what scripts animate is told with when it began, and where it stands', async () => {
  const { events } = await record(`<p id="early">early</p><p id="late">late</p><p id="held">held</p><script>
    early.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 200, fill: 'forwards' });</script>`, [
    (page) => page.evaluate(() => {
      document.querySelector('#late').animate({ transform: ['translateX(9px)', 'none'] }, { duration: 60000, iterations: Infinity });
      const held = document.querySelector('#held').animate({ opacity: [0, 1] }, 1000);
      held.currentTime = 400;
      held.pause();
    }),
    (page) => page.evaluate(() => document.querySelector('#late').getAnimations()[0].cancel()),
  ], () => 0);
  const page = JSON.stringify(events.find(({ type }) => type === 2).data);
  const { timestamp } = events.find(({ type }) => type === 2);
  const text = JSON.parse(`"${/"id":"early","ss-animations":"((?:[^"\\]|\\.)*)"/.exec(page)[1]}"`);
  const [[frames, timing, rate, begun]] = JSON.parse(text);
  equal([frames.map(({ opacity }) => opacity), timing.duration, timing.fill, rate], [['0', '1'], 200, 'forwards', 1], 'what it does');
  ok(begun === -201 || Math.abs(begun - timestamp) < 5000, `begun ${begun}, snapshot ${timestamp}`);
  const told = events.filter(({ type, data }) => type === 3 && data.source === 0).flatMap(({ data }) => data.attributes.map(({ attributes }) => attributes['ss-animations']))
    .filter((value) => value !== undefined);
  equal(told.slice(-3).map((value) => value && JSON.parse(value)[0][3] < 0 && JSON.parse(value)[0][3]), [false, -401, null], 'changes');
});

test('what is drawn with a 2D context is told in order, and what draws nothing is not', async () => {
  const { events } = await record(`<canvas id="c"></canvas><canvas id="s" width="4" height="4"></canvas><script>
    SessionSight.stop();
    SessionSight.start({ url: location.origin, key: 'k', canvas: true });
  </script>`, [(page) => page.evaluate(() => {
    const context = c.getContext('2d');
    for (const color of ['red', 'blue']) {
      context.fillStyle = color;
      context.fillRect(0, 0, 10, 10);
    }
    context.measureText('x');
    context.drawImage(s, 0, 0);
    context.drawImage(Object.assign(new Image(2, 2), { src: '/shown.png?access_token=tok_9f8e7d6c5b4a39281706' }), 0, 0);
  })], () => document.querySelectorAll('canvas').length);
  const calls = events.filter(({ data }) => data.source === 9).flatMap(({ data }) => data.commands);
  equal(calls.map(({ property, args }) => [property, args[0]?.rr_type ?? args[0]]),
    [['fillStyle', 'red'], ['fillRect', 0], ['fillStyle', 'blue'], ['fillRect', 0], ['drawImage', 'HTMLImageElement'], ['drawImage', 'HTMLImageElement']], 'calls');
  ok(/^data:image/.test(calls[4].args[0].src), 'the canvas that was drawn');
  const { src } = calls[5].args[0];
  ok(src.includes('/shown.png') && !src.includes('tok_9f8e'), `the address of a picture that was drawn, without its secret: ${src}`);
});

// What computed styles say of the elements with an id, in their shadow roots and out.
const STYLES = () => [...document.querySelectorAll('[id]')].flatMap((el) => [el, ...el.shadowRoot?.querySelectorAll('[id]') ?? []]).map((el) => {
  const style = getComputedStyle(el);
  return [el.id, style.display, style.color, style.backgroundColor, style.padding, style.margin, style.borderLeft, style.fontWeight].join(' ');
});
const css = (text, ms = 0) => (response) => setTimeout(() => response.writeHead(200, { 'Content-Type': 'text/css', 'Cache-Control': 'no-store' }).end(text), ms);
const LOOKS = {
  'imported rules stand under their own conditions': ['<link rel="stylesheet" href="/site.css"><p id="one">one</p><p id="two">two</p><p id="three">three</p>', {
    '/site.css': css('@import url(/print.css) print; @import url("/grid.css") supports(not (display: grid)); @import url(/layer.css) layer(base); @import "/wide.css" (min-width: 300px); #one { color: green } #two { color: green }'),
    '/print.css': css('#one { display: none }'), '/grid.css': css('#one { background: red }'), '/layer.css': css('#two { color: red; font-weight: 700 }'), '/wide.css': css('#three { color: blue }'),
  }],
  'an imported sheet that comes late is told once it is there': [`<p id="one">one</p><p id="two">two</p><script>
    // In the page as it is parsed they would keep the parser waiting.
    document.head.append(Object.assign(document.createElement('style'), { textContent: '@import url(/late.css);' }),
      Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/outer.css' }));</script>`,
    { '/late.css': css('#one { color: green }', 500), '/outer.css': css('@import url(/later.css);'), '/later.css': css('#two { color: green }', 600) }],
  'shorthands with var() of which a part is said again are kept as they were written': [`<style>:root { --space: 32px; --back: #def; --line: 4px solid green; --empty: ; }
      #one { padding: var(--space); padding-bottom: 48px; background: var(--back); background-repeat: no-repeat; border: var(--line); border-left-color: red }
      @media (min-width: 300px) { #two { margin: var(--space); margin-top: 0; background: var(--back) } }</style>
    <link rel="stylesheet" href="/var.css"><p id="one">one</p><p id="two">two</p><p id="three">three</p><div id="host"></div><script>
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('#in { padding: var(--space); padding-left: 1px }');
      const root = host.attachShadow({ mode: 'open' });
      root.innerHTML = '<p id="in">in</p>';
      root.adoptedStyleSheets = [sheet];
    </script>`, { '/var.css': css('#three { margin: var(--space); margin-left: 7px }') }],
  'a style element in several pieces, of which one changes': [`<style id="s"></style><p id="one">one</p><p id="two">two</p><script>
      s.append('#one { color: green }', '#two { color: red }');</script>`, {}, () => { document.querySelector('#s').lastChild.data = '#two { color: blue }'; }],
  'sheets that are off, and one that is put on': [`<style id="dark">#one { color: white }</style><style id="off">#two { color: white }</style><link id="l" rel="stylesheet" href="/off.css"><p id="one">one</p><p id="two">two</p>
      <p id="three">three</p><script>dark.disabled = off.disabled = true; l.onload = () => { l.sheet.disabled = true; };</script>`, { '/off.css': css('#three { color: white }') },
  () => { document.querySelector('#dark').disabled = false; }],
  'what elements are without an attribute that says so': [`<style>
      p:target { color: green } #two:target::after { content: ":target" } input:user-invalid + p { color: red } x-on:state(on) { color: blue } :not(:target)#three { color: rgb(1, 2, 3) }
    </style><p id="one">one</p><p id="two">two</p><input id="mail" type="email"><p id="three">three</p><x-on id="four">four</x-on><x-on id="five">five</x-on><script>
      customElements.define('x-on', class extends HTMLElement { constructor() { super(); this.internals = this.attachInternals(); } });
      five.internals.states.add('on');
      location.hash = 'one';</script>`, {}, async () => {
    location.hash = 'two';
    const [mail, four] = ['#mail', '#four'].map((selector) => document.querySelector(selector));
    four.internals.states.add('on');
    mail.focus();
    document.execCommand('insertText', false, 'nobody');
    mail.blur();
  }],
  'properties that a script registers, before and after': [`<style>#one { padding: var(--early) } #two { padding: var(--late) }</style><p id="one">one</p><p id="two">two</p><script>
    window.register = (name) => CSS.registerProperty({ name, syntax: '<length>', inherits: false, initialValue: '7px' });
    register('--early');</script>`, {}, () => window.register('--late')],
  'dialogs in the top layer, modal and not': [`<style>dialog:modal { color: green } dialog:not(:modal) { color: blue }</style><dialog id="one">one</dialog><dialog id="two">two</dialog><dialog id="three">three</dialog>
    <script>one.showModal();</script>`, {}, () => {
    document.querySelector('#two').show();
    document.querySelector('#three').showModal();
  }],
  'constructed sheets that are pushed, and those of a host that moves': [`<section id="a"><div id="host"></div></section><section id="b"></section><script>
      const sheet = (text) => { const made = new CSSStyleSheet(); made.replaceSync(text); return made; };
      const root = host.attachShadow({ mode: 'open' });
      root.innerHTML = '<p id="in">in</p>';
      root.adoptedStyleSheets = [sheet('#in { color: green }')];
      window.more = sheet('#in { font-weight: 700 }');</script>`, {}, () => {
    document.querySelector('#host').shadowRoot.adoptedStyleSheets.push(window.more);
    document.querySelector('#b').append(document.querySelector('#host'));
  }],
};
for (const [what, [content, pages, act = () => {}]] of Object.entries(LOOKS)) {
  test(what, async () => {
    const { live, again } = await record(content, [(page) => page.waitForTimeout(700), (page) => page.evaluate(act)], STYLES, pages);
    equal(again, live, 'styles');
  });
}

run({
  after: async () => {
    await browser.close();
    await server.close();
  },
});
