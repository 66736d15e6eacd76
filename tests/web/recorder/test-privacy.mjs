// SPDX-License-Identifier: MIT
// Plants secrets all over a page, uses the page, and looks for them in every byte that was posted.
import { openBrowser, rebuild, startServer, tagFor, tagged } from './browser.mjs';
import { equal, ok, run, test, until } from './tap.mjs';

let planted = 0;
const secrets = new Map();
// Letters only where digits would be masked anyway, so that each place is tried for itself.
function secret(place, value = `zq${String.fromCharCode(97 + (planted % 26))}${String.fromCharCode(97 + Math.floor(planted / 26))}xkwv`) {
  planted++;
  secrets.set(place, value);
  return value;
}

const s = {
  passwordAttribute: secret('password value attribute'),
  passwordTyped: secret('password typed'),
  passwordShown: secret('password typed while shown'),
  passwordByScript: secret('password value set by script'),
  passwordName: secret('text field named password'),
  passwordCleared: secret('password attribute of a cleared field'),
  otp: secret('one-time code'),
  hidden: secret('hidden input'),
  csrf: secret('meta csrf token'),
  cardPlain: secret('card typed into a plain field', '4929857317432011'),
  cardSpaced: secret('card typed with spaces', '5425 2334 3010 9903'),
  cardNumber: secret('cc-number', '4485275742308327'),
  cardHolder: secret('cc-name'),
  cardCode: secret('cc-csc'),
  cardLabel: secret('field labelled card number', '4716258050958645'),
  cardByScript: secret('card set by script', '6011000990139424'),
  cardTextarea: secret('card in a textarea', '3530111333300000'),
  cardEditable: secret('card in contenteditable', '4024007103939509'),
  iban: secret('iban field', 'DE75512108001245126199'),
  maskText: secret('masked text'),
  maskAttribute: secret('masked element attribute'),
  maskTitle: secret('masked title'),
  maskClass: secret('class of a masked element'),
  maskId: secret('id of a masked element'),
  maskDeep: secret('deep in a masked subtree'),
  maskAlt: secret('alt in a masked subtree'),
  maskPlaceholder: secret('placeholder in a masked subtree'),
  maskAria: secret('aria-label in a masked subtree'),
  maskOption: secret('option in a masked subtree'),
  maskInput: secret('input typed in a masked subtree'),
  maskTextarea: secret('textarea in a masked subtree'),
  maskSvg: secret('svg text in a masked subtree'),
  maskClick: secret('text of a clicked masked button'),
  maskAdded: secret('masked subtree added later'),
  maskAddedAttribute: secret('attribute of a masked subtree added later'),
  maskInto: secret('text added into a masked subtree'),
  maskLater: secret('written after the attribute was set'),
  maskLaterAttribute: secret('attribute changed after the mask was set'),
  maskLaterInput: secret('typed after the mask was set'),
  maskLaterDeep: secret('deep text changed after the mask was set'),
  maskShadow: secret('masked inside a shadow root'),
  maskShadowLater: secret('written into a masked shadow root'),
  maskShadowHost: secret('shadow root of a masked host'),
  maskShadowHostLater: secret('written into the shadow root of a masked host'),
  maskFrame: secret('masked inside a frame'),
  maskFrameLater: secret('written in a masked part of a frame'),
  maskFrameItself: secret('a frame that is masked itself'),
  maskFrameSrcdoc: secret('srcdoc attribute'),
  maskMoved: secret('moved into a masked element and changed'),
  maskNoscript: secret('noscript'),
  maskConsole: secret('masked text printed to the console'),
  query: secret('query of the page'),
  fragment: secret('fragment of the page'),
  userinfo: secret('user and password in a link'),
  link: secret('link target'),
  linkNested: secret('link target inside a link target'),
  linkLater: secret('link target set later'),
  formAction: secret('form action'),
  formactionButton: secret('formaction'),
  imageSource: secret('image address'),
  imageSet: secret('srcset'),
  styleUrl: secret('address in a style'),
  styleFragment: secret('fragment of an address in a style'),
  sheetUrl: secret('address in a style sheet'),
  sheetImport: secret('import of a style sheet'),
  sheetUser: secret('user and password in a style sheet'),
  sheetRule: secret('address in a rule added later'),
  sheetReplaced: secret('address in a sheet that is replaced'),
  sheetAdopted: secret('address in an adopted sheet'),
  sheetText: secret('address in the text of a style element added later'),
  styleProperty: secret('address in a property set later'),
  stylePriority: secret('address in an important property set later'),
  cursorUrl: secret('address of a cursor that was clicked'),
  imageSetLater: secret('srcset behind a data address'),
  refresh: secret('meta refresh'),
  textUrl: secret('address in the text'),
  textUser: secret('user and password in the text'),
  textMail: secret('mail address in an address in the text'),
  textLater: secret('address in the text set later'),
  titleUrl: secret('address in a title attribute'),
  optionUrl: secret('address in an option'),
  typedUrl: secret('address typed into a field'),
  typedFragment: secret('address typed into a text area'),
  typedEditable: secret('address typed into editable text'),
  valueUrl: secret('address as the value of a field'),
  dataUrl: secret('address in a data attribute'),
  documentTitle: secret('address in the title of the page'),
  eventUrl: secret('address in a property of an event'),
  traitUrl: secret('address in a trait'),
  formName: secret('address as the name of a form'),
  iframeSource: secret('frame address'),
  pushed: secret('pushed address'),
  hash: secret('address fragment set by script'),
  requestUrl: secret('request address'),
  xhrUrl: secret('address of an XMLHttpRequest'),
  emailUrl: secret('mail address in a link'),
  consoleText: secret('console text'),
  consoleObject: secret('console object'),
  consoleUrl: secret('address in the console'),
  consoleBearer: secret('bearer token in the console'),
  consolePassword: secret('typed password printed to the console'),
  exception: secret('exception message'),
  exceptionUrl: secret('address in an exception'),
  rejection: secret('rejection'),
  handler: secret('event handler attribute'),
};

