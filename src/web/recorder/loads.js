// SPDX-License-Identifier: MIT
// Frames that come later than the page: each is told once it is there, and once. In place of rrweb's own function, which tells a
// slow one again with every time-out and every snapshot.
import * as dom from './dom.js';
import { hooks } from './hooks.js';
import { safe } from './safe.js';
import { watchStates } from './states.js';

// A frame that takes longer is told as far as it has come; what comes after are mutations.
const FRAME_MS = 5000;

const frames = new WeakMap();

export function onceIframeLoaded(frame, tell) {
  const known = frames.has(frame);
  const state = { tell, root: null };
  frames.set(frame, state);
  const loaded = safe(() => {
    const now = frames.get(frame);
    const root = dom.documentElement(frame.contentDocument);
    if (!root || now.root === root) return;
    now.root = root;
    now.tell();
  });
  if (!known) dom.on(frame, 'load', loaded);
  const doc = frame.contentDocument;
  if (!doc) return;
  if (dom.readyState(doc) !== 'complete') setTimeout(loaded, FRAME_MS);
  // Else it is the empty document that stands in until the frame's own comes.
  else if (doc.URL !== 'about:blank' || !frame.src || frame.src === doc.URL) setTimeout(loaded, 0);
}

// The observers of a frame's document, once for each that it shows.
export function createDocuments(observe) {
  const observed = new WeakMap();
  return (doc) => {
    const before = observed.get(doc);
    if (before?.root === dom.documentElement(doc)) return;
    before?.stop();
    const undo = [observe(doc), watchStates(doc), ...hooks.watch(doc)];
    observed.set(doc, { root: dom.documentElement(doc), stop: () => undo.forEach((fn) => fn?.()) });
  };
}
