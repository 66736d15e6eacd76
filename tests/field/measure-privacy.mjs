// SPDX-License-Identifier: MIT
// Privacy: unique texts that must not leave the page are planted in the live application in many ways, and searched in everything that came of the visit.
// The other way round, words that the page shows must be in the recording.
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../demo-shop/visitor.mjs';
import { ChromiumDriver } from './driver-chromium.mjs';
import { quiet, sessionsOf } from './recording.mjs';
import { Visitor } from './visitor.mjs';

const WORDS = 'amber anchor basil beacon birch canyon cedar cobalt comet coral dune ember falcon fjord garnet glacier harbor hazel heron indigo jasper juniper kelp lagoon larch linden maple marble meadow nectar onyx opal orchid pebble quartz raven reef saffron sage sequoia sierra spruce thistle topaz tundra umber velvet walnut willow zephyr'.split(' ');

function cardNumber(random) {
  const digits = [4, ...Array.from({ length: 14 }, () => Math.floor(random() * 10))];
  const sum = digits.reduce((all, digit, i) => all + (i % 2 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2), 0);
  return [...digits, (10 - sum % 10) % 10].join('');
}

function textsToPlant(random) {
  const token = (length, alphabet) => Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  const word = () => token(1, 'ABCDEFGHKLMNPRSTUVWXYZ') + token(19, 'abcdefghkmnprstuvwxyz23456789');
  const hex = () => token(40, '0123456789abcdef');
  const base64 = (object) => Buffer.from(JSON.stringify(object)).toString('base64url');
  return {
    passwordTyped: word(), passwordShown: word(), passwordGenerated: word(), hiddenField: hex(), csrfMeta: hex(), dataToken: hex(), bearerHeader: hex(), apiKeyInQuery: hex(), resetInPath: hex(), inviteInLink: hex(),
    accessTokenInHash: hex(), localStorage: word(), sessionStorage: word(), cookie: word(), bearerInConsole: hex(), secretInConsole: hex(), passwordInException: word(), cardInText: cardNumber(random), cardTyped: cardNumber(random),
    oneTimeCode: token(8, '123456789'), securityStyle: word(), passwordInTitle: word(), passwordInResult: word(), maskedText: word(), maskedAttribute: word(), maskedInput: word(),
    recoveryPhrase: Array.from({ length: 12 }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' '), apiKeyInText: `sk_live_${token(32, 'abcdefghkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789')}`,
    jwtInText: `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64({ sub: word() })}.${token(43, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789_')}`, mailInAddress: `${word().toLowerCase()}@example.org`, comment: word(), noscript: word(), requestBody: word(), handlerAttribute: hex(), signatureInSource: hex(), windowName: word(),
  };
}

// In the page. Returns the fields that have to be typed in, each with its text's name.
function plant(t) {
  const panel = document.createElement('div');
  panel.style.cssText = 'position:fixed;top:0;left:0;z-index:2147483647;background:#fff;font:12px sans-serif;max-height:45vh;overflow:auto';
  panel.innerHTML = `<form id="planted"><input type="password" id="p-passwordTyped"><input type="password" id="p-passwordShown"><input type="password" id="p-passwordInTitle"><input type="password" id="p-passwordInResult"><input type="password" id="p-passwordInException">
<input autocomplete="new-password" id="p-generated"><input type="hidden" name="csrf_token" value="${t.hiddenField}"><input autocomplete="cc-number" id="p-cardTyped"><input autocomplete="one-time-code" id="p-oneTimeCode" inputmode="numeric"><input id="p-securityStyle" style="-webkit-text-security:disc">
<div data-ss-mask title="${t.maskedAttribute}">${t.maskedText}<input id="p-maskedInput"></div></form><p data-token="${t.dataToken}">Card: ${t.cardInText}</p><p>Recovery phrase: <code>${t.recoveryPhrase}</code></p><p>API key: <code>${t.apiKeyInText}</code></p><p>${t.jwtInText}</p>
<a href="/invite/${t.inviteInLink}">Invitation</a><a href="/unsubscribe?email=${t.mailInAddress}">Unsubscribe</a><!-- ${t.comment} --><noscript>${t.noscript}</noscript><button onclick="void '${t.handlerAttribute}'" type="button">Go</button><img alt="" src="/picture.png?X-Amz-Signature=${t.signatureInSource}"><p id="p-result"></p>`;
  document.body.append(panel);
  const meta = document.createElement('meta');
  meta.name = 'csrf-token';
  meta.content = t.csrfMeta;
  document.head.append(meta);
  document.getElementById('p-generated').value = t.passwordGenerated;
  localStorage.setItem('planted', t.localStorage);
  sessionStorage.setItem('planted', t.sessionStorage);
  document.cookie = `planted=${t.cookie}`;
  window.name = t.windowName;
  console.error(`refused: Authorization: Bearer ${t.bearerInConsole}`);
  console.error(`refused: client_secret=${t.secretInConsole}`);
  const silent = () => {};
  fetch('/planted-missing', { headers: { Authorization: `Bearer ${t.bearerHeader}` } }).catch(silent);
  fetch(`/planted-missing?api_key=${t.apiKeyInQuery}`).catch(silent);
  fetch('/planted-missing', { method: 'POST', body: JSON.stringify({ note: t.requestBody }) }).catch(silent);
  const here = location.href;
  history.pushState(null, '', `/reset-password/${t.resetInPath}`);
  history.pushState(null, '', `/callback#access_token=${t.accessTokenInHash}`);
  history.pushState(null, '', here);
  return ['passwordTyped', 'passwordShown', 'passwordInTitle', 'passwordInResult', 'passwordInException', 'cardTyped', 'oneTimeCode', 'securityStyle', 'maskedInput'];
}

