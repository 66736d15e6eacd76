// SPDX-License-Identifier: MIT
// Signals: what analysis finds in the recordings of visits against what was seen on the live page while they went on.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../demo-shop/visitor.mjs';
import { ChromiumDriver } from './driver-chromium.mjs';
import { quiet, sessionsOf } from './recording.mjs';
import { Visitor } from './visitor.mjs';
import { Watch } from './watch.mjs';

const DEAD_MS = 2500;
const PRESSES_A_VISIT = 25;

// truth: true, false, or null where the looks cannot tell.
function labelsOf(watch) {
  const labels = [];
  const put = (kind, truth, from, to, about) => labels.push({ kind, truth, from, to, about });
  for (const press of watch.presses) {
    const about = `${press.own.name} “${press.own.label}” (${press.answer ? `${press.answer} after ${press.answeredMs} ms` : 'no answer'}${press.offScreen ? ', something changed out of sight' : ''}) on ${press.url}`;
    const outOfQuestion = press.own.field || press.selected;
    const unanswered = !press.answer || press.answeredMs > DEAD_MS;
    const close = press.answeredMs > DEAD_MS - 400 && press.answeredMs < DEAD_MS + 400;
    put('dead', outOfQuestion ? false : close || (press.addressed && !press.answer) ? null : !press.answer, press.at0, press.at1, about);
    put('slow', outOfQuestion ? false : close ? null : Boolean(press.answer) && unanswered, press.at0, press.at1, about);
  }
  for (const burst of watch.bursts) {
    const { presses } = burst;
    const same = presses.every((press) => press.own.id === presses[0].own.id);
    const answered = presses.filter((press) => press.answer).length;
    const about = `${presses.length} presses on ${presses[0]?.own.name} “${presses[0]?.own.label}”, ${answered} answered at once, on ${presses[0]?.url}`;
    if (presses.length < 2) continue;
    const truth = presses[0].own.field || burst.selected || answered === presses.length ? false : !same || burst.gap > 950 || answered > 1 || presses.some((press) => press.addressed) ? null : true;
    // Pressing a field's label again and again only moves into the field.
    const unclear = presses[0].own.name === 'label' ? null : truth;
    put('rage', unclear, presses[0].at0, presses.at(-1).at1, about);
    put('dead', answered === presses.length || burst.selected || (presses[0].own.field && unclear !== null) ? false : null, presses[0].at0, presses.at(-1).at1, about);
    put('slow', null, presses[0].at0, presses.at(-1).at1, about);
  }
  for (const form of watch.forms) put('form', form.left, form.from, form.to, `${form.name}: ${form.left ? 'left' : form.carried ? 'carried by a request' : 'sent'}`);
  for (const message of watch.messages) {
    const wentOn = watch.presses.some(({ at0 }) => at0 > message.at && at0 < message.last);
    const seen = message.seenAt && message.seenAt - message.at < 5000;
    const truth = seen || !message.laidOut ? false : message.first || message.last - message.at < 5000 || !wentOn ? null : true;
    // One that came with the first page was there before anybody looked.
    put('unseen', truth, message.first ? 0 : message.at - 2500, message.last, `“${message.text}” ${seen ? 'seen' : message.laidOut ? 'never seen' : 'not laid out'}`);
  }
  for (const { from, to, what, pressAt } of watch.busy) {
    const long = to - from;
    const afterPress = from - pressAt < 2000;
    put('waiting', long >= 5300 || (afterPress && long >= 3300) ? true : long > 2500 ? null : false, from - 1500, to + 1500, `${what} turned for ${long} ms`);
  }
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
      for (const label of near) met.add(label);
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

async function findingsOf(recording, session) {
  const shown = await recording.show(session);
  const started = shown.started_ms;
  return { started, findings: shown.signals_list.map((one) => ({ kind: one.kind, from: one.start_ms + started, to: one.end_ms + started, reason: one.reason, session, started })) };
}

export async function measureSignals({ application, proxy, recording, build, output, seed, presses, log }) {
  const driver = await ChromiumDriver.open(build);
  const labels = [];
  const findings = [];
  const tasks = Object.keys(application.tasks ?? {});
  let nth = 0;
  try {
    for (let pressed = 0; pressed < presses || nth < tasks.length; nth++) {
      const known = new Set(sessionsOf(proxy.wire));
      const watch = await visit(driver, { application, proxy, seed: seed + nth, task: tasks[nth], presses: Math.min(PRESSES_A_VISIT, presses - pressed), log });
      pressed += Math.max(1, watch.presses.length);
      await quiet(proxy.wire);
      await recording.sync();
      const sessions = sessionsOf(proxy.wire).filter((id) => !known.has(id));
      const all = await Promise.all(sessions.map((session) => findingsOf(recording, session)));
      findings.push(...all.flatMap((one) => one.findings));
      if (sessions.length) labels.push(...labelsOf(watch).map((label) => ({ ...label, session: sessions[0], started: all[0].started })));
      else log(`signals, visit ${seed + nth}: nothing was recorded`);
    }
  } finally {
    await driver.close();
  }
  writeFileSync(join(output, 'labels.json'), JSON.stringify({ labels, findings }, null, 1));
  return { ...score(labels, findings), presses: labels.filter(({ kind }) => kind === 'dead').length };
}
