// SPDX-License-Identifier: MIT
// Habits of the Replayer mended: a pointer that nobody has moved yet stands at the corner, and an exception ends the
// replay. Here a pointer shows once it is known where it is, and one event that makes no sense is left out while the rest
// goes on.

export function guardReplayer(Replayer, report) {
  for (const name of ['applyIncremental', 'rebuildFullSnapshot', 'moveAndHover', 'insertStyleRules']) {
    const original = Replayer.prototype[name];
    Replayer.prototype[name] = function (...args) {
      try {
        if (name === 'moveAndHover')
          this.mouse.classList.add('placed');
        return original.apply(this, args);
      } catch (error) {
        report(error);
        return undefined;
      }
    };
  }
}

// What a browser will not play, or cannot find the place in, stands still; nobody needs to hear of it.
export function guardMedia({ mediaManager }) {
  const { seekTo, syncTargetWithState } = mediaManager;
  mediaManager.seekTo = (...args) => {
    try { seekTo.apply(mediaManager, args); } catch { /* it stays where it is */ }
  };
  mediaManager.syncTargetWithState = (target) => {
    target.play = () => Object.getPrototypeOf(target).play.call(target).catch(() => {});
    syncTargetWithState.call(mediaManager, target);
  };
}
