// SPDX-License-Identifier: MIT
// The page as such: the visitor's media features (ss:context), how large the document is (ss:page), and what makes it scroll (ss:scroll).
import * as dom from './dom.js';
import { on, safe } from './safe.js';

// What is not asked for is the last name.
const FEATURES = {
  scheme: ['prefers-color-scheme', 'dark', 'light'],
  contrast: ['prefers-contrast', 'more', 'less', 'custom', 'no-preference'],
  motion: ['prefers-reduced-motion', 'reduce', 'no-preference'],
  data: ['prefers-reduced-data', 'reduce', 'no-preference'],
  pointer: ['pointer', 'fine', 'coarse', 'none'],
  hover: ['hover', 'hover', 'none'],
  forced: ['forced-colors', 'active', 'none'],
};
// A wheel and a finger go on for a while, and so does a smooth scroll that began with them.
const CAUSE_MS = 300;

const asked = (feature, value) => matchMedia(`(${feature}: ${value})`);

export function media() {
  const found = { direction: getComputedStyle(dom.documentElement(document)).direction };
  for (const [name, [feature, ...values]] of Object.entries(FEATURES)) found[name] = values.find((value) => asked(feature, value).matches) ?? values.pop();
  return found;
}

export function watchPage({ custom, mirror, onMedia }) {
  let cause = 'script';
  let causedAt = -Infinity;
  let held = false;
  let told = null;
  let size = null;
  const by = new WeakMap();

  const causes = (name) => (event) => {
    if (!event.isTrusted) return;
    cause = name;
    causedAt = performance.now();
  };

  function scrolled({ target }) {
    const at = performance.now();
    const last = by.get(target);
    const goesOn = last && at - last.at < CAUSE_MS && last.name;
    const name = held ? 'bar' : at - causedAt < CAUSE_MS ? cause : goesOn || 'script';
    by.set(target, { at, name });
    if (last?.name === name) return;
    const id = mirror.getId(target);
    if (id > 0) custom('ss:scroll', { id, by: name });
  }

  function tell() {
    told = size;
    if (size) custom('ss:page', size);
  }

  const differs = (a, b) => Math.abs(a - b) > b / 5;

  // Called where the browser has just laid the page out.
  const sizes = new ResizeObserver(safe(() => {
    const root = dom.scrollingElement(document) ?? dom.documentElement(document);
    size = { height_px: dom.scrollHeight(root), width_px: dom.scrollWidth(root) };
    if (!told || differs(size.height_px, told.height_px) || differs(size.width_px, told.width_px)) tell();
  }));
  sizes.observe(dom.documentElement(document));
  if (dom.body(document)) sizes.observe(dom.body(document));

  const undo = [
    on(window, 'wheel', causes('wheel')), on(window, 'keydown', causes('key')),
    on(window, 'touchstart', causes('touch')), on(window, 'touchmove', causes('touch')),
    on(window, 'pointerdown', (event) => {
      held = event.isTrusted && event.pointerType !== 'touch';
    }),
    on(window, 'pointerup', () => {
      held = false;
    }),
    on(window, 'pointermove', (event) => {
      held &&= event.buttons > 0;
    }),
    on(window, 'scroll', scrolled),
    () => sizes.disconnect(),
  ];
  for (const [feature, ...values] of Object.values(FEATURES)) for (const value of values) undo.push(on(asked(feature, value), 'change', onMedia));
  return { leave: tell, stop: () => undo.forEach((fn) => fn()) };
}
