// SPDX-License-Identifier: MIT
// One event that makes no sense must not end the replay: what throws is left out, and the rest goes on.

export function guardReplayer(Replayer, report) {
  for (const name of ['applyIncremental', 'rebuildFullSnapshot', 'moveAndHover', 'insertStyleRules']) {
    const original = Replayer.prototype[name];
    Replayer.prototype[name] = function (...args) {
      try {
        return original.apply(this, args);
      } catch (error) {
        report(error);
        return undefined;
      }
    };
  }
}
