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
  await page.close({ runBeforeUnload: true });
  const state = { batches: [] };
  await until(() => {
    state.batches = server.batches.slice(from);
    return tagged(state, 'ss:visibility').length;
  }, 'the end of the visit');
  const events = eventsOf(state).sort((a, b) => a.timestamp - b.timestamp);
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

test('what moved and was wrapped in one task is there', async () => {
  const { live, again } = await record('<button id="go">Go</button><div><table><tr><td>first<td>second</table></div>', [async (page) => {
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
    await page.waitForTimeout(2500);
  }], () => document.body.textContent.replace(/\s+/g, ' ').trim());
  equal(again, live, 'text');
});

test('a form that is reset is empty again', async () => {
  const { live, again } = await record('<form><input name="plant"><input type="checkbox" name="wet"></form>', [
    async (page) => {
      await page.fill('[name=plant]', 'fern');
      await page.check('[name=wet]');
    },
    async (page) => {
      await page.evaluate(() => document.querySelector('form').reset());
      await page.waitForTimeout(1500);
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
  })], () => document.querySelectorAll('canvas').length);
  const calls = events.filter(({ data }) => data.source === 9).flatMap(({ data }) => data.commands);
  equal(calls.map(({ property, args }) => [property, args[0]?.rr_type ?? args[0]]),
    [['fillStyle', 'red'], ['fillRect', 0], ['fillStyle', 'blue'], ['fillRect', 0], ['drawImage', 'HTMLImageElement']], 'calls');
  ok(/^data:image/.test(calls[4].args[0].src), 'the canvas that was drawn');
});

run({
  after: async () => {
    await browser.close();
    await server.close();
  },
});
