// SPDX-License-Identifier: MIT
// Decides what of the page may leave it: which elements, which fields, which characters.
import { cleanAddresses, cleanDeep, cleanUrl, maskAll, maskDigits, maskEmails, scrub } from './scrub.js';

const SECRET_FIELD = /passw|passphrase|passcode|pwd|one.?time|otp\b|\bpin\b|secret|token|cvv|cvc|\bcsc\b|security.?code|\bssn\b|social.?security|iban/i;
const CARD_FIELD = /card.?(no|num|holder|name|code|exp)|cc.?(no|num|name|exp|csc|cvc|type)|credit.?card|debit.?card|kreditkarte|kartennummer|num(e|é)ro.{0,8}carte|expir/i;
const NAME_FIELD = /(^|[^a-z])(full|first|last|given|family|middle|sur|nick)?.?name([^a-z]|$)/i;
const URL_ATTRIBUTES = new Set(['href', 'src', 'action', 'formaction', 'xlink:href', 'poster', 'data', 'cite', 'ping',
  'background', 'longdesc', 'manifest', 'rr_src', 'codebase']);
const KEPT_META = /^(viewport|color-scheme|theme-color|robots)$/i;

const attributeKinds = new Map();

function kindOfAttribute(name) {
  let kind = attributeKinds.get(name);
  if (kind) return kind;
  const lower = name.toLowerCase();
  if (/^on|^(srcdoc|nonce|integrity)$/.test(lower)) kind = 'drop';
  else if (/^(class|d)$/.test(lower)) kind = 'plain';
  else if (/^(_csstext|style|id|srcset|imagesrcset)$/.test(lower)) kind = 'addresses';
  else if (URL_ATTRIBUTES.has(lower)) kind = 'url';
  else if (/^(title|alt|placeholder|label|summary|aria-(label|description|valuetext|roledescription|placeholder))$/.test(lower)) kind = 'text';
  else kind = { value: 'value', content: 'content', selected: 'choice', checked: 'choice' }[lower] ?? 'other';
  if (attributeKinds.size < 1000) attributeKinds.set(name, kind);
  return kind;
}

