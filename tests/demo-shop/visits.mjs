// SPDX-License-Identifier: MIT
// Who visits the shop, when, with what, and what they do there: drawn from one seed, so that a run can be repeated.
import { acts, waitForOrders } from './acts.mjs';
import { randomFrom } from './visitor.mjs';

const FIRST_DAY = Date.UTC(2026, 4, 18, 6, 0);
const DAY = 24 * 3600 * 1000;
const SWITCH_DAY = 5; // 2.0 goes out

const DEVICES = ['desktop', 'desktop', 'laptop', 'laptop', 'wide', 'phone', 'phone', 'android'];
const ENTRIES = ['/', '/', '/', '/products', '/products', '/help', '/account', '/dashboard'];

// A visit's name, its acts, and what it needs; the rest is drawn.
const STORIES = [
  ['order', ['browse', 'look', 'order'], {}],
  ['order-after-pictures', ['carousel', 'fillCart', 'order'], {}],
  ['order-with-coupon', ['coupon', 'order'], {}],
  ['coupon', ['browse', 'coupon', 'shake'], {}],
  ['coupon-gave-up', ['coupon', 'abandon'], {}],
  ['wrong-email', ['fillCart', 'wrongEmail'], { devices: ['phone', 'android'] }],
  ['wrong-email-desk', ['wrongEmail'], { devices: ['desktop', 'laptop'] }],
  ['wish-list', ['look', 'wish', 'browse'], {}],
  ['wish-list-help', ['wish', 'helpUpAndDown'], {}],
  ['export', ['exportDead', 'figures'], { entry: '/dashboard' }],
  ['seller', ['watchClock', 'exportDead', 'figures'], { entry: '/dashboard', devices: ['desktop', 'wide'] }],
  ['film', ['film', 'away'], { entry: '/dashboard', devices: ['desktop', 'laptop', 'wide'] }],
  ['help-lost', ['helpUpAndDown', 'browse'], { entry: '/help' }],
  ['help-reader', ['helpRead'], { entry: '/help' }],
  ['availability', ['stock', 'look'], {}],
  ['availability-busy', ['stockBusy', 'wish'], {}],
  ['quick-back', ['quickBack', 'quickBack', 'lookAndBack'], {}],
  ['orders', ['orders', 'profile'], { entry: '/account', user: true }],
  ['profile', ['profile', 'away'], { entry: '/account', user: true }],
  ['stepper', ['stepper', 'order'], {}],
  ['just-looking', ['browse', 'look', 'away', 'lookAndBack'], {}],
  ['abandoned', ['look', 'abandon'], {}],
  ['select-text', ['selectWord', 'sweep', 'look'], { devices: ['desktop', 'laptop', 'wide'] }],
  ['two-tabs', ['twoTabs', 'order'], { devices: ['desktop', 'laptop', 'wide'] }],
  ['member', ['orders', 'fillCart', 'order'], { user: true }],
  ['bounce', [], {}],
  ['long-reader', ['longRead', 'away'], { entry: '/help', devices: ['laptop', 'desktop'], most: 2 }],
];
// Drawn after the others, which stay what they were.
const MORE_STORIES = [
  ['wrong-card', ['fillCart', 'wrongCard'], { devices: ['phone', 'phone', 'android', 'android', 'laptop'] }],
  ['restless', ['browse', 'shake', 'look', 'sweep', 'browse', 'shake'], { devices: ['desktop', 'laptop', 'wide'] }],
  ['asks-twice', ['stock', 'browse', 'stock'], {}],
  ['glance', ['glance', 'browse'], { devices: ['desktop', 'laptop', 'wide'] }],
];
const ROUNDS = 5;

async function play(v, { entry, list, user }) {
  await v.visit(entry);
  if (user) {
    v.name = user.name;
    await v.page.evaluate(({ id, name, plan }) => window.SessionSight.identify(id, { name, plan }), user);
  }
  if (entry === '/account') await waitForOrders(v);
  await v.read(v.between(2500, 6000));
  if (entry === '/' && v.random() < 0.4) {
    await v.click('#banner-go');
    await v.read(2000);
  }
  for (const name of list) await acts[name](v);
  if (!list.length) await v.read(v.between(16000, 24000));
}

function draw() {
  const random = randomFrom(20260518);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const members = [['u-104', 'Ida Brandt'], ['u-117', 'Noor Haddad'], ['u-131', 'Tom Ashby'], ['u-150', 'Lena Roth'], ['u-162', 'Paul Lindner'], ['u-177', 'Mira Kovač']];
  const visits = [];
  const draws = [STORIES, MORE_STORIES].flatMap((stories) => Array.from({ length: ROUNDS }, (_, round) => stories.map((story) => [round, ...story])).flat());
  for (const [round, story, list, { devices = DEVICES, entry, user, most = ROUNDS }] of draws) {
    if (round >= most) continue;
    const day = round * 2 + Math.floor(random() * 2);
    const [id, name] = pick(members);
    const visitor = user || random() < 0.15 ? { id, name, plan: random() < 0.3 ? 'garden club' : 'free' } : null;
    visits.push({
      name: `${story}-${round + 1}`, device: pick(devices), release: day < SWITCH_DAY ? '1.0' : '2.0', banner: random() < 0.5 ? 'a' : 'b',
      user: visitor?.id, start: FIRST_DAY + day * DAY + Math.floor(random() * 14 * 3600 * 1000), seed: 1 + Math.floor(random() * 2 ** 30),
      script: (v) => play(v, { entry: entry ?? pickEntry(v), list, user: visitor }),
    });
  }
  return visits.sort((a, b) => a.start - b.start);
}

const pickEntry = (v) => ENTRIES[Math.floor(v.random() * ENTRIES.length)];

export const visits = draw();
