// SPDX-License-Identifier: MIT
// One visit in real time, recorded by a real collector: visit.mjs COLLECTOR_URL WRITE_KEY NODE_MODULES. Prints when it ended.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { startShop } from './server.mjs';

const [collector, key, modules] = process.argv.slice(2);
const { chromium } = createRequire(resolve(modules, 'x.js'))('playwright-core');
const shop = await startShop({ collector, key });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu',
  '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
await page.goto(`http://127.0.0.1:${shop.port}/`);
await page.waitForFunction(() => window.SessionSight !== undefined);
await page.evaluate(() => window.SessionSight.identify('visitor-of-the-test', { name: 'Ada' }));
await page.mouse.move(400, 300, { steps: 20 });
await page.waitForTimeout(3000);
await page.click('nav a[href="/products"]');
await page.mouse.wheel(0, 300);
await page.waitForTimeout(3000);
await page.click('.card[href="/product/1003"]');
await page.click('#add');
await page.waitForSelector('#added .note');
await page.click('.cart-link');
await page.click('#to-checkout');
for (const [field, text] of [['#email', 'ada@example.org'], ['#street', 'Lindenweg 14']]) {
  await page.click(field);
  await page.keyboard.type(text, { delay: 120 });
}
await page.click('#go-on');
await page.click('#card');
await page.keyboard.type('4111111111111111', { delay: 120 });
await page.click('#go-on');
await page.click('#go-on');
await page.waitForURL('**/thanks*');
await page.mouse.move(300, 300);
await page.waitForTimeout(500);
await page.goto('about:blank');
// What is still on its way ends with the browser.
await page.waitForTimeout(1000);
console.log(JSON.stringify({ ended: Date.now() }));
await browser.close();
await shop.close();
