// SPDX-License-Identifier: MIT
// The page in the web view: takes the commands of PROTOCOL.md and draws. It runs in a script world of its own, in a page
// that may run no script itself.
import { Replayer } from 'rrweb';
import { canvasPictures } from './canvas.js';
import { fetchEvents } from './events.js';
import { guardReplayer } from './guard.js';

const PADDING = 16;
const stage = document.getElementById('stage');
const reported = new Set();

let replayer = null;
let firstTime = 0;
let firstSnapshot = 0;
let size = { width: 1280, height: 800 };
let clicks = [];

guardReplayer(Replayer, (error) => {
  const text = String(error && error.message || error).slice(0, 200);
  if (reported.size < 20 && !reported.has(text)) {
    reported.add(text);
    console.warn(text);
  }
});

// Fits the recorded page into the view with its own proportions, never larger than it was.
function fit() {
  const bare = innerWidth === size.width && innerHeight === size.height;
  const padding = bare ? 0 : PADDING;
  const scale = Math.min(1, Math.max(1, innerWidth - 2 * padding) / size.width,
    Math.max(1, innerHeight - 2 * padding) / size.height);
  const left = Math.round((innerWidth - size.width * scale) / 2);
  const top = Math.round((innerHeight - size.height * scale) / 2);
  stage.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  stage.style.setProperty('--pointer', String(Math.min(3, 1 / scale)));
  const wrapper = stage.querySelector('.replayer-wrapper');
  if (wrapper) {
    wrapper.style.width = `${size.width}px`;
    wrapper.style.height = `${size.height}px`;
  }
}
addEventListener('resize', fit);

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

function clear() {
  if (replayer) {
    try { replayer.destroy(); } catch { /* half built: its elements go all the same */ }
  }
  replayer = null;
  clicks = [];
  stage.replaceChildren();
}

function bounded(at) {
  return Math.max(at, firstSnapshot + 1) - firstTime;
}

// After a seek the pointer shows a click that has just been, as it would had one watched it.
function holdClick(at) {
  const last = clicks.findLast((time) => time <= at);
  replayer.wrapper.querySelector('.replayer-mouse')?.classList.toggle('held', last !== undefined && at - last < 400);
}

async function load(url) {
  clear();
  const events = await fetchEvents(url);
  firstTime = events[0].timestamp;
  firstSnapshot = events.find((event) => event.type === 2).timestamp;
  clicks = events.filter((event) => event.type === 3 && event.data.source === 2 && event.data.type === 2)
    .map((event) => event.timestamp);
  replayer = new Replayer(events, {
    root: stage,
    mouseTail: { duration: 600, lineWidth: 2, strokeStyle: 'rgba(230, 97, 0, .6)', lineCap: 'round' },
    showWarning: false,
    triggerFocus: true,
    plugins: [canvasPictures()],
    logger: { log() {}, warn() {} },
    // The page's own scroll bars were not part of what was recorded; the caret and moving parts would make every
    // picture of one moment another one.
    insertStyleRules: ['html::-webkit-scrollbar { display: none !important; }', '* { caret-color: transparent !important; }'],
  });
  replayer.on('play-back', () => {
    for (const mouse of stage.querySelectorAll('.replayer-mouse'))
      mouse.classList.remove('placed', 'active', 'touch-active');
  });
  replayer.on('resize', (next) => {
    size = { width: Math.max(1, next.width), height: Math.max(1, next.height) };
    fit();
  });
  return events.length;
}

// Events strictly before the time are applied, as in rrweb's own pause.
async function show(at) {
  replayer.setConfig({ speed: 1 });
  replayer.pause(bounded(at));
  holdClick(at);
  return painted();
}

async function play(at, speed) {
  replayer.setConfig({ speed });
  replayer.wrapper.querySelector('.replayer-mouse')?.classList.remove('held');
  replayer.play(bounded(at));
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

// Waits for the pictures and fonts of what is shown, and says where in the view the recorded page is.
async function settle() {
  const waits = [];
  for (const each of documents(replayer.iframe.contentDocument)) {
    waits.push(each.fonts ? each.fonts.ready : null);
    for (const image of each.images)
      if (!image.complete)
        waits.push(new Promise((resolve) => { image.onload = image.onerror = resolve; }));
  }
  await within(Promise.all(waits), 2000);
  await painted();
  const area = stage.querySelector('.replayer-wrapper').getBoundingClientRect();
  return { x: area.x, y: area.y, width: area.width, height: area.height };
}

globalThis.sight = { load, show, play, settle, clear: async () => { clear(); return true; } };
globalThis.webkit?.messageHandlers.sight.postMessage('ready');
