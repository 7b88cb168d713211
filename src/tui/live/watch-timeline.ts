import type { JobRow } from '../home/job-row.ts';
import type { SubscriptionOf } from '../state/subscription.ts';
import { TimelineReader } from '../timeline/read-timeline.ts';
import type { EffectContext } from './effect-context.ts';
import type { Unsubscribe } from './subscription-manager.ts';
import { toFailure } from './to-failure.ts';

/** So often is looked whether something has changed, in milliseconds. */
const POLL_INTERVAL_MS = 1000;

/** What a reader has counted counts for the next wish as well. */
const readers = new WeakMap<EffectContext, TimelineReader>();

/** Reads what the timeline shows, again when anything in the home is another one or a new cell has begun. */
export function watchTimeline({ query }: SubscriptionOf<'timeline'>, context: EffectContext): Unsubscribe {
  const { workspace, send } = context;
  const reader = readers.get(context) ?? new TimelineReader(workspace);
  readers.set(context, reader);
  let version = '';
  let ended = false;
  let reading = false;
  const isWanted = () => !ended;
  const poll = async () => {
    const rows = context.live?.data.jobs;
    if (reading || ended || rows === undefined) return;
    reading = true;
    try {
      const definitions = definitionsVersion(rows);
      const cell = Math.floor(workspace.clock.now() / query.period.step);
      const now = `${workspace.db.changeVersion()} ${cell} ${definitions}`;
      if (now !== version) {
        await reader.read(query, { rows, definitions, isWanted }, (data) => {
          if (!ended) send({ kind: 'timeline', data });
        });
        version = now;
      }
    } catch (error) {
      if (!ended) send({ kind: 'said', tone: 'bad', text: toFailure(error).message });
    } finally {
      reading = false;
    }
  };
  const timer = setInterval(() => void poll(), POLL_INTERVAL_MS);
  // Not at once: those who asked are still changing the state.
  setImmediate(() => void poll());
  return () => {
    ended = true;
    clearInterval(timer);
  };
}

/** A number that is another one when a job was made, changed, paused or deleted; what runs do leaves it as it is. */
function definitionsVersion(jobs: readonly JobRow[]): number {
  let version = jobs.length;
  for (const { revision, enabled, pausedAt } of jobs)
    version = (Math.imul(version, 31) + revision * 4 + (enabled ? 2 : 0) + (pausedAt === null ? 0 : 1)) | 0;
  return version;
}