const html = (state) => `<!DOCTYPE html><html><head><title>Secrets</title><meta name="csrf-token" content="${s.csrf}">${tagFor(state)}
<style>.box { width: 260px; padding: 12px; margin: 10px 24px; border: 3px solid #999; display: block } .inline { font-size: 19px } .row { display: flex } .row > * { flex: 1 }
@import url("/a.css?token=${s.sheetImport}"); .sheet { background: url(/b.png?api_key=${s.sheetUrl}#a); border-image: url(https://ada:${s.sheetUser}@b.example/c.png) }
#handled { cursor: url(/c.png?token=${s.cursorUrl}), pointer }</style><style id="rules">.a { color: red }</style>
<meta http-equiv="refresh" content="3000; url=/later?token=${s.refresh}"></head><body>
<noscript><p data-ss-mask>${s.maskNoscript}</p></noscript>
<input id="pw" type="password" value="${s.passwordAttribute}"><input id="pw2" type="password"><button id="show">show</button><input id="pw3" type="password">
<input id="pwname" name="user_password"><input id="cleared" type="password" value="${s.passwordCleared}"><input id="otp" autocomplete="one-time-code">
<input type="hidden" name="state" value="${s.hidden}">
<input id="plain"><input id="spaced"><input id="ccn" autocomplete="cc-number"><input id="ccname" autocomplete="cc-name"><input id="csc" autocomplete="section-a cc-csc">
<label for="f1">Card number</label><input id="f1"><input id="byscript"><textarea id="area"></textarea><div id="editable" contenteditable>x</div><input id="iban" name="iban">
<div id="m1" data-ss-mask class="box ${s.maskClass}" title="${s.maskTitle}" data-what="${s.maskAttribute}"><b id="${s.maskId}">${s.maskText}</b><p><i><span>${s.maskDeep}</span></i></p>
<img alt="${s.maskAlt}"><input id="mi" placeholder="${s.maskPlaceholder}" aria-label="${s.maskAria}"><select><option selected>${s.maskOption}</option></select>
<textarea>${s.maskTextarea}</textarea><svg width="50" height="20"><text y="15">${s.maskSvg}</text></svg><button id="mb">${s.maskClick}</button></div>
<p>before <span class="inline" data-ss-mask id="inl">${s.maskConsole}</span> after</p>
<div class="row"><div>left</div><div id="flexed" data-ss-mask>some words that take room</div><div>right</div></div>
<div id="later" class="box"><p>first words</p><input id="latein"><em>deep</em></div>
<div id="host"></div><div id="maskedhost" data-ss-mask></div><iframe id="frame" srcdoc="<p data-ss-mask id=fm>${s.maskFrame}</p><p>open ${''}</p>"></iframe>
<iframe data-ss-mask srcdoc="<p>${s.maskFrameItself}</p>"></iframe><iframe srcdoc="<p>plain</p><!-- ${s.maskFrameSrcdoc} -->"></iframe>
<p id="mover">to move</p>
<a id="a1" href="/go?a=1&api_key=${s.link}">x</a><a href="/go?next=${encodeURIComponent(`https://b.example/?token=${s.linkNested}`)}">x</a><a id="a3" href="/y">x</a>
<a href="https://ada:${s.userinfo}@b.example/">x</a><a href="mailto:${s.emailUrl}@example.org">x</a>
<form action="/post?session=${s.formAction}"><button type="button" formaction="/z?code=${s.formactionButton}">x</button></form>
<img src="/i.png?sig=${s.imageSource}"><img srcset="/i.png?token=${s.imageSet} 2x"><div style="background:url('/b.png?token=${s.styleUrl}')">x</div>
<div style="background:url('/b.svg#token=${s.styleFragment}')">x</div><img srcset="data:image/gif;base64,R0lGODlhAQABAAAAACw= 1x, /i.png?token=${s.imageSetLater} 2x">
<p id="tu" title="see /x?password=${s.titleUrl}">see https://a.example/?token=${s.textUrl}, https://ada:${s.textUser}@b.example/ and https://a.example/?who=${s.textMail}@example.org</p>
<select><option>/o?token=${s.optionUrl}</option></select><input value="/v?token=${s.valueUrl}"><input id="typed1"><textarea id="typed2"></textarea><div id="typed3" contenteditable>x</div>
<i data-more="/d?token=${s.dataUrl}">x</i><form id="/f?token=${s.formName}"><input id="ff"></form>
<iframe src="/frame.html?auth=${s.iframeSource}"></iframe><button onclick="void '${s.handler}'" id="handled">x</button>
<div id="grow" data-ss-mask class="box">short</div>
<p id="end">the end of the page</p>
<script>
document.querySelector('#show').onclick = () => { document.querySelector('#pw2').type = 'text'; };
const root = document.querySelector('#host').attachShadow({ mode: 'open' });
root.innerHTML = '<p>seen</p><div data-ss-mask id=sm>${s.maskShadow}</div>';
document.querySelector('#maskedhost').attachShadow({ mode: 'open' }).innerHTML = '<p>${s.maskShadowHost}</p>';
</script></body></html>`;

let browser;
let server;

// In base64 a secret looks differently after each number of bytes before it; its last letters mix with what follows.
const base64 = (value) => [0, 1, 2].map((before) => Buffer.from(' '.repeat(before) + value).toString('base64').replace(/=+$/, '').slice(before ? 4 : 0, -2));
const forms = (value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), ...base64(value).filter((form) => form.length > 5),
  value.replace(/\D/g, '').length > 9 ? value.replace(/\s/g, '') : value];

function nothingLeaked() {
  const everything = server.posts.map(({ text }) => text).join('\n');
  const leaked = [...secrets].filter(([, value]) => forms(value).some((form) => everything.includes(form))).map(([place]) => place);
  for (const place of leaked) console.log(`# leaked: ${place}: ${everything.slice(Math.max(0, everything.indexOf(secrets.get(place)) - 200), everything.indexOf(secrets.get(place)) + 30)}`);
  ok(!leaked.length, `gives away: ${leaked.join(', ')}`);
  return everything;
}

