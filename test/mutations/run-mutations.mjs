import { mutation } from './mutation.mjs';

const startJournal = 'test/core/database/start-journal.test.ts';
const durableWrite = 'test/core/fs/durable-write.test.ts';
const lifecycle = 'test/core/runs/run-lifecycle.test.ts';
const identityTest = 'test/core/process/identity.test.ts';
const queuedTest = 'test/core/scheduler/skip-queued-run.test.ts';
const faults = 'test/reliability/scheduler-faults.slow.test.ts';
const replaceTest = 'test/scrape/output/replace.slow.test.ts';

/** At most one run per occurrence, and an outcome for every run. */
export const RUN_MUTATIONS = [
  mutation(
    'an occurrence has at most one run',
    [
      ['MIGRATIONS', 'UNIQUE (job_id, scheduled_for)', 'CHECK (1)'],
      ['insertRun', 'ON CONFLICT (job_id, scheduled_for) DO NOTHING', ''],
    ],
    [lifecycle, 'gets at most one run, also when two schedulers ask through two connections'],
  ),
  mutation(
    'a database that is older than its journal is detected',
    ['openDatabase', 'if (!isReadOnly) notices.push(...detectStaleDatabase(file, connection, now));', ''],
    [startJournal, 'gets the runs back and does not start them again'],
  ),
  mutation(
    'no run starts without its line in the journal',
    ['claim', 'db.journal.sync();', ''],
    [startJournal, 'that cannot be written keeps a run from starting; it starts when it can'],
  ),
  mutation(
    'a second request for an occurrence is no error',
    ['insertRun', 'ON CONFLICT (job_id, scheduled_for) DO NOTHING', ''],
    [lifecycle, 'gets at most one run, also when two schedulers ask through two connections'],
  ),
  mutation(
    'a run is begun by one starter',
    ['markStarting', "status IN ('queued', 'waiting_retry') AND cancel_requested_at IS NULL", '1'],
    [lifecycle, 'lets one of two starters begin a run'],
  ),
  mutation(
    'a start is claimed by its token',
    ['claim', 'start_token = ?', "? <> ''"],
    [lifecycle, 'is claimed once, with the right token only'],
  ),
  mutation(
    'a start that was claimed is not taken back',
    ['voidStart', "run?.status !== 'starting' || run.startToken !== token", 'run?.startToken !== token'],
    [lifecycle, 'that was claimed can no longer be taken back'],
  ),
  mutation(
    'a start is taken back by its own token',
    ['voidStart', "run?.status !== 'starting' || run.startToken !== token", "run?.status !== 'starting'"],
    [lifecycle, 'is taken back by its own token only: a later one, begun meanwhile, goes on'],
  ),
  mutation(
    'an attempt ends once',
    ['finishAttempt', "run?.status !== 'running' || run.startToken !== token", 'run?.startToken !== token'],
    [lifecycle, 'counts once, whichever process reports it first'],
  ),
  mutation(
    'an attempt is ended by its own token',
    ['finishAttempt', "run?.status !== 'running' || run.startToken !== token", "run?.status !== 'running'"],
    [lifecycle, 'of an earlier attempt does not end a later one'],
  ),
  mutation(
    'a callback is made by one caller',
    ['claimCallback', "AND callback = 'due'`", "AND callback IN ('due', 'running')`"],
    [lifecycle, 'leaves a callback due, which one caller gets'],
  ),
  mutation(
    'a callback that had begun is not repeated',
    [
      'reconcileCallbacks',
      "if (run.callback === 'due') startLateCallback",
      'if (run.callback !== null) startLateCallback',
    ],
    [faults, 'makes the callback that a worker did not live to make, and does not repeat one that was begun'],
  ),
  mutation(
    'a process is known by its start, not by its pid alone',
    ['isAlive', 'startOf(identity.pid) === identity.start;', 'startOf(identity.pid) !== undefined;'],
    [identityTest, 'is not that of another process which got the same pid later, or in another boot'],
  ),
  mutation(
    'a zombie is dead',
    ['readProcStat', "if (state === 'Z' || state === 'X') return undefined;", ''],
    [identityTest, 'is dead when the process is a zombie'],
  ),
  mutation(
    'no foreign process is signalled',
    ['listTreeMembers', 'tree.leaders.filter(canSignalGroup)', 'tree.leaders'],
    [faults, 'never signals a process that only has the same pid as a dead worker'],
  ),
  mutation(
    'processes that left the process group are ended with their run',
    ['findTreeMembers', 'marks.get(pid) === mark || groups.has(group)', 'groups.has(group)'],
    [
      'test/core/process/process-tree.test.ts',
      'are those that carry its mark, in any group and of any parent',
    ],
  ),
  mutation(
    'a run whose process is dead is not left running',
    ['reconcileRun', 'if (!isAlive(run.process)) return', 'if (run.attempt < 0) return'],
    [faults, 'never signals a process that only has the same pid as a dead worker'],
  ),
  mutation(
    'one scheduler holds the lease',
    ['tryLock', "exec('BEGIN IMMEDIATE')", "exec('BEGIN')"],
    ['test/core/lease/lease.test.ts', 'is held by one process at a time, and the next one learns by which'],
  ),
  mutation(
    'the watermark is written with the decision',
    [
      'saveDecidedUntil',
      'SET watermark = max(job_state.watermark, excluded.watermark)',
      'SET watermark = max(job_state.watermark, 0 * excluded.watermark)',
    ],
    [
      'test/core/scheduler/wrong-clock.test.ts',
      'more than a day off repeats nothing when it is set, whatever was pruned',
    ],
  ),
  mutation(
    'an occurrence at or before the watermark is not decided',
    ['decideJob', 'occurrences.filter((occurrence) => occurrence > state.decidedUntil)', 'occurrences'],
    [
      'test/core/scheduler/watermark.test.ts',
      'an occurrence that an edit at that very moment has declared past is not run, and the watermark stays',
    ],
  ),
  mutation(
    'the watermark never falls by a decision',
    [
      'saveDecidedUntil',
      'SET watermark = max(job_state.watermark, excluded.watermark)',
      'SET watermark = excluded.watermark',
    ],
    [
      'test/core/scheduler/watermark.test.ts',
      'an occurrence that an edit at that very moment has declared past is not run, and the watermark stays',
    ],
  ),
  mutation(
    'the watermark never falls by an edit',
    ['SAVE', 'watermark = max(job_state.watermark, excluded.watermark)', 'watermark = excluded.watermark'],
    [
      'test/core/scheduler/watermark.test.ts',
      'an edit does not take back what the scheduler has decided meanwhile',
    ],
  ),
  mutation(
    'time limits move with the clock',
    ['adjustDeadlines', '[byMs, byMs],', '[0, 0],'],
    [
      'test/core/scheduler/clock-jumps.test.ts',
      'moves the time limits of running runs before they are checked',
    ],
  ),
  mutation(
    'jobs do not hammer one host together',
    ['selectStartable', '(onHost.get(run.host) ?? 0) >= perHost', 'perHost < 0'],
    [
      'test/core/runs/select-startable.test.ts',
      'never has more runs on a host than allowed, and leaves out none that could start',
    ],
  ),
  mutation(
    'no run starts on a full disk',
    ['requireDiskSpace', 'if (space.enough) return;', 'return;'],
    [
      'test/core/jobs/disk-space.test.ts',
      'refuses a run by hand without a scheduler, with the figures and the way to lower the limit',
    ],
  ),
  mutation(
    'a commit is on the disk before it is acknowledged',
    ['openToWrite', 'PRAGMA synchronous = FULL', 'PRAGMA synchronous = OFF'],
    ['test/core/database/durable-database.test.ts', 'a commit is on the disk before it is acknowledged'],
  ),
  mutation(
    'a transaction that fails is undone',
    [
      'QuickscrapeDatabase.transaction',
      'if (!this.#closed) rollBack(connection);',
      "connection.exec('COMMIT');",
    ],
    ['test/core/database/database.test.ts', 'undoes a transaction that fails, as a whole'],
  ),
  mutation(
    'a new file has its mode under any umask',
    ['writeNew', 'await handle.chmod(mode);', ''],
    [durableWrite, 'gives the requested mode under any umask'],
  ),
  mutation(
    'an output takes its place in one step',
    ['replaceFile', 'const temp = tempFileName(file);', 'const temp = file;'],
    [replaceTest, 'a run that is cancelled while it writes leaves the old file and no part'],
  ),
  mutation(
    'an output is renamed, not copied, to its place',
    [
      'replaceFile',
      'await fileSystem.rename(temp, file);',
      "await (await import('node:fs/promises')).copyFile(temp, file);",
    ],
    [replaceTest, '%s is replaced in one step: a reader of the old file reads it to its end'],
  ),
  mutation(
    'an edit without an event is found by the scan',
    ['FolderWatch.#scanLater', 'this.#compareAll();', ''],
    ['test/core/fs/file-watcher.test.ts', 'finds by its scan a change without an event'],
  ),
  mutation(
    'a queued run is checked again before it starts',
    ['Dispatcher.#skip', 'if (run.queuedAt >= now) return false;', 'if (run.queuedAt > 0) return false;'],
    [queuedTest, 'a job that pauses starts no occurrence that waits in the queue already'],
  ),
  mutation(
    'runs that were decided together start in order',
    ['ORDER_BY_DUE', "'not_before, queued_at, scheduled_for, rowid'", "'not_before, queued_at, run_id'"],
    [queuedTest, 'a catch-up that is one of many is carried out in the order of the occurrences'],
  ),
  mutation(
    'a secret is redacted in written text',
    ['createRedactor', 'secrets.length === 0) return (text)', 'secrets.length >= 0) return (text)'],
    ['test/core/lib/redact.test.ts', 'takes any value out, wherever it stands'],
  ),
];
