// SPDX-License-Identifier: MIT
// The recorder: what the page's own code calls. Puts the parts together and holds the batch that is being filled.
import * as dom from './dom.js';
import { record } from '@rrweb/record';
import { lookForAnimations } from './animations.js';
import { watchAnswers } from './answers.js';
import { watchAssets } from './assets.js';
import { watchClicks } from './clicks.js';
import { now } from './clock.js';
import { watchErrors } from './errors.js';
import { watchForms } from './forms.js';
import { createGate } from './gate.js';
import { hooks } from './hooks.js';
import { watchNotices } from './notices.js';
import { media, watchPage } from './page.js';
import { createPrivacy } from './privacy.js';
import { watchRequests } from './requests.js';
import { watchRoutes } from './routes.js';
import { done } from './realm.js';
import { on, patch, safe, whenIdle } from './safe.js';
import { cleanAddresses, cleanDeep } from './scrub.js';
import { createSession } from './session.js';
import { rootOf } from './shadow.js';
import { watchStates } from './states.js';
import { createTransport } from './transport.js';

done();

const VERSION = '0.1.0';
const BATCH_MS = 3000;
const BATCH_CHARS = 512 * 1024;
const LEAVING_CHARS = 28 * 1024;
const SNAPSHOT_MS = 5 * 60 * 1000;
const PAUSE_MS = 10 * 1000;
// Of rrweb's mouse interactions.
const FOCUS = 5;
const BLUR = 6;
// rrweb's sources that only a visitor causes: mouse, click, scroll, input, touch, drag.
const VISITOR = new Set([1, 2, 3, 5, 6, 12]);

let options = null;
let consented = null;
let running = null;
let about = { variants: {} };
let who = null;

function context(privacy) {
  return {
    release: about.release,
    variants: about.variants,
    language: navigator.language,
    referrer: privacy.url(dom.referrer(document)),
    user_agent: navigator.userAgent,
    screen: { w: screen.width, h: screen.height },
    pixel_ratio: devicePixelRatio,
    media: media(),
    recorder: VERSION,
  };
}

