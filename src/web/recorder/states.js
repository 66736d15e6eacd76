// SPDX-License-Identifier: MIT
// What an element is and no attribute says: told as one, ss-is, which sheets then ask for as well.
import * as dom from './dom.js';
import { hooks, telling } from './hooks.js';
import { on, patch, patchSetter } from './safe.js';
import { rootOf, targetOf } from './shadow.js';

const FIELD = /^(input|select|textarea)$/;
const NAMES = ['target', 'user-invalid', 'user-valid', 'fullscreen'];
const ASKED = new RegExp(`"(?:\\\\.|[^"\\\\])*"|'(?:\\\\.|[^'\\\\])*'|:(?:(${NAMES.join('|')})|state\\(\\s*([\\w-]+)\\s*\\))(?![\\w-])`, 'g');

const told = new WeakMap();
// Of a custom element, what it said of itself; by it, and the other way round.
const own = new WeakMap();
const hosts = new WeakMap();

// What a player brings about itself; the others count where a sheet asks for them.
const asked = new Set(['popover-open', 'indeterminate', 'fullscreen']);
// What fills the screen, of each document.
const full = new Set();

// Text of a sheet, or selectors: they match by state or by attribute, with the same weight.
export const askBoth = (css) => css.replace(ASKED, (all, name, state) => {
  if (!name && !state) return all;
  if (name && !asked.has(name) && CSS.supports(`selector(${all})`)) asked.add(name);
  return `:is(${all},[ss-is~="${name ?? `state-${state}`}"])`;
});

function statesOf(el) {
  const is = [...asked].filter((name) => (name === 'indeterminate' ? el.indeterminate : name === 'popover-open' ? el.popover && dom.matches(el, ':popover-open') : dom.matches(el, `:${name}`)));
  return [...is, ...Array.from(own.get(el) ?? [], (state) => `state-${state}`)].join(' ');
}

// As an element comes: few are anything.
export function stateOf(el, tag, attributes) {
  if (!FIELD.test(tag) && attributes.popover === undefined && !full.has(el) && !(tag.includes('-') && own.has(el)) &&
    !(attributes.id && `#${attributes.id}` === dom.ownerDocument(el).location?.hash)) return undefined;
  const is = statesOf(el);
  told.set(el, is);
  return is || undefined;
}

function look(el) {
  if (dom.nodeType(el) !== 1) return;
  const is = statesOf(el);
  if (is === (told.get(el) ?? '')) return;
  told.set(el, is);
  hooks.tell('attributes', el, { attributes: { 'ss-is': is || null } });
}

// Once the page and the browser are done with it.
const lookSoon = (el) => setTimeout(() => look(el), 0);

const patched = new WeakSet();

function patchWindow(win) {
  if (patched.has(win)) return;
  patched.add(win);
  patchSetter(win.HTMLInputElement.prototype, 'indeterminate', telling((target, el) => lookSoon(el)));
  patch(win.HTMLElement.prototype, 'attachInternals', (target, self, args) => {
    const internals = Reflect.apply(target, self, args);
    const { states } = internals;
    if (states) {
      own.set(self, states);
      hosts.set(states, self);
    }
    return internals;
  });
  for (const name of ['add', 'delete', 'clear']) patch(win.CustomStateSet?.prototype, name, telling((target, set) => lookSoon(hosts.get(set))));
}

patchWindow(globalThis);

// Of the page, or of a frame in it.
export function watchStates(doc) {
  const win = dom.defaultView(doc);
  patchWindow(win);
  let target = dom.queryDocument(doc, ':target');
  let filling = null;
  const fills = () => {
    lookSoon(filling);
    full.delete(filling);
    filling = doc.fullscreenElement;
    for (let inner = filling; (inner = rootOf(inner)?.fullscreenElement);) filling = inner;
    full.add(filling);
    lookSoon(filling);
  };
  fills();
  const undo = [
    on(win, 'hashchange', () => {
      lookSoon(target);
      target = dom.queryDocument(doc, ':target');
      lookSoon(target);
    }),
    on(doc, 'fullscreenchange', fills),
    ...['toggle', 'input', 'change', 'focusout', 'invalid'].map((type) => on(doc, type, (event) => {
      const el = targetOf(event);
      if (type === 'toggle' || FIELD.test(dom.localName(el))) lookSoon(el);
    })),
  ];
  return () => undo.forEach((fn) => fn());
}
