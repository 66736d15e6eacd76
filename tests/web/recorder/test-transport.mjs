// SPDX-License-Identifier: MIT
// A collector that is down, slow, full or hostile, and pages that go: what can be delivered is, once, and the page never notices.
import { eventsOf, openBrowser, startServer, tagFor, tagged } from './browser.mjs';
import { equal, ok, run, test, until } from './tap.mjs';

const PAGE = (state, more = '') => `<!DOCTYPE html><title>T</title>${tagFor(state, more)}<p id="p">text</p><input id="i"><button id="b">x</button><script>
window.problems = [];
addEventListener('error', (event) => problems.push(event.message));
addEventListener('unhandledrejection', (event) => problems.push(String(event.reason)));
</script>`;

let browser;
const opened = [];

// Every test has a browser context and a server of its own. Random waits are made short: what is tried is the order of things.
async function begin({ more = '', quick = true } = {}) {
  browser ??= await openBrowser();
  const server = await startServer();
  server.pages['/'] = PAGE(server, more);
  server.pages['/two'] = PAGE(server, more);
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  if (quick) {
    await context.addInitScript(() => {
      const { setTimeout } = window;
      window.setTimeout = (fn, ms, ...args) => setTimeout(fn, ms > 400 && ms < 60000 ? ms / 10 : ms, ...args);
    });
  }
  const page = await context.newPage();
  opened.push(async () => {
    await context.close();
    await server.close();
  });
  return { server, context, page };
}

async function visit(page, server, path = '/') {
  await page.goto(server.url + path);
  await page.waitForFunction(() => window.SessionSight);
}

const say = (page, name) => page.evaluate((text) => SessionSight.event(text), name);
const names = (server) => tagged(server, 'ss:event').map(({ name }) => name);
const stored = (server, name) => until(() => names(server).includes(name), `the event “${name}”`);

async function nothingNoticed(page) {
  equal(await page.evaluate(() => window.problems), [], 'the page noticed');
}

function noGaps(server) {
  const windows = new Map();
  for (const batch of server.batches) windows.set(batch.window, [...(windows.get(batch.window) ?? []), batch.seq]);
  for (const [window, seqs] of windows) equal(seqs.sort((a, b) => a - b), seqs.map((_, i) => i), `sequence of window ${window}`);
}

test('a batch is gzip, has the key and the envelope', async () => {
  const { server, page } = await begin();
  await page.addInitScript(() => {
    globalThis.packs = 0;
    globalThis.CompressionStream = class extends CompressionStream {
      constructor(format) {
        super(format);
        globalThis.packs++;
      }
    };
  });
  await visit(page, server);
  await say(page, 'x');
  await stored(server, 'x');
  equal(await page.evaluate(() => globalThis.packs), server.posts.length, 'each is packed once');
  const [post] = server.posts;
  equal(post.headers['content-encoding'], 'gzip', 'encoding');
  equal(post.headers['content-type'], 'application/json', 'type');
  equal(post.key, 'test', 'key');
  equal(Object.keys(post.batch), ['v', 'session', 'proof', 'window', 'seq', 'sent_at', 'events'], 'envelope');
  for (const id of ['session', 'proof', 'window']) ok(/^[0-9a-f]{32}$/.test(post.batch[id]), id);
  equal(post.headers.referer, undefined, 'no referrer');
  noGaps(server);
});

test('every page and tab of a session brings the proof of its first batch, and the next session another', async () => {
  const { server, context, page } = await begin();
  await visit(page, server);
  await say(page, 'first');
  await visit(page, server, '/two');
  const tab = await context.newPage();
  await visit(tab, server);
  await say(tab, 'second');
  await stored(server, 'first');
  await stored(server, 'second');
  equal(new Set(server.batches.map(({ session, proof }) => `${session} ${proof}`)).size, 1, 'sessions and proofs');
  ok(new Set(server.batches.map(({ window }) => window)).size > 1, 'windows');
  const other = await context.browser().newContext();
  const next = await other.newPage();
  await visit(next, server);
  await say(next, 'third');
  await stored(server, 'third');
  await other.close();
  const proofs = new Map(server.batches.map(({ session, proof }) => [session, proof]));
  ok(proofs.size > 1 && new Set(proofs.values()).size === proofs.size, 'a proof for each session');
});

