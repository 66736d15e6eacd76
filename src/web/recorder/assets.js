// SPDX-License-Identifier: MIT
// Pictures, fonts and sheets of the page, so that a recording still shows them when the site has others (ss:assets). Each is
// fetched again without credentials, so that what only this visitor may see is not kept, and brought where the collector has none.
import { hooks } from './hooks.js';
import { safe, whenIdle } from './safe.js';

const MOST_BYTES = 256 * 1024;
const ALL_BYTES = 4 * 1024 * 1024;
const MOST = 1000;
// What fails, as when the page is left, is asked for again on this page and on the next, the later the more failed in a row. Of
// another origin nobody tells whether it ever may be read.
const TRIES = 3;
const PAUSE_MS = 1000;
const LONGEST_MS = 60 * 1000;
const { fetch } = globalThis;

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

// `which`: same-origin, all, none. `session.tab` is what is remembered from page to page of a session. `tell` is called with an address, the hash of its content or 0, and why it is 0.
export function watchAssets({ base, key, which = 'same-origin', session, tell }) {
  let seen;
  // What is to be asked for or is being: how often it failed, and when it is due (performance.now()).
  const queue = new Map();
  let asking = false;
  let stopped = false;
  let timer;
  let inARow = 0;

  function again() {
    session.tab.kept ??= [];
    session.tab.left ??= ALL_BYTES;
    seen = new Set([...session.tab.kept, ...queue.keys()]);
  }
  again();

  // Throws where it may be there another time.
  async function keep(address) {
    /** @type {RequestInit} */
    const more = { credentials: 'omit', referrerPolicy: 'no-referrer' };
    if (which !== 'all' && new URL(address).origin !== location.origin) return [0, 'other-origin'];
    const ask = async (of, how) => {
      const answer = await fetch(of, how);
      if (answer.status > 499 || answer.status === 429) throw answer;
      return answer;
    };
    const answer = await ask(address, { ...more, cache: 'no-store', mode: which === 'all' ? 'cors' : 'same-origin' });
    if (Number(answer.headers.get('Content-Length')) > MOST_BYTES) return [0, 'too-large'];
    const body = await answer.arrayBuffer();
    if (stopped) throw new Error();
    if (body.byteLength > Math.min(MOST_BYTES, session.tab.left)) return [0, 'too-large'];
    const hash = hex(await crypto.subtle.digest('SHA-256', body));
    const send = (method, what) => ask(`${base}/v1/assets/${hash}?key=${encodeURIComponent(key)}`, { ...more, method, ...what });
    const put = () => send('PUT', { body, headers: { 'Content-Type': answer.headers.get('Content-Type') } });
    if (!answer.ok || !((await send('HEAD')).ok || (await put()).ok)) return [0, 'failed'];
    session.tab.left -= body.byteLength;
    return [hash];
  }

  async function ask(address) {
    const kept = await keep(address).catch(() => null);
    if (stopped) return;
    const asked = queue.get(address);
    const isOther = new URL(address).origin !== location.origin;
    asked.times += 1;
    inARow = kept ? 0 : inARow + 1;
    asked.due = performance.now() + Math.min(PAUSE_MS * 2 ** inARow, LONGEST_MS);
    if (!kept && !isOther && asked.times < TRIES) return;
    queue.delete(address);
    if (kept || isOther) session.tab.kept.push(address);
    tell(address, ...kept ?? [0, 'failed']);
  }

  const next = whenIdle(async () => {
    const [first] = [...queue].sort((a, b) => a[1].due - b[1].due);
    if (asking || !first) return;
    clearTimeout(timer);
    const early = first[1].due - performance.now();
    if (early > 0) {
      timer = setTimeout(next, early);
      return;
    }
    asking = true;
    await ask(first[0]).catch(() => queue.delete(first[0]));
    asking = false;
    next();
  });

  // What an unmasked element shows, or a sheet names.
  hooks.shows = safe((value, inText) => {
    if (stopped || which === 'none' || !globalThis.crypto?.subtle) return;
    const found = inText ? Array.from(value.matchAll(/url\(\s*["']?(https?:[^"')\s]+)/g), (match) => match[1]) : value.split(/,?\s+/);
    for (const address of found) {
      if (!/^https?:/.test(address) || seen.has(address) || seen.size >= MOST) continue;
      seen.add(address);
      queue.set(address, { times: 0, due: 0 });
      next();
    }
  });
  return {
    again, // where another session began, or the page is back
    stop() {
      stopped = true;
      queue.clear();
      clearTimeout(timer);
    },
  };
}
