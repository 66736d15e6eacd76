// SPDX-License-Identifier: MIT
// Takes batches to the collector: in order, one at a time, again where it failed, never more than it may hold.
import { createStore } from './store.js';

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60000;
const ANSWER_MS = 60000;
const QUEUE_CHARS = 8 * 1024 * 1024;
const ORPHAN_MS = 2 * 60 * 1000;
const STALE_MS = 24 * 60 * 60 * 1000;
// Browsers allow 64 KiB of keepalive bodies at once, for all of the page.
const KEEPALIVE_BYTES = 60 * 1024;
// The rest is for what the page has not told yet when it goes.
const POST_KEEPALIVE_BYTES = 44 * 1024;

const OUTLIVES = 'keepalive' in (globalThis.Request?.prototype ?? {});

export function envelope(batch) {
  const proof = batch.proof ? `"proof":"${batch.proof}",` : '';
  return `{"v":1,"session":"${batch.session}",${proof}"window":"${batch.window}","seq":${batch.seq},"sent_at":${Date.now()},"events":[${batch.events.join(',')}]}`;
}

const encode = (text) => new TextEncoder().encode(text);

async function gzip(text) {
  if (typeof CompressionStream !== 'function') return null;
  try {
    const { readable, writable } = new CompressionStream('gzip');
    const writer = writable.getWriter();
    writer.write(encode(text)).catch(() => {});
    writer.close().catch(() => {});
    // No Blob: the browser would pass it to another process and back.
    return await new Response(readable).arrayBuffer();
  } catch {
    return null;
  }
}

function retryAfter(response) {
  const value = response.headers.get('Retry-After');
  if (!value) return 0;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Math.min(Math.max(seconds || 0, 0), 3600) * 1000;
}

