/**
 * What the promises rest on, and for each the test that notices when it is gone. `npm run test:guards` takes each out
 * of a copy of the tree and expects that test to fail; `guards.test.ts` keeps this list true to the code.
 *
 * @typedef {object} Guard
 * @property {string} name
 * @property {{ file: string, find: string, replace: string }[]} edits `find` stands exactly once in the file
 * @property {{ file: string, title: string }} test
 */

const atomicFile = 'src/core/store/atomic-file.ts';
const jobFiles = 'src/core/store/job-files.ts';
const jobStore = 'src/core/store/job-store.ts';
const jobWriter = 'src/core/store/job-writer.ts';
const storeLock = 'src/core/store/store-lock.ts';
const runQueue = 'src/core/run/run-queue.ts';
const transitions = 'src/core/run/run-transitions.ts';
const recovery = 'src/core/run/recovery.ts';
const identity = 'src/core/process/identity.ts';
const group = 'src/core/process/group.ts';

const durableWrite = 'test/core/store/durable-write.test.ts';
const editsMeanwhile = 'test/core/store/edits-meanwhile.test.ts';
const lifecycle = 'test/core/run/run-lifecycle.test.ts';
const identityTest = 'test/core/process/identity.test.ts';
const faults = 'test/reliability/scheduler-faults.test.ts';
const replaceTest = 'test/scrape/export/replace.test.ts';