const type = async (page, selector, text) => {
  await page.locator(selector).click();
  await page.keyboard.type(text, { delay: 8 });
};

async function allPosted(page, last = 'done') {
  await page.waitForTimeout(200);
  await page.evaluate((name) => SessionSight.event(name), last);
  await until(() => server.posts.some(({ text }) => text.includes(`"name":"${last}"`)), 'the last batch');
}

const boxes = ['#m1', '#inl', '#flexed', '#end'];

test('the page with planted secrets gives none of them away', async () => {
  server = await startServer();
  server.pages['/'] = html(server);
  server.pages['/frame.html'] = '<p>frame</p>';
  browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(`${server.url}/?id=7&access_token=${s.query}#id_token=${s.fragment}`);
  await until(() => server.batches.length > 0, 'the first batch');
  const was = await page.evaluate((list) => list.map((selector) => {
    const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
    return { x: x + scrollX, y: y + scrollY, width, height };
  }), boxes);
  await type(page, '#pw2', s.passwordTyped);
  await page.click('#show');
  await type(page, '#pw2', s.passwordShown);
  await page.evaluate(([password, card, value]) => {
    document.querySelector('#pw3').value = password;
    document.querySelector('#byscript').value = card;
    document.querySelector('#cleared').value = '';
    return value;
  }, [s.passwordByScript, s.cardByScript]);
  for (const [selector, value] of [['#pwname', s.passwordName], ['#otp', s.otp], ['#plain', s.cardPlain], ['#spaced', s.cardSpaced], ['#ccn', s.cardNumber],
    ['#ccname', s.cardHolder], ['#csc', s.cardCode], ['#f1', s.cardLabel], ['#area', s.cardTextarea], ['#editable', s.cardEditable], ['#iban', s.iban],
    ['#mi', s.maskInput], ['#typed1', `https://a.example/?token=${s.typedUrl}`], ['#typed2', `see https://a.example/#a=1&access_token=${s.typedFragment} now`],
    ['#typed3', `https://a.example/?sig=${s.typedEditable}`], ['#ff', 'x']]) await type(page, selector, value);
  await page.click('#mb');
  await page.click('#handled');
  await page.evaluate((m) => {
    const add = document.createElement('section');
    add.innerHTML = `<div data-ss-mask title="${m.maskAddedAttribute}">${m.maskAdded}</div>`;
    document.body.append(add);
    document.querySelector('#m1 p').append(m.maskInto);
    const later = document.querySelector('#later');
    later.setAttribute('data-ss-mask', '');
    later.querySelector('p').textContent = m.maskLater;
    later.title = m.maskLaterAttribute;
    document.querySelector('#host').shadowRoot.querySelector('#sm').textContent = m.maskShadowLater;
    document.querySelector('#maskedhost').shadowRoot.querySelector('p').textContent = m.maskShadowHostLater;
    document.querySelector('#frame').contentDocument.querySelector('#fm').textContent = m.maskFrameLater;
    const mover = document.querySelector('#mover');
    document.querySelector('#m1').append(mover);
    mover.textContent = m.maskMoved;
    document.querySelector('#a3').href = `/y?secret=${m.linkLater}`;
    document.querySelector('#rules').sheet.insertRule(`.b { background: url(/r.png?token=${m.sheetRule}) }`);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`.c { background: url(/r.png?token=${m.sheetAdopted}) }`);
    document.adoptedStyleSheets = [sheet];
    sheet.replaceSync(`.d { background: url(/r.png?token=${m.sheetReplaced}) }`);
    const style = document.createElement('style');
    style.textContent = `.e { background: url(/r.png?token=${m.sheetText}) }`;
    document.head.append(style);
    const { style: own } = document.querySelector('#end');
    own.setProperty('background-image', `url(/p.png?token=${m.styleProperty})`);
    own.setProperty('list-style-image', `url(/p.png?token=${m.stylePriority})`, 'important');
    document.querySelector('#rules').sheet.cssRules[0].style.setProperty('background-image', `url(/p.png?token=${m.stylePriority})`, 'important');
    document.querySelector('#tu').firstChild.data = `now https://a.example/?token=${m.textLater}`;
    document.title = `at /t?token=${m.documentTitle} with ${document.querySelector('#pw2').value}`;
    SessionSight.event('went', { to: `/e?token=${m.eventUrl}` });
    SessionSight.identify('ada', { home: `/h?token=${m.traitUrl}` });
    document.querySelector('#grow').textContent = 'much longer words than before, '.repeat(8);
  }, s);
  await page.evaluate((m) => { document.querySelector('#later em').firstChild.data = m; }, s.maskLaterDeep);
  await type(page, '#latein', s.maskLaterInput);
  await page.evaluate(async (m) => {
    history.pushState(null, '', `/?step=2&password=${m.pushed}`);
    location.hash = `key=${m.hash}`;
    await fetch(`/missing?token=${m.requestUrl}`);
    await new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      xhr.open('GET', `/missing?session_id=${m.xhrUrl}`);
      xhr.onloadend = resolve;
      xhr.send();
    });
    console.warn(`password=${m.consoleText} was wrong`);
    console.error('cannot log in', { user: 1, password: m.consoleObject, deep: { apiKey: m.consoleObject } });
    console.error(`GET https://a.example/x?token=${m.consoleUrl} failed`);
    console.warn(`Authorization: Bearer ${m.consoleBearer}aaaa`);
    console.warn('typed', document.querySelector('#pw2').value, 'and', m.maskConsole);
    setTimeout(() => { throw new Error(`no session for secret: ${m.exception}`); });
    setTimeout(() => { throw new Error(`cannot open https://a.example/?code=${m.exceptionUrl}`); });
    Promise.reject(new Error(`token=${m.rejection}`));
  }, s);
  await allPosted(page);
  await page.goto('about:blank');
  ok(secrets.size >= 60, `only ${secrets.size} secrets planted`);
  const everything = nothingLeaked();
  ok(problems.filter((message) => !/no session|cannot open|token=/.test(message)).length === 0, `the page saw ${problems.join('; ')}`);
  for (const kept of ['first words', 'the end of the page', 'some words', 'access_token=*']) ok(everything.includes(kept) === (kept !== 'some words'), `wrong about “${kept}”`);
  const full = server.batches.flatMap((batch) => batch.events).find((event) => event.type === 2);
  await page.setContent('<p>x</p>');
  await page.evaluate(rebuild, full.data.node);
  const blocksNow = await page.evaluate(() => [...document.querySelectorAll('[style*="3d3846"], [style*="rgb(61"]')].map((el) => {
    const { x, y, width, height } = el.getBoundingClientRect();
    return { x: x + scrollX, y: y + scrollY, width, height };
  }));
  for (const [i, box] of was.slice(0, 3).entries()) {
    ok(blocksNow.some((block) => ['x', 'y', 'width', 'height'].every((key) => Math.abs(block[key] - box[key]) <= 1)),
      `${boxes[i]} was at ${JSON.stringify(box)}, drawn blocks: ${JSON.stringify(blocksNow)}`);
  }
});

