// SPDX-License-Identifier: MIT
// Page loads and the route changes of single-page applications (ss:route).
import { telling } from './hooks.js';
import { on, patch, safe } from './safe.js';

export function watchRoutes({ custom, privacy, now, onRoute }) {
  let href = location.href;

  function tell(kind) {
    const time = now();
    const from = href;
    href = location.href;
    if (kind === 'replace' && from === href) return;
    const url = privacy.url(href);
    // Applications set the title after the address: it is read once their own work is done.
    setTimeout(safe(() => custom('ss:route', { href: url, title: privacy.title(), kind }, time)), 0);
    onRoute();
  }

  const moved = (kind) => telling(() => tell(kind));

  const undo = [
    patch(history, 'pushState', moved('push')),
    patch(history, 'replaceState', moved('replace')),
    on(window, 'popstate', () => {
      if (location.href !== href) tell(location.href.split('#')[0] === href.split('#')[0] ? 'hash' : 'pop');
    }),
    on(window, 'hashchange', () => {
      if (location.href !== href) tell('hash');
    }),
  ];
  const route = (kind) => custom('ss:route', { href: privacy.url(location.href), title: privacy.title(), kind });
  return { route, stop: () => undo.forEach((fn) => fn()) };
}