for (const [what, status] of [['answers 500', 500], ['closes in the middle of the body', 0], ['answers 503', 503]]) {
  test(`a collector that ${what} three times gets everything once`, async () => {
    const { server, page } = await begin();
    let left = 3;
    server.answer = (post, response, cors) => {
      if (left-- <= 0) return false;
      if (status) response.writeHead(status, cors).end('no');
      else response.writeHead(202, { ...cors, 'Content-Length': '100' }).write('{'), response.destroy();
      return true;
    };
    await visit(page, server);
    await say(page, 'first');
    await page.fill('#i', 'some words');
    await stored(server, 'first');
    await say(page, 'second');
    await stored(server, 'second');
    equal(names(server), ['first', 'second'], 'events');
    noGaps(server);
    await nothingNoticed(page);
  });
}

test('429 with Retry-After is waited for', async () => {
  const { server, page } = await begin({ quick: false });
  server.answer = (post, response, cors) => {
    if (server.posts.length > 1) return false;
    response.writeHead(429, { ...cors, 'Retry-After': '2' }).end();
    return true;
  };
  await visit(page, server);
  await say(page, 'x');
  await stored(server, 'x');
  ok(server.posts[1].at - server.posts[0].at >= 2000, `came again after ${server.posts[1].at - server.posts[0].at} ms`);
});

test('the waits between tries are spread from nothing to twice as much each time, a minute at most', async () => {
  const { server, page } = await begin({ quick: false });
  await page.addInitScript(() => {
    const { setTimeout } = window;
    window.setTimeout = (fn, ms, ...args) => {
      // Not those for sealing a batch and for giving up on an answer, for which a slow machine needs its time.
      if (window.waits && ms !== 3000 && ms !== 60000) window.waits.push(ms);
      return setTimeout(fn, ms === 60000 ? ms : Math.min(ms, 50), ...args);
    };
  });
  await visit(page, server);
  await until(() => server.batches.length > 0, 'the first batch');
  // Counted before the first refusal: what else the page has to tell may come at any time.
  await page.evaluate(() => {
    window.waits = [];
    Math.random = () => 0.7;
  });
  server.answer = (post, response, cors) => {
    response.writeHead(500, cors).end();
    return true;
  };
  await page.evaluate(() => SessionSight.event('x'));
  const wanted = [1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 700);
  const waits = async (count) => until(() => page.evaluate((least) => window.waits.length >= least && window.waits, count), 'the tries');
  equal((await waits(8)).slice(0, 8), wanted, 'waits');
  await page.evaluate(() => {
    Math.random = () => 0;
    window.waits = [];
  });
  equal((await waits(3)).slice(1, 3), [0, 0], 'waits that luck makes short');
  await nothingNoticed(page);
});

test('413 splits the batch until it fits, in order and without gaps', async () => {
  const { server, page } = await begin();
  server.answer = (post, response, cors) => {
    if (post.text.length < 9000) return false;
    response.writeHead(413, cors).end();
    return true;
  };
  await visit(page, server);
  await page.evaluate(() => { for (let i = 0; i < 60; i++) SessionSight.event(`n${i}`, { fill: 'words '.repeat(100) }); });
  await stored(server, 'n59');
  equal(names(server), Array.from({ length: 60 }, (_, i) => `n${i}`), 'events');
  noGaps(server);
  const times = [...server.batches].sort((a, b) => a.seq - b.seq).flatMap((batch) => batch.events.map((event) => event.timestamp));
  ok(times.every((time, i) => i === 0 || time >= times[i - 1] - 1000), 'order of time follows the sequence');
});

