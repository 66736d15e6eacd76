// SPDX-License-Identifier: MIT
// Help, account and the sellers' dashboard.
import { money } from './goods.js';

const QUESTIONS = ['How fast do you deliver?', 'Can I send a plant to a friend?', 'What if a pot arrives broken?', 'Do you take back empty pots?',
  'How do I sow sweet peas?', 'When do I plant out kale?', 'Which soil do I need?', 'How do I sharpen the knife?', 'Is the lantern safe indoors?',
  'Where do your seeds come from?', 'How do I pay?', 'Can I change my order?', 'What does delivery cost?', 'Do you have a shop to visit?',
  'How do I oil an ash handle?', 'How do I reach you?'];

export function helpPage(page) {
  page.innerHTML = `<h1>Help</h1>${QUESTIONS.map((question, i) => `<h2 id="q${i}">${question}</h2><p>${
    'We answer this more often than any other question, and gladly. Most of the time the answer is a day or two, unless the weather has other plans; '.repeat(2 + (i * 7) % 4)
  }If in doubt, write to us and a person who has done it will answer.</p>`).join('')}`;
}

export function accountPage(page) {
  page.innerHTML = `<h1>Your account</h1><div class="two"><form id="profile"><div class="field"><label for="name">Name</label><input id="name" name="name" autocomplete="name" value=""></div>
    <div class="field"><label for="mail">E-mail</label><input id="mail" name="mail" type="email" autocomplete="email"></div>
    <div class="field"><label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password"> <button type="button" class="plain" id="reveal">Show</button></div>
    <div class="field"><label for="birthday">Birthday</label><input id="birthday" name="birthday"></div><button type="submit">Save</button><p id="saved" role="status"></p></form>
    <div><div class="panel" data-ss-mask><b>Customer number 48 2214 7781</b><p>Marten Vogel, Lindenweg 14, Halle</p></div>
    <h2>Orders</h2><div id="orders" aria-busy="true"><div class="spinner" role="progressbar" aria-label="Loading"></div></div></div></div>`;
  const form = page.querySelector('form');
  page.querySelector('#reveal').onclick = () => {
    form.password.type = form.password.type === 'password' ? 'text' : 'password';
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    page.querySelector('#saved').innerHTML = '<span class="note">Saved.</span>';
  };
  fetch('/api/orders?slow=1').then((answer) => answer.json()).then(({ orders }) => {
    const box = page.querySelector('#orders');
    if (!box) return;
    box.removeAttribute('aria-busy');
    box.innerHTML = `<table><tbody>${orders.map((order) => `<tr><td>${order.day}</td><td>${order.what}</td><td class="number">${money(order.total)}</td></tr>`).join('')}</tbody></table>`;
  }).catch(() => {
    const box = page.querySelector('#orders');
    if (box) box.innerHTML = '<p class="error" role="alert">Your orders cannot be shown at the moment.</p>';
  });
}

// A moving picture that needs no file: a drawing, filmed.
function film(video) {
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 180;
  const draw = canvas.getContext('2d');
  let step = 0;
  const timer = setInterval(() => {
    step++;
    draw.fillStyle = '#23402f';
    draw.fillRect(0, 0, 320, 180);
    draw.fillStyle = '#9cc3ac';
    draw.beginPath();
    draw.arc(160 + 90 * Math.sin(step / 9), 90, 26, 0, 7);
    draw.fill();
  }, 100);
  video.srcObject = canvas.captureStream(10);
  return timer;
}

export function dashboardPage(page) {
  page.innerHTML = `<h1>Sellers</h1><div class="tiles"><div class="panel"><span class="price">Town clock</span><div class="big" id="clock">--:--:--</div></div>
    <div class="panel"><span class="price">Sold today</span><div class="big">128</div></div><div class="panel"><span class="price">Open parcels</span><div class="big">17</div></div></div>
    <h2>This week</h2><div class="panel bars">${[40, 62, 55, 71, 96, 120, 84].map((height) => `<i style="height:${height}px"></i>`).join('')}</div>
    <p style="margin-top:16px"><button id="export" class="plain">Export as table</button> <button id="refresh" class="plain">Refresh</button> <span id="refreshed" role="status"></span></p>
    <h2>How packing works</h2><div style="max-width:520px"><video id="film" muted playsinline></video><p><button class="plain" id="play">Play</button></p></div>`;
  const clock = page.querySelector('#clock');
  const tick = setInterval(() => {
    clock.textContent = new Date().toISOString().slice(11, 19);
  }, 1000);
  const video = page.querySelector('#film');
  let filming = 0;
  page.querySelector('#play').onclick = (event) => {
    filming ||= film(video);
    if (video.paused) video.play();
    else video.pause();
    event.target.textContent = video.paused ? 'Play' : 'Pause';
  };
  page.querySelector('#refresh').onclick = async () => {
    const answer = await fetch('/api/figures');
    if (!answer.ok) console.error('figures: answered', answer.status, { seller: 'fern', token: 'fig-7a91' });
    page.querySelector('#refreshed').textContent = answer.ok ? 'Up to date.' : 'The figures cannot be had at the moment.';
  };
  return () => {
    clearInterval(tick);
    clearInterval(filming);
  };
}
