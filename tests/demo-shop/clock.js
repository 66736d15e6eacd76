// SPDX-License-Identifier: MIT
// Runs in the visited page before anything else: a clock that only the visitor moves, so that twenty minutes take seconds and
// clocks, timers and recorded times agree. Random numbers come from the visitor's seed.
(({ start, seed }) => {
  const KEY = '__clock';
  const real = { Date, setTimeout: window.setTimeout.bind(window), fetch: window.fetch, frame: requestAnimationFrame.bind(window) };
  let time = Number(localStorage.getItem(KEY) ?? start);
  const origin = time;
  let nextId = 1;
  let waiting = 0;
  const timers = new Map();
  const channel = new MessageChannel();
  const turns = [];
  channel.port1.onmessage = () => turns.shift()?.();
  const turn = () => new Promise((resolve) => {
    turns.push(resolve);
    channel.port2.postMessage(0);
  });

  class VirtualDate extends real.Date {
    constructor(...args) {
      if (args.length) super(...args);
      else super(time);
    }
    static now() { return time; }
  }
  window.Date = VirtualDate;
  const realNow = performance.now.bind(performance);
  performance.now = () => time - origin;
  const add = (fn, ms, every, args) => {
    const id = nextId++;
    timers.set(id, { at: time + Math.max(1, Number(ms) || 0), fn, every, args });
    return id;
  };
  window.setTimeout = (fn, ms, ...args) => add(fn, ms, 0, args);
  window.setInterval = (fn, ms, ...args) => add(fn, ms, Math.max(1, Number(ms) || 0), args);
  window.clearTimeout = window.clearInterval = (id) => timers.delete(id);
  window.requestAnimationFrame = (fn) => add(() => fn(performance.now()), 16, 0, []);
  window.cancelAnimationFrame = (id) => timers.delete(id);
  window.requestIdleCallback = (fn) => add(() => fn({ didTimeout: false, timeRemaining: () => 10 }), 20, 0, []);
  window.cancelIdleCallback = (id) => timers.delete(id);

  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  state = (state + Number(sessionStorage.getItem('__loads') ?? 0) * 7919) >>> 0;
  sessionStorage.setItem('__loads', String(Number(sessionStorage.getItem('__loads') ?? 0) + 1));
  Math.random = random;
  crypto.getRandomValues = (array) => {
    for (let i = 0; i < array.length; i++) array[i] = Math.floor(random() * 256);
    return array;
  };

  // An answer takes as long as the server says that it takes, however fast this machine is.
  window.fetch = async function fetch(input, init) {
    const answered = Promise.resolve(real.fetch.call(window, input, init));
    if (init?.keepalive) return answered;
    waiting++;
    const outcome = await answered.then((response) => ({ response }), (error) => ({ error })).finally(() => waiting--);
    const delay = Number(outcome.response?.headers.get('X-Delay') ?? 0) || 40 + random() * 80;
    await new Promise((resolve) => add(resolve, delay, 0, []));
    if (outcome.error) throw outcome.error;
    // Reading it takes no time either.
    for (const read of ['json', 'text']) {
      const body = outcome.response[read].bind(outcome.response);
      outcome.response[read] = () => {
        waiting++;
        return body().finally(() => waiting--);
      };
    }
    return outcome.response;
  };

  async function run(ms) {
    // Another tab of the visitor may have gone on meanwhile.
    time = Math.max(time, Number(localStorage.getItem(KEY) ?? 0));
    const until = time + ms;
    for (;;) {
      for (const begun = realNow(); waiting && realNow() - begun < 5000;) await turn();
      let due = null;
      for (const [id, timer] of timers) if (timer.at <= until && (!due || timer.at < due.timer.at)) due = { id, timer };
      if (!due) break;
      time = Math.max(time, due.timer.at);
      localStorage.setItem(KEY, String(time));
      if (due.timer.every) due.timer.at = time + due.timer.every;
      else timers.delete(due.id);
      try {
        due.timer.fn(...due.timer.args);
      } catch (error) {
        reportError(error);
      }
      await turn();
    }
    time = until;
    localStorage.setItem(KEY, String(time));
    // Observers of layout work with the browser's own frames.
    if (ms >= 150) await Promise.race([new Promise((resolve) => real.frame(() => real.frame(resolve))), new Promise((resolve) => real.setTimeout(resolve, 100))]);
    return time;
  }
  Object.defineProperty(window, '__clock', { value: { run, now: () => time }, enumerable: false });
})(START);