// Fields that only their surroundings give away: what they are called, where they stand, what stood there before.
const f = {
  shownNamed: secret('password in a new field of the same name'),
  shownTyped: secret('typed into a new field of the same name'),
  shownValue: secret('password in a new field without a name'),
  shownValueTyped: secret('typed into a new field without a name that holds the same'),
  shownEmpty: secret('typed into a new field in the place of an empty one'),
  shownMoved: secret('password field shown and moved'),
  shownWhole: secret('password in a form made anew'),
  cards: ['card', 'cardno', 'card1', 'userPAN', 'cvv', 'cvc2', 'payment[card]'].map((name, i) => [name, secret(`field called ${name}`, `card${'abcdefg'[i]}holds`)]),
  labelledby: secret('card by aria-labelledby'),
  ariaLabel: secret('card by aria-label'),
  placeholder: secret('card by placeholder'),
  label: secret('card by a label around it'),
  component: secret('card by the label of a component'),
  editableLabel: secret('card by the label of editable text'),
  pin: secret('pin by its name', 'abcx'),
  // Too short to be searched for among times and ids: what the fields say is looked at below.
  boxes: '7391',
  editableParts: secret('number in several pieces of editable text', '4539148803436467'),
  editableTyped: secret('number typed into pieces of editable text', '5500005555555559'),
  maskedOption: secret('masked option that was chosen'),
  sameTask: secret('input in the task that set the attribute'),
  title: secret('title that is masked'),
  part: secret('part of a block printed to the console'),
  base64: secret('typed password in base64 in an address'),
  dataToken: secret('data attribute called a token'),
  formMasked: secret('name of a masked form that a field outside belongs to'),
};

