// SPDX-License-Identifier: MIT
// Secrets of many kinds, made anew from a seed, in every place of a page where they can stand, in applications of several makes;
// none of them is posted, in any form or in parts, and what is ordinary beside them is posted as it is. SIGHT_SEED repeats a run.
import { openBrowser, startServer, tagFor } from './browser.mjs';
import { ok, run, test, until } from './tap.mjs';

const seed = Number(process.env.SIGHT_SEED ?? Date.now() % 1e9);
let state = seed % 2147483647 || 1;
const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const ALL = `${LETTERS}${LETTERS.toUpperCase()}0123456789`;
const HEX = '0123456789abcdef';
// Of a key each six letters have a digit, so that no word or part of one is searched for.
const chars = (alphabet, length) => Array.from({ length }, (_, i) => (i % 4 === 3 ? below(10) : pick(alphabet))).join('');

function luhn(begin, length) {
  const digits = [...begin].map(Number);
  while (digits.length < length - 1) digits.push(below(10));
  const sum = digits.reduceRight((total, digit, i) => {
    const twice = (digits.length - i) % 2 ? digit * 2 : digit;
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return digits.join('') + ((10 - (sum % 10)) % 10);
}

const groups = (digits, by, sizes = [4, 4, 4, 4]) => sizes.reduce(([out, at], size) => [[...out, digits.slice(at, at + size)], at + size], [[], 0])[0].join(by);
const card = () => luhn(pick(['4', '51', '55', '2221', '2720', '6011', '65', '3528', '62']), 16);
const key = (begin, length, alphabet = ALL) => () => {
  const core = chars(alphabet, length);
  return { core, text: begin + core };
};
// A few letters of hexadecimal are found in any digest.
const hexKey = (begin, length) => () => ({ ...key(begin, length, HEX)(), piece: 10 });
const named = (before, length, alphabet = ALL, after = '') => () => {
  const core = chars(alphabet, length);
  return { core, text: `${before}${core}${after}` };
};
const WORDS = 'gravity hazard lumber velvet walnut quantum pepper orbit mammal jungle oxygen panther ribbon saddle turtle vacuum whisper zebra anchor basket'.split(' ');

// What gives itself away, by its looks or by the words before it.
const KINDS = {
  'AWS key': key('AKIA', 16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.slice(0, 26)),
  'GitHub token': key('ghp_', 36),
  'GitHub fine token': key('github_pat_', 60),
  'GitLab token': key('glpat-', 20),
  'Slack token': key('xoxb-', 30),
  'Slack webhook': key('https://hooks.slack.com/services/T00000000/B00000000/', 24),
  'Stripe key': key('sk_live_', 24),
  'Google key': key('AIza', 35),
  'model key': key('sk-proj-', 40),
  'npm token': key('npm_', 36),
  'Shopify token': hexKey('shpat_', 32),
  'SendGrid key': () => {
    const core = chars(ALL, 40);
    return { core, text: `SG.${chars(ALL, 22)}.${core}` };
  },
  'Hugging Face token': key('hf_', 34),
  'vault token': key('hvs.', 24),
  JWT: () => {
    const core = chars(ALL, 40);
    return { core, text: `eyJhbGciOiJIUzI1NiJ9.eyJ${chars(ALL, 30)}.${core}` };
  },
  'private key': named('-----BEGIN RSA PRIVATE KEY----- ', 64, ALL, ' -----END RSA PRIVATE KEY-----'),
  'bearer token': named('curl -H Authorization: Bearer ', 20),
  'basic credentials': named('Authorization: Basic ', 24),
  'named key': named('api_key=', 24),
  'named secret': named('client_secret: ', 20),
  'database user': named('postgres://app:', 14, ALL, '@db.example/main'),
  'session id': hexKey('session_id=', 26),
  'csrf pair': named('csrf_token=', 26),
  'card': () => ({ text: card(), digits: true }),
  'card with blanks': () => ({ text: groups(card(), ' '), digits: true }),
  'card with dashes': () => ({ text: groups(card(), '-'), digits: true }),
  'card of 15 digits': () => ({ text: groups(luhn(pick(['34', '37']), 15), ' ', [4, 6, 5]), digits: true }),
};

// The same secrets in addresses.
const IN_ADDRESS = {
  'reset path': (t) => `/reset-password/${t}`,
  'invitation path': (t) => `/team/invite/${t}`,
  'confirmation path': (t) => `/users/confirm_email/${t}/done`,
  'magic path': (t) => `/auth/magic/${t}`,
  'share path': (t) => `/share/${t}`,
  'path in a fragment': (t) => `/#/password/reset/${t}`,
  'path in a parameter': (t) => `/login?next=${encodeURIComponent(`/invite/${t}`)}`,
  ...Object.fromEntries(['access_token', 'code', 'state', 'ticket', 'invite', 'reset', 'magic', 'SAMLResponse', 'RelayState', 'api_key', 'sig', 'password', 'otp', 'nonce', 'verification', 'PHPSESSID']
    .map((name) => [`parameter ${name}`, (t) => `/go?page=2&${name}=${t}&view=list`])),
  'fragment id_token': (t) => `/#id_token=${t}`,
};

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
// Places of a text: in the page as it comes, or done there later.
const PLACES = {
  text: (t) => `<p>${escaped(t)}</p>`,
  'table cell': (t) => `<table><tr><td>one</td><td>${escaped(t)}</td></tr></table>`,
  title: (t) => `<i title="${escaped(t)}">x</i>`,
  'aria-label': (t) => `<button aria-label="${escaped(t)}">x</button>`,
  alt: (t) => `<img alt="${escaped(t)}">`,
  placeholder: (t) => `<input placeholder="${escaped(t)}">`,
  'data attribute': (t) => `<i data-more="${escaped(t)}">x</i>`,
  'own attribute': (t) => `<x-note words="${escaped(t)}">x</x-note>`,
  'value of a field': (t) => `<input value="${escaped(t)}">`,
  'text area': (t) => `<textarea>${escaped(t)}</textarea>`,
  option: (t) => `<select><option>a</option><option label="${escaped(t)}">${escaped(t)}</option></select>`,
  'data list': (t) => `<datalist><option value="${escaped(t)}"></datalist>`,
  'hidden field': (t) => `<input type="hidden" name="more" value="${escaped(t)}">`,
  'shadow root': (t) => `<div><template shadowrootmode="open"><p>${escaped(t)}</p></template></div>`,
  frame: (t) => `<iframe srcdoc="${escaped(`<p>${escaped(t)}</p>`)}"></iframe>`,
  'editable text': (t) => `<div contenteditable>${escaped(t)}</div>`,
  drawing: (t) => `<svg width="9" height="9"><text>${escaped(t)}</text></svg>`,
  pre: (t) => `<pre>${escaped(t)}</pre>`,
  console: (t) => ({ act: 'console', t }),
  error: (t) => ({ act: 'error', t }),
  rejection: (t) => ({ act: 'rejection', t }),
  'later text': (t) => ({ act: 'text', t }),
  'later attribute': (t) => ({ act: 'attribute', t }),
  'later value': (t) => ({ act: 'value', t }),
  'title of the page': (t) => ({ act: 'title', t }),
  'event property': (t) => ({ act: 'event', t }),
};
const ADDRESS_PLACES = {
  link: (t) => `<a href="${escaped(t)}">x</a>`,
  form: (t) => `<form action="${escaped(t)}"></form>`,
  picture: (t) => `<img src="${escaped(t)}" alt="">`,
  text: (t) => `<p>open https://app.example${escaped(t)} now</p>`,
  style: (t) => `<b style="background:url('${escaped(t)}')">x</b>`,
  pushState: (t) => ({ act: 'push', t }),
  fetch: (t) => ({ act: 'fetch', t }),
  xhr: (t) => ({ act: 'xhr', t }),
  console: (t) => ({ act: 'console', t: `GET ${t} failed` }),
  'later link': (t) => ({ act: 'link', t }),
};

// Runs in the page.
const act = async (acts) => {
  const add = (el) => document.body.appendChild(el);
  const make = { console: (t) => console.error('said', t, { deep: [t] }), error: (t) => setTimeout(() => { throw new Error(t); }), rejection: (t) => { Promise.reject(new Error(t)); },
    text: (t) => { add(document.createElement('p')).textContent = t; }, attribute: (t) => { document.body.lastElementChild.title = t; },
    value: (t) => { add(document.createElement('input')).value = t; }, title: (t) => { document.title = t; history.pushState(null, '', '#titled'); },
    event: (t) => SessionSight.event('went', { to: t }), push: (t) => history.pushState(null, '', t), fetch: (t) => fetch(`/missing${t}`),
    xhr: (t) => new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      xhr.open('GET', `/missing${t}`);
      xhr.onloadend = resolve;
      xhr.send();
    }), link: (t) => { add(document.createElement('a')).href = t; } };
  for (const { act: what, t } of acts) {
    await make[what](t);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

const uuid = () => [8, 4, 4, 4, 12].map((length) => Array.from({ length }, () => pick(HEX)).join('')).join('-');
const day = () => `20${10 + below(20)}-${String(1 + below(12)).padStart(2, '0')}-${String(1 + below(28)).padStart(2, '0')}`;
// What looks like a secret and is none.
const ORDINARY = {
  text: [() => `Order ${100000 + below(900000)}`, () => `Invoice 2026-${1000 + below(9000)}`, () => `${day()} ${10 + below(12)}:${10 + below(49)}`, () => `€ ${below(9000)}.${10 + below(89)}`,
    () => `commit ${chars(HEX, 40)}`, () => `build ${chars(HEX, 7)}`,
    // With what would do for the number of a card in it.
    () => `commit ${chars(HEX, 11)}a${card()}f${chars(HEX, 11)}`, () => `page 5e${groups(card(), '-', [6, 4, 4, 2])}${below(90) + 10}-${chars(HEX, 12)}`, () => `version 2.${below(99)}.${below(99)}`, () => `page ${uuid()}`, () => `IMG_${day().replaceAll('-', '')}_${100000 + below(900000)}.jpg`,
    () => pick(['Basic information', 'Bearer of news', 'Token bucket', 'Password: at least eight letters', 'Session: opening', 'Secret garden', 'Reset all filters', 'Two-factor authentication',
      'Key features of it', 'PIN board', 'State: Hampshire', 'card game', 'recovery after rain']) + ` ${below(99)}`,
    () => `192.0.2.${below(255)}`, () => `sha512-${chars(ALL, 60)}`, () => `${below(90)}.${1000000 + below(8999999)}, ${below(90)}.${1000000 + below(8999999)}`, () => `${(random() * 100).toFixed(1)} %`,
    () => `at 1${String(700000000000 + below(90000000000))}`, () => `SKU-${below(999)}-${pick(WORDS)}`, () => `${pick(WORDS)} and ${pick(WORDS)} ${below(99)}`, () => `0.${chars('123456789', 15).slice(0, 14)}`],
  address: [() => `/orders/${100000 + below(900000)}`, () => `/users/${uuid()}`, () => `/static/index-${chars(HEX, 8)}.js`, () => `/docs/${pick(WORDS)}-${pick(WORDS)}?page=${below(99)}&state=open&sort_key=name`, () => `/commit/${chars(HEX, 40)}`, () => `/commit/${chars(HEX, 11)}c${card()}d${chars(HEX, 11)}`,
    () => `/board/${chars(ALL, 21)}`, () => `/reset-password/success?author=${pick(WORDS)}${below(99)}`, () => `/share/my-trip-${below(99)}`, () => `/auth/oauth2/callback?country_code=DE&user_id=${below(9999)}`, () => `/invite/friends?postcode=SW1A&n=${below(999)}`,
    () => `/map#5/48.${below(99)}/2.${below(99)}`, () => `/chunks/pages-${chars(HEX, 16)}.css?v=${below(9999)}`],
  attribute: [() => `id="r-${chars(ALL, 10)}"`, () => `data-id="${uuid()}"`, () => `data-key="${below(99999)}"`, () => `class="css-${chars(HEX, 6)} Button_root__${chars(ALL, 5)}"`, () => `data-state="open-${below(999)}"`, () => `data-testid="row-${below(9999)}"`],
  drawing: [() => `<circle cx="${random() * 1e2}" cy="${random()}" r="3"/>`, () => `<path d="M${random() * 100} ${random() * 100}L${random()} 4111111111111111"/>`, () => `<polyline points="${random() * 100},${random() * 100} 5555555555554444,1"/>`,
    () => `<g transform="translate(${random() * 1000},378282246310005)"><rect width="1" height="1"/></g>`, () => `<feFuncR tableValues="0 ${random()} 4111111111111111" type="table"/>`, () => `<animate values="0;${random()};4111111111111111"/>`],
};

const APPLICATIONS = {
  shop: (body) => `<header><h1>Ferns and pots</h1><nav><a href="/cart">Cart</a></nav></header><main>${body}</main>`,
  wiki: (body) => `<div id="toc"><ul><li>1 Origin</li></ul></div><article>${body}</article>`,
  console: (body) => `<table><thead><tr><th>Name</th></tr></thead></table><section class="panel">${body}</section>`,
  chat: (body) => `<ol class="messages"><li><b>Ada</b> hello</li></ol><div role="log">${body}</div><div contenteditable></div>`,
  grid: (body) => `<div role="grid"><div role="row"><div role="gridcell">1</div></div></div>${body}`,
  components: (body) => `<x-card label="Town"><template shadowrootmode="open"><label for="input">Town</label><input id="input" value="Samarkand"><slot></slot></template></x-card><div>${body}</div>`,
  hash: (body) => `<div id="app" data-view="list"><a href="#/list">List</a>${body}</div>`,
  flow: (body) => `<svg width="200" height="50"><g class="node"><rect width="9" height="9"/></g></svg><aside>${body}</aside>`,
  frames: (body) => `<iframe srcdoc="<p>left</p>"></iframe>${body}`,
  form: (body) => `<form id="f"><label>Town <input name="town" value="Lima"></label><input type="hidden" name="view" value="orders"></form>${body}`,
  'right to left': (body) => `<div dir="rtl"><h1>שלום</h1>${body}</div>`,
  editor: (body) => `<pre><code><span class="token string">'words'</span></code></pre>${body}`,
};

let browser;
let server;

// Every string of what was posted but the names of sessions and windows.
function posted() {
  const strings = [];
  const walk = (value) => {
    if (typeof value === 'string') strings.push(value);
    else if (value && typeof value === 'object') for (const [name, item] of Object.entries(value)) strings.push(name), walk(item);
  };
  for (const { batch } of server.posts) walk(batch.events);
  return [...new Set(strings)].join('\n');
}

const base64 = (value) => [0, 1, 2].map((before) => Buffer.from(' '.repeat(before) + value).toString('base64').replace(/=+$/, '').slice(before && 4, -2));

// A secret as it is, in other writing, and each piece of six letters of what is random in it; of cards six digits with anything between.
function traces({ text, core, digits, piece = 6 }, all, allDigits) {
  const whole = [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), escaped(text), ...base64(core ?? text)].filter((form) => form.length > 6 && all.includes(form));
  if (digits) {
    const plain = text.replace(/\D/g, '');
    return [...whole, ...[plain, plain.slice(4), plain.slice(0, 12)].filter((part) => allDigits.includes(part))];
  }
  for (let i = 0; core && i + piece <= core.length; i++) if (all.includes(core.slice(i, i + piece))) whole.push(core.slice(i, i + piece));
  return whole;
}

function nothingLeaked(planted) {
  const all = posted();
  const allDigits = all.split('\n').map((line) => line.replace(/[ \u00a0-]/g, '')).join('\n');
  const leaked = planted.filter((secret) => traces(secret, all, allDigits).length);
  for (const secret of leaked) {
    const [trace] = traces(secret, all, allDigits);
    const at = all.indexOf(trace);
    console.log(`# leaked: ${secret.where}: ${secret.text}: …${all.slice(Math.max(0, at - 60), at + 60).replaceAll('\n', ' ')}…`);
  }
  ok(!leaked.length, `${leaked.length} of ${planted.length} are given away`);
  return all;
}

async function visit(path, html, use, attributes = '') {
  server.pages[path] = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>A page</title>${tagFor(server, attributes)}</head><body>${html}</body></html>`;
  const page = await browser.newPage();
  await page.goto(server.url + path);
  await until(() => page.evaluate(() => Boolean(globalThis.SessionSight)), 'the recorder');
  await page.waitForTimeout(50);
  await use(page);
  const name = `done${path.replaceAll('/', '-')}`;
  await page.waitForTimeout(150);
  await page.evaluate((what) => SessionSight.event(what), name);
  await page.evaluate(() => dispatchEvent(new Event('pagehide')));
  await until(() => server.posts.some(({ text }) => text.includes(name)), 'the last batch');
  await page.close();
}

const combined = () => [
  ...Object.entries(KINDS).flatMap(([kind, make]) => Object.entries(PLACES).map(([place, put]) => {
    const secret = make();
    return { ...secret, kind, where: `${kind} in ${place}`, put: put(secret.text) };
  })),
  ...Object.entries(IN_ADDRESS).flatMap(([kind, at]) => Object.entries(ADDRESS_PLACES).map(([place, put]) => {
    const core = chars(ALL, 20);
    return { core, text: core, kind, where: `${kind} in ${place}`, put: put(at(core)) };
  })),
];

// Each ordinary text is told twice: as it is put into the page, and as it must be posted.
const ordinary = () => [
  ...Array.from({ length: 110 }, (_, i) => ORDINARY.text[i % ORDINARY.text.length]()).map((text, i) => ({ kept: text, put: [(t) => `<p>${t}</p>`, (t) => `<i title="${t}">x</i>`, (t) => `<i data-note="${t}">x</i>`,
    (t) => `<table><tr><td>${t}</td></tr></table>`, (t) => `<div>at <b>${t}</b></div>`][i % 5](text) })),
  ...Array.from({ length: 60 }, (_, i) => ORDINARY.address[i % ORDINARY.address.length]()).map((text, i) => ({ kept: text, put: [(t) => `<a href="${t}">x</a>`, (t) => `<p>see https://a.example${t} now</p>`, (t) => ({ act: 'push', t })][i % 3](text) })),
  ...Array.from({ length: 30 }, (_, i) => ORDINARY.attribute[i % ORDINARY.attribute.length]()).map((text) => ({ kept: text.match(/"(.*)"/)[1], put: `<i ${text}>x</i>` })),
  ...Array.from({ length: 24 }, (_, i) => ORDINARY.drawing[i % ORDINARY.drawing.length]()).map((text) => ({ kept: text.match(/"([^"]{6,})"/)[1], put: `<svg width="1" height="1">${text}</svg>` })),
];

test('secrets of many kinds in every place of many applications', async () => {
  await anew();
  const planted = combined();
  const kept = ordinary();
  const names = Object.keys(APPLICATIONS);
  const byPage = (list, i) => list.filter((_, at) => at % names.length === i);
  for (const [i, name] of names.entries()) {
    const puts = [...byPage(planted, i), ...byPage(kept, i)].map(({ put }) => put).sort(() => random() - 0.5);
    await visit(`/${name.replaceAll(' ', '-')}`, APPLICATIONS[name](puts.filter((put) => typeof put === 'string').join('\n')), (page) => page.evaluate(act, puts.filter((put) => put.act)));
  }
  console.log(`# SIGHT_SEED=${seed}: ${planted.length} secrets of ${new Set(planted.map(({ kind }) => kind)).size} kinds, ${kept.length} ordinary texts, ${names.length} applications`);
  ok(planted.length >= 300 && kept.length >= 200, 'enough of them');
  const all = nothingLeaked(planted);
  const lost = kept.filter((each) => !all.includes(each.kept));
  for (const each of lost) console.log(`# masked by mistake: ${each.kept}`);
  ok(!lost.length, `${lost.length} of ${kept.length} ordinary texts are masked`);
  for (const text of ['Samarkand', 'Lima', 'Ferns and pots', 'שלום']) ok(all.includes(text), `“${text}” should be there`);
});

// What fields hold, and where it comes up again. Letters that no word has.
const secret = (where, begin = '') => {
  const core = chars(LETTERS, 12);
  return { where, core, text: begin + core };
};
const anew = async () => {
  await server?.close();
  server = await startServer();
  browser ??= await openBrowser();
};
const holds = (all, kept) => {
  for (const text of kept) ok(all.includes(text), `“${text}” should be there`);
};
const type = async (page, selector, text) => {
  await page.locator(selector).click();
  await page.keyboard.type(text, { delay: 5 });
};

test('secrets of fields, and beside them', async () => {
  await anew();
  const t = Object.fromEntries(['data', 'made', 'later', 'bearer', 'key', 'dotted', 'inner', 'csrf'].map((where) => [where, secret(where, 'K')]));
  const phrase = { where: 'recovery phrase', text: WORDS.slice(0, 12).join(' ') };
  const listed = WORDS.slice(8, 20);
  const html = `<style>.dots { -webkit-text-security: disc }</style><h1>Add user</h1><form action="/fields?view=orders"><input type="password" id="pass1" name="pass1" data-pw="${t.data.text}"><input name="generated" id="generated">
<input id="auth-bearer-value"><input id="api_key_value"><input id="dots" class="dots"><input type="hidden" name="view" value="orders"><input type="hidden" name="csrf" value="${t.csrf.text}"></form>
<pre id="out"></pre><p id="told"></p><p>${phrase.text}</p><h2>Recovery phrase</h2><ol>${listed.map((word) => `<li>${word.toUpperCase().toLowerCase()}</li>`).join('')}</ol><p>orders of today, twelve of them</p>
<x-field label="Town"></x-field><x-field label="Colour"></x-field><x-field label="Secret word" kind="password"></x-field><x-field label="Volume" kind="range"></x-field>
<script>customElements.define('x-field', class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<input id="input" name="input" type="' + (this.getAttribute('kind') ?? 'text') + '" value="' + (this.hasAttribute('kind') ? 0 : '') + '">'; } });</script>`;
  await visit('/fields', html, async (page) => {
    await page.evaluate(([made, later]) => {
      const field = (id) => document.getElementById(id);
      field('generated').value = made;
      field('out').textContent = made;
      field('pass1').value = made;
      field('told').textContent = later;
    }, [t.made.text, t.later.text]);
    await page.waitForTimeout(100);
    await page.evaluate((later) => {
      const field = document.getElementById('pass1');
      field.value = later;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }, t.later.text);
    await type(page, '#auth-bearer-value', t.bearer.text);
    await type(page, '#api_key_value', t.key.text);
    await type(page, '#dots', t.dotted.text);
    for (const [i, text] of ['Lima', 'green', t.inner.text].entries()) await page.locator('x-field').nth(i).locator('input').fill(text);
    await page.evaluate(() => {
      const field = (id) => document.getElementById(id).value;
      document.getElementById('out').innerHTML = `curl <b>${field('api_key_value').slice(0, 7)}</b>${field('api_key_value').slice(7)} Bearer ${field('auth-bearer-value')}`;
      console.warn('dots', field('dots'), document.querySelector('[name=csrf]').value);
    });
  });
  const all = nothingLeaked([...Object.values(t), phrase]);
  ok(!listed.slice(4).some((word) => all.includes(word)), 'words of a phrase, each in its own element');
  holds(all, ['Lima', 'green', '/fields?view=orders', 'orders of today, twelve of them', 'Recovery phrase']);
  ok(server.batches.flatMap(({ events }) => events).some(({ type: kind, data }) => kind === 2 && /"type":"range","value":"0"/.test(JSON.stringify(data))), 'a slider at 0');
});

const ECHO = `<input id="q"><input id="n"><output id="o"></output><div id="split"></div><div role="grid"><div role="gridcell" id="cell"></div></div><ol id="chat"></ol>
<script>q.oninput = () => { o.textContent = 'Results for ' + q.value; document.title = 'Search: ' + q.value; q.title = q.value; cell.textContent = q.value; history.replaceState({}, '', '#' + encodeURIComponent(q.value));
console.error('nothing found for ' + q.value); fetch('/search?q=' + encodeURIComponent(q.value)); };
n.onkeydown = ({ key }) => { if (key !== 'Enter') return; chat.append(Object.assign(document.createElement('li'), { textContent: n.value })); split.innerHTML = '<b>' + n.value.slice(0, 9) + '</b><i>' + n.value.slice(9) + '</i>'; n.value = ''; };</script>`;

test('what was masked where it was typed is masked wherever the page shows it', async () => {
  await anew();
  const typed = { ...secret('typed with all fields masked', 'Jane '), piece: 5 };
  await visit('/echo', ECHO, (page) => type(page, '#q', typed.text), 'data-mask="inputs"');
  holds(nothingLeaked([typed]), ['Results for', 'nothing found for']);
  await anew();
  const cards = ['', ' ', '-'].map((by) => ({ where: `card with “${by}”`, text: groups(card(), by), digits: true }));
  const phone = { where: 'phone', text: `01${chars('123456789', 9)}`, digits: true };
  await visit('/chat', ECHO, async (page) => {
    for (const { text } of [...cards, phone, { text: 'plain words' }]) {
      await type(page, '#n', text);
      await page.keyboard.press('Enter');
    }
  });
  holds(nothingLeaked([...cards, phone]), ['plain words']);
});

test('modes of masking hold for attributes, content of styles, options and lists', async () => {
  const html = (name) => `<style>[data-theme="dark"] { color: white } .c::before { content: "${name}" } .d::before { content: "\\f101" }</style><div data-theme="dark" data-name="${name}" person="${name}" title="${name}" class="c d">x</div>
<img alt="${name}"><input placeholder="${name}"><button aria-label="${name}" aria-description="${name}">x</button><div role="slider" aria-valuetext="${name}"></div><select><option label="${name}" value="${name}">${name}</option></select><datalist><option value="${name}"></datalist><track label="${name}">`;
  const modes = { text: secret('mask text'), emails: { where: 'mask emails', text: `${chars(LETTERS, 8)}@mail.example` }, numbers: { where: 'mask numbers', text: `${10000 + below(80000)} 77` } };
  for (const [mode, each] of Object.entries(modes)) {
    await anew();
    await visit(`/${mode}`, html(each.text), () => {}, `data-mask="${mode}"`);
    holds(nothingLeaked([each]), ['dark', '\uf101']);
  }
});

test('long texts of one kind are looked through once', async () => {
  await anew();
  const long = ['?state=', '-eyJ', 'a-b-', '4111 ', 'token: ', '/reset', 'a.b@', '%3Fkey'].map((part) => part.repeat(30000));
  await visit('/long', long.map((text) => `<p>${text}</p>`).join('') + '<p>after them</p>', () => {});
  holds(posted(), ['after them']);
});

run({
  after: async () => {
    await browser?.close();
    await server?.close();
  },
});
