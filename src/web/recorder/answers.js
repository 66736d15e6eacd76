// SPDX-License-Identifier: MIT
// What a person presses, and what answers it where events of the page do not show it (ss:press, ss:answer).
import { INTERACTIVE } from './clicks.js';
import * as dom from './dom.js';
import { hooks, telling } from './hooks.js';
import { on, patch, whenIdle } from './safe.js';
import { rootOf, targetOf } from './shadow.js';

// When to look whether other elements are there than before.
const LOOKS_MS = [400, 2500, 7000];
const LAST_MS = 7000;
// A page that is busy is looked at all the same this much later.
const BUSY_MS = 200;
// What a look may take, and how many points it has at least.
const LOOK_MS = 0.2;
const LEAST_POINTS = 9;
// What may make other elements be there, beside what rrweb tells.
const STIRS = ['pointerover', 'toggle', 'load', 'transitionrun', 'transitionend', 'animationstart', 'animationend'];
// What runs by itself as well is an answer only this soon.
const SOON_MS = 1000;
const MOVED_PX = 10;
// A page that is still there this long after it set out for another address got a file instead.
const STAYS_MS = 2000;
const LINK = 'a[href],area[href]';
const DISABLED = ':is(button,input,select,textarea):disabled';
const WEB = /^(https?|blob|data|javascript|about|file):$/;

// Where a frame's own viewport begins in the one around it.
function cornerOf(frame) {
  const { left, top } = dom.getBoundingClientRect(frame);
  return [left + frame.clientLeft, top + frame.clientTop];
}

// What is there at a point, also in shadow roots and frames.
function at([x, y]) {
  let found = null;
  for (let root = document; root;) {
    const el = dom.nodeType(root) === 9 ? dom.elementFromPoint(root, x, y) : root.elementFromPoint(x, y);
    if (!el || el === found) break;
    found = el;
    root = rootOf(el);
    if (root || !/frame$/.test(dom.localName(el))) continue;
    root = el.contentDocument;
    const [left, top] = cornerOf(el);
    x -= left;
    y -= top;
  }
  return found;
}

// Where it is in the viewport of the page, in whatever frame it stands.
function boxInPage(el) {
  const box = DOMRect.fromRect(dom.getBoundingClientRect(el));
  for (let at = el; (at = dom.defaultView(dom.ownerDocument(at)).frameElement);) {
    const [left, top] = cornerOf(at);
    box.x += left;
    box.y += top;
  }
  return box;
}

// A picture as cursor has an address; the word after it says the same.
const lookOf = (el) => ({ box: dom.getBoundingClientRect(el), cursor: getComputedStyle(el).cursor.split(',').pop().trim() });

// Nine points close around the pressed control, where menus open, and fifteen all over the viewport, neighbours not one after another.
function pointsAround({ left, right, top, bottom }) {
  const middle = (left + right) / 2;
  const points = [[middle, top - 12], [left - 12, (top + bottom) / 2], [right + 12, (top + bottom) / 2]];
  for (const x of [left + 8, middle, right - 8]) points.push([x, bottom + 12], [x, bottom + 40]);
  for (let i = 0; i < 60; i += 4) points.push([innerWidth * (0.1 + 0.2 * (i % 5)), innerHeight * (0.2 + 0.3 * (i % 3))]);
  return points;
}

