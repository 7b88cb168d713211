import { QuickscrapeError } from '../lib/errors.ts';
import { type Actor, DEFINITION_FIELDS, type JobDefinition, unsetField } from '../model/definition.ts';
import type { JobRecord, JobState, JobStatus, ValidJob } from '../model/job-record.ts';
import { parseJobDict, toJobDict, UNKNOWN_REVISION } from '../model/serialize-job.ts';
import type { JobSchedule } from '../schedule/job-schedule.ts';
import {
  compileSchedule,
  type JobExpectations,
  type JobFields,
  LIBRARY_FIELDS,
  ownExpectations,
  toWire,
} from './job-fields.ts';

/** The actions of a stored job, provided by its manager. */
export interface JobActions {
  /** Runs the job now and waits for its end; returns whether it succeeded. */
  run(id: string): Promise<{ succeeded: boolean; state: JobState }>;
  setEnabled(id: string, enabled: boolean): Promise<ValidJob>;
}

interface JobInternals {
  attach(entry: ValidJob, actions: JobActions): Job;
  read(job: Job): {
    base: JobDefinition | undefined;
    revision: number | undefined;
    fields: Record<string, unknown>;
  };
  refresh(job: Job, entry: ValidJob, actions: JobActions): void;
}

/** Set by the class itself, as only its own code reaches its private fields. */
let internals: JobInternals;

/** Creates the library object of a stored job. */
export function attachJob(entry: ValidJob, actions: JobActions): Job {
  return internals.attach(entry, actions);
}

/**
 * Returns the current fields (wire names) and, for a stored job, the definition as it was read. `undefined` counts as
 * `null`.
 * @throws QuickscrapeError `invalid_params` for `undefined` where `null` is not allowed
 */
export function readJob(job: Job): ReturnType<JobInternals['read']> {
  return internals.read(job);
}

/** Updates an object to the stored entry, with the actions of its manager. */
export function refreshJob(job: Job, entry: ValidJob, actions: JobActions): void {
  internals.refresh(job, entry, actions);
}

/**
 * A scraping job. Change its fields, then pass it to `JobManager.updateJob`; durations are
 * seconds. `enable()`, `disable()` and `run()` act on the stored job at once.
 */
export class Job implements JobFields {
  // Declared, not defined: fields that are defined first and set afterwards make creating thousands of objects twice as
  // slow.
  declare readonly id: string;
  declare configName: string;
  declare schedule: JobSchedule;
  declare description: string | null;
  declare outputFormat: JobFields['outputFormat'];
  declare outputPath: string | null;
  declare maxRetries: number;
  declare retryDelay: number;
  declare onSuccess: string | string[] | null;
  declare onFailure: string | string[] | null;
  declare enabled: boolean;
  declare tags: string[];
  declare timeout: number;
  declare overlap: JobFields['overlap'];
  declare misfireGraceTime: number | null;
  declare catchUp: JobFields['catchUp'];
  declare jitter: number;
  declare stagger: number;
  declare retryBackoff: JobFields['retryBackoff'];
  declare priority: number;
  declare keepRuns: number;
  declare expect: JobExpectations | null;
  declare pauseAfterFailures: number;
  declare onFailureMode: JobFields['onFailureMode'];
  declare onRecovery: string | string[] | null;
  declare onChange: string | string[] | null;
  declare worker: string[] | null;
  declare notify: JobFields['notify'];
  declare params: JobFields['params'];

  #record: JobRecord;
  #state: JobState;
  #actions: JobActions | undefined;

  private constructor(entry: Pick<ValidJob, 'record' | 'state'>, actions: JobActions | undefined) {
    // Read-only at run time too: a changed id would overwrite another job.
    Object.defineProperty(this, 'id', {
      value: entry.record.id,
      enumerable: true,
      writable: false,
      configurable: false,
    });
    this.#record = entry.record;
    this.#state = entry.state;
    this.#actions = actions;
    const { definition } = entry.record;
    // Assigned one by one: in a loop over the names, V8 would grow each object three fields at a time.
    this.configName = definition.config_name;
    this.schedule = compileSchedule(definition.schedule);
    this.description = definition.description;
    this.outputFormat = definition.output_format;
    this.outputPath = definition.output_path;
    this.maxRetries = definition.max_retries;
    this.retryDelay = definition.retry_delay;
    this.onSuccess = ownCommand(definition.on_success);
    this.onFailure = ownCommand(definition.on_failure);
    this.enabled = definition.enabled;
    this.tags = [...definition.tags];
    this.timeout = definition.timeout;
    this.overlap = definition.overlap;
    this.misfireGraceTime = definition.misfire_grace_time;
    this.catchUp = definition.catch_up;
    this.jitter = definition.jitter;
    this.stagger = definition.stagger;
    this.retryBackoff = definition.retry_backoff;
    this.priority = definition.priority;
    this.keepRuns = definition.keep_runs;
    this.expect = ownExpectations(definition.expect);
    this.pauseAfterFailures = definition.pause_after_failures;
    this.onFailureMode = definition.on_failure_mode;
    this.onRecovery = ownCommand(definition.on_recovery);
    this.onChange = ownCommand(definition.on_change);
    this.worker = definition.worker && [...definition.worker];
    this.notify = definition.notify && structuredClone(definition.notify);
    this.params = definition.params && { ...definition.params };
  }

