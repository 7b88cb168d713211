import { unavailable } from '../fs/system-errors.ts';
import { isName } from '../model/ids.ts';
import { ACTIVE_STATUSES, RUN_STATUSES, type StoredStatus, TRIGGERS } from '../model/run-record.ts';
import { DATABASE_LOST } from './recovery/data-loss.ts';
import { IS_ACTIVE } from './schema.ts';
import {
  firstPosition,
  type JournalEntry,
  type JournalRun,
  type RunQuery,
  readPosition,
  StartJournal,
  writePosition,
} from './start-journal.ts';

/** The columns of a run in the journal: enough to restore its row, and for its process to continue. */
const COLUMNS = [
  'run_id',
  'job_id',
  'config_name',
  'trigger',
  'retry_of',
  'requested_by',
  'scheduled_for',
  'timezone',
  'status',
  'attempt',
  'max_attempts',
  'queued_at',
  'not_before',
  'started_at',
  'finished_at',
  'items',
  'pages',
  'bytes',
  'error_kind',
  'start_token',
  'pid',
  'pid_start',
  'boot_id',
  'deadline',
  'pool',
  'worker',
] as const;

const JOB_ID = COLUMNS.indexOf('job_id') + 1;
const QUEUED_AT = COLUMNS.indexOf('queued_at') + 1;

const ERROR_KIND = COLUMNS.indexOf('error_kind') + 1;

/** Error messages may be long, and are in the run's log. */
const MESSAGE = `CASE WHEN ?${ERROR_KIND} IS NOT NULL THEN 'see the log of the run: its row was restored from the journal of starts' END`;

const SELECT = `SELECT ${COLUMNS.join(', ')} FROM runs WHERE run_id = ?`;

/** Returns the journal's record of a run; `undefined` when it has no row (any more). */
function journalRunOf(ask: RunQuery, runId: string): JournalRun | undefined {
  const [row] = ask(SELECT, [runId]) as JournalRun[];
  return row && Object.fromEntries(COLUMNS.map((name) => [name, row[name] ?? null]));
}

/**
 * Restores runs that the database lacks, or has only in an earlier state. The attempts of unfinished runs are not
 * repeated: it is unknown whether they were still active.
 * @param runs the runs of the journal, in the order of the journal
 * @returns how many runs were inserted or updated
 */
export function restoreRuns(ask: RunQuery, runs: readonly JournalRun[]): number {
  const latest = new Map(runs.map((run) => [run['run_id'], run]));
  return [...latest.values()].filter(isPlausible).filter((run) => restoreRun(ask, run)).length;
}

/** A line may come from another version or from an editor, and its ids become paths. */
function isPlausible(run: JournalRun): boolean {
  return (
    ['run_id', 'job_id'].every((name) => isName(String(run[name]))) &&
    STATUSES.has(String(run['status'])) &&
    (TRIGGERS as readonly unknown[]).includes(run['trigger']) &&
    typeof run['timezone'] === 'string' &&
    ['queued_at', 'not_before'].every((name) => isInstant(run[name])) &&
    ['scheduled_for', 'started_at', 'finished_at', 'deadline'].every((name) => isInstant(run[name] ?? 0)) &&
    ['attempt', 'max_attempts', 'items', 'pages', 'bytes'].every((name) => isCount(run[name])) &&
    // Lines of older versions lack both.
    ['pool', 'worker'].every((name) => typeof (run[name] ?? '') === 'string')
  );
}

const STATUSES: ReadonlySet<string> = new Set<StoredStatus>([...RUN_STATUSES, 'starting']);
const MAX_INSTANT = 8.64e15;

