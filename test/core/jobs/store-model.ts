import { rmSync } from 'node:fs';
import type fc from 'fast-check';
import { expect } from 'vitest';
import type { JobStore } from '../../../src/core/jobs/job-store.ts';
import { DAILY, type TempStore } from '../fs/temp-store.ts';

/** A job as the model sees it: two fields stand for the whole definition. */
interface ModelJob {
  priority: number;
  retries: number;
  revision: number;
}

type Fields = Partial<Pick<ModelJob, 'priority' | 'retries'>>;

/** What a store should look like, kept by the simplest means. */
export class Model {
  /** What the database has noted last, also while the file is broken or was removed by hand. */
  readonly noted = new Map<string, ModelJob>();
  /** What the files hold: a job, or text that is none. */
  readonly files = new Map<string, ModelJob | string>();
  readonly trash = new Map<string, ModelJob[]>();
  /** What a broken file held before. */
  readonly whole = new Map<string, { text: string; job: ModelJob }>();

  job(id: string): ModelJob | undefined {
    const file = this.files.get(id);
    return typeof file === 'string' ? undefined : file;
  }

  write(id: string, job: ModelJob): void {
    this.files.set(id, job);
    this.noted.set(id, job);
    this.whole.delete(id);
  }

  /** The file was changed without the store: the next one to look counts a revision if the definition differs. */
  seen(id: string, fields: Required<Fields>): void {
    const noted = this.noted.get(id);
    const same = noted?.priority === fields.priority && noted.retries === fields.retries;
    this.write(id, { ...fields, revision: noted === undefined ? 1 : noted.revision + (same ? 0 : 1) });
  }

  /** @returns whether anything changed */
  change(id: string, fields: Fields): boolean {
    const job = this.job(id);
    if (!job) return false;
    const next = { ...job, ...fields };
    const same = job.priority === next.priority && job.retries === next.retries;
    if (!same) this.write(id, { ...next, revision: job.revision + 1 });
    return !same;
  }
}

export type Command = fc.AsyncCommand<Model, TempStore>;

/** Which of two processes on one home acts. */
export type Process = 'this' | 'other';

const storeOf = (real: TempStore, process: Process): JobStore =>
  process === 'this' ? real.store : real.other;

const wire = ({ priority, retries }: Fields) => ({
  ...(priority !== undefined && { priority }),
  ...(retries !== undefined && { max_retries: retries }),
});

const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: { code?: string }) => error.code ?? String(error),
  );

const refusal = (model: Model, id: string) =>
  model.job(id) ? undefined : model.files.has(id) ? 'invalid_job' : 'job_not_found';

/** A command that is always possible, and after which the whole store has to look like the model, to both processes. */
function command(name: string, run: (model: Model, real: TempStore) => Promise<void>): Command {
  return {
    check: () => true,
    async run(model, real) {
      await run(model, real);
      const wanted = [...model.files].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const store of real.hasOther ? [real.store, real.other] : [real.store])
        expect(lookOf(store, real)).toEqual(wanted);
    },
    toString: () => name,
  };
}

function lookOf(store: JobStore, real: TempStore) {
  return store.list().map((entry) => {
    if (entry.kind !== 'valid') return [entry.id, real.text(entry.id)];
    const { definition, revision } = entry.record;
    return [entry.id, { priority: definition.priority, retries: definition.max_retries, revision }];
  });
}

export const create = (by: Process, id: string, priority: number) =>
  command(`create ${id} ${priority} by ${by}`, async (model, real) => {
    const taken = model.files.has(id);
    const fields = { config_name: 'books', schedule: DAILY, priority, max_retries: 0 };
    expect(await codeOf(storeOf(real, by).create({ id, fields }, 'library'))).toBe(
      taken ? 'conflict' : undefined,
    );
    if (!taken) model.write(id, { priority, retries: 0, revision: 1 });
  });

export const update = (by: Process, id: string, fields: Fields) =>
  command(`update ${id} ${JSON.stringify(fields)} by ${by}`, async (model, real) => {
    const code = refusal(model, id);
    expect(await codeOf(storeOf(real, by).update(id, wire(fields), { by: 'cli' }))).toBe(code);
    model.change(id, fields);
  });

