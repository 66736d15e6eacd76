// SPDX-License-Identifier: MIT
// The DOM as the browser made it, taken when the recorder's script runs. A form's fields cover its members (<input name="matches">),
// named elements cover those of the document, and pages put functions of their own in place of the browser's: so nothing is asked of
// what may be a form or a document but through here. What does not fit (the attributes of a text, of nothing) is undefined.
import { isNative, made, realm } from './realm.js';

const { call } = Function.prototype;
const { getOwnPropertyDescriptor } = Object;
const unbound = (fn) => call.bind(fn);

export function native(owner, name, key = 'value') {
  const found = getOwnPropertyDescriptor(globalThis[owner]?.prototype ?? {}, name)?.[key];
  if (!found || isNative(found)) return found;
  try {
    return getOwnPropertyDescriptor(realm()[owner].prototype, name)[key];
  } catch {
    return found;
  }
}

const typeOf = unbound(native('Node', 'nodeType', 'get'));

export function nodeType(node) {
  try {
    return node ? typeOf(node) : 0;
  } catch {
    // A window, for one.
    return 0;
  }
}

const KIND = { Element: 1, Document: 9 };

// The browser itself tells what does not fit: asking first would take as long as the answer.
function member(owner, name, key) {
  const found = native(owner, name, key);
  if (!found) return (node) => (key === 'get' ? node?.[name] : undefined);
  const fn = unbound(found);
  return (node, a, b, c) => {
    if (!node) return undefined;
    try {
      return fn(node, a, b, c);
    } catch (error) {
      const type = nodeType(node);
      if (type && (!KIND[owner] || type === KIND[owner])) throw error;
      return undefined;
    }
  };
}

const getter = (owner, name) => member(owner, name, 'get');
const method = (owner, name) => member(owner, name, 'value');

export const nodeName = getter('Node', 'nodeName');
export const parentNode = getter('Node', 'parentNode');
export const parentElement = getter('Node', 'parentElement');
export const childNodes = getter('Node', 'childNodes');
export const textContent = getter('Node', 'textContent');
export const firstChild = getter('Node', 'firstChild');
export const lastChild = getter('Node', 'lastChild');
export const nextSibling = getter('Node', 'nextSibling');
export const previousSibling = getter('Node', 'previousSibling');
export const ownerDocument = getter('Node', 'ownerDocument');
export const isConnected = getter('Node', 'isConnected');
export const baseURI = getter('Node', 'baseURI');
export const getRootNode = method('Node', 'getRootNode');
export const contains = method('Node', 'contains');

export const tagName = getter('Element', 'tagName');
export const localName = getter('Element', 'localName');
export const attributes = getter('Element', 'attributes');
export const classList = getter('Element', 'classList');
export const id = getter('Element', 'id');
export const scrollLeft = getter('Element', 'scrollLeft');
export const scrollTop = getter('Element', 'scrollTop');
export const scrollHeight = getter('Element', 'scrollHeight');
export const scrollWidth = getter('Element', 'scrollWidth');
export const previousElementSibling = getter('Element', 'previousElementSibling');
export const childElementCount = getter('Element', 'childElementCount');
export const shadowRoot = getter('Element', 'shadowRoot');
export const matches = method('Element', 'matches');
export const closest = method('Element', 'closest');
export const getAttribute = method('Element', 'getAttribute');
export const hasAttribute = method('Element', 'hasAttribute');
export const setAttribute = method('Element', 'setAttribute');
export const getBoundingClientRect = method('Element', 'getBoundingClientRect');
export const querySelectorAll = method('Element', 'querySelectorAll');

// Of some kinds of elements only.
function some(...getters) {
  return (el) => {
    for (const get of getters) {
      try {
        return get(el);
      } catch {
        // An element of another kind.
      }
    }
    return undefined;
  };
}

export const offsetWidth = some(getter('HTMLElement', 'offsetWidth'));
export const style = some(getter('HTMLElement', 'style'), getter('SVGElement', 'style'), getter('MathMLElement', 'style'));

const namespaceURI = getter('Element', 'namespaceURI');
const svgOwner = getter('SVGElement', 'ownerSVGElement');
export const isSvg = (el) => namespaceURI(el) === 'http://www.w3.org/2000/svg';
export const ownerSvg = (el) => (isSvg(el) ? svgOwner(el) : null);

export const createElement = method('Document', 'createElement');
export const createRange = method('Document', 'createRange');
export const createTreeWalker = method('Document', 'createTreeWalker');
export const queryDocument = method('Document', 'querySelector');
export const queryDocumentAll = method('Document', 'querySelectorAll');
export const getSelection = method('Document', 'getSelection');
export const elementFromPoint = method('Document', 'elementFromPoint');
export const defaultView = getter('Document', 'defaultView');
export const documentElement = getter('Document', 'documentElement');
export const body = getter('Document', 'body');
export const compatMode = getter('Document', 'compatMode');
export const readyState = getter('Document', 'readyState');
export const hidden = getter('Document', 'hidden');
export const activeElement = getter('Document', 'activeElement');
export const title = getter('Document', 'title');
export const referrer = getter('Document', 'referrer');
export const designMode = getter('Document', 'designMode');
export const scrollingElement = getter('Document', 'scrollingElement');
export const implementation = getter('Document', 'implementation');
export const currentScript = getter('Document', 'currentScript');

// Where a root that is no document is asked: nothing covers its members.
export const host = (root) => (nodeType(root) === 11 ? root.host : undefined);
const ofDocument = getter('Document', 'adoptedStyleSheets');
const ofShadow = getter('ShadowRoot', 'adoptedStyleSheets');
export const adoptedStyleSheets = (root) => (nodeType(root) === 9 ? ofDocument : ofShadow)(root);
const inDocument = method('Document', 'getElementById');
export const elementById = (root, name) => (nodeType(root) === 9 ? inDocument(root, name) : root?.getElementById?.(name));

const listen = unbound(native('EventTarget', 'addEventListener'));
const unlisten = unbound(native('EventTarget', 'removeEventListener'));

/** @param {AddEventListenerOptions} options */
export function on(target, type, fn, options = { capture: true, passive: true }) {
  listen(target, type, fn, options);
  return () => unlisten(target, type, fn, options);
}

// A page may watch changes with a class of its own.
export const Observer = made('MutationObserver');