function isInstant(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= MAX_INSTANT;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function restoreRun(ask: RunQuery, run: JournalRun): boolean {
  const isDone = update(ask, run) || insert(ask, run);
  if (isDone && run['attempt'] !== 0)
    ask(
      `INSERT OR REPLACE INTO attempts (run_id, attempt, status, pid, started_at, finished_at, items, pages, bytes,
         error_kind, worker)
       SELECT run_id, attempt, CASE status WHEN 'waiting_retry' THEN 'failed' ELSE status END, pid,
         coalesce(started_at, queued_at), finished_at, items, pages, bytes, error_kind,
         nullif(worker, '')
       FROM runs WHERE run_id = ? RETURNING 1`,
      [run['run_id'] ?? null],
    );
  return isDone;
}

/** A finished row is not updated, except when it was recorded as lost. An active row is updated when it is older. */
function update(ask: RunQuery, run: JournalRun): boolean {
  const { attempt = 0, status = '' } = run;
  const isFinished = !(ACTIVE_STATUSES as readonly unknown[]).includes(status);
  const changed = ask(
    `UPDATE runs SET ${COLUMNS.map((name, n) => `${name} = ?${n + 1}`).join(', ')}, error_message = ${MESSAGE}
     WHERE run_id = ?1 AND (${IS_ACTIVE} OR error_kind = '${DATABASE_LOST}')
       AND (attempt < ?${COLUMNS.length + 1} OR (attempt = ?${COLUMNS.length + 1} AND ?${COLUMNS.length + 2}))
     RETURNING 1`,
    [...valuesOf(run), attempt, isFinished ? 1 : 0],
  );
  return changed.length > 0;
}

function insert(ask: RunQuery, run: JournalRun): boolean {
  // The recovery recorded this occurrence as missed, because it could not know about the run.
  ask(`DELETE FROM runs WHERE job_id = ? AND scheduled_for = ? AND status = 'missed' RETURNING 1`, [
    run['job_id'] ?? null,
    run['scheduled_for'] ?? null,
  ]);
  const added = ask(
    // A run that is older than all other runs of its job has been removed by retention.
    `INSERT INTO runs (${COLUMNS.join(', ')}, error_message) SELECT ${COLUMNS.map((_, n) => `?${n + 1}`).join(', ')}, ${MESSAGE}
     WHERE ?${QUEUED_AT} >= coalesce((SELECT min(queued_at) FROM runs WHERE job_id = ?${JOB_ID}), 0)
     ON CONFLICT DO NOTHING RETURNING 1`,
    valuesOf(run),
  );
  return added.length > 0;
}

function valuesOf(run: JournalRun): (string | number | null)[] {
  return COLUMNS.map((name) => run[name] ?? (name === 'pool' ? '' : null));
}

/**
 * Writes to the journal of starts what a connection has committed. Notes within a transaction increment the history's
 * position in it. They are written together after the commit.
 */
export class JournalWriter {
  readonly #journal: StartJournal;
  readonly #runIds = new Set<string>();
  #isMarked = false;
  /** Committed entries that could not be written yet. */
  #unwritten: JournalEntry[] = [];

  constructor(database: string) {
    this.#journal = new StartJournal(database);
  }

  /** Notes a run: its state at the end of the transaction is written to the journal. */
  note(runId: string): void {
    this.#runIds.add(runId);
  }

  /** Notes that a decision was made that starts no run. */
  mark(): void {
    this.#isMarked = true;
  }

  /** Discards all notes of a failed transaction. */
  forget(): void {
    this.#runIds.clear();
    this.#isMarked = false;
  }

  /** Increments the position for each note. Call it at the end of the transaction. */
  countUp(ask: RunQuery): JournalEntry[] {
    const noted: Pick<JournalEntry, 'run'>[] = [];
    for (const runId of this.#runIds) {
      const run = journalRunOf(ask, runId);
      if (run) noted.push({ run });
    }
    if (noted.length === 0 && this.#isMarked) noted.push({});
    this.forget();
    if (noted.length === 0) return [];
    const from = readPosition(ask) ?? firstPosition();
    writePosition(ask, { ...from, count: from.count + noted.length });
    // No other process can be in a transaction now.
    this.#journal.rotateIfLarge();
    return noted.map((entry, n) => ({ ...entry, position: { ...from, count: from.count + n + 1 } }));
  }

  /**
   * Writes committed entries; entries that cannot be written are saved for the next call.
   * @returns messages for users
   */
  flush(entries: readonly JournalEntry[]): string[] {
    if (entries.length === 0) return [];
    this.#unwritten.push(...entries);
    try {
      this.#write();
      return [];
    } catch (error) {
      return [`${this.#journal.file}, the journal of starts, cannot be written: ${(error as Error).message}`];
    }
  }

  /**
   * Ensures that everything committed is in the journal and on the disk.
   * @throws QuickscrapeError `store_unavailable`
   */
  sync(): void {
    if (this.#unwritten.length === 0) return;
    try {
      this.#write();
    } catch (error) {
      throw unavailable(`cannot write ${this.#journal.file}, without which no run starts`, error);
    }
  }

  #write(): void {
    // Nothing depends on entries without a run; the next start syncs them to the disk.
    const isSynced = this.#unwritten.some(({ run }) => run !== undefined);
    this.#journal.append(this.#unwritten, isSynced);
    this.#unwritten = [];
  }
}
