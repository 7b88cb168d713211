import { setImmediate } from 'node:timers/promises';
import { DAY_MS, MINUTE_MS } from '../../../core/lib/clock.ts';
import { countConcurrentRuns } from '../../../core/runs/concurrent-runs.ts';
import { readLastErrors } from '../../../core/runs/period-figures.ts';
import { readRunsInPeriod } from '../../../core/runs/runs-in-period.ts';
import type { Workspace } from '../../../core/workspace.ts';
import type { JobRow } from '../../home/job-row.ts';
import { toFailure } from '../../kernel/call.ts';
import type { SubscriptionOf } from '../../kernel/model.ts';
import type { EffectContext, Unsubscribe } from '../../runtime/effect-context.ts';
import { type FigurePeriod, HomeFigureSums, type HomeFigures } from './home-figures.ts';

const STEP_MS = 30 * MINUTE_MS;
const STEPS = DAY_MS / STEP_MS;

/** The last day, in half hours; the last one is not over. */
export function lastDay(now: number): FigurePeriod {
  const until = (Math.floor(now / STEP_MS) + 1) * STEP_MS;
  return { from: until - STEPS * STEP_MS, step: STEP_MS, steps: STEPS, now };
}

/**
 * Reads what ran in the last day. Runs of jobs that were deleted count only among the runs at once.
 * @param isWanted called between slices; reading stops when it returns false
 * @throws QuickscrapeError `store_unavailable`
 */
export async function readHomeFigures(
  { db, clock }: Workspace,
  jobs: readonly JobRow[],
  isWanted: () => boolean,
): Promise<HomeFigures | undefined> {
  const period = lastDay(clock.now());
  const { from, step, steps, now } = period;
  const range = { from, until: from + step * steps };
  const sums = new HomeFigureSums(period);
  const hostsOf = new Map(jobs.map(({ id, hosts }) => [id, hosts]));
  const runs = readRunsInPeriod(db, range, (run) => {
    const hosts = hostsOf.get(run.jobId);
    if (hosts !== undefined) sums.add(run, hosts);
  });
  if ((await toItsEnd(runs, isWanted)) === undefined) return undefined;
  const concurrent = await toItsEnd(countConcurrentRuns(db, range, { step, now }), isWanted);
  if (concurrent === undefined) return undefined;
  return sums.figures([...concurrent.value], (jobIds) => readLastErrors(db, jobIds));
}

/** Goes on slice by slice, with time for keys between them; `undefined` when it is no longer wanted. */
async function toItsEnd<T>(
  slices: Generator<undefined, T>,
  isWanted: () => boolean,
): Promise<{ value: T } | undefined> {
  for (;;) {
    const { done, value } = slices.next();
    if (done) return { value };
    await setImmediate();
    if (!isWanted()) return undefined;
  }
}

/** The interval in ms at which changes are checked. */
const POLL_INTERVAL_MS = 2000;
/** The least time between the beginnings of two reads, as a multiple of how long the first took. */
const REST_FACTOR = 20;

/**
 * Reads the figures, and reads them again when the database has changed or a minute has passed; the larger the home, the
 * less often.
 */
export function watchHomeFigures(_: SubscriptionOf<'home_figures'>, context: EffectContext): Unsubscribe {
  const { workspace, send } = context;
  let version = '';
  let ended = false;
  let reading = false;
  let restsUntil = 0;
  const poll = async () => {
    const jobs = context.live?.data.jobs;
    const began = performance.now();
    if (reading || ended || jobs === undefined || began < restsUntil) return;
    const now = `${workspace.db.changeVersion()} ${Math.floor(workspace.clock.now() / MINUTE_MS)}`;
    if (now === version) return;
    reading = true;
    try {
      const figures = await readHomeFigures(workspace, jobs, () => !ended);
      if (figures === undefined || ended) return;
      send({ kind: 'home_figures', figures });
      version = now;
    } catch (error) {
      if (!ended) send({ kind: 'said', tone: 'bad', text: toFailure(error).message });
    } finally {
      reading = false;
      restsUntil = began + REST_FACTOR * (performance.now() - began);
    }
  };
  const timer = setInterval(() => void poll(), POLL_INTERVAL_MS);
  // Deferred, because the caller is still updating the state.
  void setImmediate().then(poll);
  return () => {
    ended = true;
    clearInterval(timer);
  };
}