const fieldsPage = (state) => `<!DOCTYPE html><html><head><title data-ss-mask>${f.title}</title>${tagFor(state)}</head><body>
<p><input id="n1" name="login-word" type="password"></p><p id="p2"><input type="password" id="" class="two"></p><p id="p3"><input type="password"></p>
<div id="from"><input type="password" class="four"></div><div id="to"></div><div id="p5"><form><input name="login-word" type="password"></form></div>
${f.cards.map(([name]) => `<input name="${name}" class="c">`).join('')}
<span id="lb">Card</span><input id="l1" aria-labelledby="lb"><input id="l2" aria-label="Your card"><input id="l3" placeholder="Card number"><label>Card <input id="l4"></label>
<x-field label="Card number" id="component"></x-field><div contenteditable id="l5" aria-label="Card number"></div><input name="user_pin">
<div id="boxes"><span><input maxlength="1"></span><span><input maxlength="1"></span><span><input maxlength="1"></span><span><input maxlength="1"></span></div>
<div contenteditable id="parts"><b>${f.editableParts.slice(0, 4)}</b><i>${f.editableParts.slice(4, 8)}</i><u>${f.editableParts.slice(8, 12)}</u><b>${f.editableParts.slice(12)}</b></div>
<div contenteditable id="parts2"></div>
<select id="sel"><option>first</option><option data-ss-mask>${f.maskedOption}</option></select><input id="same">
<div data-ss-mask><p>some</p><p>${f.part}</p></div><i data-csrf-token="${f.dataToken}">x</i>
<form id="${f.formMasked}" data-ss-mask></form><input form="${f.formMasked}" id="outside">
<input id="n6" type="password"><input id="town" name="town"><input id="discards" name="discarded">
<script>document.querySelector('#component').attachShadow({ mode: 'open' }).innerHTML = '<input>';</script></body></html>`;

