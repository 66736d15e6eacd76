// SPDX-License-Identifier: MIT
// Tests that print TAP, in order; a check that throws fails its test and the next one runs.
const tests = [];

export const test = (name, fn) => tests.push({ name, fn });

export function ok(condition, message) {
  if (!condition) throw new Error(message);
}

export function equal(got, wanted, message) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${message}: got ${a}, wanted ${b}`);
}

// Waits until the condition holds; the limit only ends a test that would wait for ever.
export async function until(condition, what, limit = 30000) {
  for (const end = Date.now() + limit; Date.now() < end;) {
    const value = await condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`waited in vain for ${what}`);
}

export async function run({ after = async () => {} } = {}) {
  const only = process.env.SIGHT_TEST_ONLY;
  const chosen = tests.filter(({ name }) => !only || name.includes(only));
  console.log(`TAP version 13\n1..${chosen.length}`);
  let failed = 0;
  for (const [i, { name, fn }] of chosen.entries()) {
    try {
      await fn();
      console.log(`ok ${i + 1} - ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${i + 1} - ${name}`);
      for (const line of String(error.stack ?? error).split('\n')) console.log(`# ${line}`);
    }
  }
  await after();
  process.exit(failed ? 1 : 0);
}
