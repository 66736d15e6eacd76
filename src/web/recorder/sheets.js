// SPDX-License-Identifier: MIT
// The text of style sheets, in place of rrweb's own: imports under their conditions, and as it was written where the browser's words lose it.
import * as dom from './dom.js';
import { hooks, telling } from './hooks.js';
import { patch, patchSetter, safe } from './safe.js';

const URLS = /url\((?:(')([^']*)'|(")(.*?)"|([^)]*))\)/g;
const IMPORT = /@import\b(?:"[^"]*"|'[^']*'|[^;"'])*;/gi;
// Shorthands with var() of which a part is said again: the browser says `padding-top: ;`.
const LOST = /[{;] (?!--)[a-z-]+: ;/;

// What was written in sheets that have no element, or that were read again.
const written = new WeakMap();
const told = new WeakMap();
const tellers = new WeakMap();
let waits = false;

export function absolute(path, base) {
  try {
    return /^(blob|data):|^#/i.test(path) ? path : new URL(path, base).href;
  } catch {
    return path;
  }
}

export const absolutifyURLs = (css, base) => (/url\(/.test(css) ? css.replace(URLS, (all, q1, one, q2, two, bare) =>
  `url(${q1 ?? q2 ?? ''}${absolute(one ?? two ?? bare, base)}${q1 ?? q2 ?? ''})`) : css || '');

const isImport = (rule) => 'styleSheet' in rule;

function imported(rule, base) {
  const { styleSheet, media, layerName } = rule;
  // It is on its way.
  if (!styleSheet) {
    waits = true;
    return '';
  }
  const supports = rule.supportsText ?? /\ssupports\((.*)\)/.exec(rule.cssText)?.[1];
  let text = stringifyStylesheet(styleSheet);
  if (text === null) return absolutifyURLs(rule.cssText, base);
  if (media?.length) text = `@media ${media.mediaText}{${text}}`;
  if (supports) text = `@supports (${supports}){${text}}`;
  return layerName === null || layerName === undefined ? text : `@layer ${layerName}{${text}}`;
}

export function stringifyRule(rule, base) {
  if (isImport(rule)) return imported(rule, base);
  // Safari forgets what stands before a colon in a name. The browser says a rule's text slowly, and its selectors once more would be a third on top.
  const { cssText } = rule;
  return absolutifyURLs(cssText.includes('[') ? cssText.replace(/(\[(?:[\w-]+)[^\\])(:(?:[\w-]+)\])/g, '$1\\$2') : cssText, base);
}

const said = (rules) => Array.from(rules, (rule) => (isImport(rule) ? '' : rule.cssText)).join('');

// What was written, if the rules are still those.
export function asWritten(sheet) {
  const el = sheet.ownerNode;
  const text = (dom.localName(el) === 'style' ? dom.textContent(el) : written.get(sheet))?.replace(IMPORT, '');
  if (!text) return undefined;
  const again = new CSSStyleSheet();
  again.replaceSync(text);
  return said(again.cssRules) === said(sheet.cssRules) ? text : undefined;
}

function ownerOf(sheet) {
  while (sheet.ownerRule) sheet = sheet.ownerRule.parentStyleSheet;
  return sheet.ownerNode;
}

// A linked sheet of the same origin is in the browser's cache.
function readAgain(sheet) {
  if (written.has(sheet) || !sheet.href?.startsWith(`${location.origin}/`)) return;
  written.set(sheet, '');
  fetch(sheet.href, { cache: 'force-cache' }).then((response) => response.text()).then(safe((text) => {
    written.set(sheet, text);
    tellers.get(ownerOf(sheet))?.();
  })).catch(() => {});
}

export function stringifyStylesheet(sheet) {
  try {
    const base = sheet.href ?? dom.baseURI(sheet.ownerNode);
    const rules = Array.from(sheet.cssRules);
    const texts = rules.map((rule) => stringifyRule(rule, base));
    const text = texts.join('');
    if (!LOST.test(text)) return text;
    const source = asWritten(sheet);
    if (source === undefined) readAgain(sheet);
    return source === undefined ? text : texts.filter((_, i) => isImport(rules[i])).join('') + absolutifyURLs(source, base);
  } catch {
    return null;
  }
}

// undefined: there is nothing to say that its own texts do not.
export function textOfSheet(el) {
  const { sheet } = el;
  waits = false;
  const text = sheet && stringifyStylesheet(sheet);
  if (!text) return undefined;
  if (!waits) told.set(el, sheet);
  const pieces = dom.localName(el) === 'style' && dom.childNodes(el).length > 1;
  return pieces && !/@import/i.test(dom.textContent(el)) && asWritten(sheet) !== undefined ? undefined : text;
}

// A sheet that comes later, or whose imports do, is told once it is there, and once.
export function onceStylesheetLoaded(el, tell) {
  const known = tellers.has(el);
  const isStyle = dom.localName(el) === 'style';
  tellers.set(el, isStyle ? () => hooks.tell('texts', dom.firstChild(el), { value: textOfSheet(el) }) : tell);
  if (known || (isStyle && (!el.sheet || told.get(el) === el.sheet))) return;
  dom.on(el, 'load', safe(() => {
    if (el.sheet && told.get(el) !== el.sheet) tellers.get(el)();
  }));
}

// A sheet that is off is one for no media.
export const mediaOf = (el) => ((el.sheet?.disabled ?? dom.hasAttribute(el, 'disabled')) ? 'not all' : dom.getAttribute(el, 'media'));

const switched = telling((target, of) => {
  const el = of.ownerNode ?? of;
  if (dom.nodeType(el)) hooks.tell('attributes', el, { attributes: { media: mediaOf(el) } });
});
for (const name of ['StyleSheet', 'HTMLStyleElement', 'HTMLLinkElement']) patchSetter(globalThis[name].prototype, 'disabled', switched);
for (const name of ['replace', 'replaceSync']) patch(CSSStyleSheet.prototype, name, telling((target, sheet, [text]) => written.set(sheet, String(text))));

// Of a constructed sheet, where its rules lose words: what was written.
export function textOfConstructed(sheet) {
  return LOST.test(said(sheet.cssRules)) ? asWritten(sheet) : undefined;
}

// Properties that scripts register are told as a sheet that the document seems to have adopted.
let registered = null;
export const adoptedBy = (root) => [...dom.adoptedStyleSheets(root) ?? [], ...(root === document && registered ? [registered] : [])];
patch(globalThis.CSS, 'registerProperty', telling((target, self, [{ name, syntax = '*', inherits, initialValue }]) => {
  registered ??= new CSSStyleSheet();
  registered.insertRule(`@property ${name} { syntax: "${syntax}"; inherits: ${inherits}; ${initialValue === undefined ? '' : `initial-value: ${initialValue}`} }`);
  adopters.get(document)?.look();
}));

const adopters = new WeakMap();
const prototypes = new WeakSet();

// tell(sheets) where they are set, and where somebody who asked for the list has changed it: at the end of the task, before anything is drawn, once the
// root itself was told of with what is in it: a player makes none before. It returns false where it was not.
export function watchAdopted(root, tell) {
  const { prototype } = dom.defaultView(dom.ownerDocument(root) ?? root)[dom.host(root) ? 'ShadowRoot' : 'Document'];
  let due = false;
  const watched = {
    last: dom.host(root) ? [] : adoptedBy(root),
    // sure: the root is known by now, or has nothing in it.
    look(sure = false) {
      const { last } = watched;
      const sheets = adoptedBy(root);
      if (last.length === sheets.length && last.every((sheet, i) => sheet === sheets[i])) return;
      if (tell(sheets, sure)) watched.last = sheets;
      else if (!sure) setTimeout(() => watched.look(true), 0);
    },
    lookSoon() {
      if (!due) Promise.resolve().then(safe(() => { due = false; watched.look(); }));
      due = true;
    },
  };
  adopters.set(root, watched);
  if (!prototypes.has(prototype)) {
    prototypes.add(prototype);
    for (const key of ['get', 'set']) patchSetter(prototype, 'adoptedStyleSheets', telling((target, self) => adopters.get(self)?.lookSoon()), key);
  }
  return () => adopters.delete(root);
}

// A shadow root is told of, maybe again after a move: then without its sheets.
export function adoptAgain(root) {
  const watched = adopters.get(root);
  if (!watched) return;
  watched.last = [];
  watched.lookSoon();
}
