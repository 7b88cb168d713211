import { type FileStamp, isSettled, sameStamp } from '../fs/file-stamp.ts';
import { ifAvailable } from '../fs/unavailable.ts';
import { findLeaseHolder, type LeaseHolder } from '../lease/holder.ts';
import { describeDiskShortage } from '../lease/start-limits.ts';
import { isName } from '../model/job-id.ts';
import { isAlive } from '../process/identity.ts';
import type { Workspace } from '../workspace.ts';

/** Who looks after a job asks for it again and again, or for a few: of more than these all are forgotten. */
const MAX_CACHED = 50;

/** What everything that is said of a job was made of, beside its own file and the time. */
interface Basis {
  /** Of the database, which holds its state and its runs. */
  mark: string;
  stamp: FileStamp;
  holder: LeaseHolder | undefined;
}

interface CachedResult<T> extends Basis {
  answer: T;
  configName: string;
  hasConfig: boolean;
  /** Epoch milliseconds, the second exclusive. */
  from: number;
  until: number;
}

/** An answer about a job, and what it says of how long it is true. */
export interface JobResult<T> {
  answer: T;
  configName: string;
  hasConfig: boolean;
  /** While nothing but time goes on, epoch milliseconds, exclusive. */
  until: number;
}

/**
 * Answers about jobs that are still true: who looks whether anything has happened asks again and again, mostly in vain. While
 * a run is under way nothing is remembered, as it may be another answer at any moment. Each time it is looked whether anything has changed that the answer rests on, in this process or another: the database, the job's
 * file, whether there are its configuration, its scheduler and room on the disk, the settings, and how long it is true by itself.
 */
export class JobResultCache<T> {
  readonly #known = new Map<string, CachedResult<T>>();

  /**
   * What was answered about a job, if it is still true.
   * @throws QuickscrapeError `invalid_config` for settings that cannot be read, `store_unavailable`
   */
  read(workspace: Workspace, jobId: string): T | undefined {
    const known = this.#known.get(jobId);
    if (known === undefined) return undefined;
    if (isStillValid(workspace, jobId, known)) return known.answer;
    this.#known.delete(jobId);
    return undefined;
  }

  /**
   * Makes an answer about a job, and remembers it.
   * @throws what `make` throws
   */
  build(workspace: Workspace, jobId: string, build: () => JobResult<T>): T {
    const from = workspace.clock.now();
    // Looked at before: what changes meanwhile shows the next time.
    const basis = readBasis(workspace, jobId);
    const { answer, configName, hasConfig, until } = build();
    if (basis !== undefined && until > from) {
      if (this.#known.size >= MAX_CACHED) this.#known.clear();
      this.#known.set(jobId, { ...basis, answer, configName, hasConfig, from, until });
    }
    return answer;
  }
}

function isStillValid(workspace: Workspace, jobId: string, known: CachedResult<unknown>): boolean {
  const { clock, db, jobs, configs } = workspace;
  const now = clock.now();
  if (now < known.from || now >= known.until) return false;
  const stamp = ifAvailable(() => jobs.stamp(jobId));
  return (
    stamp !== undefined &&
    sameStamp(stamp, known.stamp) &&
    db.changeVersion() === known.mark &&
    configs.has(known.configName) === known.hasConfig &&
    (known.holder === undefined || isAlive(known.holder.process)) &&
    describeDiskShortage(workspace) === undefined
  );
}

/** `undefined` for what may change without a trace. */
function readBasis({ db, jobs, runs }: Workspace, jobId: string): Basis | undefined {
  // No file is looked for under a name that no job can have.
  if (db.isReadOnly || !isName(jobId)) return undefined;
  const mark = db.changeVersion();
  // What cannot be looked at is for the one who reads it to tell of.
  const stamp = ifAvailable(() => jobs.stamp(jobId));
  if (stamp === undefined || !isSettled(stamp)) return undefined;
  // Somebody has to look whether their processes still live.
  if (runs.needsReconciling()) return undefined;
  return { mark, stamp, holder: findLeaseHolder(db) };
}
