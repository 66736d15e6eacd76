// SPDX-License-Identifier: MIT
// Cost: the same visit with and without the recorder: time of the main thread, long tasks, what the console says; and bytes a minute.
import { randomFrom } from '../demo-shop/visitor.mjs';
import { ChromiumDriver } from './driver-chromium.mjs';
import { startProxy } from './proxy.mjs';
import { quiet } from './recording.mjs';
import { Visitor } from './visitor.mjs';

const STEPS = 12;

function countLongTasks() {
  window.fieldLong = [];
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.fieldLong.push(duration); }).observe({ type: 'longtask', buffered: true });
}

const folded = (line) => line.replace(/https?:\/\/[^\s)]+/g, 'URL').replace(/\d+/g, 'N');

// The visitor's steps depend on the seed and the page alone.
async function visit(driver, { application, proxy, seed }) {
  await driver.newVisitor();
  await driver.context.addInitScript(countLongTasks);
  const protocol = await driver.context.newCDPSession(driver.page);
  await protocol.send('Performance.enable');
  const visitor = new Visitor({ driver, origin: proxy.origin, application, random: randomFrom(seed) });
  const began = Date.now();
  await visitor.goto(application.paths?.[0] ?? '/');
  await application.begin?.(visitor);
  for (let i = 0; i < STEPS; i++) {
    await visitor.wander();
    await visitor.wait(400);
  }
  const { metrics } = await protocol.send('Performance.getMetrics');
  const long = await driver.evaluate(() => window.fieldLong ?? []);
  await driver.endVisit();
  return { thread: metrics.find(({ name }) => name === 'TaskDuration').value * 1000, longest: Math.max(0, ...long), long: long.length, ms: Date.now() - began, console: driver.console.map(folded) };
}

export async function measureCost({ application, running, proxy, build, seed, log }) {
  const driver = await ChromiumDriver.open(build);
  const bare = await startProxy(running, '', '');
  const runs = { with: [], without: [] };
  let bytes = 0;
  let minutes = 0;
  try {
    for (let nth = 0; nth < 3; nth++) {
      const before = proxy.wire.length;
      for (const [name, through] of [['without', bare], ['with', proxy]]) {
        try {
          runs[name].push(await visit(driver, { application, proxy: through, seed: seed + nth }));
        } catch (error) {
          log(`cost, ${name} the recorder: ${error.message.split('\n')[0]}`);
        }
      }
      await quiet(proxy.wire);
      bytes += proxy.wire.slice(before).reduce((sum, one) => sum + one.bytes, 0);
      minutes += (runs.with.at(-1)?.ms ?? 0) / 60000;
    }
  } finally {
    await driver.close();
    await bare.close();
  }
  const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1] ?? 0;
  const sides = Object.fromEntries(Object.entries(runs).map(([name, list]) => [name, { thread: median(list.map((one) => one.thread)), longest: median(list.map((one) => one.longest)) }]));
  const said = new Set(runs.without.flatMap((one) => one.console));
  return { ...sides, bytesAMinute: minutes ? bytes / minutes : 0, console: [...new Set(runs.with.flatMap((one) => one.console))].filter((line) => !said.has(line)) };
}
