// SPDX-License-Identifier: MIT
// How the visitor's browser showed the page, where the one that replays it would show it otherwise: its media conditions,
// addresses within the page, the focus of a window that is in use, and how far animations have come.

const YES = '(min-width: 0)';
const NO = '(max-width: 0)';
const NONE = new Set(['none', 'no-preference']);
// Of a visitor of whom nothing is known. Scripts ran: the recorder is one.
const DEFAULTS = {
  'prefers-color-scheme': 'light', 'prefers-contrast': 'no-preference', 'prefers-reduced-motion': 'no-preference',
  'prefers-reduced-data': 'no-preference', 'prefers-reduced-transparency': 'no-preference', pointer: 'fine',
  'any-pointer': 'fine', hover: 'hover', 'any-hover': 'hover', 'forced-colors': 'none', 'inverted-colors': 'none',
  scripting: 'enabled',
};
// As the recorder names them.
const TOLD = { scheme: ['prefers-color-scheme'], contrast: ['prefers-contrast'], motion: ['prefers-reduced-motion'],
  data: ['prefers-reduced-data'], pointer: ['pointer', 'any-pointer'], hover: ['hover', 'any-hover'], forced: ['forced-colors'] };
const CONDITION = new RegExp(`\\(\\s*(${Object.keys(DEFAULTS).join('|')})\\s*(?::\\s*([a-z-]+)\\s*)?\\)`, 'gi');
const LOCAL = /\burl\(\s*(["']?)https?:[^"'()\s#]*#([^"'()\s]+)\1\s*\)/gi;
const SCHEMES = /((?:^|[^-\w])color-scheme\s*:)([^;}!]*)/gi;
// Of the same weight; what has been changed is left as it is.
// Whether it shows is never asked of this browser: here all is focused by a script.
const FOCUS = /:is\(:focus(?:-within)?, \[rr_focus\](?:, :has\(\[rr_focus\]\))?\)|:focus(-visible|-within)?(?![-\w])/gi;
const FOCUSED = { '': ':is(:focus, [rr_focus])', '-visible': '[rr_focus="visible"]',
  '-within': ':is(:focus-within, [rr_focus], :has([rr_focus]))' };
