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
  readonly #runs = new Map<string, Run[]>();
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
    this.#jobs ??= this.#readJobs();
    return this.#jobs;
  }

  /** The last runs of a job, newest first. */
  async runsOf(jobId: string): Promise<readonly Run[]> {
    const known = this.#runs.get(jobId);
    if (known !== undefined) return known;
    const { runs } = await this.#caller.call('list_runs', { job_id: jobId, limit: RUNS_OF_JOB });
    this.#runs.set(jobId, runs);
    return runs;
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
    else if (this.#active.get(jobId)?.run_id === runId) this.#active.delete(jobId);
    const known = this.#runs.get(jobId);
    if (known === undefined) return;
    const at = known.findIndex((one) => one.run_id === runId);
    const rest = known.toSpliced(Math.max(at, 0), at < 0 ? 0 : 1, run);
    this.#runs.set(jobId, rest.slice(0, RUNS_OF_JOB));
  }

  async #readJobs(): Promise<Job[]> {
    const reading = this.#jobs;
    try {
      const jobs: Job[] = [];
      let cursor: string | undefined;
      do {
        const answer = await this.#caller.call('list_jobs', { limit: PAGE, ...(cursor && { cursor }) });
        jobs.push(...answer.jobs);
        cursor = answer.next_cursor;
      } while (cursor !== undefined);
      await this.#readActive();
      return jobs;
    } catch (error) {
      // The next reader asks again.
      if (this.#jobs === reading) this.#jobs = undefined;
      throw error;
    }
  }

  async #readActive(): Promise<void> {
    if (this.#isActiveKnown) return;
    this.#isActiveKnown = true;
    const answers = await Promise.all(
      ACTIVE.map((status) => this.#caller.call('list_runs', { status, limit: PAGE })),
    );
    for (const run of answers.flatMap(({ runs }) => runs)) {
      if (!this.#active.has(run.job_id)) this.#active.set(run.job_id, run);
    }
  }
}
