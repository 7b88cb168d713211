import type { Watch, WatchOf } from '../state/watch.ts';
import type { Surroundings } from './surroundings.ts';
import { watchClock } from './watch-clock.ts';
import { watchConfigCheck } from './watch-config-check.ts';
import { watchConfigs } from './watch-configs.ts';
import { watchHome } from './watch-home.ts';
import { watchJobDetail } from './watch-job-detail.ts';
import { watchLog } from './watch-log.ts';
import { watchProposal } from './watch-proposal.ts';
import { watchTimeline } from './watch-timeline.ts';
import { watchTrash } from './watch-trash.ts';
import { watchTrial } from './watch-trial.ts';

/** Ends a watch; nothing is told any more once it has been called. */
export type StopWatch = () => void | Promise<void>;

/** Who begins which watch. */
const STARTERS: {
  readonly [K in Watch['kind']]: (watch: WatchOf<K>, surroundings: Surroundings) => StopWatch;
} = {
  clock: (_, surroundings) => watchClock(surroundings),
  config_check: watchConfigCheck,
  configs: (_, surroundings) => watchConfigs(surroundings),
  home: (_, surroundings) => watchHome(surroundings),
  job_detail: watchJobDetail,
  log: watchLog,
  timeline: watchTimeline,
  proposal: watchProposal,
  trash: watchTrash,
  trial: watchTrial,
};

/** The watches that go on: begun when the state first asks for them, ended when it no longer does. */
export class KeptWatches {
  readonly #surroundings: Surroundings;
  readonly #kept = new Map<string, StopWatch>();
  #wanted: readonly Watch[] = [];
  #isClosed = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  keep(wanted: readonly Watch[]): void {
    // The answer to a call may come when all is over.
    if (this.#isClosed || wanted === this.#wanted) return;
    this.#wanted = wanted;
    const keys = new Set(wanted.map((watch) => JSON.stringify(watch)));
    for (const [key, stop] of this.#kept) {
      if (keys.has(key)) continue;
      this.#kept.delete(key);
      void stop();
    }
    for (const watch of wanted) {
      const key = JSON.stringify(watch);
      if (this.#kept.has(key)) continue;
      // Taken first: what a watch tells while it begins leads back here.
      this.#kept.set(key, () => {});
      this.#kept.set(key, start(watch, this.#surroundings));
    }
  }

  /** Ends all of them; none is begun any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const stops = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.all(stops.map((stop) => stop()));
  }
}

function start(watch: Watch, surroundings: Surroundings): StopWatch {
  const starter = STARTERS[watch.kind] as (watch: Watch, surroundings: Surroundings) => StopWatch;
  return starter(watch, surroundings);
}
