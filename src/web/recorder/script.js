// SPDX-License-Identifier: MIT
// What the script tag loads: starts the recorder with the options in its attributes.
import * as dom from './dom.js';
import { consent, event, identify, set, start, stop } from './recorder.js';
import { safe } from './safe.js';

const tag = dom.currentScript(document);
globalThis.SessionSight = { consent, event, identify, set, start, stop };

safe(() => {
  const data = tag?.dataset;
  if (!data?.key) return;
  start({
    url: data.url || new URL(tag.src).origin,
    key: data.key,
    release: data.release,
    variants: data.variants ? Object.fromEntries(new URLSearchParams(data.variants)) : undefined,
    consent: data.consent,
    sample: data.sample ? Number(data.sample) : undefined,
    mask: data.mask ? Object.fromEntries(data.mask.split(/[\s,]+/).map((what) => [what, true])) : undefined,
    block: data.block,
    allow: data.allow,
    assets: data.assets,
  });
})();