  /**
   * Creates a job from a result of {@link toDict}. It is not stored: pass it to `JobManager.updateJob` to write its
   * fields over those of the stored job with its id.
   * @throws QuickscrapeError `invalid_params`, `invalid_schedule`
   */
  static fromDict(data: unknown): Job {
    return new Job(parseJobDict(data), undefined);
  }

  get status(): JobStatus {
    return this.#state.status;
  }

  /** The start of its last run. */
  get lastRun(): Date | null {
    return dateOf(this.#state.lastRun);
  }

  /** Its next occurrence; `null` when it is disabled or paused, or its schedule has ended. */
  get nextRun(): Date | null {
    return dateOf(this.#state.nextRun);
  }

  /** The instant at which it was paused after failures (`pauseAfterFailures`); else `null`. `enable()` resumes it. */
  get pausedSince(): Date | null {
    return dateOf(this.#state.pausedAt);
  }

  get createdAt(): Date {
    return new Date(this.#record.createdAt);
  }

  get updatedAt(): Date {
    return new Date(this.#record.updatedAt);
  }

  /** Increases with every change of the definition, not with runs; 0 when the dictionary had none. */
  get revision(): number {
    return this.#record.revision;
  }

  get createdBy(): Actor {
    return this.#record.createdBy;
  }

  get updatedBy(): Actor {
    return this.#record.updatedBy;
  }

  /**
   * Runs the stored job now, whatever its schedule: one attempt, to its end. Returns whether it succeeded.
   * @throws QuickscrapeError `detached_job` for a job that is not stored; `conflict` while it has an active run
   */
  async run(): Promise<boolean> {
    const { succeeded, state } = await this.#stored('run').run(this.id);
    this.#state = state;
    return succeeded;
  }

  /** Enables the stored job at once; other changed fields are not stored. @throws QuickscrapeError `detached_job` */
  async enable(): Promise<void> {
    await this.#setEnabled('enable', true);
  }

  /** Disables the stored job at once; other changed fields are not stored. @throws QuickscrapeError `detached_job` */
  async disable(): Promise<void> {
    await this.#setEnabled('disable', false);
  }

  /** The content of the job's file: snake_case names, instants in ISO 8601 UTC. */
  toDict(): Record<string, unknown> {
    const definition = { ...this.#record.definition, ...toWire(this.#fields()) };
    const dict = toJobDict({ ...this.#record, definition }, this.#state);
    if (this.#record.revision === UNKNOWN_REVISION) delete dict['revision'];
    return structuredClone(dict);
  }

  toJSON(): Record<string, unknown> {
    return this.toDict();
  }

  async #setEnabled(what: string, enabled: boolean): Promise<void> {
    const { record, state } = await this.#stored(what).setEnabled(this.id, enabled);
    this.enabled = enabled;
    // Other changes on disk are not adopted, so that a later update still detects them as changes made elsewhere.
    this.#record = { ...record, definition: { ...this.#record.definition, enabled } };
    this.#state = state;
  }

  #stored(what: string): JobActions {
    if (this.#actions) return this.#actions;
    throw new QuickscrapeError('detached_job', `job ${this.id} is not stored, so it cannot ${what}`, {
      hint: 'Take it from a JobManager: await manager.getJob(id), or createJob.',
    });
  }

  #wireFields(): Record<string, unknown> {
    const given = toWire(this.#fields());
    const unset = DEFINITION_FIELDS.filter((name) => !Object.hasOwn(given, name));
    return { ...given, ...Object.fromEntries(unset.map((name) => [name, unsetField(name)])) };
  }

  #fields(): Partial<JobFields> {
    return Object.fromEntries(LIBRARY_FIELDS.map((field) => [field, this[field]]));
  }

  // Internal access for the manager, not exported by the library.
  static {
    internals = {
      attach: (entry, actions) => new Job(entry, actions),
      read: (job) => ({
        base: job.#actions && job.#record.definition,
        revision: job.#record.revision === UNKNOWN_REVISION ? undefined : job.#record.revision,
        fields: job.#wireFields(),
      }),
      refresh: (job, entry, actions) => {
        job.#actions = actions;
        job.#record = entry.record;
        job.#state = entry.state;
        const fresh = new Job(entry, actions);
        Object.assign(job, Object.fromEntries(LIBRARY_FIELDS.map((field) => [field, fresh[field]])));
      },
    };
  }
}

function ownCommand(command: string | string[] | null): string | string[] | null {
  return Array.isArray(command) ? [...command] : command;
}

function dateOf(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
