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

// A mutation of which one part cannot be: each part for itself, so that the others are there. What is to stand before or
// in something that came to nothing stands last, or not at all.
function partByPart(apply, replayer, event, sync, report) {
  const parts = (data) => {
    try {
      apply.call(replayer, { ...event, data: { ...event.data, removes: [], adds: [], texts: [], attributes: [], ...data } }, sync);
    } catch (error) {
      report(error);
    }
  };
  const mirror = replayer.getMirror();
  let waiting = event.data.adds;
  for (let n = -1; waiting.length > 0 && waiting.length !== n;) {
    n = waiting.length;
    const rest = [];
    for (const add of waiting) {
      if (mirror.getNode(add.parentId))
        parts({ adds: [mirror.getNode(add.nextId) ? add : { ...add, nextId: null }] });
      else
        rest.push(add);
    }
    waiting = rest;
  }
  for (const text of event.data.texts)
    parts({ texts: [text] });
  for (const attribute of event.data.attributes)
    parts({ attributes: [attribute] });
}

export function guardReplayer(Replayer, report) {
  for (const name of ['applyIncremental', 'rebuildFullSnapshot', 'moveAndHover', 'insertStyleRules']) {
    const original = Replayer.prototype[name];
    Replayer.prototype[name] = function (...args) {
      try {
        if (name === 'moveAndHover')
          this.mouse.classList.add('placed');
        if (name === 'applyIncremental' && args[0].data.source === 0)
          args[0].data.adds = fitting(args[0].data.adds, this.getMirror());
        return original.apply(this, args);
      } catch (error) {
        report(error);
        if (name === 'applyIncremental' && args[0]?.data?.source === 0 && Array.isArray(args[0].data.adds))
          partByPart(original, this, args[0], args[1], report);
        return undefined;
      }
    };
  }
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
