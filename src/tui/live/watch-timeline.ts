import type { JobRow } from '../home/job-row.ts';
import type { WatchOf } from '../state/watch.ts';
import { TimelineReader } from '../timeline/read-timeline.ts';
import { failureOf } from './failure.ts';
import type { StopWatch } from './keep-watches.ts';
import type { Surroundings } from './surroundings.ts';

/** So often is looked whether something has changed, in milliseconds. */
const LOOK_EVERY_MS = 1000;

/** What a reader has counted counts for the next wish as well. */
const readers = new WeakMap<Surroundings, TimelineReader>();

/** Reads what the timeline shows, again when anything in the home is another one or a new cell has begun. */
export function watchTimeline({ wish }: WatchOf<'timeline'>, surroundings: Surroundings): StopWatch {
  const { workspace, send } = surroundings;
  const reader = readers.get(surroundings) ?? new TimelineReader(workspace);
  readers.set(surroundings, reader);
  let mark = '';
  let ended = false;
  let reading = false;
  const isWanted = () => !ended;
  const look = async () => {
    const rows = surroundings.live?.data.jobs;
    if (reading || ended || rows === undefined) return;
    reading = true;
    try {
      const definitions = definitionsMark(rows);
      const cell = Math.floor(workspace.clock.now() / wish.period.step);
      const now = `${workspace.db.changeMark()} ${cell} ${definitions}`;
      if (now !== mark) {
        await reader.read(wish, { rows, definitions, isWanted }, (data) => {
          if (!ended) send({ kind: 'timeline', data });
        });
        mark = now;
      }
    } catch (error) {
      if (!ended) send({ kind: 'said', tone: 'bad', text: failureOf(error).message });
    } finally {
      reading = false;
    }
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  // Not at once: those who asked are still changing the state.
  setImmediate(() => void look());
  return () => {
    ended = true;
    clearInterval(timer);
  };
}

/** A number that is another one when a job was made, changed, paused or deleted; what runs do leaves it as it is. */
function definitionsMark(jobs: readonly JobRow[]): number {
  let mark = jobs.length;
  for (const { revision, enabled, pausedAt } of jobs)
    mark = (Math.imul(mark, 31) + revision * 4 + (enabled ? 2 : 0) + (pausedAt === null ? 0 : 1)) | 0;
  return mark;
}
