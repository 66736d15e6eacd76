// SPDX-License-Identifier: MIT
// The time of the events: the wall clock, which never goes back while a session lasts.

let skew = 0;
let latest = 0;

export function now() {
  const wall = Date.now();
  // rrweb sends the past positions of the mouse with the time of now: small steps back are none of ours.
  if (wall + skew < latest - 1000) skew = latest - wall;
  latest = Math.max(latest, wall + skew);
  return wall + skew;
}

// A session that goes on after a page load goes on with its time as well.
export function continueFrom(time) {
  latest = Math.max(latest, time);
}
