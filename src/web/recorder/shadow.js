// SPDX-License-Identifier: MIT
// Shadow roots, also closed ones: who attaches them has them, and the recorder sees that from its first moment on.
import * as dom from './dom.js';
import { patch, safe } from './safe.js';

const closed = new WeakMap();
const tellers = new WeakMap();

export const rootOf = (el) => (dom.nodeType(el) === 1 ? dom.shadowRoot(el) ?? closed.get(el) ?? null : null);

// tell(host) is called for each root that is attached from now on; of those of one window, the last one only.
export function watchShadows(prototype, tell) {
  const known = tellers.has(prototype);
  tellers.set(prototype, tell);
  if (known) return;
  patch(prototype, 'attachShadow', (target, self, args) => {
    const root = Reflect.apply(target, self, args);
    safe(() => {
      if (root.mode === 'closed') closed.set(self, root);
      tellers.get(prototype)(self);
    })();
    return root;
  });
}

watchShadows(Element.prototype, () => {});

// What was met: an event that comes out of a closed root names the host alone.
export function targetOf(event) {
  let target = event.composedPath?.()[0] ?? event.target;
  for (let root = closed.get(target); root; root = closed.get(target)) {
    const inner = event.clientX === undefined ? root.activeElement : root.elementFromPoint(event.clientX, event.clientY);
    if (!inner || inner === target) break;
    target = inner;
  }
  return target;
}
