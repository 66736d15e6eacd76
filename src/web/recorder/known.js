// SPDX-License-Identifier: MIT
// What was masked where it stood: it must not come out elsewhere.
import { isWordy } from './secrets.js';
import { maskNumber } from './scrub.js';

const MOST = 100;
const LONGEST = 200;
const LEAST = 4;
const LEAST_DIGITS = 6;
const BETWEEN = '(?:[ \\u00a0\\u202f.+/()-]|%20){0,2}';

const quoted = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
// Every beginning that has the first units.
const begun = (units, least) => units.slice(0, least).join('') + units.slice(least).reduceRight((rest, unit) => `(?:${unit}${rest})?`, '');

// In base64 a text looks differently after each number of bytes before it; its last letters mix with what follows.
function base64(text) {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return [0, 1, 2].map((before) => btoa(' '.repeat(before) + bytes).replace(/=+$/, '').slice(before && 4, -2)).filter((form) => form.length > 5);
}

// How a letter looks in itself, in JSON, in an address.
const looks = (letter) => `(?:${[...new Set([letter, JSON.stringify(letter).slice(1, -1), encodeURIComponent(letter), letter === ' ' ? '+' : letter])].map(quoted).join('|')})`;

// A text, or with parts each beginning of it.
function forms(text, parts) {
  const letters = [...text];
  return [begun(letters.map((letter) => (/\w/.test(letter) ? letter : looks(letter))), parts ? LEAST : letters.length), ...base64(text).map(quoted)];
}

export function createKnown() {
  // By where it stood: an element, a text.
  const kept = new Map();
  let pattern = null;
  let stale = false;

  function compile() {
    stale = false;
    const all = [...kept.values()].flat();
    const sources = [...new Set(all.flatMap((entry) => (entry.sources ??= entry.make())))];
    pattern = sources.length ? new RegExp(sources.sort((a, b) => b.length - a.length).join('|'), 'g') : null;
  }

  function add(key, entry) {
    let list = kept.get(key) ?? [];
    if (list.some(({ text }) => text === entry.text || (entry.parts && text.startsWith(entry.text)))) return false;
    // Typing goes on where it was; anything else is another text, and what stood there before may still be shown.
    list = list.filter(({ text }) => !entry.text.startsWith(text));
    kept.delete(key);
    kept.set(key, [...list.slice(-19), entry]);
    if (kept.size > MOST) kept.delete(kept.keys().next().value);
    stale = true;
    return true;
  }

  // A word, or the beginning of one, counts only where it stands alone.
  function standsAlone(all, from, to) {
    const letter = /[\p{L}\p{N}]/u;
    const before = all.slice(Math.max(0, from - 3), from);
    return !(letter.test(before.slice(-1)) && !/%[\da-f]{2}$/i.test(before)) && !letter.test(all[to] ?? '');
  }

  const masked = (found, at, all) => {
    if ((found.length < 8 || isWordy(found)) && !standsAlone(all, at, at + found.length)) return found;
    return /^\d[\d .+/()%-]*$/.test(found) ? maskNumber(found) : '*'.repeat(found.length);
  };

  return {
    // parts: the beginning of it is masked as well, as a page shows what is being typed. Says whether it is new.
    remember(key, given, parts = false) {
      let news = false;
      for (const line of given.split('\n').slice(0, 20)) {
        const text = line.trim();
        if (text.length < LEAST || text.length > LONGEST || (/^\d+$/.test(text) && text.length < LEAST_DIGITS)) continue;
        news = add(key, { text, parts, make: () => forms(text, parts) }) || news;
      }
      return news;
    },
    // However the digits are put in groups.
    rememberNumber(key, digits) {
      add(key, { text: digits, parts: true, make: () => [begun([...digits].map((digit, i) => (i ? BETWEEN : '') + digit), LEAST_DIGITS)] });
    },
    get empty() { return !kept.size; },
    // A secret, not just something that was typed.
    holds: (text) => [...kept.values()].some((list) => list.some((entry) => entry.text === text && !entry.parts)),
    forget(text) {
      if (stale) compile();
      return pattern ? text.replace(pattern, masked) : text;
    },
  };
}