for (const status of [401, 403, 410]) {
  test(`${status} stops the recorder for good`, async () => {
    const { server, page } = await begin();
    server.answer = (post, response, cors) => {
      response.writeHead(status, cors).end();
      return true;
    };
    await visit(page, server);
    await until(() => server.posts.length === 1, 'the first batch');
    await say(page, 'x');
    await page.fill('#i', 'words');
    await page.waitForTimeout(1500);
    equal(server.posts.length, 1, 'posts');
    equal(await page.evaluate(() => new Promise((resolve) => {
      const request = indexedDB.open('sessionsight');
      request.onsuccess = () => {
        request.result.transaction('batches').objectStore('batches').count().onsuccess = (event) => resolve(event.target.result);
      };
    })), 0, 'kept batches');
    await nothingNoticed(page);
  });
}

test('a collector that takes 30 s holds nothing up and gets it once', async () => {
  const { server, page } = await begin({ quick: false });
  let first = true;
  server.answer = (post, response, cors) => {
    if (!first) return false;
    first = false;
    setTimeout(() => {
      server.batches.push(post.batch);
      response.writeHead(202, cors).end('{"stored":true}');
    }, 30000);
    return true;
  };
  await visit(page, server);
  await until(() => server.posts.length === 1, 'the first batch');
  await page.fill('#i', 'goes on');
  await say(page, 'x');
  equal(await page.inputValue('#i'), 'goes on', 'the page works');
  await until(() => names(server).includes('x'), 'the event after the slow answer', 45000);
  noGaps(server);
  await nothingNoticed(page);
});

test('what a reload, a navigation and a closed tab leave is delivered', async () => {
  const { server, context, page } = await begin({ quick: false });
  await visit(page, server);
  await say(page, 'before reload');
  await page.reload();
  await page.waitForFunction(() => window.SessionSight);
  await stored(server, 'before reload');
  await say(page, 'before navigation');
  await visit(page, server, '/two');
  await stored(server, 'before navigation');
  await say(page, 'before closing');
  await page.close({ runBeforeUnload: true });
  await stored(server, 'before closing');
  const tags = () => [...server.batches].sort((a, b) => a.seq - b.seq).flatMap((batch) => batch.events).map((event) => event.data.tag);
  const left = () => tags().filter((tag) => tag === 'ss:visibility').length;
  // That it was left may come in a batch of its own.
  await until(() => left() >= 3, 'word of three pages that were left');
  equal(left(), 3, 'pages that were left');
  equal(tags().at(-1), 'ss:visibility', 'the last event');
  equal(new Set(server.batches.map((batch) => batch.session)).size, 1, 'sessions');
  equal(new Set(server.batches.map((batch) => batch.window)).size, 1, 'windows');
  noGaps(server);
  await context.close();
});

test('without CompressionStream batches are plain JSON', async () => {
  const { server, page } = await begin();
  await page.addInitScript(() => { delete window.CompressionStream; });
  await visit(page, server);
  await say(page, 'x');
  await stored(server, 'x');
  equal(server.posts.map(({ headers }) => [headers['content-encoding'], headers['content-type']]), server.posts.map(() => [undefined, 'application/json']), 'headers');
  await nothingNoticed(page);
});

test('where fetch cannot outlive the page, beacons carry what is left, once', async () => {
  const { server, page } = await begin({ quick: false });
  await page.addInitScript(() => { delete Request.prototype.keepalive; });
  await visit(page, server);
  await until(() => server.batches.length > 0, 'the first batch');
  await page.waitForFunction(async () => (await indexedDB.databases()).some(({ name }) => name === 'sessionsight'));
  await page.evaluate(() => { for (let i = 0; i < 12; i++) SessionSight.event(`n${i}`, { fill: 'words '.repeat(1000) }); });
  await page.goto('about:blank');
  await until(() => server.posts.some(({ headers }) => headers['content-type'] === 'text/plain'), 'a beacon');
  await visit(page, server, '/two');
  await stored(server, 'n11');
  equal(names(server).sort(), Array.from({ length: 12 }, (_, i) => `n${i}`).sort(), 'events');
  noGaps(server);
});