/** @type {readonly Guard[]} */
export const GUARDS = [
  guard(
    'the new file is brought to the disk before it takes its place',
    [atomicFile, 'if (sync) await handle.sync();', ''],
    [durableWrite, 'syncs the file before the rename and the folder after it'],
  ),
  guard(
    'the folder is brought to the disk after a replacement',
    [atomicFile, '    await handle.sync();\n  } finally {', '  } finally {'],
    [durableWrite, 'syncs the file before the rename and the folder after it'],
  ),
  guard(
    'a symbolic link is not replaced by a file',
    [atomicFile, '  refuseSymlink(file);\n', ''],
    [durableWrite, 'does not replace a symbolic link'],
  ),
  guard(
    'a symbolic link is not followed when a job is read',
    [jobFiles, ' | (constants.O_NOFOLLOW ?? 0)', ''],
    [
      'test/core/store/unusable-files.test.ts',
      'a symbolic link is not followed, not written through and not replaced',
    ],
  ),
  guard(
    'temporary files of living writers are left alone',
    [atomicFile, '!isRunning(Number(pid)) || ', 'true || '],
    [
      'test/core/store/job-store.test.ts',
      'sweeps temporary files of writers that have gone, and leaves those of live ones',
    ],
  ),
  guard(
    'a file is compared with what was read, right before its replacement',
    [jobWriter, 'beforeReplace: () => this.#mustStillBe(id, seen),', ''],
    [editsMeanwhile, 'keeps its change, and we ours, whenever it does so while we update'],
  ),
  guard(
    'that comparison is of the bytes',
    [jobFiles, 'if (this.version(id)?.text !== seen.text) return false;', ''],
    [editsMeanwhile, 'an edit without a trace in size and time stamps is seen before the replacement'],
  ),
  guard(
    'a file is compared right before its removal',
    [jobWriter, '    this.#mustStillBe(id, seen);\n    try', '    try'],
    [editsMeanwhile, 'has its change in the trash when it does so while we delete'],
  ),
  guard(
    'a job is read again under the lock before it is changed',
    [
      jobStore,
      'return this.#writer.write(async () => {\n      const { entry, seen } = this.#open(id);\n      checkRevision(entry.record, options.ifRevision);\n      const { definition',
      'const { entry, seen } = this.#open(id);\n    return this.#writer.write(async () => {\n      checkRevision(entry.record, options.ifRevision);\n      const { definition',
    ],
    [editsMeanwhile, 'keeps its change, and we ours, whenever it does so while we update'],
  ),
  guard(
    'the store lock excludes other processes',
    [storeLock, "exec('BEGIN EXCLUSIVE')", "exec('BEGIN')"],
    [
      'test/core/store/store-lock.test.ts',
      'lets one at a time work, within one lock and over several, in order of asking within one',
    ],
  ),
  guard(
    'a lock on a deleted file is none',
    [
      [storeLock, 'if (this.#isCurrent()) return connection;', 'return connection;'],
      [storeLock, 'if (this.#connection && !this.#isCurrent()) this.close();', ''],
    ],
    ['test/core/store/store-lock.test.ts', 'does not believe in a lock file that was deleted under it'],
  ),
  guard(
    'a job file of a newer version is not written',
    [
      'src/core/store/job-conflicts.ts',
      "if (entry.kind === 'valid') return entry;",
      "if (entry.kind !== 'invalid') return entry;",
    ],
    [
      'test/core/store/unusable-files.test.ts',
      'a file of a newer version is shown, and cannot be changed, deleted or enabled',
    ],
  ),
  guard(
    'a database of a newer version is not written',
    ['src/core/run/database.ts', 'if (from > MIGRATIONS.length) {', 'if (from < 0) {'],
    ['test/core/run/database.test.ts', 'leaves a file of a newer version alone'],
  ),
  guard(
    'an occurrence has at most one run',
    [
      ['src/core/run/schema.ts', ',\n    UNIQUE (job_id, scheduled_for)\n', '\n'],
      [runQueue, 'ON CONFLICT (job_id, scheduled_for) DO NOTHING', ''],
    ],
    [lifecycle, 'gets at most one run, also when two schedulers ask through two connections'],
  ),
  guard(
    'a second request for an occurrence is no error',
    [runQueue, '       ON CONFLICT (job_id, scheduled_for) DO NOTHING', ''],
    [lifecycle, 'gets at most one run, also when two schedulers ask through two connections'],
  ),
  guard(
    'a run is begun by one starter',
    [
      runQueue,
      "status IN ('queued', 'waiting_retry') AND cancel_requested_at IS NULL`,\n      [token",
      '1`,\n      [token',
    ],
    [lifecycle, 'lets one of two starters begin a run'],
  ),
  guard(
    'a start is claimed by its token',
    [
      transitions,
      "status = 'starting' AND start_token = ?`,\n      [now, who.pid",
      "status = 'starting' AND ? <> ''`,\n      [now, who.pid",
    ],
    [lifecycle, 'is claimed once, with the right token only'],
  ),
  guard(
    'a start that was claimed is not taken back',
    [runQueue, "run?.status !== 'starting' || run.startToken !== token", 'run?.startToken !== token'],
    [lifecycle, 'that was claimed can no longer be taken back'],
  ),
  guard(
    'an attempt ends once',
    [transitions, "run?.status !== 'running' || run.startToken !== token", 'run?.startToken !== token'],
    [lifecycle, 'counts once, whoever says it first'],
  ),
  guard(
    'an attempt is ended by its own token',
    [transitions, "run?.status !== 'running' || run.startToken !== token", "run?.status !== 'running'"],
    [lifecycle, 'of an earlier attempt does not end a later one'],
  ),
  guard(
    'a callback is made by one caller',
    [transitions, "AND callback = 'due'`", "AND callback IN ('due', 'running')`"],
    [lifecycle, 'leaves a callback due, which one caller gets'],
  ),
  guard(
    'a callback that had begun is not repeated',
    [recovery, "if (run.callback === 'due') startCallback", "if (run.callback !== 'done') startCallback"],
    [
      faults,
      'makes the callback that a run process did not live to make, and does not repeat one that was begun',
    ],
  ),
  guard(
    'a process is known by its start, not by its pid alone',
    [identity, 'startOf(identity.pid) === identity.start;', 'startOf(identity.pid) !== undefined;'],
    [identityTest, 'is not that of another process which got the same pid later, or in another boot'],
  ),
  guard(
    'a zombie is dead',
    [identity, "fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]", 'fields[19]'],
    [identityTest, 'is dead when the process is a zombie that nobody has collected'],
  ),
  guard(
    'nobody else’s process is signalled',
    [
      [group, 'if (leadsItsGroup(identity)) signalGroup', 'signalGroup'],
      [group, 'if (leadsItsGroup(identity)) await endGroup', 'await endGroup'],
    ],
    [faults, 'never signals a process that only has the same pid as a dead run process'],
  ),
  guard(
    'an output takes its place in one step',
    ['src/scrape/export/replace-file.ts', 'const part = partOf(target.file);', 'const part = target.file;'],
    [replaceTest, 'a run that is cancelled while it writes leaves the old file and no part'],
  ),
  guard(
    'an edit that no event told is found by the scan',
    [
      'src/core/store/job-watcher.ts',
      '        this.#compareAll();\n        this.#scanLater(performance',
      '        this.#scanLater(performance',
    ],
    ['test/core/store/job-watcher.test.ts', 'finds by its scan what no event told'],
  ),
];

/**
 * @param {string} name
 * @param {[string, string, string] | [string, string, string][]} edits
 * @param {[string, string]} test
 */
function guard(name, edits, [file, title]) {
  const all = typeof edits[0] === 'string' ? [edits] : edits;
  return {
    name,
    edits: all.map(([of, find, replace]) => ({ file: of, find, replace })),
    test: { file, title },
  };
}