// The Replayer shows by a class what the pointer is over, and writes that into sheets, but not into rules that scripts made.
const HOVER = /:is\(:hover, \.\\:hover\)|(?<!\\):hover(?![-\w])/g;
const HOVERED = ':is(:hover, .\\:hover)';
// A file of its own, of which a part is meant: a sprite, a font.
const FILE = /\.(?:svgz?|eot|woff2?|ttf|otf)[?#]/i;

// An element that fills the screen does so here as well; sheets ask for it by the attribute that says so. As it is shown as a popover, it
// gets none of the looks of one.
export const FULL_SCREEN = [':where([ss-is~="fullscreen"][popover]) { border: 0; padding: 0; background: none; color: inherit; overflow: visible; }',
  ':where([ss-is~="fullscreen"])::backdrop { background: black; }', '[ss-is~="fullscreen"] { position: fixed !important; inset: 0 !important; z-index: 2147483647 !important;' +
  ' box-sizing: border-box !important; width: 100% !important; height: 100% !important; min-width: 0 !important; max-width: none !important;' +
  ' min-height: 0 !important; max-height: none !important; margin: 0 !important; transform: none !important; object-fit: contain; }'];

// A component says for itself whether it shows a ring, and what stands outside of it would overrule that.
const HOST_RING = ':host { outline: auto 1px Highlight; }';
// In place of the browser's own, which a window that is not in use does not draw.
// A field or button that is drawn as the system's are has its ring on its edge, whatever sheets say of outlines.
export const FOCUS_RINGS = [':where([rr_focus="visible"]:not([rr_host])) { outline: auto 1px Highlight; }',
  ':where([rr_focus="visible"])[rr_native] { outline: 2px solid Highlight !important; outline-color: color-mix(in srgb, rgb(53 132 228) 80%, Field) !important; outline-offset: -2px !important; }'];
// Where no script runs the browser shows controls of its own, also where the page has none or others. They go with the film, which is never there.
export const NO_CONTROLS = ':where(video:not([controls], [poster])) { content-visibility: hidden !important; }';
// A picture that was not kept: a calm area of its size. In a clip its address is gone.
export const NOT_KEPT = ':where(img, input, video):where([src^="http" i], [poster^="http" i], [src="data:,"], [poster="data:,"]) { background: '
  + 'repeating-linear-gradient(45deg, rgb(128 128 128 / .1) 0 6px, rgb(128 128 128 / .18) 6px 12px); }';
// What shows its focus, where a recording does not tell.
const TYPED = /^(?:INPUT|TEXTAREA|SELECT)$/i;

let media = DEFAULTS;
let kept = new Map(); // address, as it stands in the recording -> what is drawn in its place

// The default of a page may be to scroll smoothly: where a moment is gone to, its place is reached at once. Whether there
// is something to scroll.
export function scrollNode(node, x, y, sudden) {
  const target = node?.nodeType === 9 ? node.defaultView : node;
  target?.scrollTo?.({ left: x, top: y, behavior: sudden ? 'instant' : 'smooth' });
  return Boolean(target?.scrollTo);
}

// Pictures, fonts and sheets that were kept: {addresses: {address: hash}, contents: {hash: url}}.
export function setShown({ addresses, contents }) {
  kept = new Map(Object.entries(addresses ?? {}).filter(([, hash]) => Object.hasOwn(contents ?? {}, hash))
    .map(([address, hash]) => [address, contents[hash]]));
}

const ADDRESS = /\burl\(\s*(?:"([^"\\]*)"|'([^'\\]*)'|([^"'()\s\\]+))\s*\)/gi;
const SHOWN = new Set(['src', 'poster', 'background']);

// What is drawn in place of an address; of a sprite the part that is meant.
function shownAt(address) {
  const [file, part] = String(address).split('#');
  const url = kept.get(address) ?? kept.get(file);
  return url && part ? `${url}#${part}` : url;
}

function placed(css) {
  return kept.size === 0 ? css : css.replace(ADDRESS, (all, ...inner) => {
    const url = shownAt(inner.slice(0, 3).find((each) => each !== undefined));
    return url ? `url("${url}")` : all;
  });
}

// Of several pictures one is drawn that is there, in place of all.
function attributesPlaced(attributes, tag) {
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    const shows = SHOWN.has(name) || (/^(?:xlink:)?href$/.test(name) && /^(?:image|feimage|link|use)$/i.test(tag));
    if (name === 'srcset' && typeof value === 'string') {
      const there = value.split(/\s*,\s+|\s+/).map((part) => kept.get(part)).find(Boolean);
      if (there)
        attributes[name] = there;
    } else if (shows && shownAt(value))
      attributes[name] = shownAt(value);
  }
}

// What is known of the visitor's browser. True: it is something else than before, and what has been drawn is out of date.
export function setMedia(told) {
  const before = JSON.stringify(media);
  media = { ...DEFAULTS };
  for (const [name, features] of Object.entries(TOLD))
    for (const feature of typeof told[name] === 'string' ? features : [])
      media[feature] = told[name];
  return JSON.stringify(media) !== before;
}

function conditions(text) {
  return text.replace(CONDITION, (_, name, value) => {
    const is = media[name.toLowerCase()];
    return (value === undefined ? !NONE.has(is) : value.toLowerCase() === is) ? YES : NO;
  });
}

// Of both schemes the one that the visitor preferred.
function schemes(list) {
  return /\blight\b/i.test(list) && /\bdark\b/i.test(list) ? ` ${media['prefers-color-scheme']}` : list;
}

// Text of a style sheet, or a part of it. What was changed once is not changed again.
export function asSeen(css) {
  return placed(css)
    .replace(/@media[^{};]*/gi, conditions)
    .replace(SCHEMES, (_, name, list) => name + schemes(list))
    .replace(LOCAL, (all, quote, id) => (FILE.test(all) ? all : `url("#${id}")`))
    .replace(FOCUS, (all, kind) => (all[1] === 'i' ? all : FOCUSED[kind?.toLowerCase() ?? '']));
}

