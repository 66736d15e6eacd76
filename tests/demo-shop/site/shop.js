// SPDX-License-Identifier: MIT
// The demo shop: one page, its views chosen by the path.
import { cartPage, checkoutPage } from './checkout.js';
import { cart, drawing, find, goods, kinds, money } from './goods.js';
import { accountPage, dashboardPage, helpPage } from './more.js';

const page = document.querySelector('#page');
const { release } = document.body.dataset;
let leave = () => {};

function card(item) {
  return `<a class="card" href="/product/${item.id}">${drawing(item)}<div><b>${item.name}</b><span class="price">${money(item.price)}</span></div></a>`;
}

function home() {
  const banner = document.body.dataset.banner;
  page.innerHTML = `<section class="banner ${banner}"><div><h1>${banner === 'b' ? 'Last frost is over' : 'Spring is two weeks away'}</h1>
    <p>${banner === 'b' ? 'Everything to plant out this weekend.' : 'Seeds, pots and tools that last.'}</p></div>
    <a class="button" id="banner-go" href="/products?kind=${banner === 'b' ? 'pots' : 'seeds'}" style="background:#fff;color:#222">${banner === 'b' ? 'Plant out' : 'Start sowing'}</a></section>
    <h2>Much liked</h2><div class="grid">${goods.filter((item) => item.id % 3 === 0).slice(0, 8).map(card).join('')}</div>`;
}

function list() {
  const query = new URLSearchParams(location.search);
  const kind = query.get('kind');
  const order = query.get('order') ?? 'name';
  const shown = goods.filter((item) => !kind || item.kind === kind).sort((a, b) => (order === 'price' ? a.price - b.price : a.name.localeCompare(b.name)));
  page.innerHTML = `<h1>Products</h1><div class="filters"><button class="plain ${kind ? '' : 'on'}" data-kind="">All</button>
    ${kinds.map((each) => `<button class="plain ${each === kind ? 'on' : ''}" data-kind="${each}">${each}</button>`).join('')}
    <button class="plain" data-order="${order === 'price' ? 'name' : 'price'}">Sort by ${order === 'price' ? 'name' : 'price'}</button>
    <span class="price">${shown.length} things</span></div><div class="grid">${shown.map(card).join('')}</div>`;
  page.querySelector('.filters').onclick = (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.dataset.kind !== undefined) button.dataset.kind ? query.set('kind', button.dataset.kind) : query.delete('kind');
    else query.set('order', button.dataset.order);
    go(`/products?${query}`);
  };
}

function detail(id) {
  const item = find(id);
  if (!item) {
    page.innerHTML = '<h1>Not here</h1><p>We do not have this any more.</p>';
    return;
  }
  let view = 0;
  page.innerHTML = `<div class="detail"><div class="carousel"><div class="picture"></div><button class="step previous" aria-label="Previous picture">‹</button>
    <button class="step next" aria-label="Next picture">›</button><div class="at"></div></div><div><h1>${item.name}</h1><p class="price">${money(item.price)}</p>
    <p>Made to be used for a long time and mended when it no longer is. Number ${item.id}, weighs ${200 + (item.id % 9) * 150} g, packed in paper.
    Our ${item.kind} come from small workshops that we know by name and visit once a year.</p>
    <p><button id="add" ${item.stock ? '' : 'disabled'}>Add to cart</button> <div class="wish" role="button" tabindex="0" id="wish">♡ Remember this</div></p>
    <p><button class="plain" id="stock">Check availability</button> <span id="stock-answer" role="status"></span></p>
    <p id="added" role="status"></p></div></div>`;
  const draw = () => {
    page.querySelector('.picture').innerHTML = drawing(item, view);
    page.querySelector('.at').textContent = `${(view % 6) + 1} of 6`;
  };
  draw();
  page.querySelector('.next').onclick = () => { view++; draw(); };
  page.querySelector('.previous').onclick = () => { view += 5; draw(); };
  page.querySelector('#add').onclick = () => {
    cart.add(item.id, 1);
    count();
    page.querySelector('#added').innerHTML = '<span class="note">In your cart.</span>';
  };
  page.querySelector('#stock').onclick = async () => {
    const box = page.querySelector('#stock-answer');
    // 1.0 lets people wonder; 2.0 says that it is asking.
    if (release !== '1.0') box.textContent = 'Asking the store room …';
    const answer = await fetch(`/api/stock/${item.id}`);
    box.textContent = answer.ok ? (await answer.json()).text : 'Cannot tell at the moment.';
  };
}

function thanks() {
  page.innerHTML = `<h1>Thank you!</h1><p class="note">Your order ${new URLSearchParams(location.search).get('order') ?? ''} is on its way.</p><a class="button" href="/">Back to the shop</a>`;
}

const titles = { '': 'Fern & Field', products: 'Products', product: 'Product', cart: 'Your cart', checkout: 'Checkout', thanks: 'Thank you', help: 'Help', account: 'Account', dashboard: 'Sellers' };

function count() {
  document.querySelector('#cart-count').textContent = cart.count();
}

function show() {
  leave();
  leave = () => {};
  page.onclick = null;
  const [, first, second] = location.pathname.split('/');
  document.title = first ? `${titles[first] ?? 'Not here'} · Fern & Field` : titles[''];
  document.querySelectorAll('header nav a').forEach((a) => a.classList.toggle('here', a.getAttribute('href') === `/${first}`));
  count();
  const views = { '': home, products: list, product: () => detail(second), cart: () => cartPage(page, show), checkout: () => checkoutPage(page, second, go), thanks,
    help: () => helpPage(page), account: () => accountPage(page), dashboard: () => dashboardPage(page) };
  leave = (views[first] ?? (() => { page.innerHTML = '<h1>Not here</h1>'; }))() ?? (() => {});
}

function go(path) {
  history.pushState(null, '', path);
  show();
  window.scrollTo(0, 0);
}

// Products, their list and checkout change within the page; the rest are page loads, as in many shops that grew.
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="/product"], a[href^="/checkout"], a[href^="/cart"]');
  if (!link || event.ctrlKey || event.metaKey || link.target) return;
  event.preventDefault();
  go(link.getAttribute('href'));
});
window.addEventListener('popstate', show);
show();
