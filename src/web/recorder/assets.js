// SPDX-License-Identifier: MIT
// Pictures, fonts and sheets of the page, so that a recording still shows them when the site has others (ss:assets). Each is
// fetched again without credentials, so that what only this visitor may see is not kept, and brought where the collector has none.
import { hooks } from './hooks.js';
import { safe, whenIdle } from './safe.js';

const MOST_BYTES = 256 * 1024;
const ALL_BYTES = 4 * 1024 * 1024;
const MOST = 1000;
// What fails, as when the page is left, is asked for again on this page and on the next; the more fails in a row, the later.
const TRIES = 3;
const PAUSE_MS = 1000;
const LONGEST_MS = 60 * 1000;
const FOR_NOW = /^(408|429|5)/;
const { fetch } = globalThis;

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

// `which`: same-origin, all, none. `session.tab` is what is remembered from page to page of a session. `tell` is called with an address, the hash of its content or 0, and why it is 0.
export function watchAssets({ base, key, which = 'same-origin', session, tell }) {
  let seen;
  const queue = [];
  const failed = new Map();
  let busy = false;
  let pause = 0;

  function again() {
    session.tab.kept ??= [];
    session.tab.left ??= ALL_BYTES;
    seen = new Set([...session.tab.kept, ...queue]);
  }
  again();

  // Throws where it may be there another time.
  async function keep(address) {
    /** @type {RequestInit} */
    const more = { credentials: 'omit', referrerPolicy: 'no-referrer' };
    if (which !== 'all' && new URL(address).origin !== location.origin) return [0, 'other-origin'];
    const ask = async (of, how) => {
      const answer = await fetch(of, how);
      if (FOR_NOW.test(String(answer.status))) throw new Error();
      return answer;
    };
    const answer = await ask(address, { ...more, cache: 'no-store', mode: which === 'all' ? 'cors' : 'same-origin' });
    if (Number(answer.headers.get('Content-Length')) > MOST_BYTES) return [0, 'too-large'];
    const body = await answer.arrayBuffer();
    if (body.byteLength > Math.min(MOST_BYTES, session.tab.left)) return [0, 'too-large'];
    const hash = hex(await crypto.subtle.digest('SHA-256', body));
    const send = (method, what) => ask(`${base}/v1/assets/${hash}?key=${encodeURIComponent(key)}`, { ...more, method, ...what });
    const put = () => send('PUT', { body, headers: { 'Content-Type': answer.headers.get('Content-Type') } });
    if (!answer.ok || !((await send('HEAD')).ok || (await put()).ok)) return [0, 'failed'];
    session.tab.left -= body.byteLength;
    return [hash];
  }

  const next = whenIdle(async () => {
    const address = queue.shift();
    busy = address !== undefined;
    if (!busy) return;
    const kept = await keep(address).catch(() => null);
    const times = (failed.get(address) ?? 0) + 1;
    if (kept) session.tab.kept.push(address);
    else failed.set(address, times);
    if (kept || times === TRIES) tell(address, ...kept ?? [0, 'failed']);
    else queue.push(address);
    pause = kept ? 0 : Math.min(2 * pause || PAUSE_MS, LONGEST_MS);
    if (pause) setTimeout(next, pause);
    else next();
  });

  // What an unmasked element shows, or a sheet names.
  hooks.shows = safe((value, inText) => {
    if (which === 'none' || !globalThis.crypto?.subtle) return;
    const found = inText ? Array.from(value.matchAll(/url\(\s*["']?(https?:[^"')\s]+)/g), (match) => match[1]) : value.split(/,?\s+/);
    for (const address of found) {
      if (!/^https?:/.test(address) || seen.has(address) || seen.size >= MOST) continue;
      seen.add(address);
      queue.push(address);
      if (!busy) next();
      busy = true;
    }
  });
  // again: where another session began, or the page is back.
  return { again };
}
