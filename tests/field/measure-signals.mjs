// SPDX-License-Identifier: MIT
// Signals: what analysis finds in the recordings of visits against what was seen on the live page while they went on.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../demo-shop/visitor.mjs';
import { ChromiumDriver } from './driver-chromium.mjs';
import { batchesOf, quiet } from './recording.mjs';
import { Visitor } from './visitor.mjs';
import { Watch } from './watch.mjs';

const DEAD_MS = 2500;
const SLOW_MS = 7000;
// Waiting, and waiting for what a press asked for just before.
const WAIT_MS = 5000;
const WAIT_ASKED_MS = 3000;
const ASKED_MS = 1500;
// The recorder tells of what turns once the page rests a moment.
const WAIT_MARGIN_MS = 300;
// So near to them clocks of page and recorder may differ.
const MARGIN_MS = 100;
const PRESSES_A_VISIT = 25;
// What is looked for without our facts; of the others nothing is told there.
const BARE_KINDS = ['dead', 'slow', 'rage', 'form'];

// How long an answer took: between these, in ms. Without one both are what was surely waited.
function waitedFor(press) {
  const least = press.watched - press.at1;
  return press.answer ? [Math.max(0, least), press.notAfter - press.at1] : [least, least];
}

// What a press says of dead and slow: true, false, or null where the looks cannot tell.
function truthOf(press) {
  const [least, most] = waitedFor(press);
  if (press.own.field || press.selected || (press.answer && most < DEAD_MS - MARGIN_MS)) return { dead: false, slow: false };
  // Something changed where nobody looks: whether that is the answer, a message perhaps, no picture tells.
  if (press.unclear || press.late || (press.offScreen && !press.answer)) return { dead: null, slow: null };
  // Beside what looks and listens as if it did nothing, what comes late is chance.
  if (press.answer && !press.own.alive) return { dead: null, slow: null };
  if (press.answer) return { dead: least > DEAD_MS + MARGIN_MS ? false : null, slow: least > DEAD_MS + MARGIN_MS && most < SLOW_MS - MARGIN_MS ? true : null };
  // Who looked away sooner cannot tell that nothing came late.
  return { dead: least >= DEAD_MS ? true : null, slow: least >= SLOW_MS ? false : null };
}

// Rage: nothing answered, or at most the first one. Some answered, or presses too far apart: nobody can tell.
function truthOfBurst({ presses, selected, gap, moved }) {
  const [{ own }] = presses;
  const answered = presses.filter((press) => press.answer).length;
  if (own.field || selected || answered === presses.length) return false;
  const same = presses.every((press) => press.own.id === own.id);
  const inVain = answered === 0 || (answered === 1 && presses[0].answer && !moved);
  // Pressing a field's label again and again only moves into the field.
  return same && inVain && presses.length > 2 && gap <= 950 && own.name !== 'label' && !presses.some((press) => press.unclear) ? true : null;
}

// How long something turned lies between two spans, and so does whether a press asked for it.
function truthOfBusy({ notBefore, from, to, over, pressAt }) {
  const asked = from - pressAt < ASKED_MS - MARGIN_MS;
  const unasked = notBefore - pressAt > ASKED_MS + MARGIN_MS;
  if (to - from >= (asked ? WAIT_ASKED_MS : WAIT_MS) + WAIT_MARGIN_MS) return true;
  return over && over - notBefore < (unasked ? WAIT_MS : WAIT_ASKED_MS) - MARGIN_MS ? false : null;
}