function launch() {
  const base = options.url.replace(/\/+$/, '');
  const privacy = createPrivacy(options);
  const session = createSession({ now, sample: options.sample ?? 1 });
  session.open();
  if (!session.chosen) return null;
  const mirror = record.mirror;
  let events = [];
  let chars = 0;
  let timer = 0;
  let ended = false;
  let routes = null;
  let forms = null;
  let page = null;
  let answers = null;
  let introduced = false;
  let snapshotDue = 0;
  let nextSnapshot = 0;
  let activity = 0;
  let lastActive = now();
  let hidden = dom.hidden(document);
  let focus = 0;
  let focusShows = false;

  const transport = createTransport({
    url: `${base}/v1/batches?key=${encodeURIComponent(options.key)}`,
    onStop: () => end(),
    onRoom: () => snapshotSoon(),
    onSplit: (batch) => {
      if (batch.window === session.window) session.reserve(1);
    },
  });

  // What is kept is text, but for a snapshot that has just been taken: its task is long enough.
  const write = () => {
    events = events.map((event) => (event.type ? JSON.stringify(event) : event));
  };

  function seal(leaving = false) {
    clearTimeout(timer);
    timer = 0;
    write();
    const most = leaving ? LEAVING_CHARS : Infinity;
    while (events.length) {
      let size = 0;
      let count = 0;
      while (count < events.length && (!count || size + events[count].length < most)) size += events[count++].length;
      const batch = { session: session.id, proof: session.proof, window: session.window, seq: session.nextSeq(), at: Date.now(), events: events.splice(0, count) };
      transport.add(batch, leaving);
    }
    chars = 0;
  }

  function keep(event) {
    if (ended || transport.full) return;
    // A page is often left after a second, and nothing can be replayed without its snapshot.
    if (event.type === 2) setTimeout(seal, 0);
    const kept = event.type === 2 ? event : JSON.stringify(event);
    events.push(kept);
    chars += kept.length ?? 0;
    if (chars > BATCH_CHARS) seal();
    else timer ||= setTimeout(seal, BATCH_MS);
  }

  const custom = (tag, payload, timestamp = now()) => emit({ type: 5, data: { tag, payload: cleanDeep(payload, tag === 'ss:identify' ? cleanAddresses : privacy.text) }, timestamp });
  const plugin = (name, payload) => emit({ type: 6, data: { plugin: name, payload }, timestamp: now() });

  // When the page has time, and never more than a tenth of it.
  function snapshotSoon() {
    snapshotDue ||= setTimeout(whenIdle(() => {
      snapshotDue = 0;
      if (ended) return;
      const from = performance.now();
      record.takeFullSnapshot(true);
      const to = performance.now();
      nextSnapshot = to + 10 * (to - from);
    }), Math.max(0, nextSnapshot - performance.now()));
  }

  const mutation = (part) => ({ type: 3, data: { source: 0, texts: [], attributes: [], removes: [], adds: [], ...part }, timestamp: now() });

  const assets = watchAssets({
    base, key: options.key, which: options.assets, session,
    tell: (address, hash, why) => emit({ type: 5, data: { tag: 'ss:assets', payload: { [address]: hash, why } }, timestamp: now() }),
  });
  hooks.snapshot = snapshotSoon;
  hooks.tell = (kind, node, change) => {
    const id = mirror.getId(node);
    if (id > 0) emit(mutation({ [kind]: [{ id, ...change }] }));
  };
  const notices = watchNotices({ custom, privacy, mirror });
  const gate = createGate({
    privacy, mirror, notices,
    onResize: safe((id, style) => {
      if (id > 0 && !ended) keep(mutation({ attributes: [{ id, attributes: { style } }] }));
    }),
    // What was a secret all along may have been told a moment before it was known.
    onSecret: () => {
      write();
      events = events.map(privacy.again);
    },
    onMaskChange: safe(() => {
      clearTimeout(snapshotDue);
      snapshotDue = 0;
      if (!ended) record.takeFullSnapshot(true);
    }),
  });

  // A visitor who comes back after half an hour begins a session of its own, which needs a picture of the page.
  function beginAnew() {
    assets.again();
    record.takeFullSnapshot(true);
    introduce('load');
  }

  function introduce(kind) {
    introduced = true;
    custom('ss:context', context(privacy));
    routes?.route(kind);
    if (who) custom('ss:identify', who);
  }

  function focused() {
    let el = dom.activeElement(document);
    for (let inner = el; inner; inner = rootOf(el)?.activeElement ?? dom.activeElement(el.contentDocument)) el = inner;
    return el;
  }

  // What had the focus before is in no event.
  function tellFocus() {
    const el = focused();
    const id = mirror.getId(el);
    if (id > 0 && dom.matches(el, ':focus')) emit({ type: 3, data: { source: 2, type: FOCUS, id }, timestamp: now() }, true);
  }

  // What the recorder tells of itself is nothing that a visitor did.
  const emit = safe((event, own) => {
    if (ended) return;
    const { data } = event;
    if (event.type !== 5 && event.type !== 6) event.timestamp = now();
    // All but mutations, moves and presses; also where the focus goes.
    if (data.source > 2 || data.type === FOCUS || data.type === BLUR) hooks.stirs();
    const byVisitor = !own && VISITOR.has(data.source);
    if (byVisitor && session.over(event.timestamp)) {
      seal();
      session.renew(event.timestamp);
      if (session.chosen) beginAnew();
      else end();
    } else if (byVisitor) session.active(event.timestamp);
    // A page that nobody uses goes on ticking, but nobody is there.
    else if (session.over(event.timestamp)) return;
    // A player could only guess whether it shows. What is new on the page is not known yet.
    if (data.type === FOCUS && data.source === 2) {
      focus = data.id;
      focusShows = data.visible = dom.matches(mirror.getNode(focus), ':focus-visible');
      if (data.id < 1) setTimeout(tellFocus);
    }
    const kept = gate.pass(event);
    if (kept) keep(kept);
    if (event.type === 2) tellFocus();
    if (byVisitor) countActivity(event.timestamp);
  });

  // A picture of the page after every five minutes of activity: a reader can begin there.
  function countActivity(time) {
    activity += Math.min(Math.max(time - lastActive, 0), PAUSE_MS);
    lastActive = time;
    if (activity < SNAPSHOT_MS) return;
    activity = 0;
    snapshotSoon();
  }

  function end() {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    clearTimeout(snapshotDue);
    gate.stop();
    notices.stop();
    assets.stop();
    unwatch();
    for (const fn of rewritten) fn();
    running = null;
  }

  function seen(nowHidden) {
    if (nowHidden === hidden) return;
    hidden = nowHidden;
    custom('ss:visibility', { hidden });
  }

  // That the page was left says how long it was there: else a recording ends with the last click.
  function leave() {
    forms?.leave(true);
    answers?.leave();
    page?.leave();
    seen(true);
    seal(true);
    session.leave();
    transport.leave();
  }

  const parts = { custom, plugin, privacy, mirror, now, endpoint: base, console: options.console ?? ['warn', 'error'] };

  function watch() {
    const undo = [];
    lookForAnimations();
    const stopRecord = record({
      emit,
      blockSelector: privacy.blockSelector,
      slimDOMOptions: { comment: true, headFavicon: true, headMetaSocial: true, headMetaRobots: true, headMetaHttpEquiv: true,
        headMetaVerification: true, headMetaAuthorship: true },
      recordCanvas: Boolean(options.canvas),
      recordAfter: 'DOMContentLoaded',
      collectFonts: false,
      inlineStylesheet: true,
      errorHandler: () => true,
    });
    if (stopRecord) undo.push(stopRecord);
    routes = watchRoutes({ custom, privacy, now, onRoute: () => setTimeout(() => forms?.leave()) });
    undo.push(routes.stop, watchErrors(parts).stop, watchRequests(parts).stop);
    const begin = () => {
      if (!introduced) introduce('load');
      forms = watchForms(parts);
      page = watchPage({ ...parts, onMedia: () => custom('ss:context', context(privacy)) });
      answers = watchAnswers(parts);
      const clicks = watchClicks({ ...parts, lookOf: answers.lookOf });
      hooks.watch = (doc) => [...forms.watch(doc), ...answers.watch(doc), ...clicks(doc)];
      undo.push(...hooks.watch(document), forms.stop, answers.stop, page.stop, watchStates(document));
    };
    if (dom.readyState(document) === 'loading') undo.push(on(document, 'DOMContentLoaded', begin, { once: true }));
    else begin();
    undo.push(
      on(document, 'visibilitychange', () => {
        seen(dom.hidden(document));
        if (dom.hidden(document)) seal();
      }),
      // A key may be enough for it to show, and of one that goes from part to part of a component there is no event here.
      on(document, 'keyup', () => {
        const el = focused();
        if (mirror.getId(el) !== focus || dom.matches(el, ':focus-visible') === !focusShows) tellFocus();
      }),
      on(window, 'pagehide', leave),
      on(window, 'pageshow', (event) => {
        if (!event.persisted) return;
        session.back();
        beginAnew();
      }),
      on(window, 'online', transport.online),
    );
    return () => undo.forEach((fn) => safe(fn)());
  }

  let unwatch = watch();
  // document.open() takes every listener away, and document.write() opens a document that is closed.
  const rewritten = ['open', 'write', 'writeln'].map((name) => patch(Document.prototype, name, (target, self, args) => {
    const before = dom.documentElement(document);
    const result = Reflect.apply(target, self, args);
    safe(() => {
      if (ended || dom.documentElement(document) === before) return;
      unwatch();
      unwatch = watch();
    })();
    return result;
  }));
  transport.adopt(session.id, session.window, session.seq);
  return {
    custom,
    context: () => custom('ss:context', context(privacy)),
    stop() {
      seal();
      transport.online();
      session.leave();
      end();
    },
    forget() {
      end();
      transport.forget();
      session.forget();
    },
  };
}

