// SPDX-License-Identifier: MIT
// Decides what of the page may leave it: which elements, which fields, which characters.
import * as dom from './dom.js';
import { createFields, holdsText, isDotted, isNameField, isPhrase, speaksOfSecrets } from './fields.js';
import { createKnown } from './known.js';
import { cleanAddresses, cleanDeep, cleanText, cleanUrl, maskAll, maskCards, maskDigits, maskEmails, scrub } from './scrub.js';
import { askBoth } from './states.js';
import { isRandom, isSecretPair, isSecretive, isWordy } from './secrets.js';

const URL_ATTRIBUTES = new Set(['href', 'src', 'action', 'formaction', 'xlink:href', 'poster', 'data', 'cite', 'ping',
  'background', 'longdesc', 'manifest', 'rr_src', 'codebase']);
const KEPT_META = /^(viewport|color-scheme|theme-color|robots)$/i;
// What lays out and works the page, and says nothing to people.
const PLAIN = new RegExp('^(class|d|points|type|width|height|sizes?|span|colspan|rowspan|cols|rows|tabindex|rel|target|method|enctype|lang|dir|role|scope|shape|coords|' +
  'max|min|step|low|high|optimum|start|maxlength|minlength|media|as|charset|loading|decoding|autocomplete|inputmode|hidden|disabled|readonly|required|multiple|open|' +
  'draggable|ss-is|v?align|bgcolor|border|cellpadding|cellspacing|popover\\w*|slot|part|is|kind|rr_(?!src).*|' +
  'aria-(?!label$|description$|value|roledescription$|placeholder$|braille).*)$');

const attributeKinds = new Map();

function kindOfAttribute(name) {
  let kind = attributeKinds.get(name);
  if (kind) return kind;
  const lower = name.toLowerCase();
  if (/^on|^(srcdoc|nonce|integrity)$|^data-(?!rr-).*(token(?!s)|secret|passw|[cx]srf|api-?key|jwt|credential|nonce)|^data-(.*-)?(pw|pwd|pass|otp|pin)$/.test(lower)) kind = 'drop';
  else if (/^(_csstext|style|id|srcset|imagesrcset|ss-animations)$/.test(lower)) kind = 'style';
  else if (/^(for|form|list|aria-(labelledby|describedby|details|controls|owns|errormessage|activedescendant))$/.test(lower)) kind = 'names';
  else if (PLAIN.test(lower)) kind = 'plain';
  else if (URL_ATTRIBUTES.has(lower)) kind = 'url';
  else if (/^(title|alt|placeholder|label|summary|aria-.*)$/.test(lower)) kind = 'text';
  else kind = { value: 'value', content: 'content', selected: 'choice', checked: 'choice' }[lower] ?? 'other';
  if (attributeKinds.size < 1000) attributeKinds.set(name, kind);
  return kind;
}

// Parts of one line: a number or a word may stand in several of them.
const INLINE = /^(a|abbr|b|bdi|bdo|code|em|font|i|kbd|mark|s|samp|small|span|strong|sub|sup|tt|u|var|wbr)$/;
const LONGEST_LINE = 400;

