import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { auditLines } from '../rpc/access/audit-lines.ts';
import { startRpc } from '../rpc/json-rpc/rpc-client.ts';
import { canMount, smallDisk } from '../small-disk.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { waitFor } from '../wait-for.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

/** A home with as many jobs as one call may change. */
async function fullHome(home?: string) {
  const workspace = openTempWorkspace({ ...(home !== undefined && { home }), actor: 'cli' });
  await workspace.configs.write('books', 'url: "http://127.0.0.1:9/"\nselectors: {a: b}\n');
  const ids = Array.from({ length: 100 }, (_, at) => `job-${String(at).padStart(2, '0')}`);
  for (const id of ids)
    await workspace.jobs.create({ id, fields: { config_name: 'books', schedule: DAILY } }, 'cli');
  return { ids, paths: workspace.paths };
}

/** Revision and fields of each job, as the files say. @throws SyntaxError for half a file */
function readJobs(folder: string): Map<string, Record<string, unknown>> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  return new Map(
    files.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
  );
}

interface Answer {
  matched: number;
  changed: { job_id: string; revision: number }[];
  unchanged: string[];
  failed: { job_id: string; code: string }[];
}

it('changes each job whole or not at all when it is killed in the middle; a second call changes the rest', async () => {
  const { ids, paths } = await fullHome();
  const call = { job_ids: ids, changes: { timeout: 77, add_tags: ['late'] } };
  const first = startRpc({ home: paths.home });
  void first.ask('update_jobs', call).catch(() => {});
  await waitFor('ten changed jobs', () => auditLines(paths.auditLog).length >= 10);
  first.child.kill('SIGKILL');
  expect(await first.ended).toBeNull();

  const after = readJobs(paths.jobs);
  expect(after.size).toBe(ids.length);
  const changed = ids.filter((id) => after.get(id)?.['revision'] === 2);
  for (const [id, job] of after)
    expect([id, job['timeout'], job['tags']]).toEqual([
      id,
      ...(changed.includes(id) ? [77, ['late']] : [3600, []]),
    ]);
  expect(changed.length).toBeLessThan(ids.length);
  // The last line may be missing: the job is written before it.
  const noted = auditLines(paths.auditLog)
    .filter(({ outcome }) => outcome === 'done')
    .map(({ target }) => target);
  const all = changed.map((id) => `job ${id}`);
  expect([all, all.slice(0, -1)]).toContainEqual(noted);

  const second = startRpc({ home: paths.home });
  const answer = (await second.call('update_jobs', call)) as unknown as Answer;
  expect(answer).toMatchObject({ matched: ids.length, failed: [], unchanged: changed });
  expect(answer.changed.map(({ job_id, revision }) => [job_id, revision])).toEqual(
    ids.filter((id) => !changed.includes(id)).map((id) => [id, 2]),
  );
  await second.end();
});

it('lets two clients change the same jobs at once, and loses no change of either', async () => {
  const { ids, paths } = await fullHome();
  const [one, other] = [startRpc({ home: paths.home }), startRpc({ home: paths.home })];
  const answers = (await Promise.all([
    one.call('update_jobs', { job_ids: ids, changes: { timeout: 77, add_tags: ['one'] } }),
    other.call('update_jobs', { job_ids: ids, changes: { max_retries: 1, keep_runs: 7 } }),
  ])) as unknown as Answer[];
  for (const { changed, unchanged, failed } of answers)
    expect([changed.length, unchanged, failed]).toEqual([ids.length, [], []]);
  for (const job of readJobs(paths.jobs).values())
    expect(job).toMatchObject({ revision: 3, timeout: 77, tags: ['one'], max_retries: 1, keep_runs: 7 });
  expect(auditLines(paths.auditLog).filter(({ outcome }) => outcome === 'done')).toHaveLength(2 * ids.length);
  // Of the same field, somebody was last; nobody is told of a success that is no success.
  const same = (await Promise.all([
    one.call('update_jobs', { job_ids: ids, changes: { priority: 1 } }),
    other.call('update_jobs', { job_ids: ids, changes: { priority: 2 } }),
  ])) as unknown as Answer[];
  for (const { changed, failed } of same) {
    expect(changed.length + failed.length).toBe(ids.length);
    for (const { code } of failed) expect(code).toBe('conflict');
  }
  for (const { priority } of readJobs(paths.jobs).values() as Iterable<{ priority: number }>)
    expect([1, 2]).toContain(priority);
  await Promise.all([one.end(), other.end()]);
});

it.skipIf(!canMount)(
  'on a full disk answers for each job that it stays as it was, and goes on once there is space',
  async () => {
    const disk = smallDisk(8 * 1024 * 1024);
    const { ids, paths } = await fullHome(join(disk.folder, 'home'));
    const before = readJobs(paths.jobs);
    const client = startRpc({ home: paths.home });
    await client.call('list_jobs', { limit: 1 });
    disk.fill();
    const call = { job_ids: ids, changes: { add_tags: ['x'.repeat(60)] } };
    const { result, error } = await client.ask('update_jobs', call);
    if (error !== undefined) expect(error.data).toMatchObject({ code: 'store_unavailable' });
    else {
      const { changed, failed } = result as unknown as Answer;
      expect(failed.length).toBeGreaterThan(0);
      expect(changed.length + failed.length).toBe(ids.length);
      for (const { code } of failed) expect(code).toBe('store_unavailable');
    }
    const told = ((result?.['changed'] ?? []) as Answer['changed']).map(({ job_id }) => job_id);
    for (const [id, job] of readJobs(paths.jobs)) if (!told.includes(id)) expect(job).toEqual(before.get(id));
    disk.free();
    expect(await client.call('update_jobs', call)).toMatchObject({ failed: [], matched: ids.length });
    await client.end();
  },
);
