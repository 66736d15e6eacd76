// SPDX-License-Identifier: MIT
// Batches that are not yet delivered, kept in IndexedDB so that they survive the page.
const DATABASE = 'sessionsight';
const STORE = 'batches';
const LEFT = 'ss:left';

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const keyOf = (batch) => `${batch.session}/${batch.window}/${String(batch.seq).padStart(9, '0')}`;

function left() {
  try {
    return JSON.parse(localStorage.getItem(LEFT)) ?? [];
  } catch {
    return [];
  }
}

function setLeft(batches) {
  try {
    if (batches.length) localStorage.setItem(LEFT, JSON.stringify(batches));
    else localStorage.removeItem(LEFT);
  } catch {
    // Forbidden or full: the database may have kept it all the same.
  }
}

export function createStore() {
  let opening = null;

  function open() {
    if (opening) return opening;
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    opening = done(request).then((db) => {
      db.onversionchange = () => db.close();
      return db;
    });
    return opening;
  }

  async function within(mode, fn) {
    try {
      const db = await open();
      return await done(fn(db.transaction(STORE, mode).objectStore(STORE)));
    } catch {
      return undefined;
    }
  }

  const put = (batch) => within('readwrite', (store) => store.put(batch, keyOf(batch)));

  return {
    put,
    remove: (batch) => within('readwrite', (store) => store.delete(keyOf(batch))),
    clear() {
      setLeft([]);
      return within('readwrite', (store) => store.clear());
    },
    // The database does not finish what a page begins as it goes.
    keepNow: (batches) => setLeft([...left(), ...batches]),
    async all() {
      const kept = left();
      for (const batch of kept) put(batch);
      setLeft([]);
      return [...kept, ...(await within('readonly', (store) => store.getAll())) ?? []];
    },
  };
}
