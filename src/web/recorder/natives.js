// SPDX-License-Identifier: MIT
// The globals that the recorder and rrweb use, as they were when the script ran: the build puts these in their place, so that a page
// that has a Node, a Map or a JSON of its own keeps it to itself.
import { made } from './realm.js';

const native = globalThis.JSON;
const { keys } = globalThis.Object;
const { isArray } = globalThis.Array;

// Libraries give arrays and objects a toJSON, which JSON.stringify obeys. This does not.
function write(value) {
  if (value === null || typeof value !== 'object') return native.stringify(value);
  if (isArray(value)) return `[${value.map((item) => write(item) ?? 'null').join()}]`;
  const members = keys(value).map((key) => [key, write(value[key])]).filter(([, text]) => text !== undefined);
  return `{${members.map(([key, text]) => `${native.stringify(key)}:${text}`).join()}}`;
}

export const JSON = {
  parse: native.parse,
  stringify: (value) => ('toJSON' in [] ? write(value) : native.stringify(value)),
};

export const {
  AbortController, Blob, CompressionStream, Date, Document, DragEvent, Element, ErrorEvent, Error, Event, EventTarget, HTMLFormElement, IntersectionObserver, Math,
  CSSStyleSheet, MouseEvent, Node, NodeFilter, Number, Object, Reflect, RegExp, ResizeObserver, Response, String, TextEncoder, URL, URLSearchParams, CSSGroupingRule,
} = globalThis;

export const Map = made('Map');
export const Set = made('Set');
export const WeakMap = made('WeakMap');
export const WeakSet = made('WeakSet');
export const Proxy = made('Proxy');
export const Promise = made('Promise');

// Some libraries have an Array.from that takes no function.
export const Array = { isArray, from: (list, fn) => (fn ? [...list].map((item, i) => fn(item, i)) : [...list]) };

const bound = (name) => globalThis[name]?.bind(globalThis);
const timer = bound('setTimeout');

// What comes later has no caller that would keep its faults in.
export const setTimeout = (fn, ms) => timer(() => {
  try {
    fn();
  } catch {
    // Nobody's but ours.
  }
}, ms);
export const clearTimeout = bound('clearTimeout');
export const requestAnimationFrame = bound('requestAnimationFrame');
export const requestIdleCallback = bound('requestIdleCallback');
export const getComputedStyle = bound('getComputedStyle');
export const fetch = bound('fetch');
