// SPDX-License-Identifier: MIT
// What visitors do in the shop, one act each. An act begins anywhere, goes to its page by itself, and labels its moments.
const IN_STOCK = [1001, 1002, 1003, 1005, 1006, 1007, 1008, 1102, 1101, 1104, 1105, 1106, 1201, 1203, 1204, 1205, 1206, 1302, 1303, 1304];
const ANSWERING = IN_STOCK.filter((id) => id % 7 !== 0);
const BUSY = IN_STOCK.filter((id) => id % 7 === 0);
const NAMES = ['Ada Field', 'Ida Brandt', 'Marten Vogel', 'Noor Haddad', 'Jonas Weber', 'Lena Roth', 'Tom Ashby', 'Mira Kovač', 'Paul Lindner', 'Sara Nilsson'];
const STREETS = ['Lindenweg 14', 'Mühlgasse 3', 'Am Anger 27', 'High Street 8', 'Hafenstraße 61'];

const pick = (v, list) => list[Math.floor(v.random() * list.length)];
const path = (v) => new URL(v.page.url()).pathname;

async function goTo(v, where) {
  if (path(v) === where && !v.page.url().includes('kind=')) return;
  if (await v.page.locator(`header a[href="${where}"]`).count()) await v.click(`header a[href="${where}"]`);
  else await v.visit(where);
  await v.settle();
}

// Through the list, as far down as the thing is.
async function openProduct(v, id) {
  await goTo(v, '/products');
  await v.read(v.between(1200, 3500));
  if (!await v.page.locator(`.card[href="/product/${id}"]`).count()) await v.click('button[data-kind=""]');
  await v.click(`.card[href="/product/${id}"]`);
  await v.read(v.between(1500, 4500));
}

async function addToCart(v) {
  const id = pick(v, ANSWERING.filter((each) => !path(v).endsWith(each)));
  await openProduct(v, id);
  for (let tries = 0; tries < 3 && !await v.page.locator('#added .note').count(); tries++) await v.click('#add');
  await v.wait(v.between(500, 1200));
}

async function toCheckout(v) {
  if (path(v) === '/checkout/address') return;
  if (await v.page.locator('#cart-count').textContent() === '0') await addToCart(v);
  if (path(v) !== '/cart') await v.click('.cart-link');
  await v.read(v.between(800, 2000));
  await v.click('#to-checkout');
  await v.read(v.between(600, 1500));
}

async function fill(v, selector, text) {
  if (await v.page.inputValue(selector)) return;
  await v.type(selector, text, { fast: v.pace });
}

async function fillAddress(v, email) {
  const name = v.name ?? pick(v, NAMES);
  await fill(v, '#email', email ?? `${name.split(' ')[0].toLowerCase()}@example.org`);
  await fill(v, '#full-name', name);
  await fill(v, '#street', pick(v, STREETS));
  await fill(v, '#city', pick(v, ['Halle', 'Leipzig', 'York', 'Malmö']));
  if (v.random() < 0.6) await fill(v, '#phone', '0345 5550173');
}

// On a phone the orders are below the form: only who goes there waits for them.
export async function waitForOrders(v) {
  if (!await v.page.locator('#orders[aria-busy]').count()) return;
  await v.boxOf('#orders');
  await v.moment('waiting', () => v.wait(7500), { about: 'the orders take 6.5 s' });
}

async function payAndPlace(v) {
  await v.type('#card', '4111 1111 1111 1111', { fast: v.pace });
  await v.type('#expiry', '11/29');
  await v.type('#check', '737');
  await v.click('#go-on');
  await v.read(v.between(1200, 2500));
  await v.click('#go-on');
  await v.wait(2200);
}

