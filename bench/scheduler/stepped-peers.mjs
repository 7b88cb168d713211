import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { notInstalled } from '../peers.mjs';
import { elapsed, shown, spreadOf } from '../rounds.mjs';
import { isThere, peerName, peerTitle } from './peer-names.mjs';
import { peerProgramIn } from './program.mjs';
import { NO_CLOCK, SetClock } from './set-clock.mjs';

/** croner looks at the clock every 30 s from when its job was made: each of its programs is met at another moment of that. */
const LOOK_MS = 30_000;
/** Who has not run by then does not look at the clock as often as that. */
const LIMIT_MS = 35_000;

/**
 * What the clock's step is to libraries: each has the same hourly job, each program of one a clock of its own, which is set
 * ahead once. All of them sleep at the same time, so that this costs the bench nothing.
 *
 * @param sizes `step`, in ms, and `minute` of the hour at which the job is due
 * @returns the `peers` of a row, those that ran, and `without`, of each of the others what there is to say
 */
export async function steppedPeers({ step, minute }, { rounds, isSmoke }) {
  if (NO_CLOCK) return { peers: [], without: [] };
  const [look, limit] = isSmoke ? [0, 100] : [LOOK_MS, LIMIT_MS];
  // How long node-schedule sleeps does not depend on the moment.
  const counts = { croner: rounds, 'node-schedule': 1 };
  const found = await Promise.all(
    Object.entries(counts).map(async ([kind, count]) => {
      if (!isThere(kind)) return { without: notInstalled(peerTitle(kind)) };
      const times = await Promise.all(
        Array.from({ length: count }, (_, index) => {
          const program = new SteppedPeer(kind, minute);
          return program.step(step, { after: ((index + 0.5) / count) * look, limit });
        }),
      );
      if (times.includes(undefined))
        return { without: `${peerName(kind)}: not within ${limit.toLocaleString('en')} ms` };
      return { peer: { name: peerName(kind), ...shown(spreadOf(times)) } };
    }),
  );
  return {
    peers: found.flatMap(({ peer }) => peer ?? []),
    without: found.flatMap(({ without }) => without ?? []),
  };
}

/** A program with one hourly job of a library, whose clock is its own. */
class SteppedPeer {
  #folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  #clock = new SetClock(this.#folder);
  #program;

  constructor(kind, minute) {
    this.#program = peerProgramIn(this.#clock.env, 'hourly-job', kind, minute);
  }

  /** Milliseconds from the step until it has run; `undefined` if it has not within `limit`. */
  async step(ms, { after, limit }) {
    try {
      await this.#program.said('ready');
      await delay(after);
      this.#clock.advance(ms);
      const ran = this.#program.said('ran').then(() => true);
      let isInTime;
      const took = await elapsed(async () => {
        isInTime = await Promise.race([ran, delay(limit, false, { ref: false })]);
      });
      // It is ended without having run.
      ran.catch(() => {});
      return isInTime ? took : undefined;
    } finally {
      await this.#program.end();
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }
}
