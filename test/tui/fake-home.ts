import { DEFINITION_DEFAULTS, type JobDefinition } from '../../src/core/model/definition.ts';
import { reduce } from '../../src/tui/app/reduce.ts';
import type { Author, HomeEvent, SchedulerView } from '../../src/tui/home/home-data.ts';
import type { AnswerEvent, CallEffect, Failure, JobVersion } from '../../src/tui/kernel/call.ts';
import type { Effect, State } from '../../src/tui/kernel/model.ts';
import { homeOf, jobRow } from './job-rows.ts';

interface Kept extends JobVersion {
  updatedBy: 'tui' | 'mcp';
}

/** Jobs and a trash in memory that answer the calls on jobs as the operations do: revisions, conflicts, the trash. */
export class FakeHome {
  readonly jobs = new Map<string, Kept>();
  readonly #trash = new Map<string, Kept>();

  add(id: string, fields: Partial<JobDefinition> = {}): void {
    const definition: JobDefinition = {
      ...DEFINITION_DEFAULTS,
      ...{ config_name: 'shop', schedule: { type: 'daily', time: '09:00', timezone: 'UTC' }, ...fields },
    };
    this.jobs.set(id, { definition, revision: 1, updatedBy: 'tui' });
  }

  /** Somebody else edits a job. */
  editElsewhere(id: string, changes: Partial<JobDefinition>): void {
    const job = this.#job(id);
    this.jobs.set(id, {
      definition: { ...job.definition, ...changes },
      revision: job.revision + 1,
      updatedBy: 'mcp',
    });
  }

  /** Whether there is such a job, or one waits in the trash. */
  wasThere(id: string): boolean {
    return this.jobs.has(id) || this.#trash.has(id);
  }

  definitions(): Record<string, JobDefinition> {
    return Object.fromEntries([...this.jobs].sort().map(([id, { definition }]) => [id, definition]));
  }

  event(changed: readonly string[] = [...this.jobs.keys()]): HomeEvent {
    const jobs = [...this.jobs].sort().map(([id, { definition, revision, updatedBy }]) => {
      const { enabled, tags } = definition;
      return jobRow(id, {
        definition,
        revision,
        enabled,
        tags,
        updatedBy: updatedBy as Exclude<Author, 'scheduler'>,
      });
    });
    const scheduler: SchedulerView = {
      state: 'off',
      ...{ pid: null, since: null, version: null, slots: 4, slotsUsed: 0, queued: 0 },
      ...{ held: null, warnings: [] },
    };
    return {
      kind: 'home',
      data: homeOf(jobs, { scheduler }),
      ...{ changed, activity: [] },
    };
  }

  /** The state after all calls among these effects, and those that follow from them, were answered. */
  settle(state: State, effects: readonly Effect[]): State {
    let next = state;
    const waiting = [...effects];
    for (let effect = waiting.shift(); effect !== undefined; effect = waiting.shift()) {
      if (effect.kind !== 'call') continue;
      const step = reduce(next, this.answer(effect));
      next = step.state;
      waiting.push(...step.effects);
    }
    return next;
  }

  answer(effect: CallEffect): AnswerEvent {
    const { name, tag, quiet } = effect;
    const asked = { kind: 'answer', name, tag, ...(quiet && { quiet }) };
    const jobId = (effect.params as { job_id: string }).job_id;
    const before = this.jobs.get(jobId) ?? null;
    const failure = this.#do(effect, jobId);
    if (failure !== undefined) return { ...asked, ok: false, failure } as AnswerEvent;
    const now = this.jobs.get(jobId);
    const job = now && { id: jobId, ...now.definition, revision: now.revision };
    const output = name === 'delete_job' ? { deleted: true } : { job, created: true, changed: [] };
    const version = before && { definition: before.definition, revision: before.revision };
    return { ...asked, ok: true, output, was: { jobId, version } } as unknown as AnswerEvent;
  }

  #do({ name, params }: CallEffect, jobId: string): Failure | undefined {
    const job = this.jobs.get(jobId);
    const given = (params as { if_revision?: number }).if_revision;
    if (job !== undefined && given !== undefined && given !== job.revision)
      return {
        code: 'conflict',
        message: `job ${jobId} is at revision ${job.revision}`,
        field: 'if_revision',
      };
    if (name === 'restore_job' || name === 'create_job') {
      const back = name === 'restore_job' ? this.#trash.get(jobId) : undefined;
      if (job !== undefined) return { code: 'conflict', message: `the id "${jobId}" is taken` };
      if (name === 'create_job') this.add(jobId, params as Partial<JobDefinition>);
      else if (back === undefined) return { code: 'job_not_found', message: `${jobId} is not in the trash` };
      else this.jobs.set(jobId, back);
      return undefined;
    }
    if (job === undefined) return { code: 'job_not_found', message: `there is no job ${jobId}` };
    if (name === 'delete_job') {
      this.#trash.set(jobId, job);
      this.jobs.delete(jobId);
    } else if (name === 'update_job') {
      const definition = { ...job.definition, ...(params.changes as Partial<JobDefinition>) };
      const isOther = JSON.stringify(definition) !== JSON.stringify(job.definition);
      this.jobs.set(jobId, { definition, revision: job.revision + (isOther ? 1 : 0), updatedBy: 'tui' });
    }
    return undefined;
  }

  #job(id: string): Kept {
    const job = this.jobs.get(id);
    if (job === undefined) throw new TypeError(`no job ${id}`);
    return job;
  }
}
