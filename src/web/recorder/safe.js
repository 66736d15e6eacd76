// SPDX-License-Identifier: MIT
// Keeps the recorder's faults to itself: nothing of it may throw into the page.

import * as dom from './dom.js';

/** @param {Function | undefined} fn */
export function safe(fn) {
  /** @this {any} */
  return function (...args) {
    try {
      return fn.apply(this, args);
    } catch {
      return undefined;
    }
  };
}

/** @param {AddEventListenerOptions} options */
export function on(target, type, fn, options = { capture: true, passive: true }) {
  return dom.on(target, type, safe(fn), options);
}

export function whenIdle(fn, timeout = 2000) {
  const guarded = safe(fn);
  return () => requestIdleCallback?.(guarded, { timeout }) ?? guarded();
}

// A proxy keeps name, length, properties and the native look of what it stands before. Where somebody else has patched over
// ours meanwhile, taking it back would undo theirs: it stays and does nothing any more.
export function patch(owner, name, apply) {
  const original = owner?.[name];
  if (typeof original !== 'function') return () => {};
  let active = true;
  const patched = new Proxy(original, {
    apply: (target, self, args) => (active ? apply(target, self, args) : Reflect.apply(target, self, args)),
  });
  try {
    owner[name] = patched;
  } catch {
    return () => {};
  }
  return () => {
    active = false;
    if (owner[name] === patched) owner[name] = original;
  };
}

export function patchSetter(owner, name, apply, key = 'set') {
  const found = Object.getOwnPropertyDescriptor(owner ?? {}, name);
  if (!found?.[key]) return () => {};
  let active = true;
  const patched = new Proxy(found[key], { apply: (target, self, args) => (active ? apply : Reflect.apply)(target, self, args) });
  Reflect.defineProperty(owner, name, { ...found, [key]: patched });
  return () => {
    active = false;
  };
}