test('more than keepalive may carry survives in the store', async () => {
  const { server, page } = await begin({ quick: false });
  let down = true;
  server.answer = (post, response) => {
    if (!down) return false;
    response.destroy();
    return true;
  };
  await visit(page, server);
  await page.evaluate(() => { for (let i = 0; i < 40; i++) SessionSight.event(`n${i}`, { fill: 'words '.repeat(1000) }); });
  await until(() => server.posts.length > 0, 'a try');
  down = false;
  await visit(page, server, '/two');
  await stored(server, 'n39');
  equal(names(server).sort(), Array.from({ length: 40 }, (_, i) => `n${i}`).sort(), 'events');
  noGaps(server);
});

test('a page load while the collector is down, and a minute offline', async () => {
  const { server, context, page } = await begin();
  await visit(page, server);
  await say(page, 'online');
  await stored(server, 'online');
  await context.setOffline(true);
  await say(page, 'offline');
  await page.fill('#i', 'without a net');
  // The whole minute in the long variant.
  await page.waitForTimeout(process.env.SIGHT_TEST_FULL ? 60000 : 1500);
  ok(!names(server).includes('offline'), 'nothing came');
  await context.setOffline(false);
  await stored(server, 'offline');
  equal(names(server), ['online', 'offline'], 'events');
  noGaps(server);
  await nothingNoticed(page);
});

test('a crashed tab: what was sealed comes with the next page', async () => {
  const { server, context, page } = await begin({ quick: false });
  server.answer = (post, response) => {
    response.destroy();
    return true;
  };
  await visit(page, server);
  await say(page, 'before the crash');
  await until(() => page.evaluate(() => new Promise((resolve) => {
    indexedDB.open('sessionsight').onsuccess = ({ target: { result: db } }) => {
      db.transaction('batches').objectStore('batches').getAll().onsuccess = ({ target: { result } }) => {
        db.close();
        resolve(JSON.stringify(result).includes('before the crash'));
      };
    };
  })), 'the batch in the store');
  const crashed = new Promise((resolve) => page.on('crash', resolve));
  const devtools = await context.newCDPSession(page);
  devtools.send('Page.crash').catch(() => {});
  await crashed;
  server.answer = null;
  const next = await context.newPage();
  // The next page takes over what nobody has sent for two minutes.
  await next.addInitScript(() => {
    const { now } = Date;
    Date.now = () => now() + 3 * 60 * 1000;
  });
  await visit(next, server);
  await stored(server, 'before the crash');
  equal(new Set(server.batches.map((batch) => batch.session)).size, 1, 'sessions');
  await say(next, 'after the crash');
  await stored(server, 'after the crash');
  equal(new Set(server.batches.map((batch) => batch.window)).size, 2, 'windows');
});

test('a clock that jumps back an hour leaves one session in order', async () => {
  const { server, page } = await begin();
  await page.addInitScript(() => {
    const { now } = Date;
    window.jump = 0;
    Date.now = () => now() + window.jump;
  });
  await visit(page, server);
  await say(page, 'before');
  await page.evaluate(() => { window.jump = -3600 * 1000; });
  await page.click('#b');
  await say(page, 'after');
  await stored(server, 'after');
  const events = eventsOf(server).filter((event) => event.type === 5 && event.data.tag === 'ss:event');
  ok(events[1].timestamp >= events[0].timestamp, 'time goes on');
  equal(new Set(server.batches.map((batch) => batch.session)).size, 1, 'sessions');
});

test('two tabs, the second opened by the first, are two windows of one session', async () => {
  const { server, context, page } = await begin();
  await visit(page, server);
  const [second] = await Promise.all([context.waitForEvent('page'), page.evaluate(() => { window.open('/two'); })]);
  await second.waitForFunction(() => window.SessionSight);
  await say(page, 'one');
  await say(second, 'two');
  await stored(server, 'one');
  await stored(server, 'two');
  equal(new Set(server.batches.map((batch) => batch.session)).size, 1, 'sessions');
  equal(new Set(server.batches.map((batch) => batch.window)).size, 2, 'windows');
  noGaps(server);
});

