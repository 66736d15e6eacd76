// SPDX-License-Identifier: MIT
// What a page draws with a 2D context, as calls, in place of rrweb's own: what is told is what a player can draw again.
import { telling } from './hooks.js';
import { patch, patchSetter, safe } from './safe.js';

// They ask or make, and draw nothing.
const SILENT = /^(get|is|measure|create|constructor$)/;

function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof HTMLCanvasElement) return { rr_type: 'HTMLImageElement', src: value.toDataURL() };
  return { rr_type: value.constructor.name, src: value.src };
}

export class CanvasManager {
  constructor({ recordCanvas, blockSelector, mutationCb, mirror, isBlocked }) {
    const pending = new Map();
    const undo = [];
    this.reset = () => undo.splice(0).forEach((fn) => fn());
    if (!recordCanvas) return;

    const flush = safe(() => {
      for (const [canvas, commands] of pending) {
        const id = mirror.getId(canvas);
        if (id > 0) mutationCb({ id, type: 0, commands });
      }
      pending.clear();
    });

    const told = (property, setter) => telling((target, { canvas }, args) => {
      if (isBlocked(canvas, '', blockSelector, true)) return;
      if (!pending.size) requestAnimationFrame(flush);
      if (!pending.has(canvas)) pending.set(canvas, []);
      pending.get(canvas).push({ property, args: Array.from(args, plain), setter });
    });

    const { prototype } = CanvasRenderingContext2D;
    for (const [name, { value, set }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (set) undo.push(patchSetter(prototype, name, told(name, true)));
      else if (value && !SILENT.test(name)) undo.push(patch(prototype, name, told(name)));
    }
    undo.push(patch(HTMLCanvasElement.prototype, 'getContext', telling((target, canvas, [kind]) => {
      canvas.__context ??= kind;
    })));
  }
}
