// SPDX-License-Identifier: MIT
// The results as a table: a line for each application, then the sum, then what was wrong.

const percent = (part, of) => (of ? `${(part / of * 100).toFixed(1)} %` : '-');

function lookOf(results) {
  const moments = results.flatMap((result) => (result.look?.moments ?? []).map((moment) => ({ name: result.name, ...moment })));
  if (!moments.length) return;
  console.log('\nLook: moments at which the replay equals the live page (<= 3 % of what is drawn differs)');
  const line = (name, list) => {
    const shares = list.map(({ share }) => share).sort((a, b) => a - b);
    const equal = shares.filter((share) => share <= 0.03).length;
    console.log(`  ${name.padEnd(14)} ${String(equal).padStart(4)} of ${String(list.length).padStart(4)}  ${percent(equal, list.length).padStart(8)}  median ${percent(shares[shares.length >> 1], 1)}, worst ${percent(shares.at(-1), 1)}`);
  };
  for (const result of results) if (result.look?.moments.length) line(result.name, result.look.moments);
  line('in sum', moments);
  console.log('  The worst:');
  for (const one of [...moments].sort((a, b) => b.share - a.share).slice(0, 10)) console.log(`    ${percent(one.share, 1).padStart(8)}  ${one.name} at ${one.at} ms, visit ${one.visit}: ${one.sides}`);
}

function signalsOf(results) {
  const measured = results.filter(({ signals }) => signals);
  if (!measured.length) return;
  console.log('\nSignals: found / false / missed against what could be seen (of how many labels)');
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

export function printTable(results) {
  lookOf(results);
  signalsOf(results);
  for (const { name, failed } of results) if (failed) console.log(`  ${name} failed: ${failed}`);
}