export function createTransport({ url, onStop, onRoom, onSplit }) {
  const store = createStore();
  const queue = [];
  let held = 0;
  let full = false;
  let sending = null;
  let failures = 0;
  let timer = 0;
  let stopped = false;
  let keepalive = 0;

  const size = (batch) => batch.events.reduce((sum, event) => sum + event.length + 1, 200);

  function wait(ms) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = 0;
      pump();
    }, ms);
  }

  function take(batch) {
    const at = queue.indexOf(batch);
    if (at < 0) return;
    queue.splice(at, 1);
    held -= size(batch);
    store.remove(batch);
    if (full && held < QUEUE_CHARS / 2) {
      full = false;
      onRoom();
    }
  }

  // What to send, packed before it is needed: a page that goes cannot wait for it.
  const packed = new WeakMap();

  async function pack(batch) {
    const zipped = await gzip(envelope(batch));
    if (zipped) packed.set(batch, zipped);
  }

  function request(batch, more) {
    const zipped = packed.get(batch);
    const headers = { 'Content-Type': 'application/json', ...(zipped && { 'Content-Encoding': 'gzip' }) };
    return {
      method: 'POST', headers, body: zipped ?? encode(envelope(batch)), mode: 'cors', credentials: 'omit', redirect: 'error',
      referrerPolicy: 'no-referrer', ...more,
    };
  }

  async function post(batch) {
    if (!packed.has(batch)) await pack(batch);
    // It went with the page meanwhile.
    if (batch.leaving) return null;
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), ANSWER_MS);
    const what = request(batch, { cache: 'no-store', signal: abort.signal });
    // What is small enough goes on where the page goes meanwhile.
    batch.outlives = OUTLIVES && keepalive + what.body.byteLength <= POST_KEEPALIVE_BYTES;
    what.keepalive = batch.outlives;
    if (batch.outlives) keepalive += what.body.byteLength;
    try {
      const response = await fetch(url, what);
      response.body?.cancel().catch(() => {});
      return response;
    } catch {
      return null;
    } finally {
      clearTimeout(limit);
      if (batch.outlives) keepalive -= what.body.byteLength;
      batch.outlives = false;
    }
  }

  // The second half takes the next number, so what waits behind it moves on by one. Nothing behind it was tried before.
  function split(batch) {
    const at = queue.indexOf(batch);
    take(batch);
    if (batch.events.length < 2) return;
    const middle = batch.events.length >> 1;
    const behind = queue.filter((other) => other.window === batch.window && other.seq > batch.seq);
    for (const other of behind) {
      store.remove(other);
      other.seq++;
      packed.delete(other);
    }
    const halves = [{ ...batch, events: batch.events.slice(0, middle) }, { ...batch, seq: batch.seq + 1, events: batch.events.slice(middle) }];
    queue.splice(Math.max(at, 0), 0, ...halves);
    for (const half of halves) held += size(half);
    for (const other of [...halves, ...behind]) store.put(other);
    onSplit(batch);
  }

  function stop() {
    stopped = true;
    clearTimeout(timer);
    queue.length = 0;
    held = 0;
    store.clear();
    onStop();
  }

  function retry(response) {
    const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++);
    const asked = response ? retryAfter(response) : 0;
    wait(asked + Math.random() * ceiling);
  }

  function answered(batch, response) {
    const status = response?.status ?? 0;
    if (stopped) return;
    if (status === 401 || status === 403 || status === 410) {
      stop();
      return;
    }
    if (status === 413) split(batch);
    else if (response?.ok || (status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429)) take(batch);
    else {
      retry(response);
      return;
    }
    failures = 0;
    pump();
  }

  function pump() {
    if (stopped || sending || timer || !queue.length) return;
    if (navigator.onLine === false) {
      wait(5000);
      return;
    }
    sending = queue.find((batch) => !batch.leaving);
    if (!sending) return;
    const batch = sending;
    post(batch).then((response) => {
      sending = null;
      answered(batch, response);
    }).catch(() => {
      sending = null;
    });
  }

  return {
    get full() { return full; },
    add(batch, leaving) {
      if (stopped) return;
      queue.push(batch);
      held += size(batch);
      if (held > QUEUE_CHARS) full = true;
      store.put(batch);
      if (leaving) return;
      // Else it is packed as it is sent.
      if (sending) pack(batch);
      pump();
    },
    // The page is going, and takes every request with it that is not keepalive. What fits the limit is sent so, also what was
    // on its way: the collector stores it once. The rest stays in the store for the next page.
    leave() {
      if (stopped || !fetch) return;
      const left = [];
      for (const batch of queue) {
        if (batch.leaving || batch.outlives) continue;
        if (!OUTLIVES) {
          // Nobody answers to a beacon: what went before stays in the store, and the next page sends it once more.
          if (!navigator.sendBeacon?.(url, new Blob([envelope(batch)], { type: 'text/plain' }))) left.push(batch);
          continue;
        }
        const what = request(batch, { keepalive: true });
        if (keepalive + what.body.byteLength > KEEPALIVE_BYTES) {
          left.push(batch);
          continue;
        }
        keepalive += what.body.byteLength;
        batch.leaving = true;
        fetch(url, what)
          .then((response) => (response.ok ? take(batch) : undefined))
          .catch(() => {})
          .finally(() => {
            keepalive -= what.body.byteLength;
            batch.leaving = false;
          });
      }
      store.keepNow(left);
    },
    online() {
      failures = 0;
      clearTimeout(timer);
      timer = 0;
      pump();
    },
    // Batches of pages that are gone: the collector takes each once, however often it is sent.
    async adopt(session, window, seq) {
      const now = Date.now();
      const left = await store.all();
      for (const batch of left) {
        const mine = batch.session === session && batch.window === window;
        if (mine ? batch.seq >= seq : now - batch.at < ORPHAN_MS) continue;
        if (now - batch.at > STALE_MS) {
          store.remove(batch);
          continue;
        }
        if (queue.some((other) => other.window === batch.window && other.seq === batch.seq)) continue;
        queue.push({ ...batch, leaving: false });
        held += size(batch);
      }
      pump();
    },
    forget() {
      queue.length = 0;
      held = 0;
      store.clear();
    },
  };
}
