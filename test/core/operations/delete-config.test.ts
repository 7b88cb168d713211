import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { BOOKS, DAILY, it, refusal } from './open-home.ts';

it('a configuration goes to the trash as it was', async ({ workspace, call }) => {
  expect(await call('delete_config', { config_name: 'books' })).toEqual({ deleted: true });
  expect((await call('list_configs', {})).configs.map(({ config_name }) => config_name)).toEqual(['news']);
  const { trash } = workspace.paths;
  const [name = '', ...others] = readdirSync(trash);
  expect([name, others]).toEqual([expect.stringMatching(/^books\.\d{13}\.library\.yaml$/), []]);
  expect(readFileSync(join(trash, name), 'utf8')).toBe(BOOKS);
});

it('is kept while jobs use it, and the first few of them are named', async ({ workspace, call }) => {
  for (let n = 1; n <= 7; n += 1)
    await call('create_job', { job_id: `job-${n}`, config_name: 'books', schedule: DAILY });
  const error = await refusal(call('delete_config', { config_name: 'books' }));
  expect(error).toMatchObject({
    code: 'conflict',
    field: 'config_name',
    message: 'configuration books is used by jobs job-1, job-2, job-3, job-4, job-5 and 2 more',
    hint: expect.stringMatching(/job delete JOB.*job update JOB --config/),
  });
  for (let n = 1; n <= 7; n += 1) await call('delete_job', { job_id: `job-${n}` });
  expect(workspace.configs.has('books')).toBe(true);
  expect(await call('delete_config', { config_name: 'books' })).toEqual({ deleted: true });
});

it('one that job files name which cannot be used stays as well', async ({ workspace, call }) => {
  const { jobs } = workspace.paths;
  writeFileSync(join(jobs, 'broken.json'), '{\n  "id": "broken",\n  "config_name" : "books",\n');
  writeFileSync(
    join(jobs, 'later.json'),
    JSON.stringify({ id: 'later', config_name: 'news', schema_version: 99 }),
  );
  writeFileSync(join(jobs, 'other.json'), '{ "config_name": "books-2", "description": "books"');
  const broken = await refusal(call('delete_config', { config_name: 'books' }));
  expect(broken).toMatchObject({
    code: 'conflict',
    message: 'configuration books is used by job broken',
    hint: expect.stringContaining(join(jobs, 'broken.json')),
  });
  const later = await refusal(call('delete_config', { config_name: 'news' }));
  expect(later.message).toBe('configuration news is used by job later');
});

it('is kept when it was changed meanwhile; a missing one is reported with the nearest name', async ({
  workspace,
  call,
}) => {
  const { revision } = await call('get_config', { config_name: 'books' });
  await call('save_config', { config_name: 'books', yaml: `${BOOKS}# more\n` });
  const stale = await refusal(call('delete_config', { config_name: 'books', if_revision: revision }));
  expect(stale).toMatchObject({ code: 'conflict', field: 'if_revision' });
  expect(stale.message).toContain(workspace.configs.read('books').revision);
  expect(await refusal(call('delete_config', { config_name: 'boks' }))).toMatchObject({
    code: 'config_not_found',
    hint: expect.stringContaining('books'),
  });
});
