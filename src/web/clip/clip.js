// SPDX-License-Identifier: MIT
// The player inside a clip: one file, no network. The recorded page is drawn by rrweb's Replayer in a frame that runs no
// script; the controls are those of a video.
import { Replayer } from 'rrweb';
import { canvasPictures } from '../player/canvas.js';
import { guardMedia, guardReplayer } from '../player/guard.js';
import { bringAbout, FOCUS_RINGS, FULL_SCREEN, NO_CONTROLS, NOT_KEPT, letMove, lookReplayer, scrollNode, setMedia, standStill } from '../player/look.js';
import { vouchEvent } from '../player/vouch.js';
import css from './clip.css';

const SPEEDS = [0.5, 1, 2, 4, 8, 16];

const words = JSON.parse(document.querySelector('#words').textContent);
// One clip, or several with a list of them. The events of each are read when it is watched.
const sources = [...document.querySelectorAll('script.clip')];
let clip = { name: '', note: '', from: 0, to: 0, events: [] };
let length = 1;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

const PLAY = 'M4 2.5v11l9.5-5.5z';
const PAUSE = 'M3.5 2.5h3v11h-3zm6 0h3v11h-3z';
const FIT = 'M2 2h5v2H4v3H2zm7 0h5v5h-2V4H9zM2 9h2v3h3v2H2zm10 0h2v5H9v-2h3z';

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

document.head.append(make('style', {}, css));
const stage = make('div', { id: 'stage' });
const ground = make('main', { id: 'ground' }, stage);
const toggle = make('button', { type: 'button', id: 'toggle', 'aria-label': words.play }, icon(PLAY));
const time = make('span', { id: 'time' });
const slider = make('input', { type: 'range', id: 'position', min: '0', max: String(length), step: '1', value: '0', 'aria-label': words.position });
const speed = make('select', { id: 'speed', 'aria-label': words.speed });
for (const each of SPEEDS)
  speed.append(make('option', each === 1 ? { value: String(each), selected: '' } : { value: String(each) }, `${each}×`));
const actual = make('button', { type: 'button', id: 'actual', 'aria-label': words.actual, title: `${words.actual} (0)`, 'aria-pressed': 'false' }, icon(FIT));
const about = make('header');
const list = make('ol', { id: 'list' });
const main = make('div', { id: 'clip' }, about, ground, make('footer', {}, toggle, time, slider, speed, actual));

function read(source) {
  const read = JSON.parse(source.textContent);
  read.events = read.events.filter((event) => vouchEvent(event, () => {}));
  return read;
}