test('half an hour of nothing ends the session; a ticking page does not keep it alive', async () => {
  const { server, page } = await begin();
  await page.addInitScript(() => {
    const { now } = Date;
    window.jump = 0;
    Date.now = () => now() + window.jump;
  });
  await visit(page, server);
  await say(page, 'first');
  await stored(server, 'first');
  await page.evaluate(() => {
    window.jump = 31 * 60 * 1000;
    document.querySelector('#p').textContent = 'ticked';
  });
  await page.waitForTimeout(100);
  await page.click('#b');
  await say(page, 'second');
  await stored(server, 'second');
  const sessions = [...new Set(server.batches.map((batch) => batch.session))];
  equal(sessions.length, 2, 'sessions');
  const later = server.batches.filter((batch) => batch.session === sessions[1]).flatMap((batch) => batch.events);
  equal(later.slice(0, 2).map((event) => event.type), [4, 2], 'the new session begins with a picture');
  ok(!JSON.stringify(server.batches.filter((batch) => batch.session === sessions[0])).includes('ticked'), 'nothing of the pause in the old one');
});

// A click every so often on a clock that the test moves.
async function clicks(page, count, ms) {
  await page.evaluate(async ([times, step]) => {
    for (let i = 0; i < times; i++) {
      window.jump += step;
      document.querySelector('#b').click();
      await new Promise((resolve) => { setTimeout(resolve, 1); });
    }
  }, [count, ms]);
}

async function jumping() {
  const all = await begin();
  await all.page.addInitScript(() => {
    const { now } = Date;
    window.jump = 0;
    Date.now = () => now() + window.jump;
  });
  await visit(all.page, all.server);
  return all;
}

const pictures = (server) => eventsOf(server).filter(({ type }) => type === 2);

test('five minutes of activity and more changes at once than there are nodes are told by a new picture', async () => {
  const { server, page } = await jumping();
  await clicks(page, 28, 10000);
  await say(page, 'less');
  await stored(server, 'less');
  equal(pictures(server).length, 1, 'pictures after less than five minutes');
  await clicks(page, 4, 10000);
  await say(page, 'more');
  await stored(server, 'more');
  await until(() => pictures(server).length === 2, 'a picture after five minutes');
  await page.evaluate(() => {
    const many = document.createDocumentFragment();
    for (let i = 0; i < 4000; i++) many.append(document.createElement('i'));
    document.body.append(many);
  });
  await page.evaluate(() => {
    for (let round = 0; round < 3; round++) for (const i of document.querySelectorAll('i')) i.className = `c${round}`;
  });
  await until(() => pictures(server).length === 3, 'a picture after many changes');
  const changes = eventsOf(server).filter(({ type, data }) => type === 3 && data.source === 0);
  ok(changes.every(({ data }) => data.attributes.length < 100), 'the changes themselves are not sent');
  ok(JSON.stringify(pictures(server)[2]).split('"class":"c2"').length === 4001, 'the picture has them');
});

test('where the focus is in a picture that the page makes of itself keeps no session alive', async () => {
  const { server, page } = await jumping();
  await page.evaluate(() => {
    const many = document.createDocumentFragment();
    for (let i = 0; i < 4000; i++) many.append(document.createElement('i'));
    document.body.append(many);
    document.querySelector('#b').focus();
  });
  await say(page, 'first');
  await stored(server, 'first');
  await page.evaluate(() => {
    window.jump = 20 * 60 * 1000;
    for (let round = 0; round < 3; round++) for (const i of document.querySelectorAll('i')) i.className = `c${round}`;
  });
  await until(() => pictures(server).length === 2, 'a picture after many changes');
  await page.evaluate(() => { window.jump = 31 * 60 * 1000; });
  await page.click('#b');
  await say(page, 'second');
  await stored(server, 'second');
  equal(new Set(server.batches.map((batch) => batch.session)).size, 2, 'sessions');
});

