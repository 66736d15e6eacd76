// SPDX-License-Identifier: MIT
// Habits of the Replayer mended: a pointer that nobody has moved yet stands at the corner, and an exception ends the
// replay. Here a pointer shows once it is known where it is, and one event that makes no sense is left out while the rest
// goes on.
import { takesShadow } from './vouch.js';

// A document comes into a frame alone, elsewhere it would open the page anew, and a doctype into a document. What cannot have a shadow root has what is to
// be in it as its own.
function fitting(adds, mirror) {
  return adds.filter(({ parentId, node }) => {
    const parent = mirror.getNode(parentId);
    if (node?.isShadow && parent && !parent.shadowRoot && !takesShadow(parent.nodeName))
      delete node.isShadow;
    if (node?.type === 1 && parent?.nodeType !== 9)
      return false;
    return node?.type !== 0 || !parent || parent.nodeName === 'IFRAME';
  });
}

// While the Replayer of a clip seeks, it works on nodes of its own.
function mirrorOf(replayer) {
  return replayer.usingVirtualDom ? replayer.virtualDom.mirror : replayer.getMirror();
}

// A mutation of which one part cannot be: each part for itself, so that the others are there. What is to stand before or
// in something that came to nothing stands last, or not at all.
function partByPart(apply, replayer, mutation, sync, report) {
  const parts = (part) => {
    try {
      apply.call(replayer, { ...mutation, removes: [], adds: [], texts: [], attributes: [], ...part }, sync);
    } catch (error) {
      report(error);
    }
  };
  const mirror = mirrorOf(replayer);
  for (const remove of mutation.removes)
    if (mirror.getNode(remove.id))
      parts({ removes: [remove] });
  const waiting = new Map(); // lists of adds, by what they are to stand in
  const open = [...mutation.adds].reverse();
  while (open.length > 0) {
    const add = open.pop();
    if (!mirror.getNode(add.parentId)) {
      const others = waiting.get(add.parentId) ?? [];
      others.push(add);
      waiting.set(add.parentId, others);
      continue;
    }
    parts({ adds: [mirror.getNode(add.nextId) ? add : { ...add, nextId: null }] });
    const id = add.node?.id;
    const next = mirror.getNode(id) ? waiting.get(id) ?? [] : [];
    waiting.delete(id);
    while (next.length > 0)
      open.push(next.pop());
  }
  for (const text of mutation.texts)
    parts({ texts: [text] });
  for (const attribute of mutation.attributes)
    parts({ attributes: [attribute] });
}

function guard(prototype, name, report, instead) {
  const original = prototype[name];
  prototype[name] = function (...args) {
    try {
      return original.apply(this, args);
    } catch (error) {
      report(error);
      return instead?.call(this, original, ...args);
    }
  };
}

// While the Replayer of a clip seeks, it puts off what happens to sheets that scripts made, and does all that changed them before any is there. Here
// they change and are adopted in their order.
function guardSheets(prototype) {
  const { applyIncremental, applyAdoptedStyleSheet } = prototype;
  prototype.applyIncremental = function (event, ...rest) {
    const { data } = event;
    if (this.usingVirtualDom && data.styleId && (data.source === 8 || data.source === 13))
      this.adoptedStyleSheets.push(data);
    else
      applyIncremental.call(this, event, ...rest);
  };
  prototype.applyAdoptedStyleSheet = function (data) {
    return data.source === 15 ? applyAdoptedStyleSheet.call(this, data) : this.applyStyleSheetMutation(data);
  };
}

export function guardReplayer({ prototype }, report) {
  const { moveAndHover, applyMutation } = prototype;
  guardSheets(prototype);
  prototype.moveAndHover = function (...args) {
    this.mouse.classList.add('placed');
    return moveAndHover.apply(this, args);
  };
  prototype.applyMutation = function (mutation, sync) {
    mutation.adds = fitting(mutation.adds, mirrorOf(this));
    return applyMutation.call(this, mutation, sync);
  };
  for (const name of ['applyIncremental', 'rebuildFullSnapshot', 'moveAndHover', 'insertStyleRules'])
    guard(prototype, name, report);
  // The Replayer catches what is thrown here, and drops all the rest of the mutation.
  guard(prototype, 'applyMutation', report, /** @this {any} */ function (apply, mutation, sync) {
    partByPart(apply, this, mutation, sync, report);
  });
}

// What a browser will not play, or cannot find the place in, stands still; nobody needs to hear of it.
export function guardMedia({ mediaManager }) {
  const { seekTo, syncTargetWithState } = mediaManager;
  mediaManager.seekTo = (...args) => {
    try { seekTo.apply(mediaManager, args); } catch { /* it stays where it is */ }
  };
  mediaManager.syncTargetWithState = (target) => {
    target.play = () => Object.getPrototypeOf(target).play.call(target).catch(() => {});
    syncTargetWithState.call(mediaManager, target);
  };
}
