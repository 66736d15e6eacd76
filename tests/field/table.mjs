// SPDX-License-Identifier: MIT
// The results as a table: a line for each application, then the sum, then what was wrong.

const percent = (part, of) => (of ? `${(part / of * 100).toFixed(1)} %` : '-');

function lookOf(results) {
  const moments = results.flatMap((result) => (result.look?.moments ?? []).map((moment) => ({ name: result.name, ...moment })));
  if (!moments.length) return;
  const ways = Object.keys(moments[0].shares);
  const cell = (list, way) => {
    const shares = list.map((moment) => moment.shares[way]).sort((a, b) => a - b);
    const equal = shares.filter((share) => share <= 0.03).length;
    return `${way}: ${String(equal).padStart(3)}, ${percent(equal, list.length).padStart(7)} (worst ${percent(shares.at(-1), 1)})`.padEnd(42);
  };
  const line = (name, list) => console.log(`  ${name.padEnd(14)} ${String(list.length).padStart(4)} moments   ${ways.map((way) => cell(list, way)).join('')}`);
  console.log('\nLook: moments at which the replay equals the live page (<= 3 % of what is drawn differs), gone to, while playing, and at the end of a clip');
  for (const result of results) if (result.look?.moments.length) line(result.name, result.look.moments);
  line('in sum', moments);
  const worst = moments.flatMap((moment) => ways.map((way) => ({ ...moment, way, share: moment.shares[way] }))).sort((a, b) => b.share - a.share);
  console.log('  Those that differ, or the worst:');
  for (const one of worst.slice(0, Math.max(5, worst.filter(({ share }) => share > 0.03).length))) {
    console.log(`    ${percent(one.share, 1).padStart(8)}  ${one.name} ${one.way} at ${Math.round(one.at)} ms, visit ${one.visit}: ${one.sides[one.way] ?? (one.share > 0.03 ? 'nothing was drawn' : '')}`);
  }
}

function signalsTable(title, measured) {
  if (!measured.length) return;
  console.log(`\n${title}: found / false / missed against what could be seen (of how many labels)`);
  const kinds = Object.keys(measured[0].signals.counts);
  const cell = ({ right, false: no, missed, labels }) => `${right}/${no}/${missed} (${labels})`.padStart(16);
  console.log(`  ${'application'.padEnd(14)} ${kinds.map((kind) => kind.padStart(16)).join('')}`);
  for (const { name, signals } of measured) console.log(`  ${name.padEnd(14)} ${kinds.map((kind) => cell(signals.counts[kind])).join('')}`);
  const sum = kinds.map((kind) => measured.reduce((all, { signals }) => {
    for (const key of Object.keys(all)) all[key] += signals.counts[kind][key];
    return all;
  }, { right: 0, false: 0, missed: 0, there: 0, labels: 0 }));
  console.log(`  ${'in sum'.padEnd(14)} ${sum.map(cell).join('')}`);
  console.log(`  ${'precision'.padEnd(14)} ${sum.map(({ right, false: no }) => percent(right, right + no).padStart(16)).join('')}`);
  console.log(`  ${'recall'.padEnd(14)} ${sum.map(({ there, missed }) => percent(there - missed, there).padStart(16)).join('')}`);
  console.log('  Each wrong one:');
  for (const { name, signals } of measured) for (const one of signals.wrong) console.log(`    ${name} ${one.what} ${one.kind} at ${one.at - one.started} ms of ${one.session}: ${one.reason ? `${one.reason} | ` : ''}${one.about}`);
}

function signalsOf(results) {
  const measured = results.filter(({ signals }) => signals);
  signalsTable('Signals', measured);
  signalsTable('The same recordings without our facts, as other recorders tell it', measured.filter(({ signals }) => signals.bare).map(({ name, signals }) => ({ name, signals: signals.bare })));
  if (measured.length) console.log(`  ${measured.reduce((sum, { signals }) => sum + signals.presses, 0)} presses and bursts labelled`);
}

function noiseOf(results) {
  const measured = results.filter(({ noise }) => noise?.planted);
  if (!measured.length) return;
  console.log('\nNoise: errors that were made to happen, told for what they are (of which noise)');
  for (const { name, noise } of measured) {
    console.log(`  ${name.padEnd(14)} ${noise.right} of ${noise.planted} right (${noise.noise} noise)`);
    for (const { kind, noise: is, found } of noise.wrong) console.log(`    ${kind}, which is ${is ? 'noise' : 'an error'}: ${found.join(' | ') || 'nothing was told'}`);
  }
  const sum = (fn) => measured.reduce((all, { noise }) => all + fn(noise), 0);
  console.log(`  ${'in sum'.padEnd(14)} ${sum(({ right }) => right)} of ${sum(({ planted }) => planted)} right, ${percent(sum(({ right }) => right), sum(({ planted }) => planted))}`);
}

function privacyOf(results) {
  const measured = results.filter(({ privacy }) => privacy);
  if (!measured.length) return;
  console.log('\nPrivacy: planted texts that were found again, and ordinary words that were not');
  for (const { name, privacy } of measured) {
    console.log(`  ${name.padEnd(14)} ${privacy.leaks.length} of ${privacy.planted} found, ${privacy.masked.length} of ${privacy.words} words missing${privacy.recorded ? '' : ' (nothing was recorded)'}`);
    for (const { kind, where } of privacy.leaks) console.log(`    ${kind}: ${where.join(', ')}`);
    if (privacy.masked.length) console.log(`    missing: ${privacy.masked.slice(0, 12).join(', ')}`);
  }
  const sum = (fn) => measured.reduce((all, { privacy }) => all + fn(privacy), 0);
  console.log(`  ${'in sum'.padEnd(14)} ${sum(({ leaks }) => leaks.length)} of ${sum(({ planted }) => planted)} found, ${sum(({ masked }) => masked.length)} of ${sum(({ words }) => words)} words missing`);
}

function costOf(results) {
  const measured = results.filter(({ cost }) => cost);
  if (!measured.length) return;
  console.log('\nCost: main thread and longest task without and with the recorder (medians), bytes as sent a minute, what the console says only with it');
  const ms = (value) => `${Math.round(value)} ms`;
  for (const { name, cost } of measured) {
    console.log(`  ${name.padEnd(14)} ${ms(cost.without.thread)} -> ${ms(cost.with.thread)} (${(cost.with.thread / cost.without.thread).toFixed(2)}), longest ${ms(cost.without.longest)} -> ${ms(cost.with.longest)}, ${Math.round(cost.bytesAMinute / 1024)} KB a minute, ${cost.console.length} lines`);
    for (const line of cost.console.slice(0, 5)) console.log(`    ${line.slice(0, 160)}`);
  }
}

export function printTable(results) {
  lookOf(results);
  signalsOf(results);
  noiseOf(results);
  privacyOf(results);
  costOf(results);
  for (const { name, failed } of results) if (failed) console.log(`  ${name} failed: ${failed}`);
}