test('fields that only their surroundings give away', async () => {
  await server.close();
  server = await startServer();
  server.pages['/'] = fieldsPage(server);
  const page = await browser.newPage();
  await page.goto(server.url);
  await until(() => server.batches.length > 0, 'the first batch');
  await type(page, '#n1', f.shownNamed);
  await type(page, '.two', f.shownValue);
  await type(page, '.four', f.shownMoved);
  await type(page, '#p5 input', f.shownWhole);
  await page.evaluate(() => {
    const again = (old, more = {}) => {
      const made = Object.assign(document.createElement('input'), { type: 'text', value: old.value, ...more });
      old.replaceWith(made);
      return made;
    };
    again(document.querySelector('#n1'), { id: 'n1', name: 'login-word' });
    again(document.querySelector('.two'), { className: 'two' });
    again(document.querySelector('#p3 input'));
    const moved = document.querySelector('.four');
    moved.type = 'text';
    document.querySelector('#to').append(moved);
    const { value } = document.querySelector('#p5 input');
    document.querySelector('#p5').innerHTML = '<form><input name="login-word"></form>';
    document.querySelector('#p5 input').value = value;
  });
  await type(page, '#n1', f.shownTyped);
  await type(page, '.two', f.shownValueTyped);
  await type(page, '#p3 input', f.shownEmpty);
  await type(page, '.four', 'x');
  await type(page, '#p5 input', 'x');
  for (const [name, value] of f.cards) await type(page, `[name="${name}"]`, value);
  for (const [selector, value] of [['#l1', f.labelledby], ['#l2', f.ariaLabel], ['#l3', f.placeholder], ['#l4', f.label], ['#component input', f.component],
    ['#l5', f.editableLabel], ['#n6', f.base64], ['[name=user_pin]', f.pin], ['#outside', 'x'], ['#town', 'Samarkand'], ['#discards', 'none']]) await type(page, selector, value);
  for (const [i, digit] of [...f.boxes].entries()) await page.locator('#boxes input').nth(i).fill(digit);
  await page.selectOption('#sel', f.maskedOption);
  for (const digit of f.editableTyped) {
    await page.evaluate((text) => {
      const piece = document.createElement('span');
      piece.append('');
      document.querySelector('#parts2').append(piece);
      piece.firstChild.data = text;
    }, digit);
  }
  await page.evaluate((m) => {
    const same = document.querySelector('#same');
    same.setAttribute('data-ss-mask', '');
    same.value = m.sameTask;
    same.dispatchEvent(new Event('input', { bubbles: true }));
    console.warn(`got ${m.part} instead`);
    history.pushState(null, '', `/?x=${btoa(m.base64)}&y=1`);
  }, f);
  await allPosted(page);
  const everything = nothingLeaked();
  for (const kept of ['Samarkand', 'none', 'first']) ok(everything.includes(kept), `“${kept}” should be there`);
  const changes = server.batches.flatMap((batch) => batch.events).filter((event) => event.type === 3).map((event) => event.data);
  ok(!/\d/.test(changes.map(({ source, text }) => (source === 5 ? text : '')).join('')), 'digits of boxes');
  const pieces = changes.flatMap(({ source, adds }) => (source === 0 ? adds.map(({ node }) => node.textContent ?? '') : []));
  equal(pieces.filter((text) => /^[\d*]$/.test(text)).slice(-16).join(''), `${f.editableTyped.slice(0, 5)}***********`, 'digits of pieces');
});

