// SPDX-License-Identifier: MIT
// What a click met: the cursor it was promised and whether the target looks or listens as if it did something (ss:click).
import * as dom from './dom.js';
import { on, patch } from './safe.js';
import { targetOf } from './shadow.js';

export const INTERACTIVE = 'a[href],area[href],button,input,select,textarea,label,summary,option,video[controls],audio[controls],[onclick],' +
  '[tabindex]:not([tabindex="-1"]),[contenteditable=""],[contenteditable="true"],[role="button"],[role="link"],[role="checkbox"],' +
  '[role="radio"],[role="switch"],[role="tab"],[role="option"],[role="menuitem"],[role="menuitemcheckbox"],[role="menuitemradio"],' +
  '[role="combobox"],[role="slider"],[role="spinbutton"],[role="textbox"],[role="searchbox"],[role="treeitem"],[role="gridcell"]';
const CLICK_TYPES = new Set(['click', 'mousedown', 'mouseup', 'pointerdown', 'pointerup', 'touchstart', 'touchend', 'dblclick']);

// React and Vue listen at the root and keep the handlers as properties of the element.
function frameworkListens(el) {
  if (el._vei?.onClick) return true;
  const key = Object.keys(el).find((name) => name.startsWith('__reactProps$'));
  return Boolean(key && (el[key].onClick || el[key].onMouseDown || el[key].onPointerDown));
}

export function watchClicks({ custom, privacy, mirror, lookOf }) {
  const listening = new WeakSet();

  function listens(target) {
    for (let el = target; el && !/^(body|html)$/.test(dom.localName(el)); el = dom.parentElement(el)) {
      if (listening.has(el) || typeof el.onclick === 'function' || frameworkListens(el)) return true;
    }
    return false;
  }

  function clicked(event) {
    const target = targetOf(event);
    if (dom.nodeType(target) !== 1 || privacy.isBlocked(target)) return;
    const id = mirror.getId(target);
    if (id < 1) return;
    const { cursor, box: first } = lookOf(target);
    let box = first;
    // What a slot holds has no box of its own.
    for (let at = target; at && !box.width;) box = dom.getBoundingClientRect(at = dom.parentElement(at)) ?? box;
    const share = (at, from, size) => (event.detail && size ? Math.round(Math.min(Math.max((at - from) / size, 0), 1) * 1000) / 1000 : 0.5);
    const place = [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
    const interactive = Boolean(dom.closest(target, INTERACTIVE)) || listens(target);
    custom('ss:click', { id, cursor, interactive, trusted: event.isTrusted, place, box: [Math.round(box.width), Math.round(box.height)] });
  }

  return (doc) => [
    on(doc, 'click', clicked),
    patch(dom.defaultView(doc).EventTarget.prototype, 'addEventListener', (target, self, args) => {
      if (CLICK_TYPES.has(args[0]) && dom.nodeType(self) === 1) listening.add(self);
      return Reflect.apply(target, self, args);
    }),
  ];
}