/** @param {{ mask?: Mask, block?: string, allow?: string }} options */
export function createPrivacy({ mask = {}, block, allow } = {}) {
  const blockSelector = ['[data-ss-mask]', '[data-ss-block]', '.rr-block', block].filter(Boolean).join(',');
  const maskSelector = ['.rr-mask', mask.selector].filter(Boolean).join(',');
  const specialSelector = `${maskSelector},[contenteditable]`;
  const filtersWords = mask.emails || mask.numbers || mask.names;
  // Most pages block nothing: then mutations need not be looked at for it.
  let anyBlocked = Boolean(block);
  // What was typed or written into fields is masked all over the page; words of blocks only where a program repeats them.
  const known = createKnown();
  const blocked = createKnown();
  const { isPassword, isSecret } = createFields({ isKnown: known.holds });
  // Fields that hold secrets, and what they held.
  const secrets = new Map();
  // Whether a field held a secret that nobody typed, and that may have been told already.
  let news = false;
  let dotted = false;
  // Pairs of attribute and value that style sheets ask for: without them the page would look otherwise.
  const asked = new Set();

  const matches = (el, selector) => Boolean(selector && dom.closest(el, selector));

  function composedParent(root) {
    if (dom.nodeType(root) === 11) return root.host ?? null;
    try {
      return dom.defaultView(root)?.frameElement ?? null;
    } catch {
      return null;
    }
  }

  // Through shadow roots and frames: closest() alone stops at both.
  function isBlocked(node) {
    for (let el = dom.nodeType(node) === 1 ? node : dom.parentElement(node) ?? composedParent(dom.parentNode(node) ?? node); el;
      el = composedParent(dom.getRootNode(el))) {
      if (dom.closest(el, blockSelector)) return true;
    }
    return false;
  }

  // Of a block the whole and its parts, and what is typed there.
  function rememberBlock(el) {
    const texts = dom.createTreeWalker(dom.ownerDocument(el), el, NodeFilter.SHOW_TEXT);
    for (let left = 20; left && texts.nextNode(); left--) blocked.remember(texts.currentNode, texts.currentNode.data);
    blocked.remember(el, dom.textContent(el));
  }

  const keepSecret = (el, value = el.value) => {
    secrets.set(el, value);
    return known.remember(el, value ?? '');
  };

  // A script may write a secret into a field, and elsewhere, before rrweb tells.
  function refresh() {
    for (const [el, before] of secrets) {
      if (el.value !== before && keepSecret(el)) news = true;
      if (!dom.isConnected(el)) secrets.delete(el);
    }
  }

  const hides = (el) => mask.inputs || matches(el, maskSelector);

  // What a field holds. Allowed fields still keep their secrets: a password is never allowed.
  function fieldValue(el, value) {
    const text = String(value ?? '');
    if (!text || dom.nodeType(el) !== 1) return text;
    if (/^(submit|button|reset|checkbox|radio)$/.test(el.type)) return visibleText(el, text);
    if (el.selectedOptions && Array.from(el.selectedOptions).some(isBlocked)) return '*';
    const stars = '*'.repeat(text.length);
    if (el.type === 'hidden') {
      if (isSecretPair(el.name, text) ? isSecretive(text) : isRandom(text) && !location.href.includes(text)) known.remember(el, text);
      return stars;
    }
    // rrweb may have masked what it gives; the page holds it as it is.
    if (isSecret(el) || (isRandom(text) && /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text))) {
      keepSecret(el, el.value ?? text);
      return stars;
    }
    if (matches(el, allow)) return cleanAddresses(text);
    if (hides(el) || (mask.text && el.selectedOptions) || (mask.names && isNameField(el))) {
      known.remember(el, text, true);
      return stars;
    }
    const clean = cleanText(text);
    return filterWords(holdsText(el) ? maskTyped(el, clean) : clean);
  }

  function maskTyped(key, text, before = 0) {
    const masked = maskDigits(text, before);
    if (masked !== text) for (const number of text.match(/\d(?:[ \u00a0+./()-]{0,2}\d){5,}/g) ?? []) known.rememberNumber(key, number.replace(/\D/g, ''));
    return masked;
  }

  function filterWords(given) {
    let text = known.forget(given);
    if (mask.emails) text = maskEmails(text);
    return mask.numbers ? text.replace(/\p{N}/gu, '*') : text;
  }

  // isContentEditable would make the browser work out styles.
  function editingHost(el, special) {
    const host = special && dom.closest(el, '[contenteditable]');
    if (host) return dom.getAttribute(host, 'contenteditable') !== 'false' && host;
    const doc = dom.ownerDocument(el);
    return dom.designMode(doc) === 'on' && dom.body(doc);
  }

  // A number may stand in several pieces of text, not in more than a hundred. Five digits are all that matters.
  function digitsBefore(host, node) {
    if (!node) return 0;
    const texts = dom.createTreeWalker(dom.ownerDocument(host), host, NodeFilter.SHOW_TEXT);
    texts.currentNode = node;
    let count = 0;
    for (let left = 99; count < 5 && left-- && texts.previousNode();) count += texts.currentNode.data.match(/\p{N}/gu)?.length ?? 0;
    return count;
  }

  // What stands in several elements of one line is looked at as a whole.
  function inLine(node, text) {
    let box = dom.parentElement(node);
    while (box && INLINE.test(dom.localName(box)) && dom.parentElement(box)) box = dom.parentElement(box);
    if (!box || (box === dom.parentElement(node) && dom.childNodes(box).length < 2)) return text;
    const all = dom.textContent(box);
    if (all.length > LONGEST_LINE || all.length === text.length) return text;
    const masked = known.forget(maskCards(all));
    if (masked === all || masked.length !== all.length) return text;
    const range = dom.ownerDocument(box).createRange();
    range.setStart(box, 0);
    range.setEndBefore(node);
    const from = range.toString().length;
    return all.slice(from, from + text.length) === text ? masked.slice(from, from + text.length) : text;
  }

  // A key, or several, with nothing beside them: what stands around says what they are.
  function isKey(el, text) {
    return /^\s*([\w+/=.~-]{8,}\s*){1,24}$/.test(text) && !/^[\d\s.-]*$|\.[a-z]\w{1,4}\s*$/.test(text) && !text.trim().split(/\s+/).some(isWordy) && speaksOfSecrets(el);
  }

  // Text on the page, and in the attributes that people read.
  function visibleText(el, given, node) {
    let text = cleanText(given);
    if (!text || matches(el, allow)) return text;
    // Asked for all at once: mostly there is none.
    const special = dom.closest(el, specialSelector);
    if (mask.text || (special && matches(el, maskSelector)) || (mask.inputs && dom.closest(el, 'datalist'))) return maskAll(text);
    const host = editingHost(el, special);
    if (host) {
      if (!mask.inputs && !isSecret(host)) return filterWords(maskTyped(node ?? el, text, digitsBefore(host, node)));
      known.remember(node ?? el, text, true);
      return maskAll(text);
    }
    if (el && (isKey(el, text) || (node && (isPhrase(el, text) || (dotted && isDotted(el)))))) return maskAll(text);
    if (node && (!known.empty || /^[\s-]*\d|\d[\s-]*$/.test(text))) text = cleanText(inLine(node, given));
    return filterWords(text);
  }

  // Sheets, and parts of them: addresses, and the words that they put on the page; characters of icons stay.
  function styleText(text) {
    dotted ||= /text-security/.test(text);
    const clean = known.forget(cleanAddresses(text));
    if (!filtersWords && !mask.text) return clean;
    if (mask.text) for (const [, name, value] of text.matchAll(/\[\s*([\w-]+)\s*~?=\s*["']?([^"'\]\s]*)/g)) asked.add(`${name}=${value}`);
    return clean.replace(/\bcontent\s*:[^;}]*/gi, (rule) => rule.replace(/(["'])((?:\\[^]|(?!\1)[^\\])*)(?=\1)/g, (_, quote, said) =>
      quote + said.replace(/\\[\da-f]{1,6}\s?|[^\\]+/gi, (part) => (part[0] === '\\' ? part : mask.text ? part.replace(/[\p{L}\p{N}]/gu, '*') : filterWords(part)))));
  }

  const sheetText = (text) => askBoth(styleText(text));

  function textOf(node, parent, text) {
    const tag = dom.localName(parent);
    if (tag === 'style') return sheetText(text);
    if (tag === 'noscript' || tag === 'script') return '';
    if (tag === 'textarea') return fieldValue(parent, text);
    if (tag === 'title') return blocked.forget(visibleText(parent, text));
    return visibleText(parent, text, node);
  }

  function hidesChoice(el) {
    const field = dom.localName(el) === 'option' ? dom.closest(el, 'select') : el;
    if (!field || matches(field, allow)) return false;
    return Boolean(mask.inputs || matches(field, maskSelector) || (dom.localName(field) === 'select' && isSecret(field)));
  }

  const namesBlocked = (el, ids) => anyBlocked && ids.split(/\s+/).some((id) => isBlocked(dom.elementById(dom.getRootNode(el), id)));

  // The value to send for one attribute; undefined: send nothing of it.
  function attribute(el, name, value) {
    const kind = kindOfAttribute(name);
    if (kind === 'drop' || (kind === 'choice' && hidesChoice(el))) return undefined;
    if (typeof value !== 'string') return name === 'style' ? cleanDeep(value, styleText) : value;
    if (kind === 'plain') return value;
    if (kind === 'names') return namesBlocked(el, value) ? undefined : value;
    if (kind === 'style') return (name === '_cssText' ? sheetText : styleText)(value);
    if (kind === 'url') return known.forget(cleanUrl(value));
    if (kind === 'value') return /^(input|textarea|select)$/.test(dom.localName(el)) ? fieldValue(el, value) : visibleText(el, value);
    if (kind === 'text') return mask.inputs && /^aria-value/.test(name) ? maskAll(value) : visibleText(el, value);
    if (kind === 'content' && dom.localName(el) === 'meta') return KEPT_META.test(dom.getAttribute(el, 'name') ?? '') ? value : '';
    return otherAttribute(el, name, value);
  }

  // Those of drawings are numbers; all others may hold anything.
  function otherAttribute(el, name, value) {
    const own = name.startsWith('data-') || name.includes(':');
    if (!own && el?.namespaceURI && !el.namespaceURI.endsWith('xhtml')) return cleanAddresses(value);
    // rrweb's own word for what a field is.
    if (value.length < 2 || name.startsWith('data-rr-')) return value;
    if (el && secrets.has(el) && isSecretive(value)) {
      known.remember(value, value);
      return '*';
    }
    if ((mask.text || matches(el, maskSelector)) && !asked.has(`${name}=${value}`) && !matches(el, allow)) return maskAll(value);
    if (isRandom(value) && el && isKey(el, value)) return '*';
    return filterWords(cleanText(cleanUrl(value)));
  }

  return {
    blockSelector,
    isBlocked,
    get mayBlock() { return anyBlocked; },
    blocksItself(el) {
      const blocks = dom.matches(el, blockSelector);
      anyBlocked ||= blocks;
      return blocks;
    },
    expectBlocks() {
      anyBlocked = true;
    },
    fieldValue,
    textOf,
    attribute,
    sheetText,
    refresh,
    get news() {
      const was = news;
      news = false;
      return was;
    },
    // What a program tells, and what the visitor typed shows in it.
    text: (text) => known.forget(cleanText(text)),
    url: (url) => blocked.forget(known.forget(cleanUrl(String(url)))),
    says: (text) => blocked.forget(filterWords(scrub(String(text)))),
    title() {
      const el = dom.queryDocument(document, 'head title');
      return isBlocked(el) ? '' : blocked.forget(visibleText(el, dom.title(document)));
    },
    hidesChoice,
    // A field as it comes or changes.
    sees(el) {
      if (!holdsText(el) || el.type === 'hidden') return;
      if ((isPassword(el) || (!secrets.has(el) && isSecret(el))) && keepSecret(el)) news = true;
    },
    // What is being typed, also where nothing is told of it.
    typed(el) {
      if (isBlocked(el)) known.remember(el, el.value ?? '', true);
      else fieldValue(el, el.value);
    },
    // An event that waits to be sent, once more.
    again: (text) => (known.forget(text) === text ? text : JSON.stringify(JSON.parse(text, (key, value) =>
      (typeof value === 'string' && !/^(tagName|type|tag|plugin|kind|what|level)$/.test(key) ? known.forget(value) : value)))),
    rememberBlock,
  };
}