function attributesAsSeen(attributes, tag) {
  if (kept.size > 0 && attributes)
    attributesPlaced(attributes, tag ?? '');
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value !== 'string')
      continue;
    if (name === '_cssText' || name === 'style')
      attributes[name] = asSeen(value);
    else if (name === 'media')
      attributes[name] = conditions(value);
    else if (name === 'content' && tag === 'meta' && attributes.name === 'color-scheme')
      attributes[name] = schemes(value).trim();
    else if (value.includes('url('))
      attributes[name] = asSeen(value);
  }
}

function nodeAsSeen(top, inStyle) {
  const open = [[top, inStyle]];
  while (open.length > 0) {
    const [node, isStyle] = open.pop();
    if (!node || typeof node !== 'object')
      continue;
    if (node.type === 3 && (isStyle || node.isStyle) && typeof node.textContent === 'string')
      node.textContent = asSeen(node.textContent);
    if (node.type === 2)
      attributesAsSeen(node.attributes, node.tagName);
    for (const child of Array.isArray(node.childNodes) ? node.childNodes : [])
      open.push([child, node.tagName === 'style']);
  }
}

const ruleAsSeen = (css) => asSeen(css).replace(HOVER, HOVERED);

function rulesAsSeen(rules) {
  for (const each of Array.isArray(rules) ? rules : [])
    if (typeof each?.rule === 'string')
      each.rule = ruleAsSeen(each.rule);
}

// An event on its way into the document, changed in place.
function eventAsSeen({ data }, mirror) {
  const isStyle = (node) => node?.nodeName === 'STYLE';
  switch (data.source) {
    case 0:
      for (const { parentId, node } of data.adds)
        nodeAsSeen(node, isStyle(mirror.getNode(parentId)));
      for (const text of data.texts)
        if (typeof text.value === 'string' && isStyle(mirror.getNode(text.id)?.parentNode))
          text.value = asSeen(text.value);
      for (const { id, attributes } of data.attributes)
        attributesAsSeen(attributes, mirror.getNode(id)?.nodeName?.toLowerCase());
      break;
    case 8:
      rulesAsSeen(data.adds);
      for (const key of ['replace', 'replaceSync'])
        if (typeof data[key] === 'string')
          data[key] = ruleAsSeen(data[key]);
      break;
    case 13:
      if (typeof data.set?.value === 'string')
        data.set.value = data.set.property === 'color-scheme' ? schemes(data.set.value) : asSeen(data.set.value);
      break;
    case 15:
      for (const { rules } of Array.isArray(data.styles) ? data.styles.filter(Boolean) : [])
        rulesAsSeen(rules);
      break;
  }
}

// Of each Replayer: when elements came after the page, by their ids, and which one has the focus.
const states = new WeakMap();

function stateOf(replayer) {
  if (!states.has(replayer))
    states.set(replayer, { came: new Map(), focused: 0, visible: undefined, brought: new Set() });
  return states.get(replayer);
}

function take(replayer, { data, timestamp }) {
  const state = stateOf(replayer);
  if (data.source === 0 && timestamp > 0)
    for (const { node } of data.adds)
      state.came.set(node?.id, timestamp);
  if (data.source === 2 && data.type === 5)
    Object.assign(state, { focused: data.id, visible: data.visible });
  else if (data.source === 2 && data.type === 6 && state.focused === data.id)
    state.focused = 0;
  if (data.source === 16)
    define(replayer.iframe.contentWindow, data.define?.name);
}

// So that `:defined` matches; rrweb defines those that were so when they came.
function define(view, name) {
  try {
    if (typeof name === 'string' && !view.customElements.get(name))
      view.customElements.define(name, class extends view.HTMLElement {});
  } catch { /* no name that a page may have */ }
}

// Those that nothing is written in yet, too: what is laid out before its font is there is not always laid out anew in all its parts.
function fetchFonts(document) {
  for (const face of document?.fonts ?? [])
    face.load().catch(() => {});
}

function elementAt(root, x, y) {
  const found = root?.elementFromPoint(x, y);
  const inner = found?.shadowRoot ? elementAt(found.shadowRoot, x, y) : null;
  return inner ?? found;
}

// What the pointer was over may be drawn anew without it being moved: then it is over what is there now.
function hoverAgain(replayer) {
  const { pointer } = stateOf(replayer);
  const element = pointer?.over && !pointer.over.isConnected ? elementAt(replayer.iframe.contentDocument, pointer.x, pointer.y) : null;
  if (!element)
    return;
  pointer.over = element;
  replayer.hoverElements(element);
}