// Constructed style sheets of shadow roots that were known before they were masked.
const a = {
  known: secret('rule added to a sheet of a host that was masked since'),
  adopted: secret('sheet adopted by a masked host'),
  added: secret('rule added to a sheet that a masked host adopted'),
  property: secret('property set in a sheet that a masked host adopted'),
};

test('style sheets that only a masked element adopted', async () => {
  await server.close();
  server = await startServer();
  server.pages['/'] = `<!DOCTYPE html><html><head><title>Sheets</title>${tagFor(server)}</head><body><div id="h"></div><div id="open"></div><script>
for (const id of ['h', 'open']) document.getElementById(id).attachShadow({ mode: 'open' }).innerHTML = '<p>words</p>';
sheets = [new CSSStyleSheet(), new CSSStyleSheet()];
h.shadowRoot.adoptedStyleSheets = [sheets[0]];</script></body></html>`;
  const page = await browser.newPage();
  await page.goto(server.url);
  await until(() => server.batches.length > 0, 'the first batch');
  await page.evaluate(() => sheets[0].insertRule('p { color: teal }'));
  await page.evaluate(() => h.setAttribute('data-ss-mask', ''));
  await page.evaluate((m) => {
    sheets[0].insertRule(`p::after { content: "${m.known}" }`);
    sheets[1].insertRule(`p::after { content: "${m.adopted}" }`);
    h.shadowRoot.adoptedStyleSheets = sheets;
    sheets[1].insertRule(`p::before { content: "${m.added}" }`);
    sheets[1].cssRules[0].style.setProperty('content', `"${m.property}"`);
    sheets[1].replaceSync('p { color: olive }');
  }, a);
  await allPosted(page);
  nothingLeaked();
  await page.evaluate(() => { document.querySelector('#open').shadowRoot.adoptedStyleSheets = [sheets[1]]; });
  await page.waitForTimeout(200);
  await page.evaluate(() => sheets[1].insertRule('p { color: navy }'));
  await allPosted(page, 'finished');
  const everything = nothingLeaked();
  for (const kept of ['teal', 'olive', 'navy']) ok(everything.includes(kept), `“${kept}” should be there`);
  const adopted = server.batches.flatMap((batch) => batch.events).filter(({ type, data }) => type === 3 && data.source === 15);
  const told = new Set(adopted.flatMap(({ data }) => (data.styles ?? []).map(({ styleId }) => styleId)));
  ok(adopted.length > 1 && adopted.every(({ data }) => data.styleIds.every((id) => told.has(id))), 'a sheet is adopted that was not told of');
  equal(server.batches.flatMap((batch) => batch.events).filter(({ type }) => type === 2).length, 2, 'snapshots: at the start and for the mask');
});