export function watchAnswers({ custom, privacy, mirror, now }) {
  let press = null;
  let timer = 0;
  // What is at the points of the latest press, until anything happens that may change it.
  let seen = null;
  let hitMs = 0.01;

  const stir = () => {
    seen = null;
  };

  // A hit test takes longer the more elements lie side by side. A clock that stood still for other work counts little.
  function lookAt(points) {
    const from = performance.now();
    seen = points.map(at);
    hitMs = Math.min(Math.max((performance.now() - from) / points.length, 0.01), 2 * hitMs);
    return seen;
  }

  const idOf = (el) => (privacy.isBlocked(el) ? 0 : Math.max(0, mirror.getId(el)));

  function tell(kind, within = LAST_MS) {
    const after = press && now() - press.at;
    if (!press?.id || press.told.has(kind) || after > within) return;
    press.told.add(kind);
    custom('ss:answer', { id: press.id, kind, after_ms: Math.max(0, after) });
  }

  // Whether events show that it changed, or it is the pressed control's own look.
  function isShown(el) {
    if (!dom.isConnected(el) || dom.contains(press.control, el)) return true;
    for (let node = el; node; node = dom.parentNode(node) ?? dom.host(node)) if (press.changed.has(node)) return true;
    return false;
  }

  function look() {
    if (!press || press.stale || press.told.has('glance') || press.told.has('focus-menu')) return;
    press.looked = true;
    if (seen) return;
    lookAt(press.points).forEach((after, i) => {
      const before = press.before[i];
      if (before === after || !before || !after || isShown(before) || isShown(after)) return;
      // What the focus keeps open.
      const menu = [before, after].some((el) => dom.closest(el, ':focus-within:not(html,body)'));
      tell(menu ? 'focus-menu' : 'glance', LAST_MS + SOON_MS);
      press.stale = true;
    });
  }

  // Whether a click came of it, once one would have come. Of a press that is dragged, what holds both ends is clicked.
  function settle(of) {
    const { why, clicked, id, up, x, y } = of;
    if (!why || (clicked && (why !== 'dragged' || dom.contains(of.control, clicked)))) return;
    of.why = '';
    if (id) custom('ss:press', { id, x: Math.round(x), y: Math.round(y), why }, up);
  }

  function drop() {
    clearTimeout(timer);
    if (press) settle(press);
    press = null;
  }

  // When the page has done its own work, and its frame: nothing has to be laid out for us.
  function lookLater(of, nth) {
    timer = setTimeout(whenIdle(() => {
      if (press !== of) return;
      if (!of.touched || nth) settle(of);
      if (!nth || !of.moved) look();
      if (LOOKS_MS[nth + 1]) lookLater(of, nth + 1);
    }, BUSY_MS), of.from + LOOKS_MS[nth] - now());
  }

  function begin(el, x, y) {
    // What the pointer meets on its way to another control is no answer.
    if (!press?.looked || !press.moved) look();
    const last = press;
    drop();
    if (dom.nodeType(el) !== 1) return;
    const control = dom.closest(el, INTERACTIVE) ?? el;
    const from = now();
    if (last?.control !== control) stir();
    const points = seen ? last.points : pointsAround(boxInPage(control)).slice(0, Math.max(LEAST_POINTS, LOOK_MS / hitMs));
    // The browser has just found out itself what is under the pointer: nothing is laid out anew.
    press = { el, control, ...lookOf(el), id: idOf(el), at: from, from, x, y, told: new Set(), changed: new WeakSet(), points, before: seen ?? lookAt(points) };
    lookLater(press, 0);
  }

  function lifted(event) {
    const of = press;
    if (!event.isTrusted || !of || event.button || of.up) return;
    of.up = now();
    // After a touch the browser may wait for another one.
    of.touched = event.pointerType === 'touch';
    of.why = dom.closest(of.el, DISABLED) ? 'disabled'
      : Math.hypot(event.clientX - of.x, event.clientY - of.y) > MOVED_PX ? 'dragged' : 'prevented';
    if (of.why === 'disabled') settle(of);
  }

  // Where a click leads that the page leaves to the browser.
  function leads(el) {
    const field = dom.localName(el) === 'input' && el.type === 'file';
    const link = dom.closest(el, LINK);
    if (field) tell('file-chooser');
    if (field || !link) return;
    if (dom.hasAttribute(link, 'download')) tell('download');
    else if (link.protocol && !WEB.test(link.protocol)) tell('other-program');
    else if (!/^(_self|_top|_parent|)$/.test(dom.getAttribute(link, 'target') ?? '')) tell('new-tab');
  }

  function clicked(event) {
    const el = targetOf(event);
    if (event.isTrusted && press && event.detail) press.at = now();
    // It does something else then, out of sight. An answer is told after its click.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) setTimeout(() => tell('new-tab'));
    if (dom.closest(el, `${LINK},[type=file]`)) {
      setTimeout(() => (event.defaultPrevented ? press?.id && custom('ss:press', { id: press.id, why: 'kept' }) : leads(el)), 0);
    }
  }

  // Links and fields that are not on the page: their clicks come nowhere else.
  const loose = telling((target, self, args) => {
    if ((!args[0] || args[0].type === 'click') && dom.nodeType(self) === 1 && !dom.isConnected(self)) leads(self);
  });
  const moves = (event) => {
    if (!press?.up) return;
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > MOVED_PX) press.moved = true;
  };
  const animated = (event) => {
    const el = targetOf(event);
    // Nor is it what holds the control, pressed or focused with it.
    if (press && !press.moved && !isShown(el) && !dom.contains(el, press.control)) tell('transition', SOON_MS);
  };

  function goes(event) {
    const { destination, downloadRequest } = event;
    const of = press;
    if (!of) return;
    if (typeof downloadRequest === 'string') tell('download');
    else if (!WEB.test(destination.url.replace(/:.*/s, ':'))) tell('other-program');
    else if (!destination.sameDocument) setTimeout(() => press === of && tell('download'), STAYS_MS);
  }

  /** @type {[string, string, number?][]} What the browser says by itself. */
  const said = [['hashchange', 'anchor', SOON_MS], ['beforeprint', 'print'], ['copy', 'copy'], ['play', 'media', SOON_MS], ['fullscreenchange', 'full-screen'],
    ['beforetoggle', 'popover']];
  // What the page asks it for.
  /** @type {[string, string, string, number?][]} */
  const calls = [['', 'open', 'new-tab'], ['', 'print', 'print'], ['', 'showOpenFilePicker', 'file-chooser'], ['', 'showSaveFilePicker', 'file-chooser'],
    ['HTMLInputElement', 'showPicker', 'file-chooser'], ['Clipboard', 'write', 'copy'], ['Clipboard', 'writeText', 'copy'], ['HTMLMediaElement', 'play', 'media', SOON_MS]];

  hooks.changed = (node) => press?.changed.add(node);
  hooks.stirs = stir;
  // The page's own document, and those of frames.
  const watch = (doc, win = dom.defaultView(doc)) => [
    ...said.map(([type, kind, within]) => on(win, type, () => {
      stir();
      tell(kind, within);
    })),
    ...calls.map(([owner, name, kind, within]) => patch(owner ? win[owner]?.prototype : win, name, telling(() => tell(kind, within)))),
    on(win, 'pointerdown', (event) => event.isTrusted && !event.button && event.isPrimary && begin(targetOf(event), event.clientX, event.clientY)),
    on(win, 'pointerup', lifted),
    on(win, 'pointermove', moves),
    on(win, 'pointercancel', drop),
    on(win, 'keydown', (event) => {
      if (!event.isTrusted || event.repeat) return;
      drop();
      const { key } = event;
      if (key === 'Enter' || key === ' ') begin(targetOf(event), 0, 0);
      if (key === 'Enter' && press?.id) custom('ss:key', { id: press.id });
    }),
    on(win, 'wheel', drop),
    on(win, 'pagehide', drop),
    on(win, 'click', clicked),
    // rrweb hears of clicks here.
    on(doc, 'click', (event) => {
      if (event.isTrusted && press) press.clicked = targetOf(event);
    }),
    ...STIRS.map((type) => on(doc, type, stir)),
    on(doc, 'transitionrun', animated),
    on(doc, 'animationstart', animated),
    on(doc, 'scroll', () => {
      if (press) press.stale = true;
    }),
    patch(win.HTMLElement.prototype, 'click', loose),
    patch(win.EventTarget.prototype, 'dispatchEvent', loose),
    on(win.navigation?.addEventListener ? win.navigation : win, 'navigate', goes),
  ];
  return {
    watch,
    leave: drop,
    // The box and cursor of what is pressed, as they were before the page did anything: to ask again would lay it out anew.
    lookOf: (el) => (press?.el === el ? press : lookOf(el)),
    stop() {
      hooks.changed = hooks.stirs = () => {};
      drop();
    },
  };
}
