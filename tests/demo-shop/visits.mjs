// SPDX-License-Identifier: MIT
// Who visits the shop, when, with what, and what they do there.
const DAY = Date.UTC(2026, 4, 18, 7, 0);
const minutes = (count) => count * 60000;

async function fillAddress(v, { email = 'ada.field@example.org', name = 'Ada Field', street = 'Lindenweg 14', city = 'Halle', phone = '0345 5550173' } = {}) {
  await v.type('#email', email);
  await v.type('#full-name', name);
  await v.type('#street', street);
  await v.type('#city', city);
  if (phone) await v.type('#phone', phone);
}

async function pay(v) {
  await v.type('#card', '4111 1111 1111 1111');
  await v.type('#expiry', '11/29');
  await v.type('#check', '737');
  await v.click('#go-on');
  await v.wait(600);
}

async function putInCart(v, id) {
  await v.visit(`/product/${id}`);
  await v.read(3000);
  await v.click('#add');
  await v.wait(600);
}

async function order(v) {
  await v.click('.cart-link');
  await v.read(1500);
  await v.click('#to-checkout');
  await fillAddress(v);
  await v.click('#go-on');
  await v.wait(600);
  await pay(v);
  await v.read(1200);
  await v.click('#go-on');
  await v.wait(2500);
}

const scripts = {
  async buyer(v) {
    await v.visit('/');
    await v.read(4000);
    await v.click('#banner-go');
    await v.read(3000);
    await v.click(v.banner === 'b' ? 'button[data-kind="seeds"]' : 'button[data-kind="tools"]');
    await v.read(2500);
    await v.click('.card >> nth=1');
    await v.read(2500);
    await v.moment('rage', () => v.clickMany('.carousel .next', 10, 420), { near: true, about: 'ten pictures of a carousel' });
    await v.click('#add');
    await order(v);
    await v.read(2000);
  },
  async couponRage(v) {
    await putInCart(v, 1003);
    await v.click('.cart-link');
    await v.click('#to-checkout');
    await v.type('#code', 'SPRING');
    await v.moment('error click', () => v.click('#apply'), { about: 'coupon throws' });
    await v.wait(1500);
    await v.moment('rage', () => v.clickMany('#apply', 5, 380), { about: 'coupon throws' });
    await v.read(4000);
    await v.shake();
    await v.wait(1200);
    await v.click('.logo');
    await v.read(2500);
  },
  async wishDead(v) {
    await v.visit('/products');
    await v.read(3500);
    await v.click('.card >> nth=5');
    await v.read(2500);
    await v.moment('dead', async () => { await v.click('#wish'); await v.wait(3000); }, { about: 'wish list does nothing' });
    await v.moment('rage', () => v.clickMany('#wish', 6, 300), { about: 'wish list does nothing' });
    await v.wait(3000);
    await v.click('nav a[href="/help"]');
    await v.read(3000);
  },
  async exportDead(v) {
    await v.visit('/dashboard');
    await v.read(4000);
    await v.moment('dead', async () => { await v.click('#export'); await v.wait(3500); }, { about: 'dead button beside a ticking clock' });
    await v.moment('dead', async () => { await v.click('#export'); await v.wait(3500); }, { about: 'dead button beside a ticking clock' });
    await v.moment('error click', async () => { await v.click('#refresh'); await v.wait(1200); }, { about: 'figures answer 500' });
    await v.read(4000);
  },
  async filmWatcher(v) {
    await v.visit('/dashboard');
    await v.read(2000);
    await v.click('#play');
    await v.moment('idle', () => v.wait(28000), { near: true, about: 'watches the video' });
    await v.click('#play');
    await v.wait(1500);
  },
  async unseenError(v) {
    await putInCart(v, 1102);
    await v.click('.cart-link');
    await v.click('#to-checkout');
    await fillAddress(v, { email: 'ada.field' });
    await v.moment('unseen message', async () => {
      await v.click('#go-on');
      await v.wait(6000);
      await v.click('#go-on');
      await v.wait(3000);
    }, { about: 'e-mail error below the fold' });
    await v.moment('rage', () => v.clickMany('#go-on', 4, 450), { about: 'continue says nothing' });
    await v.wait(2500);
    await v.moment('form abandoned', () => v.click('.logo'), { about: 'address' });
    await v.read(2000);
  },
  async seenError(v) {
    await putInCart(v, 1102);
    await v.click('.cart-link');
    await v.click('#to-checkout');
    await fillAddress(v, { email: 'ada.field' });
    await v.moment('unseen message', async () => { await v.click('#go-on'); await v.wait(3000); }, { near: true, about: 'e-mail error at its field' });
    await v.type('#email', '@example.org');
    await v.click('#go-on');
    await v.wait(800);
    await pay(v);
    await v.click('#go-on');
    await v.wait(2500);
  },
  async helpSearcher(v) {
    await v.visit('/help');
    await v.read(3000);
    await v.moment('excessive scrolling', async () => {
      for (let i = 0; i < 8; i++) {
        await v.scroll((i % 2 ? -1 : 1) * 960);
        await v.wait(700);
      }
    }, { about: 'looks for an answer up and down' });
    await v.read(2000);
    await v.click('.logo');
    await v.read(1500);
  },
  async helpReader(v) {
    await v.visit('/help');
    await v.moment('excessive scrolling', async () => {
      for (let i = 0; i < 7; i++) {
        await v.scroll(420);
        await v.read(4000);
      }
    }, { near: true, about: 'scrolls to read' });
    await v.wait(1000);
  },
  async quickBack(v) {
    await v.visit('/products');
    await v.read(2500);
    await v.moment('quick back', async () => {
      await v.click('.card >> nth=1');
      await v.wait(1800);
      await v.page.goBack();
      await v.settle();
    }, { about: 'not what was looked for' });
    await v.read(2500);
    await v.click('.card >> nth=7');
    await v.read(4000);
    await v.moment('slow', async () => { await v.click('#stock'); await v.wait(4500); }, { about: 'availability takes 3.6 s' });
    await v.wait(1500);
  },
  async account(v) {
    await v.visit('/account');
    await v.moment('waiting', () => v.wait(7500), { about: 'orders load' });
    await v.type('#name', 'Marten Vogel');
    await v.type('#mail', 'marten@example.net');
    await v.type('#password', 'correct horse');
    await v.click('#reveal');
    await v.type('#password', ' battery');
    await v.click('#profile button[type=submit]');
    await v.wait(2000);
    await v.moment('rage', async () => {
      const [x, y] = await v.pointAt('h1');
      await v.move(x, y);
      if (v.touch) return;
      await v.page.mouse.dblclick(v.x, v.y);
      await v.wait(900);
    }, { near: true, about: 'double click selects a word' });
    await v.read(2500);
  },
  async returning(v) {
    await v.visit('/');
    await v.page.evaluate(() => window.SessionSight.identify('u-204', { name: 'Ida', plan: 'garden club' }));
    await v.read(3000);
    await v.click('nav a[href="/products"]');
    await v.read(2000);
    await v.click('button[data-order]');
    await v.read(2500);
    await v.click('.card[href="/product/1206"]');
    await v.read(3000);
    await v.click('#add');
    await order(v);
    await v.click('main a.button');
    await v.read(2000);
  },
  async wanderer(v) {
    await v.visit('/');
    await v.read(5000);
    await v.scroll(600);
    await v.read(3000);
    await v.click('.card >> nth=4');
    await v.read(6000);
    await v.moment('idle', () => v.wait(24000), { about: 'gone for a moment' });
    await v.click('nav a[href="/help"]');
    await v.read(6000);
  },
};

