import type { Requirement } from './requirement.ts';
import { SCRAPING } from './scraping-requirements.ts';

/** The promises, word by word: people rely on them. */
export const PROMISES: readonly Requirement[] = [
  {
    text: 'An acknowledged change is never lost to a crash of our processes, nor, on a disk that honours fsync, to power loss.',
    how: 'A file is replaced by temp file → fsync → rename → fsync of the folder. A row is committed with `synchronous = FULL`. Writers take a lock that dies with them, and read again under it.',
    proofs: {
      'test/reliability/power-loss.slow.test.ts': [
        'a power loss at any moment loses nothing acknowledged, starts nothing twice and leaves nothing half written',
      ],
      'test/reliability/kill-writer.slow.test.ts': [
        'loses nothing acknowledged and leaves nothing unreadable over … kill -9',
        'keeps all of 8 processes × … edits of one job',
      ],
      'test/reliability/fault-loop.slow.test.ts': [
        'whichever file call fails, once or for ever, the old or the whole new content is there, and success is true',
        'whichever SQL statement fails, once or for ever, all of a change is there or nothing, and success is true',
      ],
      'test/core/fs/durable-write.test.ts': ['syncs the file before the rename and the folder after it'],
      'test/core/database/durable-database.test.ts': ['a commit is on the disk before it is acknowledged'],
      'test/core/jobs/store-model.slow.test.ts': [
        'behaves like its model over any sequence of changes, edits by hand, breakages, crashes and restarts',
      ],
      'test/core/jobs/edits-meanwhile.test.ts': [
        'keeps its change, and we ours, whenever it does so while we update',
      ],
    },
  },
  {
    text: 'A job file on disk is always a whole version, the old or the new one.',
    how: 'Nothing is written into an existing job file. A new file replaces it in one step, or not at all.',
    proofs: {
      'test/reliability/fault-loop.slow.test.ts': [
        'whichever file call fails, once or for ever, the old or the whole new content is there, and success is true',
        'a process that ends at any of its file calls or statements leaves the old or the whole new content, and nothing else after the next write',
      ],
      'test/reliability/kill-writer.slow.test.ts': [
        'loses nothing acknowledged and leaves nothing unreadable over … kill -9',
      ],
      'test/reliability/full-disk.slow.test.ts': [
        'a change of a job is refused with a clear message, nothing is lost, and it works when there is space again',
      ],
      'test/cli/repair-jobs.slow.test.ts': ['leaves each file old or new when it is killed, … times'],
    },
  },
  {
    text: 'An occurrence starts at most once. When we cannot tell, we do not start it again: it shows as `abandoned`, and is retried only if the job says so.',
    how: '`UNIQUE (job_id, scheduled_for)` gives an occurrence one run. A watermark for each job survives clock changes and pruning. A token lets exactly one process take a start. One scheduler holds the lease. A journal beside the database shows when the database is older than the truth.',
    proofs: {
      'test/reliability/contenders.slow.test.ts': [
        'two contenders, … kill -9: nothing runs twice, and what started has its outcome',
      ],
      'test/reliability/scheduler-model.test.ts': [
        'decides each occurrence once, with the outcome that it must have, and gives each run an end',
      ],
      'test/reliability/recovery-matrix.slow.test.ts': [
        'an occurrence has the right outcome, once, when the … is killed before and after claim, start, outcome and callback',
      ],
      'test/reliability/void-race.slow.test.ts': [
        'of … slow starts, each is either carried or taken back, never both, never neither',
      ],
      'test/real/clock-steps.slow.test.ts': [
        'forwards an hour, back an hour, back six seconds: each occurrence has one outcome',
        'over both changes of the clocks starts fixed times once and hourly ones each real hour',
      ],
      'test/core/runs/run-lifecycle.test.ts': [
        'gets at most one run, also when two schedulers ask through two connections',
        'is claimed once, with the right token only',
      ],
      'test/core/scheduler/watermark.test.ts': [
        'an occurrence that an edit at that very moment has declared past is not run, and the watermark stays',
      ],
      'test/core/scheduler/wrong-clock.test.ts': [
        'more than a day off repeats nothing when it is set, whatever was pruned',
      ],
      'test/core/lease/lease.test.ts': ['is held by one process at a time, and the next one learns by which'],
      'test/reliability/older-database-model.slow.test.ts': [
        'an occurrence never starts twice and nothing is lost silently, whichever older state of its database a home is left with (… sequences)',
      ],
      'test/reliability/older-database.slow.test.ts': [
        'while all processes are dead …: nothing starts twice, the history is complete, and every interface says so',
      ],
      'test/reliability/restore-drill.slow.test.ts': [
        'a restore drill: a backup of a busy home, more runs, restored, started: nothing starts twice, and the status says so',
      ],
      'test/core/database/start-journal.test.ts': [
        'that cannot be written keeps a run from starting; it starts when it can',
      ],
      'test/reliability/kill-scheduler.slow.test.ts': [
        'is recorded as abandoned, and retried if its job allows retries',
      ],
    },
  },
  {
    text: 'A run that started always gets an outcome, also when the scheduler died meanwhile.',
    how: 'A worker records its own outcome. A process that finds it dead, by boot, pid and start time, records `abandoned`. The first record counts: a second one changes nothing.',
    proofs: {
      'test/reliability/kill-scheduler.slow.test.ts': [
        'during a run leaves the run to end, with its outcome and output recorded, and nothing runs twice',
        'while a retry waits does not lose it: the next scheduler makes it when it is due',
      ],
      'test/reliability/recovery-matrix.slow.test.ts': [
        'an occurrence has the right outcome, once, when the … is killed before and after claim, start, outcome and callback',
      ],
      'test/reliability/contenders.slow.test.ts': [
        'two contenders, … kill -9: nothing runs twice, and what started has its outcome',
      ],
      'test/reliability/adoption.slow.test.ts': [
        'counts them against slots and hosts, and records their outcomes',
        'ends one that has used up its time and is stopped, so that it cannot see to it itself',
      ],
      'test/reliability/hindered-runs.slow.test.ts': [
        'a run whose process cannot even begin fails after three starts, and says why',
        'a run whose folder is deleted under it ends all the same, with an outcome that is true',
      ],
      'test/core/execution/reconcile-runs.slow.test.ts': [
        'a run whose process is dead',
        'is recorded once when several processes reconcile at the same time',
      ],
      'test/core/runs/run-lifecycle.test.ts': ['counts once, whichever process reports it first'],
      'test/core/execution/worker-pool.slow.test.ts': [
        'is killed, and its run is abandoned; the next run gets another one',
        'finishes its run after its scheduler was killed, and ends then',
      ],
    },
  },
  {
    text: 'A file that we do not understand is never overwritten, moved or deleted.',
    how: 'Such a file does not parse, comes from a newer version, is a link, or is not a regular file. It is shown with the reason. Every write compares the file once more, byte for byte, right before it replaces it.',
    proofs: {
      'test/core/jobs/unusable-files.test.ts': [
        'files that are not ours to write',
        'a symbolic link is not followed, not written through and not replaced',
        'a file of a newer version is shown, and cannot be changed, deleted or enabled',
      ],
      'test/core/jobs/hand-edits.test.ts': ['are not written to files that are not ours to write'],
      'test/core/jobs/edits-meanwhile.test.ts': [
        'an edit without a trace in size and time stamps is seen before the replacement',
      ],
      'test/core/database/database.test.ts': [
        'leaves a file of a newer version alone',
        'keeps a file that is not a database under another name, and goes on with a new one',
      ],
      'test/cli/repair-jobs.slow.test.ts': [
        'repairs after a backup, once, and keeps what it does not understand',
      ],
    },
  },
  {
    text: 'An output file is the old one or the whole new one, never a part.',
    how: 'Rows are collected aside, written into a part beside the output, brought to the disk and renamed.',
    proofs: {
      'test/scrape/output/replace.slow.test.ts': [
        'leaves a whole …, and its leftovers are swept',
        'a run that is cancelled while it writes leaves the old file and no part',
      ],
      'test/scrape/output/append.test.ts': [
        'several that append at the same time lose no rows of each other',
      ],
      'test/reliability/full-disk.slow.test.ts': [
        'a run whose output does not fit fails as "output", and the old file stays whole',
      ],
      'test/reliability/fault-loop.slow.test.ts': [
        'whichever file call fails, once or for ever, the old or the whole new content is there, and success is true',
      ],
    },
  },
  {
    text: 'Local file systems only: no NFS, SMB or synced folders for the home.',
    how: 'Locks and fsync mean what they say on a local disk only; nothing is promised elsewhere.',
    proofs: { 'test/requirements.test.ts': ['the README leads to every promise, in these words'] },
  },
];

