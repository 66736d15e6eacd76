// SPDX-License-Identifier: MIT
// Which session and which window (tab) the page belongs to, across page loads and tabs.
import { continueFrom } from './clock.js';

const IDLE_MS = 30 * 60 * 1000;
const LONGEST_MS = 24 * 60 * 60 * 1000;
const SESSION_KEY = 'ss:session';
const WINDOW_KEY = 'ss:window';

export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function read(storage, key) {
  try {
    return JSON.parse(globalThis[storage].getItem(key));
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    if (value === null) globalThis[storage].removeItem(key);
    else globalThis[storage].setItem(key, JSON.stringify(value));
  } catch {
    // Storage can be forbidden or full: the session then ends with the page.
  }
}

const isId = (id) => typeof id === 'string' && /^[\w-]{1,64}$/.test(id);
const over = (session, time) => time - session.last > IDLE_MS || time - session.start > LONGEST_MS;

export function createSession({ now, sample }) {
  let current = null;
  let tab = null;
  let written = 0;

  function begin(time) {
    current = { id: randomId(), proof: randomId(), start: time, last: time, luck: Math.random() };
    write('localStorage', SESSION_KEY, current);
  }

  function useWindow() {
    const kept = read('sessionStorage', WINDOW_KEY);
    tab = isId(kept?.id) && kept.session === current.id ? kept : { id: randomId(), session: current.id, seq: 0 };
    // While the page lives nothing is kept: a duplicated tab gets a copy of sessionStorage and must not take this window for its own.
    write('sessionStorage', WINDOW_KEY, null);
  }

  return {
    get id() { return current.id; },
    get window() { return tab.id; },
    // Kept from page to page of this tab, while the session lasts.
    get tab() { return tab; },
    // Whoever begins a session goes on with it: the collector takes no batch without the proof of the first. It never leaves the
    // visitor's browser but to the collector, which hands it to nobody.
    get proof() { return isId(current.proof) ? current.proof : undefined; },
    // On a page with a greater share, a session that was not chosen before may be.
    get chosen() { return (current.chosen ||= current.luck < sample); },
    open() {
      const kept = read('localStorage', SESSION_KEY);
      if (isId(kept?.id) && kept.last - Date.now() < LONGEST_MS) continueFrom(kept.last);
      const time = now();
      if (isId(kept?.id) && !over(kept, time)) current = kept;
      else begin(time);
      useWindow();
    },
    get seq() { return tab.seq; },
    nextSeq: () => tab.seq++,
    reserve: (count) => { tab.seq += count; },
    over: (time) => over(current, time),
    // The next session, or the one that another tab has begun meanwhile.
    renew(time) {
      const other = read('localStorage', SESSION_KEY);
      if (isId(other?.id) && other.id !== current.id && !over(other, time)) current = other;
      else begin(time);
      tab = { id: randomId(), session: current.id, seq: 0 };
    },
    active(time) {
      current.last = time;
      if (time - written < 5000) return;
      written = time;
      write('localStorage', SESSION_KEY, current);
    },
    leave() {
      if (!tab) return;
      write('localStorage', SESSION_KEY, current);
      write('sessionStorage', WINDOW_KEY, tab);
    },
    // Out of the browser's cache of pages: the page in between used the same window.
    back() {
      const kept = read('sessionStorage', WINDOW_KEY);
      if (kept?.id === tab.id && kept.seq > tab.seq) tab.seq = kept.seq;
      write('sessionStorage', WINDOW_KEY, null);
    },
    forget() {
      write('localStorage', SESSION_KEY, null);
      write('sessionStorage', WINDOW_KEY, null);
    },
  };
}
