import { mutation } from './mutation.mjs';

const discardedTests = 'test/core/scheduler/discarded-standby.test.ts';
const manyComing = 'test/core/scheduler/many-upcoming.test.ts';
const inQueue = 'test/core/scheduler/standby-in-queue.test.ts';
const standbyPool = 'test/core/scheduler/standby-pool.test.ts';
const standbyProcess = 'test/core/execution/standby/standby-process.slow.test.ts';

/** Standby processes, none lost, doubled or left over. */
export const STANDBY_MUTATIONS = [
  mutation(
    'a standby process belongs to its occurrence',
    [
      'decideOccurrence',
      'runId: job.runIdFor(record.id, occurrence.at),',
      'runId: job.runIdFor(record.id, 0),',
    ],
    [
      'test/core/scheduler/standby-processes.test.ts',
      'has a run carried by a process that was there before its instant',
    ],
  ),
  mutation(
    'no more standby processes are started than there are slots',
    ['StandbyPool.#startUpcoming', '.slice(0, free);', ';'],
    [
      'test/core/scheduler/standby-pool.test.ts',
      'for one of two jobs that are due at once with one slot: the one that begins first',
    ],
  ),
  mutation(
    'a standby process whose run does not come is discarded',
    ['StandbyPool.#discardUnneeded', 'this.#executor.discard(each.runId);', ''],
    [discardedTests, 'when its job is deleted'],
  ),
  mutation(
    'a standby process waits for a limited time',
    ['isStandbyNeeded', 'if (monotonic > until) return false;', ''],
    [discardedTests, 'when its instant does not come because the clock was set back'],
  ),
  mutation(
    'a scheduler that stops discards its standby processes',
    ['SchedulerLoop.stop', 'this.#standbyPool.discardAll();', ''],
    [discardedTests, 'when the scheduler stops'],
  ),
  mutation(
    'a standby process whose run cannot begin is discarded',
    ['hasBegun', 'if (!begun) prepared?.discard();', ''],
    [standbyProcess, 'is discarded when its run can no longer be started'],
  ),
  mutation(
    'the log of a standby process replaces no other log',
    ['renamed', 'if (fileAt(files.log)) return false;', ''],
    [standbyProcess, 'is replaced by another process when its log’s place is taken'],
  ),
  mutation(
    'the log of a standby process is removed when it ends',
    ['startStandby', 'void program.exited.then(() => log.remove());', ''],
    [standbyProcess, 'ends by a SIGTERM, and leaves nothing'],
  ),
  mutation(
    'of many due jobs those that begin first get a standby process',
    ['OccurrenceQueue.peek', 'this.#rank(b) - this.#rank(a) ||', ''],
    [manyComing, 'the one that begins first, though it stands behind hundreds'],
  ),
  mutation(
    'jobs behind many that cannot start are checked in their turn',
    ['StandbyPool.#startUpcoming', 'else if (hasMore) this.#checkAgainBy(now + CHECK_INTERVAL_MS);', ''],
    [manyComing, 'the one behind hundreds that %s'],
  ),
  mutation(
    'a job without a free slot keeps its turn',
    [
      'StandbyPool.#startUpcoming',
      'if (chosen.length === free) this.#upcoming.putBack',
      'if (chosen.length === -1) this.#upcoming.putBack',
    ],
    [manyComing, 'the next ones when slots become free after the first was prepared'],
  ),
  mutation(
    'jobs are checked once before their instant',
    ['StandbyCandidates.takeNext', '(jobId, at) => this.#seen.get(jobId) !== at', '() => true'],
    [manyComing, 'each is checked once before its instant, at most fifty together, when none can start'],
  ),
  mutation(
    'jobs that were checked in vain are checked again when a run has finished',
    ['StandbyCandidates.#restartIfChanged', 'this.#seen = new Map();', ''],
    [manyComing, 'those that were checked in vain are checked again when a run has finished'],
  ),
  mutation(
    'jobs whose runs begin late are not checked',
    ['SchedulePlan.#enqueue', 'hasLateStart(entry.id, definition) ? NEVER_PEEKED :', ''],
    [manyComing, 'those whose runs may begin much later are not checked'],
  ),
  mutation(
    'a standby process that fails does not prevent others',
    ['StandbyPool.#startStandbyRuns', 'errors.push(error);', 'throw error;'],
    [standbyPool, 'fails alone, and is logged once'],
  ),
  mutation(
    'standby candidates are checked again after an error',
    ['StandbyPool.check', 'this.#checkAgainBy(now + ERROR_DELAY_MS);', ''],
    [standbyPool, 'while the database fails is prepared as soon as it does not'],
  ),
  mutation(
    'the id of a standby process for a retry is given to no occurrence',
    ['StandbyPool.runIdFor', '!each.wasQueued && each.jobId === jobId', 'each.jobId === jobId'],
    [inQueue, 'at the instant at which another run of its job is due: each has its own'],
  ),
  mutation(
    'a standby process whose retry has moved is discarded',
    ['isStandbyNeeded', '&& run.notBefore === at', ''],
    [
      'test/core/scheduler/standby-rules.test.ts',
      'a queued one is kept while it waits for the same instant, whatever is planned',
    ],
  ),
  mutation(
    'a run whose process could not be started gets no standby process',
    ['needsStandbyForQueued', 'run.voidStarts > 0 ||', ''],
    [inQueue, 'when its process could not be started the last time'],
  ),
  mutation(
    'a standby process for a retry writes only into the log of its run',
    [
      'logOf',
      'return now !== undefined && now.ino === opened.ino && now.dev === opened.dev;',
      'return true;',
    ],
    [
      'test/core/execution/standby/prepared-again.test.ts',
      'is replaced by another one when the log in which it would write on is another one meanwhile',
    ],
  ),
];