/** What is no promise of its own, and tested as hard. */
export const BEYOND: readonly Requirement[] = [
  {
    text: 'Time',
    how: 'Suspends, steps, both changes of the clocks, 25-day waits and 2038 repeat nothing and lose nothing without a word.',
    proofs: {
      'test/reliability/scheduler-model.test.ts': [
        'decides each occurrence once, with the outcome that it must have, and gives each run an end',
      ],
      'test/core/scheduler/clock-jumps.test.ts': [
        'back an hour repeats nothing, and goes on after the newest occurrence',
        'moves the time limits of running runs before they are checked',
      ],
      'test/real/clock-steps.slow.test.ts': [
        'waits 25 days, works in 2038, and sleeps through ten minutes with its lease',
      ],
    },
  },
  {
    text: 'Cancel',
    how: 'All processes that a run or its callback started end within the grace and a second, whichever interface cancels the run.',
    proofs: {
      'test/core/execution/cancel-tree.slow.test.ts': [
        'a cancelled run is gone with a browser that does not listen',
        'of a run that is cancelled afterwards is ended with all that it started; the outcome stays',
      ],
      'test/core/process/terminate-tree.test.ts': [
        'kills those that do not listen to SIGTERM, after the grace',
        'finds one with a session of its own whose parents are gone',
      ],
    },
  },
  {
    text: 'Disk and database',
    how: 'A full, read-only, locked, deleted or damaged disk or database is reported in words. Work continues when it is repaired.',
    proofs: {
      'test/reliability/removed-home.test.ts': [
        'ends its scheduler with an error, and nothing is created again, not even by an active run',
      ],
      'test/reliability/scheduler-faults.slow.test.ts': [
        'goes on when the database was locked for longer than it waits, while jobs came due',
        'goes on, and can be seen and stopped, when its database is deleted under it',
      ],
      'test/reliability/read-only-home.slow.test.ts': ['can be read, and reports that it cannot be written'],
      'test/reliability/nearly-full-disk.test.ts': [
        'making a home with … free pages works or says that the disk is full',
      ],
      'test/reliability/corrupt-database.slow.test.ts': [
        'costs what came after the newest snapshot: jobs are listed, the file is kept, no occurrence repeats',
        'is replaced by the scheduler, which goes on; the active run records its outcome in the new one',
      ],
      'test/reliability/snapshots.slow.test.ts': [
        'damage at random places × damaged snapshots × kill -9 while it is replaced: nothing starts twice, the newest whole one is there (seed …)',
        'kill -9 while one is taken leaves whole snapshots only, and nothing else after the next (seed …)',
      ],
      'test/core/scheduler/database-snapshots.test.ts': [
        'is not taken without room for it besides what runs need, which the log says',
      ],
      'test/core/database/migrate.test.ts': [
        'is kept as an intact backup, mode 0600, that can be restored',
        'that fails in the middle leaves the tables as they were',
      ],
      'test/core/jobs/disk-space.test.ts': [
        'has room for runs from 50 MiB on, or as the setting says, and with 0 always',
      ],
    },
  },
  {
    text: 'Security',
    how: 'Files are their owner’s under any umask, nothing leads out of the folders, a callback’s words reach no shell.',
    proofs: {
      'test/core/fs/durable-write.test.ts': ['gives the requested mode under any umask'],
      'test/core/execution/output-location.test.ts': [
        'never lands among our own files: by an absolute path, by .. or by a link',
      ],
      'test/core/home-modes.slow.test.ts': ['has folders of mode 0700 and files of mode 0600 under umask …'],
      'test/core/fs/unsafe-home.test.ts': ['is refused with the command that fixes it: mode …'],
      'test/reliability/secrets.slow.test.ts': [
        'a secret of the environment or of secrets.env stands nowhere else in the home, and in no message',
      ],
      'test/core/execution/run-callback.test.ts': ['gets its words byte for byte, no shell reads them: …'],
    },
  },
  ...SCRAPING,
  {
    text: 'Programs that speak with it',
    how: 'State machines with a size limit split bytes into messages. A strict check comes before the library. Nothing else can write to stdout, and every queue has a bound.',
    proofs: {
      'test/rpc/json-rpc/edge-cases.test.ts': ['answers as the specification of JSON-RPC 2.0 says'],
      'test/rpc/json-rpc/fuzz.slow.test.ts': [
        'answers every broken message that needs an answer',
        'a real server with … survives them, small and with a clean stdout',
      ],
      'test/rpc/json-rpc/process.slow.test.ts': [
        'keeps everything but the protocol out of stdout',
        'makes a client wait that does not read, and answers everything when it does',
      ],
      'test/rpc/json-rpc/ending.slow.test.ts': [
        'has answered everything that it read, and is gone',
        'answers a call that waits for a run as the run is, when the input ends; the run goes on',
      ],
      'test/rpc/mcp/conformance.slow.test.ts': ['has a verdict on each of its scenarios', 'passes …'],
      'test/rpc/mcp/inspector.slow.test.ts': ['does a whole session in each era of the protocol'],
      'test/rpc/mcp/five-tasks.slow.test.ts': [
        'b: "The job books finds nothing since the shop was rebuilt. Repair it."',
        'd: "Six jobs of shop.example fail. Disable them, and leave the others alone."',
      ],
      'test/rpc/mcp/validate-message.test.ts': ['lets nothing through that the SDK drops silently'],
      'test/rpc/mcp/stdio-manners.slow.test.ts': [
        'answers invalid messages, and goes on',
        'serves one home beside another server and a scheduler',
      ],
      'test/rpc/mcp/stdio-ending.slow.test.ts': [
        'has answered all that it read when its input ends, and is gone long before the run ends',
        'makes a client wait that does not read, and answers everything when it does',
      ],
    },
  },
];
