// SPDX-License-Identifier: MIT
// What rrweb's record, as slim.mjs leaves it, says to the recorder.
import * as dom from './dom.js';
import { safe } from './safe.js';
const MUTATIONS_AT_ONCE = 10000;

/** @type {Hooks} */
export const hooks = {
  // Asks for a full snapshot when the page has time.
  snapshot() {},
  // An element is new or its attributes changed.
  changed() {},
  // A frame shows a document: watches it, and returns what ends that.
  watch: () => [],
  // Something happened that may change what the page looks like.
  stirs() {},
  // A request goes out, with this address and body, as far as they are at hand.
  sends() {},
  // An element shows what is at this address, or at those in this text of a sheet.
  shows() {},
  // Tells a change that no observer sees: ('attributes', element, { attributes }) or ('texts', text, { value }).
  tell() {},
};

// More changes in one task than there are nodes: a snapshot is shorter, and the task need not wait for it.
export function tooMany(mutations, mirror) {
  hooks.stirs();
  if (mutations.length < MUTATIONS_AT_ONCE || mutations.length < mirror.idNodeMap.size) return false;
  hooks.snapshot();
  return true;
}

// Where nodes moved and got new parents in one task, rrweb loses some of them: they are on the page, but in no event. add(node, parentId,
// nextId) tells them with the rest, parents before what is in them; a snapshot follows, since more may be lost than shows here.
export function lookForHoles(nodes, mirror, add) {
  const known = (node) => mirror.has(mirror.getId(node));
  let lost = nodes.filter((node) => !known(node) && dom.isConnected(node));
  for (let before = 0; lost.length !== before;) {
    before = lost.length;
    lost = lost.filter((node) => {
      const parent = dom.parentNode(node);
      const of = dom.host(parent) ?? parent;
      if (dom.nodeName(parent) === 'TEXTAREA') return false;
      if (!known(of)) return true;
      let next = dom.nextSibling(node);
      while (next && !(known(next) && mirror.getId(next) > 0)) next = dom.nextSibling(next);
      add(node, mirror.getId(of), next ? mirror.getId(next) : null);
      hooks.snapshot();
      return false;
    });
  }
}

/**
 * For a proxy around one of the page's functions: the page gets what it would have got, and then we hear of it.
 * @param {(target: Function, self: any, args: any[]) => void} tell
 */
export const telling = (tell) => (target, self, args) => {
  const result = Reflect.apply(target, self, args);
  safe(tell)(target, self, args);
  return result;
};
