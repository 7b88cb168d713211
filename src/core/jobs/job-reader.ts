import type { QuickscrapeDatabase } from '../database/database.ts';
import { ifAvailable } from '../fs/system-errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { JobEntry, UnnoticedEdit, ValidJob } from '../model/job-record.ts';
import { joinJob } from './job-entry.ts';
import { ambiguousId, jobNotFound } from './job-errors.ts';
import type { JobFiles, JobVersion } from './job-files.ts';
import type { JobStates } from './job-states.ts';
import { recoverStateFromFiles } from './recover-state-from-files.ts';

type EditedJob = ValidJob & { unnoticed: UnnoticedEdit };

function isEdited(entry: JobEntry): entry is EditedJob {
  return entry.kind === 'valid' && entry.unnoticed !== undefined;
}

/**
 * Records the definitions that the database does not have, in one transaction; writes nothing when there are none.
 * @param witness recovers, from job files, the lost state of jobs without a recorded definition; returns the ids of the
 *   jobs whose state it changed
 * @returns the recorded jobs by id; jobs that another process recorded first, or that must be read again, are left out
 * @throws QuickscrapeError `store_unavailable`
 */
function recordHandEdits(
  db: QuickscrapeDatabase,
  states: JobStates,
  entries: readonly JobEntry[],
  witness: (noted: readonly ValidJob[]) => ReadonlySet<string> = () => new Set(),
): Map<string, ValidJob> {
  const edited = entries.filter(isEdited);
  if (edited.length === 0) return new Map();
  return db.transaction(() => {
    const noted = edited.filter(({ id, record, state, unnoticed: { knownHash, rescheduled, ...hashes } }) => {
      const { revision, updatedAt, updatedBy } = record;
      const { decidedUntil } = state;
      return states.saveIf(
        id,
        knownHash,
        { revision, updatedAt, updatedBy, watermark: decidedUntil, ...hashes },
        rescheduled,
      );
    });
    const changed = witness(noted.filter(({ unnoticed }) => unnoticed.knownHash === undefined));
    return new Map(noted.flatMap((entry) => (changed.has(entry.id) ? [] : [[entry.id, toRecorded(entry)]])));
  });
}

/** The entry as a later read returns it: the database stores whole milliseconds. */
function toRecorded({ unnoticed: _, record, ...entry }: EditedJob): ValidJob {
  return { ...entry, record: { ...record, updatedAt: Math.floor(record.updatedAt) } };
}

interface JobReaderOptions {
  files: JobFiles;
  states: JobStates;
  db: QuickscrapeDatabase;
  clock: Clock;
}

/**
 * The longest wait for other writers before an edit by hand is recorded. Reads must stay short, because the reader may
 * also handle keyboard input. The edit has its revision whether or not it is recorded.
 */
const NOTE_WAIT_MS = 50;

/** The number of jobs that {@link JobReader.batches} reads together. */
const BATCH_SIZE = 200;

/** A page of a home's jobs. */
export interface JobPage {
  entries: JobEntry[];
  /** The number of all jobs. */
  total: number;
  /** The number of jobs after this page. */
  left: number;
}

/** Reads job files and joins them with the database. It takes no lock, and records the edits by hand that it finds. */
export class JobReader {
  readonly #files: JobFiles;
  readonly #states: JobStates;
  readonly #db: QuickscrapeDatabase;
  readonly #clock: Clock;

  constructor({ files, states, db, clock }: JobReaderOptions) {
    this.#files = files;
    this.#states = states;
    this.#db = db;
    this.#clock = clock;
  }

  /** All jobs, sorted by id; invalid files are listed with the reason. */
  list(): JobEntry[] {
    const rows = this.#states.all();
    const now = this.#clock.now();
    const parsed = this.#files.list((id) => rows.definitionHash(id));
    return this.#noted(parsed.map((job) => joinJob(job, rows.get(job.id), now)));
  }

  /**
   * The first `limit` entries of {@link list} whose id comes after `after`, with the number of all job files and of the
   * remaining ones. The cost depends on the page, not on the number of jobs.
   */
  page(after: string | undefined, limit: number): JobPage {
    const now = this.#clock.now();
    const { names, ...counts } = this.#files.namesAfter(after, limit);
    const rows = this.#states.of(names.ids);
    const jobs = this.#files.readMany(names, (id) => rows.definitionHash(id));
    return { ...counts, entries: this.#noted(jobs.map((job) => joinJob(job, rows.get(job.id), now))) };
  }

  /** The job with exactly this id. */
  get(id: string): JobEntry | undefined {
    const entry = this.#read(id);
    return entry && this.#noted([entry])[0];
  }

  /** The job with exactly this id, and the file version that a write may replace; see `readForChange`. */
  getForChange(id: string): { entry: JobEntry; seen: JobVersion } | undefined {
    const row = this.#states.get(id);
    const read = this.#files.readForChange(id, row?.definition_hash);
    const entry = read && this.#noted([joinJob(read.parsed, row, this.#clock.now())])[0];
    return entry && { entry, seen: read.version };
  }

  /** {@link get} for several ids; missing jobs are left out. */
  getMany(ids: readonly string[]): Map<string, JobEntry> {
    const rows = this.#states.of(ids);
    const now = this.#clock.now();
    const read = ids.flatMap((id) => {
      const row = rows.get(id);
      const parsed = this.#files.read(id, row?.definition_hash);
      return parsed ? [joinJob(parsed, row, now)] : [];
    });
    return new Map(this.#noted(read).map((entry) => [entry.id, entry]));
  }

  /**
   * {@link list} in batches. Each job has its state at the time of its batch; jobs that are created meanwhile are left
   * out.
   */
  *batches(): Generator<JobEntry[]> {
    const ids = this.#files.names();
    for (let start = 0; start < ids.length; start += BATCH_SIZE)
      yield [...this.getMany(ids.slice(start, start + BATCH_SIZE)).values()];
  }

  /**
   * Finds a job by its id or a unique prefix of it.
   * @throws QuickscrapeError `job_not_found` with the closest ids; `conflict` naming the ids when several begin with
   *   the prefix
   */
  find(idOrPrefix: string): JobEntry {
    const exact = this.get(idOrPrefix);
    if (exact) return exact;
    const ids = this.#files.names();
    const matching = idOrPrefix === '' ? [] : ids.filter((id) => id.startsWith(idOrPrefix));
    if (matching.length > 1) throw ambiguousId(idOrPrefix, matching);
    const entry = matching[0] === undefined ? undefined : this.get(matching[0]);
    if (!entry) throw jobNotFound(idOrPrefix, ids);
    return entry;
  }

  #read(id: string): JobEntry | undefined {
    const row = this.#states.get(id);
    const parsed = this.#files.read(id, row?.definition_hash);
    return parsed && joinJob(parsed, row, this.#clock.now());
  }

  /**
   * Records edits by hand as soon as they are read, with or without a scheduler, so that the next edit gets another
   * revision.
   */
  #noted(entries: JobEntry[]): JobEntry[] {
    if (this.#db.isReadOnly) return entries;
    const witness = (unknown: readonly ValidJob[]) =>
      recoverStateFromFiles(this.#db, unknown, this.#files, this.#clock.now());
    if (!entries.some(isEdited)) return entries;
    const noted = ifAvailable(() =>
      this.#db.withBusyTimeout(NOTE_WAIT_MS, () => recordHandEdits(this.#db, this.#states, entries, witness)),
    );
    if (!noted) return entries;
    return entries.flatMap((entry) =>
      isEdited(entry) ? (noted.get(entry.id) ?? this.#read(entry.id) ?? []) : entry,
    );
  }
}