test('a session ends after 24 hours', async () => {
  const { server, page } = await jumping();
  await clicks(page, 48, 29 * 60 * 1000);
  await say(page, 'first');
  await stored(server, 'first');
  equal(new Set(server.batches.map((batch) => batch.session)).size, 1, 'sessions');
  await clicks(page, 2, 29 * 60 * 1000);
  await say(page, 'second');
  await stored(server, 'second');
  equal(new Set(server.batches.map((batch) => batch.session)).size, 2, 'sessions');
});

test('without consent, with Do Not Track or Global Privacy Control and outside the sample nothing is sent or kept', async () => {
  const { server, page } = await begin({ more: 'data-consent="required"' });
  await visit(page, server);
  await page.click('#b');
  await page.waitForTimeout(800);
  equal(server.posts.length, 0, 'posts before consent');
  equal(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0], 'kept before consent');
  await page.evaluate(() => SessionSight.consent(true));
  await until(() => server.posts.length > 0, 'a batch after consent');
  await page.evaluate(() => SessionSight.consent(false));
  const count = server.posts.length;
  await page.click('#b');
  await page.waitForTimeout(800);
  equal(server.posts.length, count, 'posts after consent was taken back');
  equal(await page.evaluate(() => localStorage.getItem('ss:session')), null, 'session forgotten');
  const other = await begin();
  await other.page.addInitScript(() => Object.defineProperty(navigator, 'doNotTrack', { value: '1' }));
  await visit(other.page, other.server);
  const asked = await begin();
  await asked.page.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }));
  await visit(asked.page, asked.server);
  const third = await begin({ more: 'data-sample="0"' });
  await visit(third.page, third.server);
  await other.page.waitForTimeout(800);
  equal([other.server.posts.length, asked.server.posts.length, third.server.posts.length], [0, 0, 0], 'posts');
  // The luck of a visitor is drawn once: a page with a greater share records whom another did not.
  const luck = await third.page.evaluate(() => JSON.parse(localStorage.getItem('ss:session')).luck);
  third.server.pages['/all'] = PAGE(third.server, `data-sample="${luck + 1e-9}"`);
  await visit(third.page, third.server, '/all');
  await until(() => third.server.posts.length > 0, 'a batch where the share is greater');
});

