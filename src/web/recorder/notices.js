// SPDX-License-Identifier: MIT
// Messages and busy indicators (ss:notice): shown, seen, gone, and where they were relative to the viewport. Never their text.
import * as dom from './dom.js';
import { safe } from './safe.js';

const BUSY_NAME = /(^|[\s_-])(spinner|loading|loader|skeleton|shimmer)s?([\s_-]|$)/i;
const ERROR_NAME = /(^|[\s_-])(error|errors|invalid-feedback|error-?message|form-?error|field-?error|validation-?message)([\s_-]|$)/i;
const SETTLE_MS = 100;
// What turns is looked at again so soon, as it may fade in or out.
const AGAIN_MS = 200;
const MOST = 200;
const LEAST_PX = 4;
const CUT = /rect\(([01])px, \1px|inset\((5|10)0%/;

function kindOf(el) {
  const role = dom.getAttribute(el, 'role');
  const live = dom.getAttribute(el, 'aria-live');
  // What goes on telling is no message.
  if ([role, dom.localName(el)].some((name) => /^(log|timer|marquee|t(able|body)|(tree)?grid)$/.test(name))) return null;
  const name = dom.getAttribute(el, 'class');
  if (/^alert/.test(role) || live === 'assertive') return 'alert';
  if (/^(true|grammar)$/.test(dom.getAttribute(el, 'aria-invalid'))) return 'invalid';
  if (dom.getAttribute(el, 'aria-busy') === 'true') return 'busy';
  if (role === 'progressbar' && !dom.hasAttribute(el, 'aria-valuenow')) return 'busy';
  if (dom.localName(el) === 'progress' && !dom.hasAttribute(el, 'value')) return 'busy';
  if (role === 'status' || live === 'polite') return 'status';
  if (BUSY_NAME.test(name)) return 'busy';
  if (ERROR_NAME.test(name) && !/^(input|select|textarea|form)$/.test(dom.localName(el)) && dom.closest(el, 'form')) return 'invalid';
  return null;
}

const classes = new Map();

function isPromisingClass(name) {
  let promising = classes.get(name);
  if (promising === undefined) {
    promising = BUSY_NAME.test(name) || ERROR_NAME.test(name);
    if (classes.size < 1000) classes.set(name, promising);
  }
  return promising;
}

const isPromising = (attributes, tag) => attributes.role || attributes['aria-live'] || attributes['aria-invalid'] || attributes['aria-busy'] ||
  tag === 'progress' || (attributes.class && isPromisingClass(attributes.class));

const textIn = (el) => dom.textContent(el).trim();

// What a component shows in its slots stands beside it.
const slotted = (el) => Array.from(dom.querySelectorAll(el, 'slot'), (slot) => slot.assignedNodes({ flatten: true }).map(textIn).join('')).join('');

// Whether it lies in the document, and nothing around it cuts it down to a dot, as is done with what only screen readers are to find.
function isLaidOut(el, kind) {
  const box = dom.getBoundingClientRect(el);
  const root = dom.documentElement(document);
  let { width, height } = box;
  if (box.right + scrollX <= 0 || box.bottom + scrollY <= 0 || box.left + scrollX >= dom.scrollWidth(root)) return false;
  for (let node = el; node && node !== root; node = dom.parentElement(node) ?? dom.host(dom.getRootNode(node))) {
    const { clip, clipPath, overflow, opacity } = getComputedStyle(node);
    // A message that is not seen yet will fade in.
    if (CUT.test(clip + clipPath) || (kind === 'busy' && !+opacity)) return false;
    if (overflow === 'visible') continue;
    const outer = dom.getBoundingClientRect(node);
    width = Math.min(width, outer.width);
    height = Math.min(height, outer.height);
  }
  // A bar that tells of progress is flat.
  return width > LEAST_PX && height > 1 && width * height > LEAST_PX ** 2 && getComputedStyle(el).visibility !== 'hidden';
}

export function watchNotices({ custom, privacy, mirror }) {
  const known = new Map();
  let timer = 0;

  function tell(el, state, what, entry) {
    const id = mirror.getId(el);
    if (id < 1) return;
    const box = entry.boundingClientRect;
    const height = entry.rootBounds?.height ?? innerHeight;
    const top = box.top >= height ? box.top - height : Math.min(box.bottom, 0);
    custom('ss:notice', { id, kind: state.kind, what, in_view: +entry.intersectionRatio.toFixed(2), top_px: Math.round(top) });
  }

  const places = new IntersectionObserver(safe((entries) => {
    for (const entry of entries) {
      const state = known.get(entry.target);
      if (!state?.text) continue;
      state.last = entry;
      if (!state.shown) tell(entry.target, state, 'shown', entry);
      state.shown = true;
      const seen = entry.intersectionRatio > 0;
      if (seen !== !state.seen || (!seen && state.kind !== 'busy')) continue;
      state.seen = seen;
      tell(entry.target, state, seen ? 'seen' : 'left', entry);
    }
  }), { threshold: [0, 0.01, 0.5, 1] });

  // What there is to see of it: nothing for what has no box, or only a word for screen readers.
  function substance(el, kind) {
    if (privacy.isBlocked(el) || !isLaidOut(el, kind)) return '';
    return kind === 'busy' || kind === 'invalid' ? kind : textIn(el) + slotted(el);
  }

  function gone(el, state) {
    places.unobserve(el);
    if (state.shown) tell(el, state, 'gone', state.last);
  }

  function settle() {
    timer = 0;
    for (const [el, state] of known) {
      const kind = dom.isConnected(el) && (kindOf(el) ?? (dom.isConnected(state.described) && kindOf(state.described) && state.kind));
      const text = kind && substance(el, kind);
      if (text === 'busy') settleSoon(AGAIN_MS);
      if (text === state.text && kind === state.kind) continue;
      if (state.text) gone(el, state);
      if (!kind) {
        known.delete(el);
        continue;
      }
      known.set(el, { kind, text, described: state.described });
      if (text) places.observe(el);
    }
  }

  const settleSoon = (ms = SETTLE_MS) => {
    timer ||= setTimeout(safe(settle), ms);
  };

  function add(el, kind, described) {
    if (!known.has(el) && known.size < MOST) known.set(el, { kind, text: '', described });
  }

  function look(el) {
    const kind = kindOf(el);
    if (!kind) return;
    add(el, kind);
    if (kind !== 'invalid') return;
    const ids = `${dom.getAttribute(el, 'aria-describedby') ?? ''} ${dom.getAttribute(el, 'aria-errormessage') ?? ''}`.split(/\s+/);
    for (const id of ids) {
      const description = id && dom.elementById(dom.getRootNode(el), id);
      if (description) add(description, 'invalid', el);
    }
  }

  return {
    // Called for every element as it is recorded, and for changes of its attributes: must be cheap.
    element: safe((el, attributes, tag) => {
      if (isPromising(attributes, tag)) {
        look(el);
        settleSoon();
      }
    }),
    changed() {
      if (known.size && !timer) settleSoon();
    },
    stop() {
      clearTimeout(timer);
      places.disconnect();
    },
  };
}
