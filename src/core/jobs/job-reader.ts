import type { QuickscrapeDatabase } from '../database/database.ts';
import { ifAvailable } from '../fs/unavailable.ts';
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
 * Takes note of the definitions that the database does not know, in one transaction; nothing is written when there
 * are none.
 * @param witness asks the files of jobs that the database had no definition of what it may have lost; gives those whose
 *   state has changed by it
 * @returns by id, the jobs as they are now; those that another process was faster to note, or that have to be read
 *   anew, are left out
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
      const { watermark } = state;
      return states.saveIf(
        id,
        knownHash,
        { revision, updatedAt, updatedBy, watermark, ...hashes },
        rescheduled,
      );
    });
    const changed = witness(noted.filter(({ unnoticed }) => unnoticed.knownHash === undefined));
    return new Map(noted.flatMap((entry) => (changed.has(entry.id) ? [] : [[entry.id, toRecorded(entry)]])));
  });
}

/** The entry as it is read once it is noted: the database keeps whole milliseconds. */
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
 * An edit by hand is noted in passing, and has its revision whether it is noted or not; so a reader, which may be what
 * hears the keys, waits no longer than that for others' writes.
 */
const NOTE_WAIT_MS = 50;

/** Jobs that are read together when all are gone through. */
const BATCH_SIZE = 200;

/** Some of the jobs of a home. */
export interface JobPage {
  entries: JobEntry[];
  /** All jobs. */
  total: number;
  /** Those that come after these. */
  left: number;
}

/** Reads job files and joins them with what the database knows. Takes no lock; notes edits by hand that it comes upon. */
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

  /** All jobs, sorted by id; files that are no valid jobs are listed with the reason. */
  list(): JobEntry[] {
    const rows = this.#states.all();
    const now = this.#clock.now();
    const parsed = this.#files.list((id) => rows.definitionHash(id));
    return this.#noted(parsed.map((job) => joinJob(job, rows.get(job.id), now)));
  }

  /**
   * The first `limit` jobs whose id comes after `after`, as {@link list} has them, with the number of all job files and
   * of those that are left. Costs by what it gives, however many jobs there are.
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

  /** The job with exactly this id, and the version of its file that a write may replace; see `readForChange`. */
  getForChange(id: string): { entry: JobEntry; seen: JobVersion } | undefined {
    const row = this.#states.get(id);
    const read = this.#files.readForChange(id, row?.definition_hash);
    const entry = read && this.#noted([joinJob(read.parsed, row, this.#clock.now())])[0];
    return entry && { entry, seen: read.version };
  }

  /** {@link get} of several, by id; those that are not there are left out. */
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

  /** {@link list}, some jobs at a time, each as it is then; one that comes meanwhile is not among them. */
  *batches(): Generator<JobEntry[]> {
    const ids = this.#files.names();
    for (let start = 0; start < ids.length; start += BATCH_SIZE)
      yield [...this.getMany(ids.slice(start, start + BATCH_SIZE)).values()];
  }

  /**
   * The job with this id, or the only one whose id begins so.
   * @throws QuickscrapeError `job_not_found` with the closest ids; `conflict` naming the ids when several begin so
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

  /** Whoever sees an edit by hand notes it first: the next one has to get another revision, scheduler or not. */
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