export function forgetPointer(replayer) {
  stateOf(replayer).pointer = null;
}

// To be called once, before a Replayer is made: all that it draws is drawn as the visitor saw it.
export function lookReplayer(Replayer) {
  const { applyIncremental, moveAndHover, rebuildFullSnapshot } = Replayer.prototype;
  // The top element stands for one that is gone.
  Replayer.prototype.moveAndHover = function (x, y, id, ...rest) {
    const mirror = this.getMirror();
    const top = this.iframe.contentDocument?.documentElement;
    const told = mirror.getNode(id);
    const over = told === top || !told?.isConnected ? elementAt(this.iframe.contentDocument, x, y) ?? top : told;
    stateOf(this).pointer = { x, y, over };
    moveAndHover.call(this, x, y, told?.isConnected ? id : mirror.getId(top), ...rest);
    if (over && over !== told)
      this.hoverElements(over);
  };
  Replayer.prototype.applyIncremental = function (event, ...rest) {
    eventAsSeen(event, this.usingVirtualDom ? this.virtualDom.mirror : this.getMirror());
    take(this, event);
    const field = event.data.source === 5 && !this.usingVirtualDom ? this.getMirror().getNode(event.data.id) : null;
    unmask(field);
    const answer = applyIncremental.call(this, event, ...rest);
    showMasked(field, event.data.text);
    if (event.data.source === 2 && !this.usingVirtualDom)
      markFocus(this);
    if (event.data.source === 0 && !this.usingVirtualDom) {
      bringNew(this, event);
      // When it is laid out again, as it would be in a browser.
      if (stateOf(this).pointer?.over?.isConnected === false)
        requestAnimationFrame(() => hoverAgain(this));
    }
    return answer;
  };
  Replayer.prototype.rebuildFullSnapshot = function (event, ...rest) {
    nodeAsSeen(event.data.node, false);
    states.delete(this);
    const answer = rebuildFullSnapshot.call(this, event, ...rest);
    fetchFonts(this.iframe.contentDocument);
    bringAbout(this, event.timestamp);
    for (const root of this.iframe.contentDocument ? roots(this.iframe.contentDocument) : [])
      for (const field of root.querySelectorAll('input[value*="*"]'))
        showMasked(field, field.getAttribute('value'));
    return answer;
  };
}

// Kinds of fields that hold nothing but what they can read: of what is masked they would show nothing, or another value.
const PICKY = /^(?:date|month|week|time|datetime-local|number)$/;
const kinds = new WeakMap(); // of fields that show text instead: [type, style]

// Before a field gets another value: it is of its own kind again.
function unmask(field) {
  if (!kinds.has(field))
    return;
  const [type, style] = kinds.get(field);
  kinds.delete(field);
  field.type = type;
  field.style.cssText = style;
}

// What is masked in a field that cannot hold stars is shown as text, in the field's own size.
function showMasked(field, text) {
  if (field?.nodeName !== 'INPUT' || !PICKY.test(field.type) || typeof text !== 'string' || !text.includes('*'))
    return;
  const { width, height } = field.ownerDocument.defaultView.getComputedStyle(field);
  kinds.set(field, [field.type, field.style.cssText]);
  for (const [name, value] of Object.entries({ width, height }))
    field.style.setProperty(name, value, 'important');
  field.type = 'text';
  field.value = text;
}

const EDGES = ['appearance', 'background-color', 'background-image', ...['top', 'right', 'bottom', 'left'].flatMap((side) => ['width', 'style', 'color'].map((what) => `border-${side}-${what}`))];

// Whether the browser draws it as the system's fields look: no sheet says how its edge and ground are.
function isNative(field) {
  const view = field.ownerDocument.defaultView;
  if (!/^(?:INPUT|TEXTAREA|BUTTON|SELECT)$/.test(field.nodeName) || !field.isConnected || !view)
    return false;
  const plain = field.cloneNode(false);
  for (const name of ['style', 'name']) // of a group of radio buttons one is checked, and it would take that from the field
    plain.removeAttribute(name);
  plain.style.setProperty('all', 'revert', 'important');
  field.after(plain);
  const [own, plainly] = [field, plain].map((each) => view.getComputedStyle(each));
  const native = own.appearance !== 'none' && EDGES.every((name) => own.getPropertyValue(name) === plainly.getPropertyValue(name));
  plain.remove();
  return native;
}

