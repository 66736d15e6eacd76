// SPDX-License-Identifier: MIT
// Pages within a page: a list in one frame leads to what another one shows, as consoles and manuals do.
const STYLE = 'body { font: 15px sans-serif; margin: 12px } li { margin: 6px 0 } label { display: block; margin: 6px 0 }';
const page = (title, body) => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head><body>${body}</body></html>`;

const OUTER = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Greenhouse</title><style>body { font: 15px sans-serif; margin: 0; display: grid; grid: 48px 1fr / 220px 1fr; height: 100vh }
header { grid-column: 1 / 3; background: #264; color: #fff; padding: 0 16px; display: flex; gap: 16px; align-items: center } iframe { border: 0; border-right: 1px solid #bbb; width: 100%; height: 100% }</style></head>
<body><header><b>Greenhouse</b> <button id="wide">Wide list</button> <button id="help">Help</button></header><iframe name="list" src="/list"></iframe><iframe name="main" src="/bed?n=1"></iframe>
<script>document.getElementById('wide').onclick = () => { document.body.style.gridTemplateColumns = document.body.style.gridTemplateColumns ? '' : '340px 1fr'; };</script></body></html>`;

const LIST = page('Beds', '<h3>Beds</h3><ul><li><a href="/bed?n=1" target="main">Royal ferns</a></li><li><a href="/bed?n=2" target="main">Lady ferns</a></li><li><a href="/order" target="main">Order</a></li></ul><p>Nine more beds rest.</p>');

const bed = (url) => ({ type: 'text/html; charset=utf-8', body: page('A bed', `<h2>Bed ${Number(url.searchParams.get('n')) || 1}</h2><p>Watered <span id="n">0</span> times.</p><button id="water">Water</button> <button id="drain">Drain</button> <button id="check">Check the pump</button><p id="said"></p>
<details><summary>What grows here</summary><p>Ferns, and moss below them.</p></details><script>let n = 0; document.getElementById('water').onclick = () => { document.getElementById('n').textContent = ++n; };
document.getElementById('check').onclick = () => setTimeout(() => { document.getElementById('said').textContent = 'It runs, ' + Date.now() % 1000 + ' turns.'; }, 4000);</script>`) });

const order = { '#order [name=name]': 'Ada of the ferns', '#order [name=wish]': 'Two lady ferns' };

export default {
  about: 'frames that lead to one another',
  start: () => ({ routes: { '/': OUTER, '/list': LIST, '/bed': bed, '/order': page('Order', '<h2>Order</h2><form id="order" action="/sent"><label>Name <input name="name"></label><label>Wish <input name="wish"></label><button>Send</button> <button type="button">Ask</button></form>'),
    '/sent': page('Sent', '<h2>Sent</h2><a href="/bed?n=1">Back</a>') } }),
  paths: ['/', '/', '/order', '/bed?n=2'],
  tasks: {
    async sends(visitor) {
      await visitor.goto('/order');
      await visitor.form('an order', order, { send: (one) => one.click('#order button') });
    },
    async leaves(visitor) {
      await visitor.goto('/order');
      await visitor.form('an order', order, { leave: (one) => one.goto('/bed?n=1') });
    },
    async looksAround(visitor) {
      await visitor.pressAt({ x: 80, y: 136 });
      await visitor.click('#wide');
      await visitor.click('#help', { times: 3 });
      await visitor.click('#help', { patient: true });
      await visitor.pressAt({ x: 420, y: 150 });
    },
  },
};