// Where one presses says what one presses: digits of a PIN pad stand at known places.
test('of what is done in masked elements nothing tells where, and nothing what', async () => {
  await server?.close();
  server = await startServer();
  const pad = '<article><button onclick=location.hash=Math.random()>1</button><input><p>long</p></article>';
  const typed = 'zqpadtyped';
  server.pages['/'] = `<!DOCTYPE html><html><head><title>Pads</title>${tagFor(server)}<style>* { margin: 0; border: 0; box-sizing: border-box } body > * { display: block; width: 200px; height: 100px; overflow: auto }
article { height: 100px; overflow: auto } button, input { width: 100px; height: 50px } p { height: 3000px }</style></head><body><div>${pad}</div><div data-ss-mask>${pad}</div><div id="h"></div><iframe id="f" srcdoc="<style>* { margin: 0; border: 0;
box-sizing: border-box } article { height: 100px; overflow: auto } button, input { width: 100px; height: 50px } p { height: 3000px }</style>${pad}"></iframe><div id="late"></div><script>
h.attachShadow({ mode: 'open' }).innerHTML = '<style>article { height: 100px; overflow: auto } button, input { width: 100px; height: 50px; margin: 0; border: 0 } p { height: 3000px }</style>${pad}';</script></body></html>`;
  browser ??= await openBrowser();
  const page = await browser.newPage({ viewport: { width: 700, height: 600 } });
  await page.goto(server.url);
  await until(() => server.batches.length > 0, 'the first batch');
  await page.evaluate((inside) => {
    document.querySelector('#late').innerHTML = `<section data-ss-mask>${inside}</section>`;
    for (const id of ['h', 'f']) document.getElementById(id).setAttribute('data-ss-mask', '');
  }, pad);
  await page.waitForTimeout(300);
  for (const y of [10, 110, 210, 310, 410]) {
    await page.mouse.move(300, y);
    await page.waitForTimeout(60);
    await page.mouse.move(32, y);
    await page.waitForTimeout(60);
    await page.mouse.click(32, y);
    await page.mouse.click(132, y);
    await page.keyboard.type(typed);
    await page.mouse.move(50, y + 45);
    await page.mouse.wheel(0, 50);
    await page.waitForTimeout(200);
  }
  await page.mouse.move(300, 590);
  await page.waitForTimeout(600);
  await allPosted(page);
  const events = server.batches.flatMap((batch) => batch.events);
  const done = events.filter(({ type, data }) => type === 3 && [1, 2, 3, 5].includes(data.source)).flatMap(({ data }) => data.positions ?? [data]);
  for (const source of [2, 3, 5]) ok(done.some((data) => data.source === source), `nothing of source ${source} of what is open`);
  ok(done.some(({ x, y, timeOffset }) => x === 32 && y === 10 && timeOffset <= 0), 'no move over what is open');
  equal(done.filter(({ id, x, y }) => id < 1 || (x < 200 && y > 100 && y < 500)), [], 'told of masked elements');
  equal(done.filter(({ text }) => text === typed).length, 1, 'fields that say what was typed');
  equal([...tagged(server, 'ss:click'), ...tagged(server, 'ss:press')].length, 2, 'clicks');
  const answers = tagged(server, 'ss:answer');
  ok(answers.length, 'no answer of what is open');
  equal(answers.filter(({ id }) => id < 1), [], 'answers of masked elements');
});

run({
  after: async () => {
    await browser?.close();
    await server?.close();
  },
});
