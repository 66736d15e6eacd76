// SPDX-License-Identifier: MIT
// The page in the web view: takes the commands of PROTOCOL.md and draws. It runs in a script world of its own, in a page
// that may run no script itself.
import { fetchJson } from './events.js';
import { setMedia, setShown } from './look.js';
import { Play } from './play.js';
import { Pick } from './pick.js';
import { Screen } from './screen.js';
import { whole } from './whole.js';
import { placed } from './zoom.js';

const stage = document.getElementById('stage');

/** @type {Screen | null} */
let screen = null;
/** @type {Play | null} */
let playing = null;
let size = { width: 1280, height: 800 };
let wish = { scale: 0, x: 0.5, y: 0.5 };
const pick = new Pick(() => screen?.replayer ?? null);
let generation = 0; // of what is on display: what was asked for before the last clear() comes too late

// Puts the recorded page where it belongs in the view.
function fit() {
  const { scale, left, top } = placed(size, { width: innerWidth, height: innerHeight }, wish);
  stage.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  stage.style.setProperty('--pointer', String(Math.min(3, 1 / scale)));
  /** @type {HTMLElement | null} */
  const wrapper = stage.querySelector('.replayer-wrapper');
  if (wrapper) {
    wrapper.style.width = `${size.width}px`;
    wrapper.style.height = `${size.height}px`;
  }
  pick.place();
}
addEventListener('resize', fit);

let shown = { url: '', made: [] };

// What was kept of the recording's pictures, as addresses that only this page knows.
async function showKept(url) {
  if (url === shown.url)
    return;
  /** @type {Shown} */
  const kept = await fetchJson(url);
  for (const old of shown.made)
    URL.revokeObjectURL(old);
  shown = { url, made: [] };
  for (const [hash, data] of Object.entries(kept.contents ?? {})) {
    const [, type, text] = /^data:([^;,]+);base64,(.*)$/.exec(data);
    const made = URL.createObjectURL(new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], { type }));
    shown.made.push(made);
    kept.contents[hash] = made;
  }
  setShown(kept);
}

function frame() {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, 250); // a view that is not on a screen gets no animation frames
    requestAnimationFrame(() => { clearTimeout(late); resolve(); });
  });
}

async function painted() {
  await frame();
  await frame();
  return true;
}

function stop() {
  const at = playing ? playing.halt() : null;
  playing = null;
  return at;
}

function clear() {
  generation++;
  stop();
  screen?.destroy();
  screen = null;
  stage.replaceChildren();
  pick.mark(0);
}

function display() {
  screen ??= new Screen(stage, (next) => {
    size = next;
    fit();
  });
  return screen;
}

/**
 * @param {string} url of a Step
 * @param {() => Promise<any>} wait for a frame that is painted
 * @param {boolean} turning what goes on for ever is at its place of that time
 * @returns {Promise<boolean>} false: the page did not have what the difference takes for granted, and is to be built anew
 */
async function arrive(url, wait, turning) {
  const wanted = generation;
  /** @type {Step} */
  const { at, media, clicked, rebuild, difference } = await fetchJson(url);
  await showKept(url.replace('/step/', '/shown/'));
  if (wanted !== generation)
    return false;
  stop();
  if (setMedia(media) && !rebuild)
    return false;
  if (rebuild)
    display().build(rebuild);
  else if (screen === null || !screen.change(difference))
    return false;
  await wait();
  if (wanted !== generation || (!screen.settle(at, turning) && !rebuild))
    return false;
  screen.setMoving(false);
  screen.holdClick(clicked);
  fit();
  await wait();
  return true;
}

/** @param {string} url */
const show = (url) => arrive(url, frame, false);

/**
 * A picture that is taken of the page lays it out by itself: no frame is waited for, but what is still loading is.
 * @param {string} url
 */
async function film(url) {
  const done = await arrive(url, async () => {}, true);
  if (done)
    await loaded();
  return done;
}

async function play(url, at, until, speed) {
  const wanted = generation;
  const events = await fetchJson(url);
  if (wanted !== generation || !screen)
    return false;
  playing = new Play(screen, at, speed);
  playing.feed(events, until);
  return true;
}

async function feed(url, until) {
  const running = playing;
  const events = await fetchJson(url);
  if (running === null || running !== playing)
    return false;
  running.feed(events, until);
  return true;
}

async function within(promise, milliseconds) {
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(resolve, milliseconds); });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

function documents(root, found = []) {
  if (!root || found.length > 50)
    return found;
  found.push(root);
  for (const inner of root.querySelectorAll('iframe'))
    documents(inner.contentDocument, found);
  return found;
}

// Waits for the pictures and fonts of what is shown.
async function loaded() {
  const waits = [];
  for (const each of documents(screen.document)) {
    waits.push(each.fonts ? each.fonts.ready : null);
    for (const image of each.images)
      if (!image.complete)
        waits.push(new Promise((resolve) => { image.onload = image.onerror = resolve; }));
  }
  await within(Promise.all(waits), 2000);
}

// The same, and says where in the view the recorded page is.
async function settle() {
  await loaded();
  await painted();
  const area = stage.querySelector('.replayer-wrapper').getBoundingClientRect();
  return { x: area.x, y: area.y, width: area.width, height: area.height };
}

/** @returns {Promise<true>} */
async function zoom(scale, x, y) {
  wish = { scale, x, y };
  fit();
  return true;
}

/**
 * @param {string[]} selectors
 * @returns {Promise<Whole>}
 */
async function showWhole(selectors) {
  const found = whole(screen.replayer.iframe, selectors);
  size = { width: found.width, height: found.height };
  fit();
  await painted();
  return found;
}

globalThis.sight = {
  show, film, play, feed, settle, zoom,
  whole: showWhole,
  pick: async (x, y) => pick.at(x, y),
  mark: async (id) => { pick.mark(id); return true; },
  halt: async () => stop(),
  clear: async () => { clear(); return true; },
};
globalThis.webkit?.messageHandlers.sight.postMessage('ready');
