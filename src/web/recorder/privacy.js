// SPDX-License-Identifier: MIT
// Decides what of the page may leave it: which elements, which fields, which characters.
import { createFields, isNameField } from './fields.js';
import { cleanAddresses, cleanDeep, cleanUrl, maskAll, maskDigits, maskEmails, scrub } from './scrub.js';

const URL_ATTRIBUTES = new Set(['href', 'src', 'action', 'formaction', 'xlink:href', 'poster', 'data', 'cite', 'ping',
  'background', 'longdesc', 'manifest', 'rr_src', 'codebase']);
const KEPT_META = /^(viewport|color-scheme|theme-color|robots)$/i;
const MOST_KNOWN = 100;

const attributeKinds = new Map();

function kindOfAttribute(name) {
  let kind = attributeKinds.get(name);
  if (kind) return kind;
  const lower = name.toLowerCase();
  if (/^on|^(srcdoc|nonce|integrity)$|^data-(?!rr-).*(token|secret|passw|csrf|api-?key|jwt|credential)/.test(lower)) kind = 'drop';
  else if (/^(class|d)$/.test(lower)) kind = 'plain';
  else if (/^(_csstext|style|id|srcset|imagesrcset)$/.test(lower)) kind = 'addresses';
  else if (/^(for|form|list|aria-(labelledby|describedby|details|controls|owns|errormessage|activedescendant))$/.test(lower)) kind = 'names';
  else if (URL_ATTRIBUTES.has(lower)) kind = 'url';
  else if (/^(title|alt|placeholder|label|summary|aria-(label|description|valuetext|roledescription|placeholder))$/.test(lower)) kind = 'text';
  else kind = { value: 'value', content: 'content', selected: 'choice', checked: 'choice' }[lower] ?? 'other';
  if (attributeKinds.size < 1000) attributeKinds.set(name, kind);
  return kind;
}

// How a text looks in an address, in JSON and in base64.
function formsOf(text) {
  try {
    const percent = encodeURIComponent(text);
    const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(text))).replace(/=+$/, '');
    return [text, JSON.stringify(text).slice(1, -1), percent, percent.replaceAll('%20', '+'), base64];
  } catch {
    return [text];
  }
}

export function createPrivacy({ mask = {}, block, allow } = {}) {
  const blockSelector = ['[data-ss-mask]', '[data-ss-block]', '.rr-block', block].filter(Boolean).join(',');
  const maskSelector = ['.rr-mask', mask.selector].filter(Boolean).join(',');
  const filtersWords = mask.emails || mask.numbers || mask.names;
  // Most pages block nothing: then mutations need not be looked at for it.
  let anyBlocked = Boolean(block);
  const known = new Map();
  const { isPassword, isSecret } = createFields({ isKnown: (text) => [...known.values()].some(([secret]) => secret === text) });

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
    for (let el = node?.nodeType === 1 ? node : node?.parentElement ?? composedParent(node?.parentNode ?? node); el;
      el = composedParent(el.getRootNode())) {
      if (el.closest(blockSelector)) return true;
    }
    return false;
  }

  // What is masked here must not come out elsewhere: in a message, a title or an address.
  function remember(key, text) {
    known.delete(key);
    if (text.length < 4 || text.length > 200) return;
    known.set(key, formsOf(text));
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value);
  }

  // Of a block the whole and its parts.
  function rememberBlock(el) {
    const texts = el.ownerDocument.createTreeWalker(el, NodeFilter.SHOW_TEXT);
    for (let left = 20; left && texts.nextNode(); left--) remember(texts.currentNode, texts.currentNode.data.trim());
    remember(el, el.textContent.trim());
  }

  function forget(text) {
    for (const form of [...known.values()].flat().sort((a, b) => b.length - a.length)) {
      if (text.includes(form)) text = text.replaceAll(form, '*'.repeat(Math.min(form.length, 12)));
    }
    return text;
  }

  // What a field holds. Allowed fields still keep their secrets: a password is never allowed.
  function fieldValue(el, value) {
    const text = String(value ?? '');
    if (!text || !el?.getAttribute) return text;
    const type = el.type;
    if (type === 'submit' || type === 'button' || type === 'reset' || type === 'checkbox' || type === 'radio') return visibleText(el, text);
    if (el.selectedOptions && Array.from(el.selectedOptions).some(isBlocked)) return '*';
    if (isSecret(el)) {
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

  // isContentEditable would make the browser work out styles.
  function editingHost(el) {
    const host = el?.closest?.('[contenteditable]');
    if (host) return host.getAttribute('contenteditable') !== 'false' && host;
    return el?.ownerDocument.designMode === 'on' && el.ownerDocument.body;
  }

  // A number may stand in several pieces of text. Five digits are all that matters.
  function digitsBefore(host, node) {
    if (!node) return 0;
    const texts = host.ownerDocument.createTreeWalker(host, NodeFilter.SHOW_TEXT);
    texts.currentNode = node;
    let count = 0;
    while (count < 5 && texts.previousNode()) count += texts.currentNode.data.match(/\p{N}/gu)?.length ?? 0;
    return count;
  }

  // Text on the page, and in the attributes that people read.
  function visibleText(el, given, node) {
    const text = cleanAddresses(given);
    if (!text || matches(el, allow)) return text;
    if (mask.text || matches(el, maskSelector)) return maskAll(text);
    const host = editingHost(el);
    if (host) return mask.inputs || isSecret(host) ? maskAll(text) : filterWords(maskDigits(text, digitsBefore(host, node)));
    return filtersWords ? filterWords(text) : text;
  }

  function textOf(node, parent, text) {
    const tag = parent?.localName;
    if (tag === 'style') return cleanAddresses(text);
    if (tag === 'noscript' || tag === 'script') return '';
    if (tag === 'textarea') return fieldValue(parent, text);
    if (tag === 'title') return forget(visibleText(parent, text));
    return visibleText(parent, text, node);
  }

  function hidesChoice(el) {
    const field = el?.localName === 'option' ? el.closest('select') : el;
    if (!field || matches(field, allow)) return false;
    return Boolean(mask.inputs || matches(field, maskSelector) || (field.localName === 'select' && isSecret(field)));
  }

  const namesBlocked = (el, ids) => anyBlocked && ids.split(/\s+/).some((id) => isBlocked(el.getRootNode().getElementById?.(id)));

  // The value to send for one attribute; undefined: send nothing of it.
  function attribute(el, name, value) {
    const kind = kindOfAttribute(name);
    if (kind === 'drop' || (kind === 'choice' && hidesChoice(el))) return undefined;
    if (typeof value !== 'string') return name === 'style' ? cleanDeep(value, cleanAddresses) : value;
    if (kind === 'plain') return value;
    if (kind === 'names') return namesBlocked(el, value) ? undefined : value;
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
    get mayBlock() { return anyBlocked; },
    blocksItself(el) {
      const blocks = el.matches(blockSelector);
      anyBlocked ||= blocks;
      return blocks;
    },
    expectBlocks() {
      anyBlocked = true;
    },
    fieldValue,
    textOf,
    attribute,
    url: (url) => forget(cleanUrl(String(url))),
    says: (text) => forget(filterWords(scrub(String(text)))),
    title() {
      const el = document.querySelector('head title');
      return isBlocked(el) ? '' : forget(visibleText(el, document.title));
    },
    hidesChoice,
    sees: isPassword,
    rememberBlock,
  };
}
