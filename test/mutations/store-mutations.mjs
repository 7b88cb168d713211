import { mutation } from './mutation.mjs';

const durableWrite = 'test/core/fs/durable-write.test.ts';
const powerLoss = [
  'test/reliability/power-loss.slow.test.ts',
  'a power loss at any moment loses nothing acknowledged, starts nothing twice and leaves nothing half written',
];
const editsMeanwhile = 'test/core/jobs/edits-meanwhile.test.ts';

/** Integrity of job files and their database. */
export const STORE_MUTATIONS = [
  mutation(
    'the new file is brought to the disk before it takes its place',
    ['writeNew', 'if (sync) await handle.sync();', ''],
    [durableWrite, 'syncs the file before the rename and the folder after it'],
  ),
  mutation(
    'the folder is brought to the disk after a replacement',
    ['syncFolder', 'await handle.sync();', ''],
    [durableWrite, 'syncs the file before the rename and the folder after it'],
  ),
  mutation(
    'a copy of runtime state is on the disk before it takes the place of a job file',
    ['JobStore.copyRuntime', "'content'", 'false'],
    powerLoss,
  ),
  mutation(
    'a commit is on the disk before it is answered, whatever its pragma says',
    ['openToWrite', 'PRAGMA synchronous = FULL', 'PRAGMA synchronous = NORMAL'],
    powerLoss,
  ),
  mutation(
    'a symbolic link is not replaced by a file',
    ['writeFileDurably', ', () => refuseSymlink(file));', ', () => undefined);'],
    [durableWrite, 'does not replace a symbolic link'],
  ),
  mutation(
    'a symbolic link is not followed when a job is read',
    ['JobVersions.read', '| (constants.O_NOFOLLOW ?? 0)', ''],
    [
      'test/core/jobs/unusable-files.test.ts',
      'a symbolic link is not followed, not written through and not replaced',
    ],
  ),
  mutation(
    'temporary files of living writers are left alone',
    ['tempFilesIn', '!pidExists(Number(pid)) ||', 'true ||'],
    [
      'test/core/jobs/job-store.test.ts',
      'sweeps temporary files of writers that have gone, and leaves those of live ones',
    ],
  ),
  mutation(
    'a file is compared with the version read, right before its replacement',
    ['JobWriter.replace', 'beforeReplace: () => this.assertUnchanged(id, seen),', ''],
    [editsMeanwhile, 'keeps its change, and we ours, whenever it does so while we update'],
  ),
  mutation(
    'that comparison is of the bytes',
    ['JobFiles.isUnchanged', 'if (this.version(id)?.text !== seen.text) return false;', ''],
    [editsMeanwhile, 'an edit without a trace in size and time stamps is seen before the replacement'],
  ),
  mutation(
    'a file is compared right before its removal',
    ['JobWriter.remove', 'this.assertUnchanged(id, seen);', ''],
    [editsMeanwhile, 'has its change in the trash when it does so while we delete'],
  ),
  mutation(
    'a job is read again under the lock before it is changed',
    [
      [
        'JobStore.update',
        'const result = await',
        'const { entry, seen } = this.#open(id);\nconst result = await',
      ],
      ['JobStore.update', 'const { entry, seen } = this.#open(id);', ''],
    ],
    [editsMeanwhile, 'keeps its change, and we ours, whenever it does so while we update'],
  ),
  mutation(
    'a refusal counts only for the text that is there',
    ['JobStore.#checkSeen', 'this.#writer.assertUnchanged(id, seen);', ''],
    [
      'test/cli/job-update-reads.test.ts',
      'a refusal caused by a text that was edited meanwhile is decided again by the new text',
    ],
  ),
  mutation(
    'a reported revision is not used again',
    ['provenance', 'parsed.revision > row.revision &&', 'parsed.revision < 0 &&'],
    [
      'test/core/jobs/job-store.test.ts',
      'a reported revision is not used again when the writer died while it reverted to the noted definition',
    ],
  ),
  mutation(
    'an edit by hand counts as a revision',
    [
      'provenance',
      'revision: row.revision + 1, updatedAt: modifiedAt',
      'revision: row.revision, updatedAt: modifiedAt',
    ],
    [
      'test/core/jobs/store-model.slow.test.ts',
      'behaves like its model over any sequence of changes, edits by hand, breakages, crashes and restarts',
    ],
  ),
  mutation(
    'the store lock excludes other processes',
    ['tryLock', "exec('BEGIN IMMEDIATE')", "exec('BEGIN')"],
    [
      'test/core/database/store-lock.test.ts',
      'lets one at a time work, within one lock and over several, in order of asking within one',
    ],
  ),
  mutation(
    'a lock on a deleted file does not count',
    [
      ['StoreLock.#tryOnce', 'if (this.#isCurrent()) return connection;', 'return connection;'],
      ['StoreLock.#open', 'if (this.#connection && !this.#isCurrent()) this.close();', ''],
    ],
    ['test/core/database/store-lock.test.ts', 'does not believe in a lock file that was deleted under it'],
  ),
  mutation(
    'a job file of a newer version is not written',
    [
      'requireValidJob',
      "if (entry.kind === 'valid') return entry;",
      "if (entry.kind !== 'invalid') return entry;",
    ],
    [
      'test/core/jobs/unusable-files.test.ts',
      'a file of a newer version is shown, and cannot be changed, deleted or enabled',
    ],
  ),
  mutation(
    'a database of a newer version is not written',
    ['refuseNewer', 'if (found <= known) return;', 'return;'],
    ['test/core/database/database.test.ts', 'leaves a file of a newer version alone'],
  ),
  mutation(
    'a home that others can write is refused',
    ['refuse', 'if ((stats.mode & OTHERS_WRITE) === 0) return;', 'return;'],
    ['test/core/fs/unsafe-home.test.ts', 'is refused with the command that fixes it: mode %o'],
  ),
  mutation(
    'a removed home is not created again by a process that has it open',
    [
      'makePrivateFolder',
      'mkdirSync(folder, { mode: 0o700 });',
      'mkdirSync(folder, { mode: 0o700, recursive: true });',
    ],
    [
      'test/reliability/removed-home.test.ts',
      'is not created again by a process that still has it open: changes are refused',
    ],
  ),
  mutation(
    'a scheduler whose lease is worth nothing any more ends',
    ['SchedulerService.start', 'isLost: () => this.#isLost(lease),', ''],
    [
      'test/core/lease/lease.test.ts',
      'is lost with its file: the scheduler ends with a reason and is removed, as another one could start',
    ],
  ),
  mutation(
    'a damaged snapshot is skipped for the one before',
    ['inspect', 'if (findDamageIn(() => openImmutable(file)).length > 0) return undefined;', ''],
    [
      'test/reliability/corrupt-database.slow.test.ts',
      'without a whole snapshot leaves the jobs, with state and last run as their files say',
    ],
  ),
  mutation(
    'a snapshot that is not whole gets no name',
    [
      'copyWhole',
      'if (problem !== undefined) throw new DamagedSnapshotError(database, problem);',
      'void problem;',
    ],
    ['test/core/database/snapshots.test.ts', 'a text that is not UTF-8 in the database gives no snapshot'],
  ),
  mutation(
    'a damaged database is replaced by one in which nothing from before starts again',
    [
      'bringUpToDate',
      'replayJournal(target, { entries }, found.at, { isDamaged, mayBeOlder: true })',
      '{ rebuilt: 0, isDamaged }',
    ],
    [
      'test/core/database/recovery/replace-damaged.test.ts',
      'occurrences after a snapshot are not started, even when no journal says what was started since',
    ],
  ),
  mutation(
    'an old database is backed up before its tables move on',
    ['migrate', 'from < migrations.length ? backUp(file, connection, from, now) : undefined', 'undefined'],
    ['test/core/database/migrate.test.ts', 'is kept as an intact backup, mode 0600, that can be restored'],
  ),
];