export const acts = {
  async browse(v) {
    await goTo(v, '/products');
    await v.read(v.between(1500, 4000));
    await v.click(`button[data-kind="${pick(v, ['tools', 'pots', 'seeds', 'lights'])}"]`);
    await v.read(v.between(1500, 4000));
    if (v.random() < 0.5) await v.click('button[data-order]');
    await v.scroll(v.between(200, 500));
    await v.read(v.between(1000, 4000));
    await v.scroll(-600);
  },
  async look(v) {
    await openProduct(v, pick(v, IN_STOCK));
    await v.read(v.between(3000, 9000));
  },
  async carousel(v) {
    await openProduct(v, pick(v, IN_STOCK));
    await v.moment('rage', () => v.clickMany('.carousel .next', 10, v.between(330, 480)), { near: true, about: 'next picture, ten times' });
    await v.read(1500);
  },
  async fillCart(v) {
    await addToCart(v);
    if (v.random() < 0.5) await addToCart(v);
  },
  async stepper(v) {
    await addToCart(v);
    await v.click('.cart-link');
    await v.read(1200);
    await v.moment(['rage', 'dead'], () => v.clickMany('.more', 7, 420), { near: true, about: 'seven of them, please' });
    await v.read(1500);
  },
  async wish(v) {
    await openProduct(v, pick(v, IN_STOCK));
    await v.moment('dead', async () => { await v.click('#wish'); await v.wait(2800); }, { about: 'the wish list does nothing' });
    if (v.random() < 0.6) {
      await v.moment(['rage', 'dead'], () => v.clickMany('#wish', 4 + Math.floor(v.random() * 4), v.between(240, 400)), { about: 'the wish list does nothing' });
      await v.wait(2800);
    }
  },
  async stock(v) {
    await openProduct(v, pick(v, ANSWERING));
    if (v.release === '1.0') {
      await v.moment('slow', async () => { await v.click('#stock'); await v.wait(4200); }, { about: 'the answer takes 3.6 s' });
    } else {
      await v.moment(['slow', 'dead'], async () => { await v.click('#stock'); await v.wait(4200); }, { near: true, about: 'a slow answer that says so at once' });
    }
  },
  async stockBusy(v) {
    await openProduct(v, pick(v, BUSY));
    await v.moment('error click', async () => { await v.click('#stock'); await v.wait(1500); }, { about: 'the store room answers 503' });
    await v.read(2500);
  },
  async quickBack(v) {
    await goTo(v, '/products');
    await v.read(2500);
    await v.moment('quick back', async () => {
      await v.click(`.card[href="/product/${pick(v, IN_STOCK)}"]`);
      await v.wait(v.between(900, 2600));
      await v.page.goBack();
      await v.settle();
    }, { about: 'not what was looked for' });
    await v.read(2500);
  },
  async lookAndBack(v) {
    await goTo(v, '/products');
    await v.read(2500);
    await v.moment('quick back', async () => {
      await v.click(`.card[href="/product/${pick(v, IN_STOCK)}"]`);
      await v.read(9000);
      await v.page.goBack();
      await v.settle();
    }, { near: true, about: 'read first, then back' });
    await v.read(1500);
  },
  async coupon(v) {
    await toCheckout(v);
    await v.type('#code', pick(v, ['SPRING', 'FERN10', 'GARDEN']));
    if (v.release !== '1.0') {
      await v.moment(['error click', 'dead'], async () => { await v.click('#apply'); await v.wait(2500); }, { near: true, about: 'the coupon is answered' });
      return;
    }
    await v.moment(['error click', 'dead'], async () => { await v.click('#apply'); await v.wait(2800); }, { about: 'the coupon button throws' });
    if (v.random() < 0.6) {
      await v.moment(['rage', 'dead'], () => v.clickMany('#apply', 3 + Math.floor(v.random() * 4), v.between(300, 500)), { about: 'the coupon button throws' });
      await v.wait(2800);
    }
  },
  async wrongEmail(v) {
    await toCheckout(v);
    await fillAddress(v, 'ada.field');
    if (v.release === '1.0' && v.touch) {
      await v.moment('unseen message', async () => {
        await v.click('#go-on');
        await v.wait(5500);
        await v.click('#go-on');
        await v.wait(2500);
      }, { about: 'the error is below the fold' });
      if (v.random() < 0.5) await v.moment('rage', () => v.clickMany('#go-on', 4, 450), { about: 'continue seems to do nothing' });
      await v.wait(2500);
      await v.moment('form abandoned', async () => { await v.click('.logo'); await v.settle(); }, { about: 'address' });
      return;
    }
    if (v.release !== '1.0') await v.moment('unseen message', async () => { await v.click('#go-on'); await v.wait(3000); }, { near: true, about: 'the error stands at its field' });
    await v.type('#email', '@example.org');
    await v.click('#go-on');
    await v.wait(900);
  },
  async order(v) {
    await toCheckout(v);
    if (await v.page.locator('#email').count()) {
      await fillAddress(v);
      await v.moment('form abandoned', async () => { await v.click('#go-on'); await v.wait(900); }, { near: true, about: 'address, sent' });
    }
    await payAndPlace(v);
    await v.read(2500);
  },
  async abandon(v) {
    await toCheckout(v);
    await v.type('#email', 'someone@example.org', { fast: v.pace });
    if (v.random() < 0.6) await v.type('#full-name', pick(v, NAMES), { fast: v.pace });
    await v.read(v.between(3000, 8000));
    await v.moment('form abandoned', async () => { await v.click('header a[href="/help"]'); await v.settle(); }, { about: 'address' });
    await v.read(3000);
  },
  async helpUpAndDown(v) {
    await goTo(v, '/help');
    await v.read(2000);
    const far = v.page.viewportSize().height;
    await v.moment('excessive scrolling', async () => {
      for (let i = 0; i < 8; i++) {
        await v.scroll((i % 2 ? -1 : 1) * far * v.between(0.8, 1.2));
        await v.wait(v.between(400, 900));
      }
    }, { about: 'looks for an answer, up and down' });
    await v.read(2000);
  },
  async helpRead(v) {
    await goTo(v, '/help');
    await v.moment('excessive scrolling', async () => {
      for (let i = 0; i < 6 + v.random() * 6; i++) {
        await v.scroll(v.between(250, 480));
        await v.read(v.between(3000, 8000));
        if (v.random() < 0.2) await v.scroll(-130);
      }
    }, { near: true, about: 'scrolls to read' });
  },
  async orders(v) {
    await goTo(v, '/account');
    await waitForOrders(v);
    await v.read(2500);
  },
  async glance(v) {
    await goTo(v, '/products');
    await v.read(1500);
    await v.moment(['waiting', 'quick back'], async () => {
      await goTo(v, '/account');
      await v.wait(v.between(900, 1800));
      await v.click('header a[href="/help"]');
      await v.settle();
    }, { near: true, about: 'does not wait for the orders' });
    await v.read(4000);
  },
  async wrongCard(v) {
    await toCheckout(v);
    await fillAddress(v);
    await v.click('#go-on');
    await v.wait(900);
    await v.type('#card', '4111', { fast: v.pace });
    let seen = false;
    await v.moment('unseen message', async () => {
      await v.click('#go-on');
      seen = await v.sees('#form-error');
      await v.wait(5500);
      if (seen) return;
      await v.click('#go-on');
      await v.wait(2500);
    }, { near: () => seen, about: 'what is wrong with the card' });
    if (!seen) {
      await v.moment('form abandoned', async () => { await v.click('.logo'); await v.settle(); }, { about: 'payment' });
      return;
    }
    await v.type('#card', ' 1111 1111 1111', { fast: v.pace });
    await v.click('#go-on');
    await v.read(2500);
  },
  async profile(v) {
    await goTo(v, '/account');
    await waitForOrders(v);
    await v.type('#name', v.name ?? pick(v, NAMES), { fast: v.pace });
    await v.type('#mail', 'someone@example.net', { fast: v.pace });
    await v.type('#password', 'correct horse', { fast: v.pace });
    await v.click('#reveal');
    await v.type('#password', ' battery', { fast: v.pace });
    if (v.random() < 0.5) {
      await v.type('#birthday', '1 April 1990');
      await v.moment('form abandoned', async () => { await v.click('#profile button[type=submit]'); await v.wait(2000); }, { near: true, about: 'profile, saved' });
    } else {
      await v.read(2000);
      await v.moment('form abandoned', async () => { await v.click('header a[href="/dashboard"]'); await v.settle(); }, { about: 'profile' });
    }
  },
  async exportDead(v) {
    await goTo(v, '/dashboard');
    await v.read(v.between(3000, 5000));
    for (let i = 0; i < 1 + v.random() * 2; i++) {
      await v.moment('dead', async () => { await v.click('#export'); await v.wait(3500); }, { about: 'a dead button beside a ticking clock' });
    }
  },
  async figures(v) {
    await goTo(v, '/dashboard');
    await v.read(v.between(2000, 4000));
    await v.moment('error click', async () => { await v.click('#refresh'); await v.wait(1500); }, { about: 'the figures answer 500' });
    await v.read(3000);
  },
  async film(v) {
    await goTo(v, '/dashboard');
    await v.read(1500);
    await v.click('#play');
    await v.moment('idle', () => v.wait(v.between(20000, 90000)), { near: true, about: 'watches the film' });
    await v.click('#play');
    await v.wait(1200);
  },
  async watchClock(v) {
    await goTo(v, '/dashboard');
    await v.read(2000);
    await v.moment('idle', () => v.wait(v.between(60000, 400000)), { about: 'the dashboard stays open' });
    await v.read(3000);
  },
  async away(v) {
    await v.moment('idle', () => v.wait(v.between(20000, 150000)), { about: 'gone for a moment' });
    await v.read(2000);
  },
  async selectWord(v) {
    await goTo(v, '/help');
    await v.read(2500);
    if (v.touch) return;
    await v.moment(['rage', 'dead'], async () => {
      const [x, y] = await v.pointAt('h2');
      await v.move(x, y);
      const box = await v.boxOf('h2');
      for (let i = 1; i <= 3; i++) {
        await v.page.mouse.click(box.x + 60, box.y + box.height / 2, { clickCount: i });
        await v.wait(160);
      }
      await v.wait(3000);
    }, { near: true, about: 'three clicks select a line' });
  },
  async shake(v) {
    if (v.touch) return;
    await v.read(1500);
    await v.move(v.page.viewportSize().width / 2, 420);
    await v.moment('thrash', () => v.shake(), { about: 'shakes the mouse' });
    await v.wait(1500);
  },
  async sweep(v) {
    if (v.touch) return;
    const { width } = v.page.viewportSize();
    await v.moment('thrash', async () => {
      await v.move(width - 120, 300, 3);
      await v.move(140, 520, 3);
      await v.wait(400);
    }, { near: true, about: 'across the page and back' });
  },
  async twoTabs(v) {
    await goTo(v, '/products');
    await v.read(2500);
    await v.inNewTab(`.card[href="/product/${pick(v, ANSWERING)}"]`, async () => {
      await v.read(4000);
      await v.click('#add');
      await v.wait(1000);
    });
    await v.read(2500);
  },
  async longRead(v) {
    await goTo(v, '/help');
    for (let i = 0; i < 40; i++) {
      await v.scroll(v.between(80, 160));
      await v.read(v.between(6000, 18000));
    }
  },
};