function mayRecord() {
  if (options.respectDoNotTrack !== false && (navigator.doNotTrack === '1' || navigator.globalPrivacyControl)) return false;
  if (consented === false || (options.consent === 'required' && consented !== true)) return false;
  try {
    // The recorder of the page around records a frame of the same origin as well.
    return window.parent === window || !window.parent.document;
  } catch {
    return true;
  }
}

function launchOnce() {
  if (!options || running || !mayRecord()) return;
  // A page that the browser prepares in advance has no visitor yet.
  if (document.prerendering) {
    on(document, 'prerenderingchange', launchOnce, { once: true });
    return;
  }
  running = launch();
}

export const start = safe((given) => {
  if (!given?.url || !given?.key) return;
  options = given;
  if (given.release || given.variants) about = { ...about, release: given.release ?? about.release, variants: { ...about.variants, ...given.variants } };
  launchOnce();
});

export const stop = safe(() => running?.stop());

export const consent = safe((given) => {
  consented = Boolean(given);
  if (consented) launchOnce();
  else running?.forget();
});

export const identify = safe((user, traits = {}) => {
  who = { user: String(user), traits };
  running?.custom('ss:identify', who);
});

export const event = safe((name, properties = {}) => running?.custom('ss:event', { name: String(name), properties }));

export const set = safe((given) => {
  about = { ...about, ...given, variants: { ...about.variants, ...given?.variants } };
  running?.context();
});
