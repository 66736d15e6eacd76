// SPDX-License-Identifier: MIT
// What rrweb's record, as slim.mjs leaves it, says to the recorder.
const MUTATIONS_AT_ONCE = 10000;

export const hooks = {
  // Asks for a full snapshot when the page has time.
  snapshot() {},
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
    if (known(node) || !node.isConnected || node.parentNode.nodeName === 'TEXTAREA' || !known(node.parentNode.host ?? node.parentNode)) continue;
    hooks.snapshot();
    return;
  }
}