// truth: true, false, or null where the looks cannot tell.
function labelsOf(watch) {
  const labels = [];
  const put = (kind, truth, from, to, about) => labels.push({ kind, truth, from, to, about });
  for (const press of watch.presses) {
    const [least, most] = waitedFor(press);
    const about = `${press.own.name} “${press.own.label}” (${press.answer ? `${press.answer} after ${least} to ${most} ms` : `no answer in ${least} ms`}${press.offScreen ? ', something changed out of sight' : ''}) on ${press.url}`;
    const truth = truthOf(press);
    put('dead', truth.dead, press.at0, press.at1, about);
    put('slow', truth.slow, press.at0, press.at1, about);
  }
  for (const burst of watch.bursts) {
    const { presses } = burst;
    if (!presses.length) continue;
    const answered = presses.filter((press) => press.answer).length;
    const about = `${presses.length} presses on ${presses[0].own.name} “${presses[0].own.label}”, ${answered} answered at once, gap ${burst.gap} ms, on ${presses[0].url}`;
    const truth = truthOfBurst(burst);
    put('rage', truth, presses[0].at0, presses.at(-1).at1, about);
    put('dead', truth === false ? false : null, presses[0].at0, presses.at(-1).at1, about);
    put('slow', null, presses[0].at0, presses.at(-1).at1, about);
  }
  // Whoever asked to send it, and nothing went: refused, or sent in a way that nobody sees.
  for (const form of watch.forms) put('form', form.asked && !form.carried ? null : form.left, form.from, form.to, `${form.name}: ${form.carried ? 'carried by a request' : form.left ? 'left' : form.search ? 'a search' : 'sent'}`);
  // What a press chooses begins a form, too, as far as it stands in one: nobody looked what came of it.
  for (const { own, at0 } of [...watch.presses, ...watch.bursts.flatMap(({ presses }) => presses)]) if (own.chooses) put('form', null, at0, at0 + 600000, `${own.name} “${own.label}” chosen`);
  for (const message of watch.messages) {
    const wentOn = watch.presses.some(({ at0 }) => at0 > message.at && at0 < message.last);
    const seen = message.seenAt && message.seenAt - message.at < 5000;
    const truth = seen || !message.laidOut ? false : message.first || message.last - message.at < 5000 || !wentOn ? null : true;
    // One that came with the first page was there before anybody looked.
    put('unseen', truth, message.first ? 0 : message.at - 2500, message.last, `“${message.text}” ${seen ? 'seen' : message.laidOut ? 'never seen' : 'not laid out'}`);
  }
  for (const turned of watch.busy) put('waiting', truthOfBusy(turned), turned.from - 1500, turned.to + 1500, `${turned.what} turned for ${turned.to - turned.from} to ${turned.over ? turned.over - turned.notBefore : 'more'} ms${turned.pressAt ? `, ${turned.from - turned.pressAt} ms after a press` : ''}`);
  for (const { from, to } of watch.unwatched) put('waiting', null, from, to, `nobody looked for ${to - from} ms`);
  return labels;
}

const LEEWAY = { dead: [60, 250], slow: [60, 250], rage: [60, 250], form: [500, 4000], unseen: [500, 2500], waiting: [500, 500] };

function overlaps(kind, label, from, to) {
  const [early, late] = LEEWAY[kind];
  return from <= label.to + late && to >= label.from - early;
}

// A finding is right where a label of its kind and time is; wrong where none is or one says no; left out where the truth is unknown.
export function score(labels, findings) {
  const counts = {};
  const wrong = [];
  for (const kind of Object.keys(LEEWAY)) {
    const mine = labels.filter((label) => label.kind === kind);
    const found = findings.filter((finding) => finding.kind === kind);
    const count = { right: 0, false: 0, missed: 0, there: mine.filter(({ truth }) => truth).length, labels: mine.length };
    const met = new Set();
    for (const finding of found) {
      const end = kind === 'dead' || kind === 'slow' ? finding.from : finding.to;
      const near = mine.filter((label) => overlaps(kind, label, finding.from, end));
      // Several presses on one thing that nothing answered are one signal.
      const again = finding.count > 1 && finding.target ? mine.filter((label) => overlaps(kind, label, finding.from, finding.to) && label.about.includes(`“${finding.target.slice(0, 20)}`)) : [];
      for (const label of [...near, ...again]) met.add(label);
      if (near.some(({ truth }) => truth)) count.right++;
      else if (!near.some(({ truth }) => truth === null)) {
        count.false++;
        wrong.push({ kind, what: 'false', at: finding.from, reason: finding.reason, session: finding.session, started: finding.started, about: near.map(({ about }) => about).join('; ') || 'nothing was there' });
      }
    }
    for (const label of mine.filter(({ truth }) => truth)) {
      if (met.has(label)) continue;
      count.missed++;
      wrong.push({ kind, what: 'missed', at: label.from, session: label.session, started: label.started, about: label.about });
    }
    counts[kind] = count;
  }
  return { counts, wrong };
}