test('a patched fetch keeps its name, length, rejection and streaming', async () => {
  const { server, page } = await begin();
  server.pages['/stream'] = ['text/plain', 'a stream'];
  await visit(page, server);
  const seen = await page.evaluate(async () => {
    const unhandled = [];
    addEventListener('unhandledrejection', (event) => {
      unhandled.push(event.reason.name);
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
    const response = await fetch('/stream');
    const chunk = await response.body.getReader().read();
    let handled = '';
    await fetch('http://127.0.0.1:1/').catch((error) => { handled = error.name; });
    fetch('http://127.0.0.1:1/');
    await new Promise((resolve) => setTimeout(resolve, 300));
    let thrown = '';
    try { await fetch('http://['); } catch (error) { thrown = error.name; }
    return { name: fetch.name, length: fetch.length, native: String(fetch).includes('[native code]'), promise: fetch('/stream') instanceof Promise,
      text: new TextDecoder().decode(chunk.value), handled, thrown, unhandled, push: history.pushState.name, add: EventTarget.prototype.addEventListener.length };
  });
  equal(seen, { name: 'fetch', length: 1, native: true, promise: true, text: 'a stream', handled: 'TypeError', thrown: 'TypeError', unhandled: ['TypeError'],
    push: 'pushState', add: 2 }, 'fetch');
});

test('works under a strict content security policy', async () => {
  const { server, page } = await begin();
  server.pages['/'] = ['text/html', `<!DOCTYPE html><title>T</title>${tagFor(server, 'nonce="abc"')}<p>text</p>`,
    { 'Content-Security-Policy': `default-src 'none'; script-src 'nonce-abc'; connect-src ${server.url}` }];
  const complaints = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(server.url);
  await page.waitForFunction(() => window.SessionSight);
  await until(() => server.batches.length > 0, 'a batch');
  equal(complaints.filter((text) => /security policy/i.test(text)), [], 'complaints');
});

test('forms, notices, clicks, routes and context say what happened', async () => {
  const { server, page } = await begin({ more: 'data-release="7" data-variants="banner=b"' });
  server.pages['/'] = `<!DOCTYPE html><title>Start</title>${tagFor(server, 'data-release="7" data-variants="banner=b"')}
    <form id="f" onsubmit="event.preventDefault(); bad()"><input name="mail" id="mail"><input name="town"><button>send</button></form><div id="dead" style="cursor:pointer">nothing</div>
    <div id="listening">x</div><span id="plain">y</span><div style="height:3000px"></div><div id="end"></div>
    <script>addEventListener('load', () => document.querySelector('#listening').addEventListener('click', () => {}));
    function bad() { document.querySelector('#end').innerHTML = '<p role="alert" id="m">no such town</p>'; document.querySelector('#mail').setAttribute('aria-invalid', 'true'); }</script>`;
  await visit(page, server);
  await page.click('#mail');
  await page.keyboard.type('ada', { delay: 20 });
  await page.click('[name=town]');
  await page.click('#mail');
  await page.keyboard.type('x');
  await page.click('[name=town]');
  await page.click('button');
  for (const id of ['#dead', '#listening', '#plain']) await page.click(id);
  await page.evaluate(() => history.pushState(null, '', '/next#part'));
  await page.evaluate(() => { location.hash = 'other'; });
  await page.evaluate(() => document.querySelector('#m').scrollIntoView());
  await until(() => tagged(server, 'ss:notice').some(({ what, kind }) => what === 'seen' && kind === 'alert'), 'the message to be seen');
  await page.evaluate(() => document.querySelector('#m').remove());
  await page.click('#plain');
  await until(() => tagged(server, 'ss:notice').some(({ what }) => what === 'gone'), 'the message to go');
  const form = tagged(server, 'ss:form').map(({ what, field }) => `${what} ${field?.name ?? ''}`);
  equal(form, ['focus mail', 'blur mail', 'focus town', 'blur town', 'focus mail', 'blur mail', 'focus town', 'blur town', 'submit town'], 'forms');
  const blurs = tagged(server, 'ss:form').filter(({ what }) => what === 'blur');
  equal(blurs.map(({ refills }) => refills), [0, 0, 1, 0], 'refills');
  ok(blurs[0].duration_ms > 30 && blurs[0].form === 'f', 'time in the field');
  const notices = tagged(server, 'ss:notice').filter(({ kind }) => kind === 'alert');
  equal(notices.map(({ what }) => what), ['shown', 'seen', 'gone'], 'notices');
  ok(notices[0].in_view === 0 && notices[0].top_px > 2000 && notices[1].in_view > 0, 'where it was');
  ok(tagged(server, 'ss:notice').some(({ kind }) => kind === 'invalid'), 'the invalid field');
  await until(() => tagged(server, 'ss:click').length === 9, 'all clicks');
  const clicks = tagged(server, 'ss:click').slice(5, 8).map(({ cursor, interactive }) => `${cursor} ${interactive}`);
  equal(clicks, ['pointer false', 'auto true', 'auto false'], 'clicks');
  equal(tagged(server, 'ss:route').map(({ kind }) => kind), ['load', 'push', 'hash'], 'routes');
  const [context] = tagged(server, 'ss:context');
  equal([context.release, context.variants, context.screen.w > 0, context.pixel_ratio > 0], ['7', { banner: 'b' }, true, true], 'context');
});

run({
  after: async () => {
    for (const close of opened) await close().catch(() => {});
    await browser?.close();
  },
});
