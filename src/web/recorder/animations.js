// SPDX-License-Identifier: MIT
// What scripts animate (element.animate): told as the attribute ss-animations, so that a player can do it again from any moment.
// A list of [keyframes, timing, rate, begun]; begun is when it would have begun, or, where it stands still, -1 less the time it stands at.
import { now } from './clock.js';
import * as dom from './dom.js';
import { hooks, telling } from './hooks.js';
import { patch } from './safe.js';

const LONGEST = 10000;
const animated = new WeakSet();
const due = new Set();

function described({ effect, currentTime, playState, playbackRate }) {
  const { pseudoElement } = effect;
  return [effect.getKeyframes(), { ...effect.getTiming(), pseudoElement }, playbackRate,
    playState === 'running' ? Math.round(now() - currentTime / playbackRate) : -1 - currentTime];
}

export function animationsOf(el) {
  if (!animated.has(el)) return null;
  // Not those of style sheets, which have a name or a property.
  const all = el.getAnimations().filter((each) => !('animationName' in each || 'transitionProperty' in each) && each.currentTime >= 0 && each.playbackRate > 0);
  const text = JSON.stringify(all.map(described));
  return all.length && text.length < LONGEST ? text : null;
}

const look = telling((target, self) => {
  const el = self.effect ? self.effect.target : self;
  if (!dom.nodeType(el)) return;
  animated.add(el);
  if (!due.size) {
    setTimeout(() => {
      for (const each of due) hooks.tell('attributes', each, { attributes: { 'ss-animations': animationsOf(each) } });
      due.clear();
    }, 0);
  }
  due.add(el);
});

patch(Element.prototype, 'animate', look);
for (const name of ['play', 'pause', 'cancel', 'finish', 'reverse']) patch(globalThis.Animation?.prototype, name, look);

// What was moving before anybody looked.
export const lookForAnimations = () => document.getAnimations?.().forEach(({ effect }) => effect instanceof KeyframeEffect && effect.target && animated.add(effect.target));