/** Two processes change different fields of one job at the same time: both changes are kept. */
export const updateAtOnce = (id: string, priority: number, retries: number) =>
  command(`update ${id} to ${priority} and ${retries} at once`, async (model, real) => {
    const code = refusal(model, id);
    const codes = await Promise.all([
      codeOf(real.store.update(id, wire({ priority }), { by: 'cli' })),
      codeOf(real.other.update(id, wire({ retries }), { by: 'tui' })),
    ]);
    expect(codes).toEqual([code, code]);
    model.change(id, { priority });
    model.change(id, { retries });
  });

export const staleUpdate = (id: string, priority: number) =>
  command(`stale update ${id} ${priority}`, async (model, real) => {
    const entry = real.store.get(id);
    if (entry?.kind !== 'valid') return;
    const base = { ...entry.record.definition, priority: -1 };
    const differs = model.job(id)?.priority !== priority;
    const outcome = await codeOf(real.store.update(id, { priority }, { by: 'cli', base }));
    expect(outcome).toBe(differs ? 'conflict' : undefined);
    const old = { by: 'cli', ifRevision: entry.record.revision - 1 } as const;
    expect(await codeOf(real.store.update(id, { priority }, old))).toBe('conflict');
  });

/** The process dies when it has stored the file, maybe several times, and the database does not know of it yet. */
export const updateAndCrash = (id: string, all: readonly Fields[]) =>
  command(`update ${id} ${JSON.stringify(all)} and crash`, async (model, real) => {
    real.refuseWrites();
    for (const fields of all) {
      expect(await codeOf(real.store.update(id, wire(fields), { by: 'cli' }))).toBe(refusal(model, id));
      model.change(id, fields);
    }
    real.allowWrites();
    real.reopen();
  });

export const remove = (by: Process, id: string) =>
  command(`delete ${id} by ${by}`, async (model, real) => {
    const job = model.job(id);
    const refused = !job && model.files.has(id);
    expect(await codeOf(storeOf(real, by).delete(id, { by: 'cli' }))).toBe(
      refused ? 'invalid_job' : undefined,
    );
    if (!job) return;
    model.files.delete(id);
    model.noted.delete(id);
    model.trash.set(id, [...(model.trash.get(id) ?? []), job]);
  });

export const restore = (by: Process, id: string) =>
  command(`restore ${id} by ${by}`, async (model, real) => {
    const stack = model.trash.get(id) ?? [];
    const job = stack.at(-1);
    const code = job === undefined ? 'job_not_found' : model.files.has(id) ? 'conflict' : undefined;
    expect(await codeOf(storeOf(real, by).restore(id))).toBe(code);
    if (!job || code !== undefined) return;
    stack.pop();
    model.write(id, job);
  });

export const editByHand = (id: string, priority: number) =>
  command(`edit ${id} ${priority} by hand`, async (model, real) => {
    const job = model.job(id);
    const before = job ? real.json(id) : { config_name: 'books', schedule: DAILY, max_retries: 0 };
    real.put(id, { ...before, priority });
    model.seen(id, { priority, retries: job?.retries ?? 0 });
  });

/** A file that is cut short, and one of a version to come: neither is ever written. */
export const spoil = (id: string, how: 'broken' | 'newer') =>
  command(`spoil ${id}: ${how}`, async (model, real) => {
    const job = model.job(id);
    const text = job ? real.text(id) : '';
    if (job) model.whole.set(id, { text, job });
    const spoilt = how === 'broken' ? `{"priority": ${id}` : JSON.stringify({ id, schema_version: 99 });
    real.put(id, spoilt);
    model.files.set(id, spoilt);
  });

/** The file is put back as it was before it was spoilt. */
export const mend = (id: string) =>
  command(`mend ${id}`, async (model, real) => {
    const whole = model.whole.get(id);
    if (!whole) return;
    real.put(id, whole.text);
    model.seen(id, whole.job);
  });

export const removeByHand = (id: string) =>
  command(`remove ${id} by hand`, async (model, real) => {
    rmSync(real.file(id), { force: true });
    model.files.delete(id);
    model.whole.delete(id);
  });

export const copyRuntime = (id: string) =>
  command(`copy runtime of ${id}`, async (_, real) => {
    real.db.run(
      `UPDATE job_state SET status = 'failed', last_run = coalesce(last_run, 0) + 1 WHERE job_id = ?`,
      [id],
    );
    await real.store.copyRuntime(id);
  });

export const reopen = command('reopen', async (_, real) => {
  real.reopen();
});