// Name and note stand before the events, of which there may be many.
function nameOf(source) {
  const head = /^\{"name":"(?:[^"\\]|\\.)*","note":"(?:[^"\\]|\\.)*"/.exec(source.textContent);
  return JSON.parse(head ? `${head[0]}}` : source.textContent);
}

function tellAbout() {
  const when = new Date(clip.from);
  about.replaceChildren(make('h1', { dir: 'auto' }, clip.name || words.untitled),
    make('p', { class: 'facts' }, `${clock(length)} · ${Number.isNaN(when.getTime()) ? '' : when.toLocaleString()}`));
  if (clip.note)
    about.append(make('p', { class: 'note', dir: 'auto' }, clip.note));
}

lookReplayer(Replayer);
guardReplayer(Replayer, () => {});

// Not before the file is loaded: the frame of the Replayer is left open, and would keep it loading for ever.
function start() {
  let size = { width: 1280, height: 800 };
  /** @type {any} */
  let replayer = null;
  let chosen = -1;

  const newReplayer = () => new Replayer(clip.events, {
    root: stage,
    mouseTail: { duration: 600, lineWidth: 2, strokeStyle: 'rgba(230, 97, 0, .6)', lineCap: 'round' },
    showWarning: false,
    triggerFocus: false,
    plugins: [canvasPictures()],
    logger: { log() {}, warn() {} },
    insertStyleRules: ['html::-webkit-scrollbar { display: none !important; }', '* { caret-color: transparent !important; }', ...FOCUS_RINGS, ...FULL_SCREEN, NO_CONTROLS, NOT_KEPT],
  });

  function fit() {
    const isActual = actual.getAttribute('aria-pressed') === 'true';
    ground.classList.toggle('actual', isActual);
    const scale = isActual ? 1 : Math.min(1, ground.clientWidth / size.width, ground.clientHeight / size.height);
    // On whole pixels: letters between two are blurred.
    const left = Math.max(0, Math.round((ground.clientWidth - size.width * scale) / 2));
    const top = Math.max(0, Math.round((ground.clientHeight - size.height * scale) / 2));
    stage.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
    stage.style.setProperty('--pointer', String(Math.min(3, 1 / scale)));
    /** @type {HTMLElement} */
    const wrapper = stage.querySelector('.replayer-wrapper');
    wrapper.style.width = `${size.width}px`;
    wrapper.style.height = `${size.height}px`;
  }
  addEventListener('resize', fit);

  let playing = false;
  let position = 0;

  function tell() {
    slider.value = String(Math.round(position));
    slider.style.setProperty('--done', `${(position / length) * 100}%`);
    slider.setAttribute('aria-valuetext', words.of.replace('{at}', clock(position)).replace('{length}', clock(length)));
    time.textContent = `${clock(position)} / ${clock(length)}`;
  }

  function label() {
    toggle.replaceChildren(icon(playing ? PAUSE : PLAY));
    toggle.setAttribute('aria-label', playing ? words.pause : words.play);
  }

  // The Replayer leaves a page as it is for the very first moment.
  function show(at) {
    playing = false;
    position = Math.min(length, Math.max(0, at));
    replayer.pause(Math.max(1, position));
    standStill(replayer, clip.events[0].timestamp + position);
    label();
    tell();
  }

  function tick() {
    if (!playing)
      return;
    position = Math.min(length, replayer.getCurrentTime());
    tell();
    if (position >= length)
      show(length);
    else
      requestAnimationFrame(tick);
  }

  function play() {
    if (position >= length)
      position = 0;
    playing = true;
    replayer.setConfig({ speed: Number(speed.value) });
    replayer.play(Math.max(1, position));
    bringAbout(replayer, clip.events[0].timestamp + position);
    letMove(replayer, true);
    label();
    requestAnimationFrame(tick);
  }

  function choose(n) {
    playing = false;
    replayer?.destroy();
    stage.replaceChildren();
    list.children[chosen]?.firstElementChild.removeAttribute('aria-current');
    list.children[n]?.firstElementChild.setAttribute('aria-current', 'true');
    chosen = n;
    clip = read(sources[n]);
    length = Math.max(1, clip.to - clip.from);
    slider.max = String(length);
    tellAbout();
    setMedia(clip.events.find(({ type, data }) => type === 5 && data.tag === 'ss:context')?.data.payload?.media ?? {});
    const meta = clip.events.find((event) => event.type === 4);
    if (meta)
      size = { width: meta.data.width, height: meta.data.height };
    replayer = newReplayer();
    guardMedia(replayer);
    replayer.applyScroll = ({ id, x, y }, sudden) => { scrollNode(replayer.getMirror().getNode(id), x, y, sudden); };
    replayer.on('resize', (next) => {
      size = next;
      fit();
    });
    fit();
    show(0);
  }

  const flip = () => (playing ? show(position) : play());

  function resize() {
    actual.setAttribute('aria-pressed', String(actual.getAttribute('aria-pressed') !== 'true'));
    fit();
  }

  toggle.addEventListener('click', flip);
  ground.addEventListener('click', flip);
  actual.addEventListener('click', resize);
  slider.addEventListener('input', () => show(Number(slider.value)));
  speed.addEventListener('change', () => replayer.setConfig({ speed: Number(speed.value) }));
  addEventListener('keydown', (event) => {
    const jumps = { ArrowLeft: position - 5000, ArrowRight: position + 5000, Home: 0, End: length };
    if (event.ctrlKey || event.altKey || event.metaKey || event.target === speed)
      return;
    if (event.key === ' ' && event.target !== toggle && event.target !== actual && !list.contains(event.target))
      flip();
    else if (event.key === '0')
      resize();
    else if (event.key in jumps) {
      const went = playing;
      show(jumps[event.key]);
      if (went && position < length)
        play();
    } else
      return;
    event.preventDefault();
  });

  sources.forEach((source, n) => {
    const { name, note } = nameOf(source);
    const button = make('button', { type: 'button' }, make('span', { class: 'name' }, name || `${n + 1}`));
    if (note)
      button.append(make('span', { class: 'facts' }, note));
    button.addEventListener('click', () => choose(n));
    list.append(make('li', {}, button));
  });
  choose(0);
}

if (sources.length > 1)
  document.body.append(make('nav', { 'aria-label': words.moments }, list));
document.body.append(main);
addEventListener('load', start);
