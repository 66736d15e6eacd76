// SPDX-License-Identifier: MIT
// Batches that are not yet delivered, kept in IndexedDB so that they survive the page.
const DATABASE = 'sessionsight';
const STORE = 'batches';

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const keyOf = (batch) => `${batch.session}/${batch.window}/${String(batch.seq).padStart(9, '0')}`;

export function createStore() {
  let opening = null;

  function open() {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
      request.onerror = request.onblocked = () => reject(request.error);
    });
    return opening;
  }

  async function within(mode, fn) {
    try {
      const db = await open();
      const transaction = db.transaction(STORE, mode);
      const request = fn(transaction.objectStore(STORE));
      // A page that goes does not come to end it: what is only begun would be lost.
      transaction.commit?.();
      return await done(request);
    } catch {
      return undefined;
    }
  }

  return {
    put: (batch) => within('readwrite', (store) => store.put(batch, keyOf(batch))),
    remove: (batch) => within('readwrite', (store) => store.delete(keyOf(batch))),
    clear: () => within('readwrite', (store) => store.clear()),
    all: async () => (await within('readonly', (store) => store.getAll())) ?? [],
  };
}
