// SPDX-License-Identifier: MIT
// Playing: what is to come, in order of time, and a clock that works it off. Nothing of what has been is kept.
import { isMove } from './events.js';

/**
 * What an event does, at one time or, where positions were gathered before they were sent, at several.
 * @param {RecordedEvent} event
 * @param {number} from
 * @returns {Move[]}
 */
function stepsOf(event, from) {
  if (!isMove(event))
    return [{ time: event.timestamp, event }];
  const { positions } = event.data;
  return (Array.isArray(positions) ? positions : []).filter((position) => position && typeof position === 'object')
    .map((position) => ({ time: event.timestamp + (position.timeOffset || 0), position, event })).filter(({ time }) => time >= from);
}

/** @typedef {{ time: number, event: RecordedEvent, position?: { x: number, y: number, id: number } }} Move */

export class Play {
  /**
   * @param {import('./screen.js').Screen} screen
   * @param {number} at
   * @param {number} speed
   */
  constructor(screen, at, speed) {
    this.screen = screen;
    this.at = at;
    this.speed = speed;
    /** @type {Move[]} */
    this.steps = [];
    this.next = 0;
    this.until = at;
    this.since = performance.now();
    this.running = true;
    /** @type {number | undefined} */
    this.done = undefined;
    screen.sudden = speed > 2;
    screen.setMoving(true);
    screen.holdClick(false);
    this.frame = this.frame.bind(this);
    requestAnimationFrame(this.frame);
  }

  now() {
    return this.at + (performance.now() - this.since) * this.speed;
  }

  /**
   * Takes the events up to `until`.
   * @param {RecordedEvent[]} events
   * @param {number} until
   */
  feed(events, until) {
    const rest = this.steps.slice(this.next);
    this.steps = rest.concat(events.flatMap((event) => stepsOf(event, this.at))).sort((a, b) => a.time - b.time);
    this.next = 0;
    this.until = until;
  }

  frame() {
    if (!this.running)
      return;
    this.runTo(this.now());
    requestAnimationFrame(this.frame);
  }

  runTo(now) {
    for (; this.next < this.steps.length && this.steps[this.next].time <= now; this.next++) {
      const { position, event } = this.steps[this.next];
      if (position)
        this.screen.replayer.moveAndHover(position.x, position.y, position.id, false, event.data);
      else
        this.screen.cast(event, false);
    }
    this.done = now;
  }

  // Stops, and says up to where all is done: every event strictly before that time.
  halt() {
    this.running = false;
    this.screen.sudden = true;
    this.screen.setMoving(false);
    return Math.min(Math.floor(this.done ?? this.at) + 1, this.until);
  }
}
