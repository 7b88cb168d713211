import { guard } from './guard.mjs';

const preparations = 'src/core/scheduler/preparations.ts';
const preparedRun = 'src/core/run/prepared-run.ts';
const calledOff = 'test/core/scheduler/called-off.test.ts';
const preparedTest = 'test/core/run/prepared-run.test.ts';

/** What keeps a run that is prepared before its instant from being lost, doubled or left over. */
export const PREPARED_GUARDS = [
  guard(
    'a prepared run is that of its occurrence',
    [
      'src/core/scheduler/due.ts',
      'runId: job.runIdFor(record.id, occurrence.at),',
      'runId: job.runIdFor(record.id, 0),',
    ],
    [
      'test/core/scheduler/prepared-processes.test.ts',
      'has a run carried by a process that was there before its instant',
    ],
  ),
  guard(
    'no more runs are prepared than there are slots',
    [preparations, 'beside.slice(0, free)', 'beside'],
    [
      'test/core/scheduler/preparations.test.ts',
      'for one of two jobs that are due at once with one slot: the one that begins first',
    ],
  ),
  guard(
    'what is prepared for a run that does not come is called off',
    [preparations, 'this.#executor.callOff(each.runId);', ''],
    [calledOff, 'when its job is deleted'],
  ),
  guard(
    'what is prepared waits only so long',
    ['src/core/scheduler/prepare.ts', 'monotonic <= until && (', '('],
    [calledOff, 'when its instant does not come because the clock was set back'],
  ),
  guard(
    'a scheduler that stops calls off what it has prepared',
    ['src/core/scheduler/loop.ts', 'this.#preparations.callOff();', ''],
    [calledOff, 'when the scheduler stops'],
  ),
  guard(
    'a prepared process whose run cannot begin is ended',
    ['src/core/run/start-run.ts', 'if (!begun) prepared?.callOff();', ''],
    [preparedTest, 'is called off when its run cannot be started any more'],
  ),
  guard(
    'the log of a prepared process takes the place of no other',
    [preparedRun, 'if (lstatSync(files.log, { throwIfNoEntry: false })) return false;', ''],
    [preparedTest, 'is replaced by another one when a log lies where its own is to be'],
  ),
  guard(
    'what a prepared process leaves is removed when it ends',
    [preparedRun, 'void program.ended.then(() => removeQuietly(log));', ''],
    [preparedTest, 'ends by a SIGTERM, and leaves nothing'],
  ),
];