// In the page, once those were typed: what a page does with them.
function show(t) {
  document.getElementById('p-passwordShown').type = 'text';
  const { title } = document;
  document.title = `Saved ${document.getElementById('p-passwordInTitle').value}`;
  setTimeout(() => { document.title = title; }, 300);
  document.getElementById('p-result').textContent = `You chose ${document.getElementById('p-passwordInResult').value}`;
  setTimeout(() => { throw new Error(`weak password ${document.getElementById('p-passwordInException').value}`); });
  return Object.keys(t).length;
}

const wordsShown = () => [...new Set(document.body.innerText.match(/[\p{L}\p{N}]{4,}/gu) ?? [])].slice(0, 60);

function filesBelow(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

async function everythingOf(recording, proxy, sessions, output) {
  const texts = proxy.wire.map(({ path, headers, text }) => ['wire', `${path}\n${JSON.stringify(headers)}\n${text}`]);
  for (const session of sessions) {
    const shown = JSON.stringify(await recording.show(session));
    texts.push(['analysis', shown]);
    for (const format of ['rrweb', 'html', 'text']) texts.push([`snapshot ${format}`, await recording.ctl('snapshot', session, '--at', String(JSON.parse(shown).duration_ms), '--format', format)]);
    for (const format of ['html', 'json']) {
      const clip = join(output, `clip.${format}`);
      await recording.ctl('clip', session, '--from', '0', '--to', String(JSON.parse(shown).duration_ms + 1), '--format', format, '--output', clip);
      texts.push([`clip ${format}`, readFileSync(clip, 'utf8')]);
    }
  }
  for (const path of [...filesBelow(recording.store), ...filesBelow(recording.cache)]) texts.push([`file ${path.split('/').pop()}`, readFileSync(path, 'latin1')]);
  return texts;
}

export async function measurePrivacy({ application, proxy, recording, build, output, seed, log }) {
  mkdirSync(output, { recursive: true });
  const random = randomFrom(seed + 7777);
  const planted = textsToPlant(random);
  const driver = await ChromiumDriver.open(build);
  const known = new Set(sessionsOf(proxy.wire));
  let words;
  let at;
  try {
    await driver.newVisitor();
    const visitor = new Visitor({ driver, origin: proxy.origin, application, random });
    await visitor.goto(application.paths?.[0] ?? '/');
    await application.begin?.(visitor);
    await visitor.wait(2500);
    words = await driver.evaluate(wordsShown);
    at = Date.now();
    await visitor.wait(300);
    // What went just then, as what says that it loads, may be gone at that moment already.
    const still = await driver.evaluate(wordsShown);
    words = words.filter((word) => still.includes(word));
    for (const name of await driver.evaluate(plant, planted)) {
      await driver.evaluate((id) => document.getElementById(id).focus(), `p-${name}`);
      await driver.type(planted[name]);
    }
    await driver.evaluate(show, planted);
    await visitor.wait(3000);
    await driver.endVisit();
  } finally {
    await driver.close();
  }
  await quiet(proxy.wire);
  await recording.sync();
  const sessions = sessionsOf(proxy.wire).filter((id) => !known.has(id));
  if (!sessions.length) log('privacy: nothing was recorded');
  const everything = await everythingOf(recording, proxy, sessions, output);
  const leaks = [];
  for (const [kind, text] of Object.entries(planted)) {
    const forms = [text, encodeURIComponent(text), text.replace(/(.{4})(?=.)/g, kind.startsWith('card') ? '$1 ' : '$1')];
    const where = [...new Set(everything.filter(([, all]) => forms.some((form) => all.includes(form))).map(([place]) => place))];
    if (where.length) leaks.push({ kind, where });
  }
  const shown = sessions.length ? await recording.show(sessions[0]) : null;
  const told = shown ? await recording.ctl('snapshot', sessions[0], '--at', String(at - shown.started_ms), '--format', 'text') : '';
  // Which words stand together is told by the layout, which a text has not.
  const together = told.replace(/\s+/g, '');
  return { planted: Object.keys(planted).length, leaks, words: words.length, masked: words.filter((word) => !together.includes(word)), recorded: sessions.length > 0 };
}
