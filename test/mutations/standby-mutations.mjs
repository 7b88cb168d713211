import { mutation } from './mutation.mjs';

const discardedTests = 'test/core/scheduler/discarded-standby.test.ts';
const manyComing = 'test/core/scheduler/many-upcoming.test.ts';
const inQueue = 'test/core/scheduler/standby-in-queue.test.ts';
const preparationsTest = 'test/core/scheduler/standby-pool.test.ts';
const preparedTest = 'test/core/execution/standby/standby-process.slow.test.ts';

/** What keeps a run that is prepared before its instant from being lost, doubled or left over. */
export const STANDBY_MUTATIONS = [
  mutation(
    'a prepared run is that of its occurrence',
    ['decideOne', 'runId: job.runIdFor(record.id, occurrence.at),', 'runId: job.runIdFor(record.id, 0),'],
    [
      'test/core/scheduler/standby-processes.test.ts',
      'has a run carried by a process that was there before its instant',
    ],
  ),
  mutation(
    'no more runs are prepared than there are slots',
    ['StandbyPool.#startUpcoming', '.slice(0, free);', ';'],
    [
      'test/core/scheduler/standby-pool.test.ts',
      'for one of two jobs that are due at once with one slot: the one that begins first',
    ],
  ),
  mutation(
    'what is prepared for a run that does not come is called off',
    ['StandbyPool.#discardUnneeded', 'this.#executor.discard(each.runId);', ''],
    [discardedTests, 'when its job is deleted'],
  ),
  mutation(
    'what is prepared waits only so long',
    ['isStandbyNeeded', 'if (monotonic > until) return false;', ''],
    [discardedTests, 'when its instant does not come because the clock was set back'],
  ),
  mutation(
    'a scheduler that stops calls off what it has prepared',
    ['SchedulerLoop.stop', 'this.#standbyPool.discardAll();', ''],
    [discardedTests, 'when the scheduler stops'],
  ),
  mutation(
    'a prepared process whose run cannot begin is ended',
    ['hasBegun', 'if (!begun) prepared?.discard();', ''],
    [preparedTest, 'is discarded when its run can no longer be started'],
  ),
  mutation(
    'the log of a prepared process takes the place of no other',
    ['renamed', 'if (fileAt(files.log)) return false;', ''],
    [preparedTest, 'is replaced by another process when its log’s place is taken'],
  ),
  mutation(
    'what a prepared process leaves is removed when it ends',
    ['startStandby', 'void program.exited.then(() => log.remove());', ''],
    [preparedTest, 'ends by a SIGTERM, and leaves nothing'],
  ),
  mutation(
    'of many that are due at once those are prepared that begin first',
    ['OccurrenceQueue.peek', 'this.#rank(b) - this.#rank(a) ||', ''],
    [manyComing, 'the one that begins first, though it stands behind hundreds'],
  ),
  mutation(
    'jobs behind many that cannot start are looked at in their turn, to be prepared',
    ['StandbyPool.#startUpcoming', 'else if (hasMore) this.#checkAgainBy(now + CHECK_INTERVAL_MS);', ''],
    [manyComing, 'the one behind hundreds that %s'],
  ),
  mutation(
    'a job that there was no slot for keeps its turn to be prepared',
    [
      'StandbyPool.#startUpcoming',
      'if (chosen.length === free) this.#upcoming.putBack',
      'if (chosen.length === -1) this.#upcoming.putBack',
    ],
    [manyComing, 'the next ones when slots become free after the first was prepared'],
  ),
  mutation(
    'jobs are looked at once before they are prepared',
    ['StandbyCandidates.takeNext', '(jobId, at) => this.#seen.get(jobId) !== at', '() => true'],
    [manyComing, 'each is checked once before its instant, at most fifty together, when none can start'],
  ),
  mutation(
    'jobs that could not be prepared are looked at again when a run is over',
    ['StandbyCandidates.#restartIfChanged', 'this.#seen = new Map();', ''],
    [manyComing, 'those that were checked in vain are checked again when a run has finished'],
  ),
  mutation(
    'jobs whose runs begin late are not looked at to be prepared',
    ['SchedulePlan.#enqueue', 'hasLateStart(entry.id, definition) ? NEVER_PEEKED :', ''],
    [manyComing, 'those whose runs may begin much later are not checked'],
  ),
  mutation(
    'one run that cannot be prepared keeps no other from it',
    ['StandbyPool.#startStandbyRuns', 'errors.push(error);', 'throw error;'],
    [preparationsTest, 'fails alone, and is logged once'],
  ),
  mutation(
    'what is to be prepared is looked for again after an error',
    ['StandbyPool.check', 'this.#checkAgainBy(now + ERROR_DELAY_MS);', ''],
    [preparationsTest, 'while the database fails is prepared as soon as it does not'],
  ),
  mutation(
    'the id of a run that is prepared for a retry is given to no occurrence',
    ['StandbyPool.runIdFor', '!each.wasQueued && each.jobId === jobId', 'each.jobId === jobId'],
    [inQueue, 'at the instant at which another run of its job is due: each has its own'],
  ),
  mutation(
    'a prepared retry whose instant has moved is called off',
    ['isStandbyNeeded', '&& run.notBefore === at', ''],
    [
      'test/core/scheduler/standby-rules.test.ts',
      'a queued one is kept while it waits for the same instant, whatever is planned',
    ],
  ),
  mutation(
    'a run whose process could not be started is not prepared again',
    ['needsStandbyForQueued', 'run.voidStarts > 0 ||', ''],
    [inQueue, 'when its process could not be started the last time'],
  ),
  mutation(
    'a prepared retry writes into the log of its run, and into no other',
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
