// SPDX-License-Identifier: MIT
// Recognises fields that hold secrets: passwords, also once they are shown, cards, codes, numbers spread over several boxes;
// and places on the page that speak of them.
import * as dom from './dom.js';
import { isSecretLabel, words } from './secrets.js';

const CARD = /\bcards?\b|card ?(no|nr|num|holder|name|code|exp|type)|\bcc ?(n|no|num|name|exp|type|month|year)|\bpan\b|(credit|debit|bank|pay) ?card|karte|num(e|é)ro.{0,8}carte|tarjeta|expir/;
const NAME = /(^|[^a-z])(full|first|last|given|family|middle|sur|nick)?.?name([^a-z]|$)/i;
const NAMES = ['name', 'id', 'aria-label', 'placeholder', 'title', 'label', 'data-testid'];
const NO_TEXT = /^(submit|button|reset|checkbox|radio|image|range|color|file)$/;

const called = (el, names) => names.map((name) => dom.getAttribute(el, name) ?? '').join(' ');

// All that tells people what to write: its own names, its labels, and of a field inside of a component those of the component.
function labelOf(el) {
  const root = dom.getRootNode(el);
  const by = (dom.getAttribute(el, 'aria-labelledby') ?? '').split(/\s+/).map((id) => id && dom.textContent(dom.elementById(root, id)));
  const labels = Array.from(el.labels ?? [], dom.textContent);
  return words([called(el, NAMES), called(dom.host(root), NAMES), ...by, ...labels].map((text) => (text ?? '').slice(0, 300)).join(' '));
}

// What speaks of a text: names of the elements around it, what stands before it, the head of its column.
export function speaksOfSecrets(el) {
  const cell = dom.closest(el, 'td');
  let text = `${dom.closest(el, 'pre')?.textContent.slice(0, 60)} ${dom.closest(cell, 'table')?.rows[0]?.cells[cell.cellIndex]?.textContent.slice(0, 80)}`;
  for (let at = el, up = 0; at && up < 4; up++, at = dom.parentElement(at)) {
    // Highlighters call every part of a program a token.
    text += ` ${called(at, NAMES)} ${(dom.getAttribute(at, 'class') ?? '').replace(/(^|\s)token(?=\s|$)/g, '')}`;
    for (const before of new Set([dom.previousSibling(at), dom.previousElementSibling(at)])) {
      const said = dom.textContent(before) ?? '';
      // A name with a value of its own says nothing of what comes next.
      if (!/[:=]\s*[^\s:]/.test(said)) text += ` ${said.slice(-60)}`;
    }
    if (/^(td|section|article|form|body)$/.test(dom.localName(at))) break;
  }
  return isSecretLabel(words(text));
}

const isPhraseCount = (count) => count > 11 && count < 25 && count % 3 === 0;

// Twelve words and more that give back an account, in one text or each in its own element.
export function isPhrase(el, text) {
  if (/^\s*([a-z]{3,8}\s+){11,23}[a-z]{3,8}\s*$/.test(text)) return isPhraseCount(text.trim().split(/\s+/).length);
  if (!/^\W*(\d+\W+)?[a-z]{3,8}\W*$/.test(text)) return false;
  const lists = [dom.parentElement(el), dom.parentElement(dom.parentElement(el))];
  return lists.some((list) => list && isPhraseCount(dom.childElementCount(list))) && speaksOfSecrets(el);
}

// One number in several boxes: each alone is too short to be noticed.
function isBox(el) {
  if (!(el.maxLength > 0 && el.maxLength < 6)) return false;
  const around = dom.closest(el, 'form,fieldset,[role="group"]') ?? dom.parentElement(dom.parentElement(el)) ?? dom.parentElement(el);
  return dom.querySelectorAll(around, `input[maxlength="${el.maxLength}"]`)?.length > 2;
}

// Dots instead of letters, by a style or a font.
export function isDotted(el) {
  const style = dom.defaultView(dom.ownerDocument(el))?.getComputedStyle(el);
  return Boolean(style) && (/disc|circle|square/.test(style.webkitTextSecurity) || /text-security|dotsfont/i.test(style.fontFamily));
}

export function isNameField(el) {
  return /\b(name|given-name|family-name|additional-name|nickname)\b/.test(dom.getAttribute(el, 'autocomplete') ?? '') ||
    NAME.test(`${el.name ?? ''} ${el.id ?? ''}`);
}

export const holdsText = (el) => !NO_TEXT.test(el.type);

export function createFields({ isKnown }) {
  const passwords = new WeakSet();
  // A page that shows a password often puts another field in the place of the first: called the same, or holding the same.
  const known = new Set();
  const homes = new WeakMap();

  // In every component of a kind the field inside has the same names: they count together with those of the component.
  function namesOf(el) {
    const { host } = dom.getRootNode(el);
    const outer = host && called(host, NAMES).trim();
    if (host && !outer) return [];
    return ['name', 'id'].filter((key) => dom.getAttribute(el, key)).map((key) => `${host ? `${outer}\n` : ''}${key} ${dom.getAttribute(el, key)}`);
  }

  function isPasswordAgain(el, names) {
    if (names.some((name) => known.has(name)) || isKnown(el.value)) return true;
    const before = names.length === 0 && homes.get(dom.parentNode(el));
    return Boolean(before && !dom.isConnected(before));
  }

  function isPassword(el) {
    if (passwords.has(el)) return true;
    if (dom.localName(el) !== 'input' || !holdsText(el)) return false;
    const names = namesOf(el);
    if (el.type === 'password' || dom.hasAttribute(el, 'data-rr-is-password')) {
      for (const name of names) known.add(name);
    } else if (!isPasswordAgain(el, names)) return false;
    passwords.add(el);
    if (dom.parentNode(el)) homes.set(dom.parentNode(el), el);
    return true;
  }

  function isSecret(el) {
    if (isPassword(el) || el.type === 'hidden') return true;
    if (/\bcc-|password|one-time-code/i.test(dom.getAttribute(el, 'autocomplete') ?? '')) return true;
    const label = labelOf(el);
    return isSecretLabel(label) || CARD.test(label) || isBox(el) || isDotted(el) || isPhrase(el, 'word');
  }

  return { isPassword, isSecret };
}
