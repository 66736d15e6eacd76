// SPDX-License-Identifier: MIT
// The questions of bench-index that are SQL over plain tables too, asked of DuckDB over the same facts in the same run:
// node duckdb.mjs BENCH-INDEX SESSIONS FOLDER. DuckDB is fetched into the folder, in the version of duckdb/package-lock.json.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const ROUNDS = 5;
// An answer of ours may take so much of what DuckDB takes.
const BAR = 1 / 2;
const [bench, sessions, folder] = process.argv.slice(2);

// Null where it cannot be fetched.
function fetchDuckDB() {
  const modules = join(resolve(folder), 'duckdb');
  mkdirSync(modules, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    copyFileSync(new URL(`duckdb/${name}`, import.meta.url), join(modules, name));
  }
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: modules, stdio: ['ignore', 'ignore', 'inherit'] });
    return createRequire(join(modules, 'x.js'))('@duckdb/node-api').DuckDBInstance;
  } catch (error) {
    console.error(`DuckDB cannot be fetched: ${error.message}`);
    return null;
  }
}

mkdirSync(folder, { recursive: true });
const printed = execFileSync(bench, [sessions, folder, 'csv'], { encoding: 'utf8', maxBuffer: 1 << 24 });
process.stdout.write(printed.replace(/^@.*\n/gm, ''));

const DuckDBInstance = fetchDuckDB();
if (DuckDBInstance === null) {
  console.log('not compared with DuckDB: npm has no way to it from here');
  process.exit(0);
}
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const db = await instance.connect();
for (const table of ['session', 'view', 'signal', 'event']) {
  const file = join(folder, `${table}.csv`).replaceAll("'", "''");
  const types = table === 'session' ? ", types = {'release': 'VARCHAR', 'user': 'VARCHAR'}" : '';
  await db.run(`CREATE TABLE ${table} AS SELECT * FROM read_csv('${file}', header = true${types})`);
}

// Of both threads together, as bench-index counts the time of the processor.
function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

console.log('\nDuckDB, two threads, over the same facts; ms of the processor, and of the clock');
for (const line of printed.split('\n').filter((text) => text.startsWith('@'))) {
  const [name, n, ms, sql] = line.slice(1).split('\t');
  const asked = sql.replace('coalesce(s.user, s.row)', 'coalesce(s.user, s.row::VARCHAR)');
  const times = [];
  const clocks = [];
  let answer = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const before = processorMs();
    const clock = performance.now();
    const rows = await (await db.run(asked)).getRows();
    if (round > 0) {
      times.push(processorMs() - before);
      clocks.push(performance.now() - clock);
    }
    answer = rows.reduce((sum, row) => sum + Number(row[0]), 0);
  }
  const middle = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  const duck = middle(times);
  const differs = (answer === Number(n) ? '' : ' ANSWERS DIFFER') + (Number(ms) > duck * BAR ? ' MISSED' : '');
  console.log(`${name.padEnd(36)} ${String(answer).padStart(9)} ${duck.toFixed(2).padStart(9)} ms ` +
    `(clock ${middle(clocks).toFixed(2)}): index is 1/${(duck / Number(ms)).toFixed(1)}${differs}`);
}
