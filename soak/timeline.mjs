import { occurrencesIn } from './schedules.mjs';

/** How long after its instant an occurrence may still be undecided, in milliseconds. */
export const SETTLE_MS = 2_000;
/** An edit by hand is seen by the watcher, or at the latest by the scan every 30 s. */
export const SEEN_BY_HAND_MS = 35_000;

/**
 * Which schedule of a job was in force when, as the one who made all the changes knows it. Around each change of the
 * schedule lies a stretch of which nothing is claimed; everywhere else every occurrence must have a row.
 */
export class Timeline {
  #closed = [];
  #open;
  #ever = [];

  open(schedule, from) {
    this.#ever.push(schedule);
    this.#open = { schedule, from };
  }

  close(to) {
    if (this.#open && to > this.#open.from) this.#closed.push({ ...this.#open, to });
    this.#open = undefined;
  }

  get schedulesEver() {
    return this.#ever;
  }

  get segments() {
    return this.#closed;
  }

  expected() {
    return this.#closed.flatMap(({ schedule, from, to }) => occurrencesIn(schedule, from, to));
  }
}
