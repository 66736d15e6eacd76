// SPDX-License-Identifier: MIT
// What rrweb's record, as slim.mjs leaves it, says to the recorder.
import * as dom from './dom.js';
import { safe } from './safe.js';
const MUTATIONS_AT_ONCE = 10000;

export const hooks = {
  // Asks for a full snapshot when the page has time.
  snapshot() {},
  // An element is new or its attributes changed.
  changed() {},
  // A request goes out, with this address and body, as far as they are at hand.
  sends() {},
  // An element shows what is at this address, or at those in this text of a sheet.
  shows() {},
  // Tells a change that no observer sees: ('attributes', element, { attributes }) or ('texts', text, { value }).
  tell() {},
};

// More changes in one task than there are nodes: a snapshot is shorter, and the task need not wait for it.
export function tooMany(mutations, mirror) {
  if (mutations.length < MUTATIONS_AT_ONCE || mutations.length < mirror.idNodeMap.size) return false;
  hooks.snapshot();
  return true;
}

// Where nodes moved and got new parents in one task, rrweb loses some of them: they are on the page, but in no event.
export function lookForHoles(nodes, mirror) {
  const known = (node) => mirror.has(mirror.getId(node));
  for (const node of nodes) {
    if (known(node) || !dom.isConnected(node)) continue;
    const parent = dom.parentNode(node);
    if (dom.nodeName(parent) === 'TEXTAREA' || !known(dom.host(parent) ?? parent)) continue;
    hooks.snapshot();
    return;
  }
}

// For a proxy around one of the page's functions: the page gets what it would have got, and then we hear of it.
export const telling = (tell) => (target, self, args) => {
  const result = Reflect.apply(target, self, args);
  safe(tell)(target, self, args);
  return result;
};
