// SPDX-License-Identifier: MIT
// Requests of the page that failed or were answered with 400 and more (ss:request): never their bodies or headers.
import * as dom from './dom.js';
import { hooks, telling } from './hooks.js';
import { patch, safe } from './safe.js';

export function watchRequests({ custom, privacy, endpoint }) {
  const pending = new WeakMap();

  const tell = safe((kind, request, status, error) => {
    if (status > 0 && status < 400) return;
    if (request.url.startsWith(`${endpoint}/v1/`)) return;
    custom('ss:request', {
      kind, method: request.method, url: privacy.url(request.url), status,
      duration_ms: Math.round(performance.now() - request.started), error: error ? privacy.says(error) : undefined,
    });
  });

  const begun = safe((input, init) => {
    const url = typeof input === 'object' && input && 'url' in input ? input.url : String(input);
    return {
      url: new URL(url, dom.baseURI(document)).href,
      method: String(init?.method ?? input?.method ?? 'GET').toUpperCase(),
      started: performance.now(),
    };
  });

  function fetched(target, self, args) {
    const request = begun(args[0], args[1]);
    hooks.sends(request?.url, args[1]?.body ?? args[0]);
    const answer = Reflect.apply(target, self, args);
    if (!request) return answer;
    return answer.then((response) => {
      if (response.type !== 'opaque' && response.type !== 'opaqueredirect') tell('fetch', request, response.status);
      return response;
    }, (error) => {
      if (error?.name !== 'AbortError') tell('fetch', request, 0, String(error?.message ?? error));
      throw error;
    });
  }

  function opened(target, self, args) {
    const result = Reflect.apply(target, self, args);
    const request = begun(args[1], { method: args[0] });
    if (request) pending.set(self, request);
    return result;
  }

  const watchEnd = safe((xhr) => {
    const request = pending.get(xhr);
    if (!request) return;
    request.started = performance.now();
    let why = '';
    const failed = safe((event) => {
      why = event.type;
    });
    for (const type of ['error', 'timeout', 'abort']) xhr.addEventListener(type, failed, { once: true });
    xhr.addEventListener('loadend', safe(() => {
      if (why !== 'abort') tell('xhr', request, xhr.status, why);
    }), { once: true });
  });

  const undo = [
    patch(window, 'fetch', fetched),
    patch(globalThis.XMLHttpRequest?.prototype, 'open', opened),
    patch(globalThis.XMLHttpRequest?.prototype, 'send', (target, self, args) => {
      watchEnd(self);
      hooks.sends(pending.get(self)?.url, args[0]);
      return Reflect.apply(target, self, args);
    }),
    patch(navigator, 'sendBeacon', telling((target, self, args) => hooks.sends(...args))),
    patch(globalThis.WebSocket?.prototype, 'send', telling((target, self, args) => hooks.sends(...args))),
  ];
  return { stop: () => undo.forEach((fn) => fn()) };
}
