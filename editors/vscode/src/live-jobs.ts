import type { OperationInput, OperationOutput } from '../../../src/core/operations/call-operation.ts';
import type { OperationName } from '../../../src/core/operations/operations.ts';

export type Job = OperationOutput<'list_jobs'>['jobs'][number];
export type Run = OperationOutput<'list_runs'>['runs'][number];

/** Something that answers operations: the session. */
export interface Caller {
  call<N extends OperationName>(
    name: N,
    params: OperationInput<N>,
    signal?: AbortSignal,
  ): Promise<OperationOutput<N>>;
}

const ACTIVE = ['queued', 'running', 'waiting_retry'] as const;
/** Runs that are shown below a job. */
const RUNS_OF_JOB = 10;
const PAGE = 1_000;
/** Several changes within this time, in milliseconds, are one. */
const GATHER_MS = 100;

export function isActive({ status }: Pick<Run, 'status'>): boolean {
  return (ACTIVE as readonly string[]).includes(status);
}

/** The jobs and their last runs, kept up by notifications. */
export class LiveJobs {
  readonly #caller: Caller;
  readonly #onChange: () => void;
  #jobs: Promise<Job[]> | undefined;
  readonly #runs = new Map<string, readonly Run[]>();
  /** Jobs whose runs are being read, with the runs that have changed meanwhile. */
  readonly #reading = new Map<string, { news: Run[]; runs: Promise<readonly Run[]> }>();
  /** While the active runs are read: runs that have finished meanwhile. */
  #finished: Set<string> | undefined;
  readonly #active = new Map<string, Run>();
  /** Once the active runs are known, notifications keep them up. */
  #isActiveKnown = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param onChange called after changes; what is shown is then asked for anew */
  constructor(caller: Caller, onChange: () => void) {
    this.#caller = caller;
    this.#onChange = onChange;
  }

  /** All jobs. Read once until something changes. */
  jobs(): Promise<Job[]> {
    if (this.#jobs !== undefined) return this.#jobs;
    const reading = this.#readJobs();
    this.#jobs = reading;
    // After a failure the next reader asks again.
    reading.catch(() => {
      if (this.#jobs === reading) this.#jobs = undefined;
    });
    return reading;
  }

  /** The last runs of a job, newest first. */
  async runsOf(jobId: string): Promise<readonly Run[]> {
    const known = this.#runs.get(jobId);
    if (known !== undefined) return known;
    const reading = this.#reading.get(jobId) ?? { news: [], runs: this.#readRuns(jobId) };
    this.#reading.set(jobId, reading);
    return reading.runs;
  }

  activeRun(jobId: string): Run | undefined {
    return this.#active.get(jobId);
  }

  /** Takes up a notification of `quickscrape rpc`; unknown ones are ignored. */
  notify(method: string, params: unknown): void {
    if (method === 'job_changed') this.#jobs = undefined;
    else if (method === 'run_changed' || method === 'run_progress') {
      const { run } = params as { run: Run };
      // Progress changes no job.
      if (method === 'run_changed') this.#jobs = undefined;
      this.#takeRun(run);
    } else return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#onChange();
    }, GATHER_MS);
  }

  /** Forgets everything: after an interruption anything may have changed. */
  reset(): void {
    this.#jobs = undefined;
    this.#runs.clear();
    this.#active.clear();
    this.#isActiveKnown = false;
    this.#onChange();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #takeRun(run: Run): void {
    const { job_id: jobId, run_id: runId } = run;
    if (isActive(run)) this.#active.set(jobId, run);
    else {
      this.#finished?.add(runId);
      if (this.#active.get(jobId)?.run_id === runId) this.#active.delete(jobId);
    }
    this.#reading.get(jobId)?.news.push(run);
    const known = this.#runs.get(jobId);
    if (known !== undefined) this.#runs.set(jobId, withRun(known, run));
  }

  async #readRuns(jobId: string): Promise<readonly Run[]> {
    try {
      const { runs } = await this.#caller.call('list_runs', { job_id: jobId, limit: RUNS_OF_JOB });
      const { news = [] } = this.#reading.get(jobId) ?? {};
      const newest = news.reduce<readonly Run[]>(withRun, runs);
      this.#runs.set(jobId, newest);
      return newest;
    } finally {
      this.#reading.delete(jobId);
    }
  }

  async #readJobs(): Promise<Job[]> {
    const jobs: Job[] = [];
    let cursor: string | undefined;
    do {
      const answer = await this.#caller.call('list_jobs', { limit: PAGE, ...(cursor && { cursor }) });
      jobs.push(...answer.jobs);
      cursor = answer.next_cursor;
    } while (cursor !== undefined);
    await this.#readActive();
    return jobs;
  }

  async #readActive(): Promise<void> {
    if (this.#isActiveKnown) return;
    this.#isActiveKnown = true;
    const finished = new Set<string>();
    this.#finished = finished;
    try {
      const answers = await Promise.all(
        ACTIVE.map((status) => this.#caller.call('list_runs', { status, limit: PAGE })),
      );
      for (const run of answers.flatMap(({ runs }) => runs)) {
        if (!this.#active.has(run.job_id) && !finished.has(run.run_id)) this.#active.set(run.job_id, run);
      }
    } catch (error) {
      this.#isActiveKnown = false;
      throw error;
    } finally {
      this.#finished = undefined;
    }
  }
}

/** The runs of a job with the newest state of one of them. */
function withRun(runs: readonly Run[], run: Run): readonly Run[] {
  const at = runs.findIndex((one) => one.run_id === run.run_id);
  const all = at < 0 ? [run, ...runs] : runs.with(at, run);
  return all.slice(0, RUNS_OF_JOB);
}
