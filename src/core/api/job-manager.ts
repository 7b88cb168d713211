import { isDeepStrictEqual } from 'node:util';
import { requestRun, waitForRun } from '../execution/request-run.ts';
import { requireValidJob } from '../jobs/job-errors.ts';
import { checkFolder, checkJobId, checkOptions, invalidArgument } from '../model/input-errors.ts';
import {
  type InvalidJob,
  isJobStatus,
  JOB_STATUSES,
  type JobStatus,
  type NewerJob,
} from '../model/job-record.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { attachJob, Job, type JobActions, readJob, refreshJob } from './job.ts';
import { type JobFields, toWire } from './job-fields.ts';

/** The folder of the jobs; default: `$QUICKSCRAPE_HOME`, else `~/.quickscrape`. */
export interface JobManagerOptions {
  home?: string | undefined;
  jobsDir?: string | undefined;
}

/** A new job's fields: a configuration, a schedule, and values that differ from the defaults. */
export type CreateJobOptions = Pick<JobFields, 'configName' | 'schedule'> & {
  [K in Exclude<keyof JobFields, 'configName' | 'schedule'>]?: JobFields[K] | undefined;
} & {
  /** The job's id; when omitted, it is generated from the configuration's name. */
  id?: string | undefined;
};

export interface JobFilter {
  status?: JobStatus | undefined;
  configName?: string | undefined;
}

/** Set by the class itself, as only its own code reaches its private fields. */
let readWorkspace: (manager: JobManager) => Workspace;

/** Returns the workspace that a manager has opened. */
export function getWorkspace(manager: JobManager): Workspace {
  return readWorkspace(manager);
}

/**
 * Creates, stores and finds scraping jobs. Every change is on disk when its promise
 * resolves. Several managers, also in other processes, may use the same folder. Does not keep Node alive.
 */
export class JobManager {
  readonly #workspace: Workspace;
  readonly #actions: JobActions;

  /**
   * @param where the jobs folder, or home and jobs folder
   * @throws QuickscrapeError `invalid_params`; `store_unavailable` when the home cannot be created or opened
   */
  constructor(where?: string | JobManagerOptions) {
    const workspace = openWorkspace({ ...choiceOf(where), actor: 'library' });
    this.#workspace = workspace;
    this.#actions = {
      run: (id) => runToItsEnd(workspace, id),
      setEnabled: async (id, enabled) =>
        (await workspace.jobs.update(id, { enabled }, { by: workspace.actor, resume: enabled })).entry,
    };
  }

  /**
   * Stores a new job. Its configuration need not exist yet.
   * @throws QuickscrapeError `invalid_params`, `invalid_schedule`; `conflict` when the id is taken
   */
  async createJob(options: CreateJobOptions): Promise<Job> {
    if (typeof options !== 'object' || options === null || Array.isArray(options))
      throw invalidArgument('options', options, 'an object with at least configName and schedule');
    const { id, ...fields } = options;
    if (id !== undefined) checkJobId(id);
    const input = { fields: toWire(fields), ...(id !== undefined && { id }) };
    return attachJob(await this.#workspace.jobs.create(input, this.#workspace.actor), this.#actions);
  }

  /**
   * Returns the job with this id; `undefined` when it does not exist.
   * @throws QuickscrapeError `invalid_params`; `not_allowed` with file, line and reason when its file is invalid
   */
  async getJob(id: string): Promise<Job | undefined> {
    checkJobId(id);
    const entry = this.#workspace.jobs.get(id);
    return entry && attachJob(requireValidJob(entry), this.#actions);
  }

  /**
   * Stores the fields of a job that changed since it was read, and refreshes the object. For a job made by
   * `Job.fromDict`, it writes all fields. If the dictionary names a revision, the stored job must still have it. The
   * object is a stored job from then on.
   * @throws QuickscrapeError `conflict` naming a field that was changed elsewhere meanwhile, `job_not_found`,
   *   `invalid_params`, `invalid_schedule`
   */
  async updateJob(job: Job): Promise<Job> {
    if (!(job instanceof Job))
      throw invalidArgument(
        'job',
        job,
        'a Job',
        'Take it from getJob or createJob, or make it by Job.fromDict.',
      );
    const { base, revision, fields } = readJob(job);
    const { entry } = base
      ? await this.#workspace.jobs.update(job.id, differing(fields, base), {
          by: this.#workspace.actor,
          base,
        })
      : await this.#workspace.jobs.update(job.id, fields, {
          by: this.#workspace.actor,
          ...(revision !== undefined && { ifRevision: revision }),
        });
    refreshJob(job, entry, this.#actions);
    return job;
  }

  /**
   * Moves a job to the trash, which holds it for 30 days; returns false when it does not exist.
   * @throws QuickscrapeError `conflict`, `invalid_params`
   */
  async deleteJob(id: string): Promise<boolean> {
    checkJobId(id);
    return this.#workspace.jobs.delete(id, { by: this.#workspace.actor });
  }

  /** All jobs, sorted by id. Invalid files are returned by {@link listUnusable}. */
  async listJobs(): Promise<Job[]> {
    const jobs: Job[] = [];
    for (const entry of this.#workspace.jobs.list()) {
      if (entry.kind === 'valid') jobs.push(attachJob(entry, this.#actions));
    }
    return jobs;
  }

  /** The jobs that match all given criteria. @throws QuickscrapeError `invalid_params` */
  async filterJobs(filter: JobFilter = {}): Promise<Job[]> {
    checkOptions(filter, 'filter', ['status', 'configName']);
    const { status, configName } = filter;
    if (status !== undefined && !isJobStatus(status))
      throw invalidArgument('status', status, `one of ${JOB_STATUSES.join(', ')}`);
    if (configName !== undefined && typeof configName !== 'string')
      throw invalidArgument('configName', configName, 'the name of a configuration, a string');
    const jobs = await this.listJobs();
    return jobs.filter(
      (job) =>
        (status === undefined || job.status === status) &&
        (configName === undefined || job.configName === configName),
    );
  }

  /** The invalid job files, each with the reason; they are not changed. */
  async listUnusable(): Promise<(InvalidJob | NewerJob)[]> {
    return this.#workspace.jobs.list().filter((entry) => entry.kind !== 'valid');
  }

  /** Releases database and lock; this manager and its jobs cannot be used afterwards. */
  close(): void {
    this.#workspace.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  // Internal access for the scheduler, not exported by the library.
  static {
    readWorkspace = (manager) => manager.#workspace;
  }
}

function choiceOf(where: unknown): JobManagerOptions {
  if (where === undefined) return {};
  if (typeof where === 'string') {
    checkFolder(where, 'jobsDir');
    return { jobsDir: where };
  }
  checkOptions(where, 'where', ['home', 'jobsDir']);
  const { home, jobsDir } = where as JobManagerOptions;
  checkFolder(home, 'home');
  checkFolder(jobsDir, 'jobsDir');
  return { home, jobsDir };
}

async function runToItsEnd(workspace: Workspace, id: string) {
  const { runId } = await requestRun(workspace, id, { maxAttempts: 1 });
  const { status } = await waitForRun(workspace, runId);
  return { succeeded: status === 'succeeded', state: requireValidJob(workspace.jobs.find(id)).state };
}

function differing(fields: Record<string, unknown>, base: object): Record<string, unknown> {
  const known: Record<string, unknown> = { ...base };
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !isDeepStrictEqual(value, known[name])),
  );
}
