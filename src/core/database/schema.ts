/**
 * The migrations of `quickscrape.db`, one entry per schema version; entry i migrates version i to version i+1.
 * Instants are epoch milliseconds. An entry that has shipped is never edited.
 *
 * - `runs`: one row per run. `UNIQUE(job_id, scheduled_for)` ensures that an occurrence runs at most once
 *   (manual runs have no `scheduled_for`).
 * - `attempts`: one row per process start within a run.
 * - `job_state`: what the database stores about a job in addition to its file: the last definition seen (revision and
 *   hashes, which reveal edits by hand), the watermark (newest decided occurrence) and the status.
 * - `scheduler`: the process that holds the scheduler's lease. It is stored because a locked file cannot be read.
 * - `downtime`: when no scheduler could start anything, and why. It gives the reason for a missed occurrence.
 * - `facts`: single values by name: when a scheduler was last seen, which time zone data it used.
 * - `set_back_watermarks`: the previous watermarks of jobs whose watermark was too far ahead and was set back.
 * - `missing_job_files`: since when the files of known jobs have been missing.
 * - `workers`: what was last heard of each worker on another machine.
 * - `messages`: one row per message and channel, written with the outcome that it is about.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE runs (
    run_id TEXT PRIMARY KEY,
    job_id TEXT NOT NULL,
    config_name TEXT NOT NULL,
    trigger TEXT NOT NULL,
    retry_of TEXT,
    requested_by TEXT NOT NULL,
    scheduled_for INTEGER,
    timezone TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    attempt INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL,
    priority INTEGER NOT NULL DEFAULT 0,
    overlap TEXT NOT NULL DEFAULT 'skip',
    host TEXT,
    queued_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    items INTEGER NOT NULL DEFAULT 0,
    pages INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    total_pages INTEGER,
    output_path TEXT,
    output_format TEXT,
    error_kind TEXT,
    error_message TEXT,
    checks TEXT NOT NULL DEFAULT '[]',
    start_token TEXT,
    start_deadline INTEGER,
    void_starts INTEGER NOT NULL DEFAULT 0,
    pid INTEGER,
    pid_start TEXT,
    boot_id TEXT,
    deadline INTEGER,
    cancel_requested_at INTEGER,
    cancel_requested_by TEXT,
    callback TEXT,
    UNIQUE (job_id, scheduled_for)
  ) STRICT;
  CREATE INDEX runs_by_job ON runs (job_id, queued_at DESC);
  CREATE INDEX runs_by_time ON runs (queued_at DESC);
  CREATE INDEX runs_active ON runs (status, not_before) WHERE status IN ('queued', 'starting', 'running', 'waiting_retry');

  CREATE INDEX runs_callback ON runs (callback) WHERE callback IN ('due', 'running');

  CREATE TABLE attempts (
    run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    status TEXT NOT NULL,
    pid INTEGER,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    items INTEGER NOT NULL DEFAULT 0,
    pages INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    error_kind TEXT,
    error_message TEXT,
    PRIMARY KEY (run_id, attempt)
  ) STRICT;

  CREATE TABLE job_state (
    job_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL DEFAULT 1,
    definition_hash TEXT NOT NULL DEFAULT '',
    schedule_hash TEXT NOT NULL DEFAULT '',
    updated_at INTEGER,
    updated_by TEXT,
    watermark INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'pending',
    last_run INTEGER,
    last_run_id TEXT,
    failures INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE scheduler (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    pid INTEGER NOT NULL,
    pid_start TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    since INTEGER NOT NULL,
    version TEXT NOT NULL,
    slots INTEGER NOT NULL,
    stop_requested TEXT
  ) STRICT;
  `,
  `
  ALTER TABLE job_state ADD COLUMN strikes INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE job_state ADD COLUMN paused_at INTEGER;
  ALTER TABLE job_state ADD COLUMN paused_after INTEGER;
  ALTER TABLE job_state ADD COLUMN decided_at INTEGER;
  ALTER TABLE job_state ADD COLUMN decided_offset INTEGER;
  ALTER TABLE runs ADD COLUMN failures_before INTEGER;

  CREATE TABLE downtime (
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL,
    kind TEXT NOT NULL
  ) STRICT;
  CREATE INDEX downtime_by_time ON downtime (to_at);

  CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE runs ADD COLUMN changes TEXT;
  `,
  `
  CREATE INDEX runs_waiting ON runs (priority DESC, not_before, queued_at, scheduled_for)
    WHERE status IN ('queued', 'waiting_retry');
  `,
  `
  ALTER TABLE runs ADD COLUMN callbacks TEXT;
  ALTER TABLE job_state ADD COLUMN callback_failed_at INTEGER;
  ALTER TABLE job_state ADD COLUMN callback_failure TEXT;

  ALTER TABLE runs ADD COLUMN home TEXT;
  ALTER TABLE scheduler ADD COLUMN home TEXT;

  CREATE INDEX runs_waiting_by_host ON runs (priority DESC, host, not_before, queued_at, scheduled_for)
    WHERE status IN ('queued', 'waiting_retry');
  `,
  `
  CREATE TABLE set_back_watermarks (
    job_id TEXT PRIMARY KEY,
    watermark INTEGER NOT NULL
  ) STRICT;
  INSERT INTO set_back_watermarks (job_id, watermark)
    SELECT substr(name, length('decided until, job ') + 1), CAST(value AS INTEGER)
    FROM facts WHERE name GLOB 'decided until, job ?*';

  CREATE TABLE missing_job_files (
    job_id TEXT PRIMARY KEY,
    since INTEGER NOT NULL
  ) STRICT;
  INSERT INTO missing_job_files (job_id, since)
    SELECT substr(name, length('away since: job ') + 1), CAST(value AS INTEGER)
    FROM facts WHERE name GLOB 'away since: job ?*';

  DELETE FROM facts WHERE name GLOB 'decided until, job *' OR name GLOB 'away since: job *';
  `,
  `
  ALTER TABLE runs ADD COLUMN pool TEXT NOT NULL DEFAULT '';
  ALTER TABLE runs ADD COLUMN worker TEXT;
  ALTER TABLE attempts ADD COLUMN worker TEXT;

  CREATE TABLE workers (
    name TEXT PRIMARY KEY,
    tags TEXT NOT NULL,
    slots INTEGER NOT NULL,
    running INTEGER NOT NULL,
    version TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    skew_ms INTEGER NOT NULL,
    drain INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  DROP INDEX runs_waiting_by_host;
  CREATE INDEX runs_waiting_by_host ON runs (priority DESC, host, pool, not_before, queued_at, scheduled_for)
    WHERE status IN ('queued', 'waiting_retry');
  `,
  `
  ALTER TABLE workers ADD COLUMN problem TEXT;
  `,
  `
  CREATE TABLE messages (
    message_id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    event TEXT NOT NULL,
    job_id TEXT,
    run_id TEXT,
    facts TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'waiting',
    not_before INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    tried_at INTEGER,
    finished_at INTEGER,
    accepted TEXT,
    joined TEXT,
    error TEXT
  ) STRICT;
  CREATE INDEX messages_open ON messages (not_before) WHERE status IN ('waiting', 'sending');
  CREATE INDEX messages_by_channel ON messages (channel, created_at DESC);
  CREATE INDEX messages_by_job ON messages (job_id, created_at DESC);
  CREATE INDEX messages_by_time ON messages (created_at DESC);
  `,
  `
  ALTER TABLE runs ADD COLUMN given_params TEXT;
  ALTER TABLE runs ADD COLUMN params TEXT;
  `,
];

/**
 * The exact condition of the index `runs_active`. SQLite uses the index only if this exact condition is in the
 * statement, whatever other conditions on the status it contains. Otherwise it scans every run in the history.
 */
export const IS_ACTIVE = `status IN ('queued', 'starting', 'running', 'waiting_retry')`;

/** The exact condition of the index `messages_open`, for the same reason. */
export const IS_OPEN_MESSAGE = `status IN ('waiting', 'sending')`;

/** The exact condition of the indexes `runs_waiting` and `runs_waiting_by_host`, for the same reason. */
export const IS_WAITING = `status IN ('queued', 'waiting_retry')`;

/** The database access that metadata needs: the real database, or a test double. */
export interface MetadataStore {
  get<T>(sql: string, params: readonly string[]): T | undefined;
  run(sql: string, params: readonly string[]): unknown;
}

/** Reads a single value that the database stores under a name; `undefined` when there is none. */
export function readMetadata(db: Pick<MetadataStore, 'get'>, name: string): string | undefined {
  return db.get<{ value: string }>('SELECT value FROM facts WHERE name = ?', [name])?.value;
}

export function writeMetadata(db: Pick<MetadataStore, 'run'>, name: string, value: string): void {
  db.run('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)', [name, value]);
}