const visit = (name, script, at, rest) => ({ name, script: scripts[script], start: DAY + minutes(at), seed: 1000 + at, ...rest });

export const visits = [
  visit('first-order-desktop', 'buyer', 3, { device: 'desktop', release: '1.0', banner: 'a' }),
  visit('coupon-throws', 'couponRage', 19, { device: 'laptop', release: '1.0', banner: 'a' }),
  visit('wish-list-dead', 'wishDead', 44, { device: 'wide', release: '1.0', banner: 'b' }),
  visit('export-beside-clock', 'exportDead', 71, { device: 'desktop', release: '1.0', banner: 'a' }),
  visit('error-below-fold', 'unseenError', 98, { device: 'phone', release: '1.0', banner: 'b' }),
  visit('help-up-and-down', 'helpSearcher', 127, { device: 'laptop', release: '1.0', banner: 'a' }),
  visit('quick-back-slow-stock', 'quickBack', 161, { device: 'desktop', release: '1.0', banner: 'b' }),
  visit('account-waiting', 'account', 204, { device: 'laptop', release: '1.0', banner: 'a' }),
  visit('film-watcher', 'filmWatcher', 246, { device: 'wide', release: '1.0', banner: 'a' }),
  visit('returning-order', 'returning', 1466, { device: 'desktop', release: '2.0', banner: 'b' }),
  visit('error-at-field', 'seenError', 1499, { device: 'android', release: '2.0', banner: 'a' }),
  visit('help-reader', 'helpReader', 1533, { device: 'phone', release: '2.0', banner: 'b' }),
  visit('wanderer', 'wanderer', 1571, { device: 'laptop', release: '2.0', banner: 'a' }),
  visit('order-on-phone', 'buyer', 1604, { device: 'phone', release: '2.0', banner: 'b' }),
];
