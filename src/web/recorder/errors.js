// SPDX-License-Identifier: MIT
// Exceptions, unhandled rejections (ss:error) and what the page writes to the console as warning or error.
import * as dom from './dom.js';
import { telling } from './hooks.js';
import { on, patch } from './safe.js';
import { cleanDeep } from './scrub.js';
import { isSecretPair } from './secrets.js';

const LONGEST = 4000;
const CONSOLE_PER_MINUTE = 200;

function cut(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

// Like JSON, but of anything: cycles, functions, elements and getters that throw.
function printed(value) {
  const seen = new WeakSet();
  let budget = 300;
  function plain(item, depth) {
    if (item === null || typeof item === 'boolean' || typeof item === 'number') return item;
    if (typeof item === 'string') return cut(item);
    if (typeof item !== 'object') return cut(String(item));
    if (item instanceof Error) return cut(`${item.name}: ${item.message}`);
    if (dom.nodeType(item)) return `<${dom.nodeName(item).toLowerCase()}>`;
    if (seen.has(item)) return '[Circular]';
    if (depth > 3 || budget-- < 0) return Array.isArray(item) ? '[Array]' : '[Object]';
    seen.add(item);
    if (Array.isArray(item)) return item.slice(0, 50).map((each) => plain(each, depth + 1));
    const out = {};
    for (const key of Object.keys(item).slice(0, 50)) {
      try {
        out[key] = isSecretPair(key, String(item[key])) ? '*' : plain(item[key], depth + 1);
      } catch {
        out[key] = '[Throws]';
      }
    }
    return out;
  }
  return plain(value, 0);
}

export function watchErrors({ custom, plugin, privacy, console: levels }) {
  const says = (text) => privacy.says(cut(String(text ?? '')));
  let minute = 0;
  let written = 0;

  function exception(kind, error, event) {
    const isError = error instanceof Error;
    custom('ss:error', {
      kind,
      message: says(isError ? `${error.name}: ${error.message}` : event.message ?? (typeof error === 'object' ? JSON.stringify(printed(error)) : error)),
      stack: says(isError ? error.stack : ''),
      source: event.filename ? privacy.url(event.filename) : undefined,
      line: event.lineno || undefined,
      column: event.colno || undefined,
    });
  }

  function wrote(level, args) {
    const time = Math.floor(Date.now() / 60000);
    if (time !== minute) [minute, written] = [time, 0];
    if (++written > CONSOLE_PER_MINUTE) return;
    const frames = says(new Error().stack).split('\n').filter((line) => /:\d+:\d+/.test(line));
    const own = frames[0]?.match(/[^\s(@]+(?=:\d+:\d+)/)?.[0];
    const trace = frames.filter((line) => !line.includes(own)).slice(0, 10).map((line) => line.trim().replace(/^at /, ''));
    plugin('rrweb/console@1', { level, trace, payload: Array.from(args, (arg) => JSON.stringify(cleanDeep(printed(arg), privacy.says)) ?? 'undefined') });
  }

  const undo = [
    on(window, 'error', (event) => {
      if (event instanceof ErrorEvent) exception('exception', event.error, event);
    }),
    on(window, 'unhandledrejection', (event) => exception('rejection', event.reason, { })),
    ...levels.map((level) => patch(console, level, telling((target, self, args) => wrote(level, args)))),
  ];
  return { stop: () => undo.forEach((fn) => fn()) };
}
