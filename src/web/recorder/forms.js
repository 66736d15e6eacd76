// SPDX-License-Identifier: MIT
// What people do with forms (ss:form): focus, time in a field, filling it again, submit, reset, leaving without. Never what they write.
import * as dom from './dom.js';
import { hooks } from './hooks.js';
import { on, safe } from './safe.js';
import { decoded } from './secrets.js';
import { targetOf } from './shadow.js';

const NOT_FIELDS = /^(submit|button|reset|image|hidden)$/;

const LONGEST = 100000;

// A Request keeps its body to itself: a copy of it tells, where that is text.
const textOf = async (body) => {
  if (body instanceof Request) return /json|form|text/.test(body.headers.get('Content-Type')) ? body.clone().text() : '';
  if (body instanceof FormData) return [...body.values()].filter((value) => typeof value === 'string').join('\n');
  return /^(string|undefined)$/.test(typeof body) || body instanceof URLSearchParams || body instanceof URL ? String(body ?? '') : '';
};

export function watchForms({ custom, privacy, mirror, now }) {
  const fields = new WeakMap();
  const touched = new Map();
  // Fields that were filled since their form was sent, by form.
  const filled = new Map();

  function fieldOf(event) {
    const el = targetOf(event);
    if (dom.nodeType(el) !== 1 || !dom.matches(el, 'input,select,textarea,[contenteditable]')) return null;
    return NOT_FIELDS.test(el.type) || privacy.isBlocked(el) ? null : el;
  }

  const formOf = (el) => el.form ?? dom.closest(el, 'form');

  function nameOf(form) {
    if (!form) return '';
    return dom.getAttribute(form, 'id') || dom.getAttribute(form, 'name') || String(mirror.getId(form));
  }

  function tell(what, form, el, more) {
    if (privacy.isBlocked(form) || privacy.isBlocked(el)) return;
    const field = el && { id: mirror.getId(el), name: dom.getAttribute(el, 'name') || el.id || '', type: el.type || 'text' };
    custom('ss:form', { form: nameOf(form), field: field ?? undefined, what, ...more });
  }

  function focused(event) {
    const el = fieldOf(event);
    if (!el) return;
    const state = fields.get(el) ?? { refills: 0, filled: false };
    fields.set(el, { ...state, since: now(), edited: false });
    touched.set(formOf(el), el);
    // What is new on the page has no number yet.
    setTimeout(() => tell('focus', formOf(el), el));
  }

  function edited(event) {
    const el = fieldOf(event);
    const state = el && fields.get(el);
    if (!state) return;
    const form = formOf(el);
    filled.set(form, (filled.get(form) ?? new Set()).add(el));
    if (state.edited) return;
    state.edited = true;
    if (state.filled) state.refills++;
  }

  function blurred(event) {
    const el = fieldOf(event);
    const state = el && fields.get(el);
    if (!state?.since) return;
    tell('blur', formOf(el), el, { duration_ms: Math.max(0, now() - state.since), refills: state.refills });
    state.since = 0;
    state.filled ||= state.edited && Boolean(el.value ?? dom.textContent(el));
  }

  function ended(what) {
    return (event) => {
      const form = targetOf(event);
      if (dom.localName(form) !== 'form') return;
      tell(what, form, what === 'submit' ? touched.get(form) : null);
      touched.delete(form);
      filled.delete(form);
      // What fields hold afterwards is in no event: nothing was set, by nobody.
      if (what === 'reset') hooks.snapshot();
    };
  }

  // A request that carries all that was filled in sends the form, whatever it is made of. What it carries is told to nobody.
  hooks.sends = safe((...bodies) => {
    if (!filled.size) return;
    // As they are now: the page may empty them before the copy is read.
    const now = [...filled].map(([form, els]) => [form, [...els].map((el) => String(el.value ?? dom.textContent(el)).trim())]);
    Promise.all(bodies.map(textOf)).then(safe((found) => {
      const said = found.map((text) => text.slice(0, LONGEST)).join('\n');
      const texts = [said, said.replace(/\+/g, ' ').replace(/(%[\da-f]{2})+/gi, decoded)];
      const carried = (value) => texts.some((text) => text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1)));
      for (const [form, values] of now) {
        if (!filled.has(form) || !values.every(carried) || !values.some((value) => value.length > 1)) continue;
        tell('sent', form, touched.get(form));
        touched.delete(form);
        filled.delete(form);
      }
    })).catch(() => {});
  });

  // Forms that the page took away, those of a document that goes, or all of them where the page itself does.
  const leave = safe((of) => {
    for (const [form, el] of touched) {
      if (!form || (of !== true && of !== dom.ownerDocument(form) && dom.isConnected(form))) continue;
      tell('leave', form, el);
      touched.delete(form);
    }
  });

  return {
    leave,
    watch: (doc) => [
      on(doc, 'focusin', focused), on(doc, 'focusout', blurred), on(doc, 'input', edited),
      on(doc, 'submit', ended('submit')), on(doc, 'reset', ended('reset')),
      on(dom.defaultView(doc), 'pagehide', () => leave(doc)),
    ],
    stop() {
      hooks.sends = () => {};
    },
  };
}
