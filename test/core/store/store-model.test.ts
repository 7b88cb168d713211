import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAILY, TempStore } from './temp-store.ts';

/** A job as the model sees it: `priority` stands for the whole definition. */
interface ModelJob {
  priority: number;
  revision: number;
}

class Model {
  /** What the database has noted last, also while the file is broken or was removed by hand. */
  readonly noted = new Map<string, ModelJob>();
  /** What the files hold: a job, or text that is none. */
  readonly files = new Map<string, ModelJob | string>();
  readonly trash = new Map<string, ModelJob[]>();

  job(id: string): ModelJob | undefined {
    const file = this.files.get(id);
    return typeof file === 'string' ? undefined : file;
  }

  write(id: string, job: ModelJob): void {
    this.files.set(id, job);
    this.noted.set(id, job);
  }
}

type Command = fc.AsyncCommand<Model, TempStore>;

const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: { code?: string }) => error.code ?? String(error),
  );

/** A command that is always possible, and after which the whole store has to look like the model. */
function command(name: string, run: (model: Model, real: TempStore) => Promise<void>): Command {
  return {
    check: () => true,
    async run(model, real) {
      await run(model, real);
      const entries = real.store
        .list()
        .map((entry) => [
          entry.id,
          entry.kind === 'valid'
            ? { priority: entry.record.definition.priority, revision: entry.record.revision }
            : real.text(entry.id),
        ]);
      expect(entries).toEqual([...model.files].sort(([a], [b]) => (a < b ? -1 : 1)));
    },
    toString: () => name,
  };
}

const create = (id: string, priority: number) =>
  command(`create ${id} ${priority}`, async (model, real) => {
    const taken = model.files.has(id);
    expect(await codeOf(real.create(id, { priority }))).toBe(taken ? 'conflict' : undefined);
    if (!taken) model.write(id, { priority, revision: 1 });
  });

const update = (id: string, priority: number) =>
  command(`update ${id} ${priority}`, async (model, real) => {
    const job = model.job(id);
    const code = job ? undefined : model.files.has(id) ? 'not_allowed' : 'job_not_found';
    expect(await codeOf(real.store.update(id, { priority }, { by: 'cli' }))).toBe(code);
    if (job && job.priority !== priority) model.write(id, { priority, revision: job.revision + 1 });
  });

const staleUpdate = (id: string, priority: number) =>
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

const remove = (id: string) =>
  command(`delete ${id}`, async (model, real) => {
    const job = model.job(id);
    const refused = !job && model.files.has(id);
    expect(await codeOf(real.store.delete(id, { by: 'cli' }))).toBe(refused ? 'not_allowed' : undefined);
    if (!job) return;
    model.files.delete(id);
    model.noted.delete(id);
    model.trash.set(id, [...(model.trash.get(id) ?? []), job]);
  });

const restore = (id: string) =>
  command(`restore ${id}`, async (model, real) => {
    const stack = model.trash.get(id) ?? [];
    const job = stack.at(-1);
    const code = job === undefined ? 'job_not_found' : model.files.has(id) ? 'conflict' : undefined;
    expect(await codeOf(real.store.restore(id))).toBe(code);
    if (!job || code !== undefined) return;
    stack.pop();
    model.write(id, job);
  });

const editByHand = (id: string, priority: number) =>
  command(`edit ${id} ${priority} by hand`, async (model, real) => {
    const before = model.job(id) ? real.json(id) : { config_name: 'books', schedule: DAILY };
    real.put(id, { ...before, priority });
    const noted = model.noted.get(id);
    const revision = noted === undefined ? 1 : noted.revision + (noted.priority === priority ? 0 : 1);
    model.write(id, { priority, revision });
  });

const corrupt = (id: string) =>
  command(`corrupt ${id}`, async (model, real) => {
    real.put(id, `{"priority": ${id}`);
    model.files.set(id, `{"priority": ${id}`);
  });

const removeByHand = (id: string) =>
  command(`remove ${id} by hand`, async (model, real) => {
    rmSync(real.file(id), { force: true });
    model.files.delete(id);
  });

const copyRuntime = (id: string) =>
  command(`copy runtime of ${id}`, async (_, real) => {
    real.db.run(
      `UPDATE job_state SET status = 'failed', last_run = coalesce(last_run, 0) + 1 WHERE job_id = ?`,
      [id],
    );
    await real.store.copyRuntime(id);
  });

const reopen = command('reopen', async (_, real) => {
  real.reopen();
});

it('behaves like its model over any sequence of changes, edits by hand, breakages and restarts', async () => {
  const id = fc.constantFrom('a', 'b', 'c');
  const priority = fc.integer({ min: 0, max: 3 });
  const commands = fc.commands(
    [
      fc.tuple(id, priority).map(([of, to]) => create(of, to)),
      fc.tuple(id, priority).map(([of, to]) => update(of, to)),
      fc.tuple(id, priority).map(([of, to]) => staleUpdate(of, to)),
      id.map(remove),
      id.map(restore),
      fc.tuple(id, priority).map(([of, to]) => editByHand(of, to)),
      id.map(corrupt),
      id.map(removeByHand),
      id.map(copyRuntime),
      fc.constant(reopen),
    ],
    { maxCommands: 40, size: 'max' },
  );
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      using real = new TempStore();
      await fc.asyncModelRun(() => ({ model: new Model(), real }), sequence);
    }),
    { numRuns: Number(process.env['QS_SEQUENCES'] ?? 100) },
  );
}, 180_000);