export function createPrivacy({ mask = {}, block, allow } = {}) {
  const blockSelector = ['[data-ss-mask]', '[data-ss-block]', '.rr-block', block].filter(Boolean).join(',');
  const maskSelector = typeof mask.selector === 'string' ? mask.selector : null;
  const filtersWords = mask.emails || mask.numbers || mask.names;
  // Most pages block nothing: then nothing needs to be looked for.
  let anyBlocked = Boolean(block);
  const passwords = new WeakSet();
  const known = new Map();

  const matches = (el, selector) => Boolean(selector && el?.closest?.(selector));

  function composedParent(root) {
    if (root?.nodeType === 11) return root.host ?? null;
    try {
      return root?.defaultView?.frameElement ?? null;
    } catch {
      return null;
    }
  }

  // Through shadow roots and frames: closest() alone stops at both.
  function isBlocked(node) {
    if (!anyBlocked) return false;
    for (let el = node?.nodeType === 1 ? node : node?.parentElement ?? composedParent(node?.parentNode ?? node); el;
      el = composedParent(el.getRootNode())) {
      if (el.closest(blockSelector)) return true;
    }
    return false;
  }

  function labelOf(el) {
    const labels = el.labels ? Array.from(el.labels, (label) => label.textContent).join(' ') : '';
    return `${el.name ?? ''} ${el.id ?? ''} ${el.getAttribute('aria-label') ?? ''} ${el.placeholder ?? ''} ${labels}`.slice(0, 300);
  }

  function isPassword(el) {
    if (passwords.has(el)) return true;
    if (el.type !== 'password' && !el.hasAttribute('data-rr-is-password')) return false;
    passwords.add(el);
    return true;
  }

  function isSecretField(el) {
    if (isPassword(el) || el.type === 'hidden') return true;
    const autocomplete = el.getAttribute('autocomplete') ?? '';
    if (/\bcc-|password|one-time-code/i.test(autocomplete)) return true;
    const label = labelOf(el);
    return SECRET_FIELD.test(label) || CARD_FIELD.test(label);
  }

  function isNameField(el) {
    return /\b(name|given-name|family-name|additional-name|nickname)\b/.test(el.getAttribute('autocomplete') ?? '') ||
      NAME_FIELD.test(`${el.name ?? ''} ${el.id ?? ''}`);
  }

  // What is masked here must not come out elsewhere: in a message, a title or an address.
  function remember(el, text) {
    known.delete(el);
    if (text.length < 4 || text.length > 200) return;
    known.set(el, text);
    if (known.size > 60) known.delete(known.keys().next().value);
  }

  function forget(text) {
    if (!known.size) return text;
    for (const secret of [...known.values()].sort((a, b) => b.length - a.length)) {
      for (const form of [secret, encodeURIComponent(secret), encodeURIComponent(secret).replaceAll('%20', '+'), JSON.stringify(secret).slice(1, -1)]) {
        if (text.includes(form)) text = text.replaceAll(form, '*'.repeat(Math.min(form.length, 12)));
      }
    }
    return text;
  }

  // What a field holds. Allowed fields still keep their secrets: a password is never allowed.
  function fieldValue(el, value) {
    const text = String(value ?? '');
    if (!text || !el?.getAttribute) return text;
    const type = el.type;
    if (type === 'submit' || type === 'button' || type === 'reset' || type === 'checkbox' || type === 'radio') return visibleText(el, text);
    if (isSecretField(el)) {
      // rrweb may have masked what it gives; the page holds it as it is.
      remember(el, el.value ?? text);
      return '*'.repeat(text.length);
    }
    if (matches(el, allow)) return cleanAddresses(text);
    if (mask.inputs || matches(el, maskSelector)) return '*'.repeat(text.length);
    if (mask.names && isNameField(el)) {
      remember(el, text);
      return '*'.repeat(text.length);
    }
    return filterWords(maskDigits(cleanAddresses(text)));
  }

  function filterWords(text) {
    if (mask.emails) text = maskEmails(text);
    if (mask.numbers) text = text.replace(/\p{N}/gu, '*');
    if (mask.names && known.size) text = forget(text);
    return text;
  }

  // Text on the page, and in the attributes that people read.
  function visibleText(el, given) {
    const text = cleanAddresses(given);
    if (!text || matches(el, allow)) return text;
    if (mask.text || matches(el, maskSelector)) return maskAll(text);
    // Asking whether an element can be edited makes the browser work out styles: only where it matters.
    if ((mask.inputs || /\p{N}(?:\P{N}*\p{N}){5}/u.test(text)) && el?.isContentEditable) return mask.inputs ? maskAll(text) : filterWords(maskDigits(text));
    return filtersWords ? filterWords(text) : text;
  }

  function textOf(parent, text) {
    const tag = parent?.localName;
    if (tag === 'style') return cleanAddresses(text);
    if (tag === 'noscript' || tag === 'script') return '';
    if (tag === 'textarea') return fieldValue(parent, text);
    return visibleText(parent, text);
  }

  function hidesChoice(el) {
    const field = el?.localName === 'option' ? el.closest('select') : el;
    if (!field || matches(field, allow)) return false;
    return Boolean(mask.inputs || matches(field, maskSelector) || (field.localName === 'select' && isSecretField(field)));
  }

  // The value to send for one attribute; undefined: send nothing of it.
  function attribute(el, name, value) {
    const kind = kindOfAttribute(name);
    if (kind === 'drop' || (kind === 'choice' && hidesChoice(el))) return undefined;
    if (typeof value !== 'string') return name === 'style' ? cleanDeep(value, cleanAddresses) : value;
    if (kind === 'plain') return value;
    if (kind === 'addresses') return cleanAddresses(value);
    if (kind === 'url') return cleanUrl(value);
    if (kind === 'value') return /^(input|textarea|select)$/.test(el?.localName) ? fieldValue(el, value) : visibleText(el, value);
    if (kind === 'text') return visibleText(el, value);
    if (kind === 'content' && el?.localName === 'meta') return KEPT_META.test(el.getAttribute('name') ?? '') ? value : '';
    return cleanUrl(filtersWords ? filterWords(value) : value);
  }

  return {
    blockSelector,
    isBlocked,
    blocksItself(el) {
      const blocks = el.matches(blockSelector);
      anyBlocked ||= blocks;
      return blocks;
    },
    expectBlocks() {
      anyBlocked = true;
    },
    isSecretField,
    fieldValue,
    textOf,
    attribute,
    url: (url) => forget(cleanUrl(String(url))),
    says: (text) => forget(filterWords(scrub(String(text)))),
    title: (text) => forget(mask.text ? maskAll(text) : filterWords(cleanAddresses(text))),
    hidesChoice,
    sees: isPassword,
    remember,
  };
}