const rings = new WeakMap(); // of components whose ring is drawn inside: the sheet that does so

// An attribute alone says nothing: a recording may have set it.
function takeRing(host) {
  const ring = rings.get(host);
  if (!ring)
    return;
  rings.delete(host);
  host.removeAttribute('rr_host');
  host.shadowRoot.adoptedStyleSheets = host.shadowRoot.adoptedStyleSheets.filter((sheet) => sheet !== ring);
}

// Before all that the component says. What stands in a frame that was taken away has no view any more.
function ringInside(host) {
  takeRing(host);
  const root = host.shadowRoot;
  const view = host.ownerDocument.defaultView;
  if (!root || !view)
    return;
  const ring = new view.CSSStyleSheet();
  ring.replaceSync(HOST_RING);
  root.adoptedStyleSheets = [ring, ...root.adoptedStyleSheets];
  host.setAttribute('rr_host', '');
  rings.set(host, ring);
}

// The focus of a window that has none itself.
function markFocus(replayer) {
  const state = stateOf(replayer);
  const focused = replayer.getMirror().getNode(state.focused);
  const shows = state.visible ?? (TYPED.test(focused?.nodeName) || focused?.isContentEditable);
  if (state.marked === focused && state.shows === shows)
    return;
  state.shows = shows;
  for (const name of ['rr_focus', 'rr_native'])
    state.marked?.removeAttribute(name);
  takeRing(state.marked);
  state.marked = focused?.nodeType === 1 ? focused : null;
  if (!state.marked)
    return;
  focused.toggleAttribute('rr_native', isNative(focused));
  if (shows)
    ringInside(focused);
  focused.setAttribute('rr_focus', shows ? 'visible' : '');
}

export function forgetFocus(replayer) {
  stateOf(replayer).focused = 0;
}

function* roots(top) {
  const open = [top];
  while (open.length > 0) {
    const root = open.pop();
    yield root;
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot)
        open.push(element.shadowRoot);
      if (element.nodeName === 'IFRAME' && element.contentDocument)
        open.push(element.contentDocument);
    }
  }
}

const MARKS = ['ss-is', 'ss-animations'];

const FILLING_MOST = 4;
const filling = new WeakMap(); // documents: what fills the screen in each

function fillingIn(page) {
  const all = filling.get(page) ?? new Set();
  filling.set(page, all);
  for (const element of all)
    if (!element.isConnected)
      all.delete(element);
  return all;
}

// What fills the screen is above all that it stands in. What else is shown above the page mostly came after it.
function fillScreen(element, fills) {
  const all = fillingIn(element.ownerDocument);
  if (fills === all.has(element))
    return;
  if (!fills) {
    all.delete(element);
    element.removeAttribute('popover');
  } else if (all.size < FILLING_MOST && element.popover === null && !element.matches(':modal')) {
    all.add(element);
    element.popover = 'manual';
    element.showPopover();
    for (const other of element.ownerDocument.querySelectorAll(':modal, :popover-open')) {
      if (other.contains(element))
        continue;
      const [hide, show] = other.matches(':modal') ? ['close', 'showModal'] : ['hidePopover', 'showPopover'];
      other[hide]();
      other[show]();
    }
  }
}

// What an element is and no markup says: an open popover, a box that is neither checked nor not.
function bring(element, brought) {
  const is = (element.getAttribute('ss-is') ?? '').split(' ');
  if (element.nodeName === 'INPUT')
    element.indeterminate = is.includes('indeterminate');
  try {
    fillScreen(element, is.includes('fullscreen'));
    if (!fillingIn(element.ownerDocument).has(element) && element.popover && element.matches(':popover-open') !== is.includes('popover-open'))
      element.togglePopover();
  } catch { /* it is not on the page, or a dialog already */ }
  brought[MARKS.some((name) => element.hasAttribute(name)) ? 'add' : 'delete'](element);
}

// Animations made by scripts, by element: [text, animations].
const moved = new WeakMap();
const made = new WeakSet();