async function visit(driver, { application, proxy, seed, task, presses, log }) {
  await driver.newVisitor();
  const watch = new Watch(driver, proxy.wire);
  const visitor = new Visitor({ driver, origin: proxy.origin, application, random: randomFrom(seed) });
  visitor.watch = { press: (x, y, options) => watch.press(x, y, options), arrived: () => watch.arrived(), look: () => watch.look(), form: (form) => watch.form(form) };
  try {
    await visitor.goto(visitor.pick(application.paths ?? ['/']));
    await application.begin?.(visitor);
    if (task) await application.tasks[task](visitor);
    else while (watch.presses.length < presses) await visitor.wanderFor(1);
  } catch (error) {
    log(`signals, visit ${seed}${task ? ` (${task})` : ''}: ${error.message.split('\n')[0]}`);
  }
  await driver.endVisit();
  return watch;
}

async function findingsOf(recording, shown, session) {
  const { started_ms: started, signals_list: found } = await recording.show(shown);
  return found.map((one) => ({ kind: one.kind, from: one.start_ms + started, to: one.end_ms + started, reason: one.reason, target: one.target, count: one.count, session, started }));
}

const sessionFile = (output, session) => join(output, 'sessions', `${session}.json`);

function result(output, labels, findings, bare) {
  writeFileSync(join(output, 'labels.json'), JSON.stringify({ labels, findings, bare }, null, 1));
  return { ...score(labels, findings), bare: score(labels.filter(({ kind }) => BARE_KINDS.includes(kind)), bare), presses: labels.filter(({ kind }) => kind === 'dead').length };
}

// Keeps labels and recordings, so that they can be analysed again.
export async function measureSignals({ application, proxy, recording, build, output, seed, presses, more, log }) {
  const driver = await ChromiumDriver.open(build);
  const kept = join(output, 'labels.json');
  // bare: what is found where the recorder told no facts of its own.
  const { labels, findings, bare } = more && existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : { labels: [], findings: [], bare: [] };
  const tasks = Object.keys(application.tasks ?? {});
  let nth = 0;
  if (!more) rmSync(join(output, 'sessions'), { recursive: true, force: true });
  mkdirSync(join(output, 'sessions'), { recursive: true });
  try {
    for (let pressed = 0; pressed < presses || nth < tasks.length; nth++) {
      const mark = proxy.wire.length;
      const watch = await visit(driver, { application, proxy, seed: seed + nth, task: tasks[nth], presses: Math.min(PRESSES_A_VISIT, presses - pressed), log });
      pressed += Math.max(1, watch.presses.length);
      await quiet(proxy.wire);
      await recording.sync();
      const batches = batchesOf(proxy.wire.slice(mark));
      if (!batches.length) {
        log(`signals, visit ${seed + nth}: nothing was recorded`);
        continue;
      }
      const [{ session }] = batches;
      writeFileSync(sessionFile(output, session), JSON.stringify(batches));
      findings.push(...await findingsOf(recording, session, session));
      bare.push(...await findingsOf(recording, await recording.take(batches, { facts: false }), session));
      labels.push(...labelsOf(watch).map((label) => ({ ...label, session, started: batches[0].events[0].timestamp })));
      log(`signals: ${pressed} of ${presses} presses`);
      result(output, labels, findings, bare);
    }
  } finally {
    await driver.close();
  }
  return result(output, labels, findings, bare);
}

// The same from what was kept, by today's analysis.
export async function scoreAgain({ recording, output }) {
  const { labels } = JSON.parse(readFileSync(join(output, 'labels.json'), 'utf8'));
  const findings = [];
  const bare = [];
  for (const session of new Set(labels.map((label) => label.session))) {
    const batches = JSON.parse(readFileSync(sessionFile(output, session), 'utf8'));
    findings.push(...await findingsOf(recording, await recording.take(batches), session));
    bare.push(...await findingsOf(recording, await recording.take(batches, { facts: false }), session));
  }
  return result(output, labels, findings, bare);
}