function listOf(text) {
  try {
    return JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
}

// Does what scripts animated again, from where it was at that time.
function move(element, at) {
  const text = element.getAttribute('ss-animations');
  if (moved.get(element)?.text !== text) {
    for (const { animation } of moved.get(element)?.all ?? [])
      animation.cancel();
    const all = listOf(text).map(([frames, timing, rate, begun]) => {
      const animation = element.animate(frames, { ...timing, iterations: timing.iterations === null ? Infinity : timing.iterations });
      animation.playbackRate = rate;
      made.add(animation);
      return { animation, rate, begun };
    });
    moved.set(element, { text, all });
  }
  for (const { animation, rate, begun } of moved.get(element).all) {
    const { endTime, delay } = animation.effect.getComputedTiming();
    animation.currentTime = begun < 0 ? -1 - begun : endTime === Infinity ? Math.max(0, delay) : Math.max(0, at - begun) * rate;
    if (begun < 0)
      animation.pause();
  }
}

// Those of style sheets are held by a rule.
export function letMove(replayer, moving) {
  for (const element of stateOf(replayer).brought) {
    for (const { animation, begun } of moved.get(element)?.all ?? []) {
      if (!moving)
        animation.pause();
      else if (begun >= 0 && animation.currentTime < animation.effect.getComputedTiming().endTime)
        animation.play();
    }
  }
}

function bringAll(elements, at, replayer) {
  const { brought } = stateOf(replayer);
  for (const element of elements) {
    bring(element, brought);
    try {
      if (element.hasAttribute('ss-animations') || moved.has(element))
        move(element, at);
    } catch { /* no animation that this browser knows */ }
  }
}

function bringNew(replayer, { data, timestamp }) {
  const isMarked = (attributes) => MARKS.some((name) => name in (attributes ?? {}));
  const ids = [...data.adds.filter(({ node }) => isMarked(node?.attributes)).map(({ node }) => node.id),
    ...data.attributes.filter(({ attributes }) => isMarked(attributes)).map(({ id }) => id)];
  bringAll(ids.map((id) => replayer.getMirror().getNode(id)).filter((node) => node?.nodeType === 1), timestamp, replayer);
}

export function bringAbout(replayer, at) {
  const top = replayer.iframe.contentDocument;
  const marked = top ? [...roots(top)].flatMap((root) => [...root.querySelectorAll(MARKS.map((name) => `[${name}]`).join())]) : [];
  bringAll(new Set([...marked, ...stateOf(replayer).brought]), at, replayer);
}

// How long an element has been there, with all that it stands in.
function age(element, at, came, mirror) {
  let youngest = -Infinity;
  for (let node = element; node; node = node.parentNode ?? node.host)
    youngest = Math.max(youngest, came.get(mirror.getId(node)) ?? -Infinity);
  return at - youngest;
}

const HOUR_MS = 3600 * 1000;

function place(animation, at, came, mirror, turning) {
  const { effect } = animation;
  if (typeof animation.currentTime === 'object' && animation.currentTime !== null) // of a scroller
    return;
  const { endTime, delay } = effect.getComputedTiming();
  const since = Math.max(0, age(effect.target, at, came, mirror));
  const turned = Math.max(0, delay) + (Number.isFinite(since) ? since : at % HOUR_MS);
  const wanted = endTime === Infinity ? (turning ? turned : Math.max(0, delay)) : Math.min(endTime, since);
  animation.currentTime = 'transitionProperty' in animation ? endTime : wanted;
}

// Puts what moves where it was at that time: what ended at its end, what goes on for ever at its beginning, where it is
// the same each time. Nothing that was focused, defined or moved is left behind.
/**
 * @param {OpenReplayer} replayer
 * @param {number} at
 * @param {boolean} [turning] what goes on for ever is where it was, or, where nobody knows when it began, somewhere
 */
export function standStill(replayer, at, turning = false) {
  const top = replayer.iframe.contentDocument;
  markFocus(replayer);
  hoverAgain(replayer);
  bringAbout(replayer, at);
  for (const root of top ? roots(top) : [])
    for (const animation of root.getAnimations())
      if (animation.effect?.target && !made.has(animation))
        place(animation, at, stateOf(replayer).came, replayer.getMirror(), turning);
  letMove(replayer, false);
}
