import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { DAILY, it, type OpenHome, refusal } from './open-home.ts';

type Call = OpenHome['call'];

async function makeJobs(call: Call, ids: readonly string[], fields: object = {}): Promise<void> {
  for (const job_id of ids)
    await call('create_job', { job_id, config_name: 'books', schedule: DAILY, ...fields });
}

it('disables the jobs of one host in one call, and answers each in a few words', async ({
  workspace,
  call,
}) => {
  await workspace.configs.write('shop', 'url: https://shop.example/\nselectors: {title: h3}\n');
  await makeJobs(call, ['a', 'b']);
  await makeJobs(call, ['c', 'd', 'e'], { config_name: 'shop' });
  await call('update_job', { job_id: 'e', changes: { enabled: false } });
  const answer = await call('update_jobs', { filter: 'host:shop.example', changes: { enabled: false } });
  expect(answer).toEqual({
    matched: 3,
    failed: [],
    changed: [
      { job_id: 'c', revision: 2, fields: ['enabled'] },
      { job_id: 'd', revision: 2, fields: ['enabled'] },
    ],
    unchanged: ['e'],
  });
  expect((await call('list_jobs', { enabled: true })).jobs.map(({ job_id }) => job_id)).toEqual(['a', 'b']);
});

it('adds and removes tags and leaves the others', async ({ call }) => {
  await makeJobs(call, ['a'], { tags: ['old', 'kept'] });
  await makeJobs(call, ['b'], { tags: ['new'] });
  const changes = { add_tags: ['new'], remove_tags: ['old'] };
  const answer = await call('update_jobs', { job_ids: ['a', 'b'], changes });
  expect(answer).toMatchObject({ changed: [{ job_id: 'a', fields: ['tags'] }], unchanged: ['b'] });
  expect((await call('get_job', { job_id: 'a' })).job.tags).toEqual(['kept', 'new']);
});

it('changes all that it can: a missing and a broken job fail by themselves', async ({ workspace, call }) => {
  await makeJobs(call, ['alpha', 'beta']);
  writeFileSync(join(workspace.paths.jobs, 'broken.json'), '{ oops');
  const job_ids = ['alpha', 'alfa', 'broken', 'beta', 'alpha'];
  const { matched, failed, changed } = await call('update_jobs', { job_ids, changes: { timeout: 60 } });
  expect(matched).toBe(4);
  expect(failed).toMatchObject([
    { job_id: 'alfa', code: 'job_not_found', message: expect.stringContaining('Did you mean alpha') },
    { job_id: 'broken', code: 'invalid_job' },
  ]);
  expect(changed.map(({ job_id }) => job_id)).toEqual(['alpha', 'beta']);
  expect(readFileSync(join(workspace.paths.jobs, 'broken.json'), 'utf8')).toBe('{ oops');
});

it('stores nothing in a dry run, and says what would change', async ({ workspace, call }) => {
  await makeJobs(call, ['a', 'b']);
  const answer = await call('update_jobs', { filter: 'a', changes: { timeout: 60 }, dry_run: true });
  expect(answer.changed).toEqual([{ job_id: 'a', revision: 2, fields: ['timeout'] }]);
  const entry = workspace.jobs.get('a');
  expect(entry?.kind === 'valid' && entry.record.revision).toBe(1);
});

it('says that no job passes a filter, and changes nothing', async ({ call }) => {
  await makeJobs(call, ['a']);
  const answer = await call('update_jobs', { filter: 'host:nowhere.example', changes: { enabled: false } });
  expect(answer).toEqual({ matched: 0, failed: [], changed: [], unchanged: [] });
});

it.for([
  [{ changes: { enabled: false } }, 'job_ids', /either job_ids or a filter/],
  [{ job_ids: ['a'], filter: 'a', changes: { enabled: false } }, 'job_ids', /either job_ids or a filter/],
  [{ job_ids: [], changes: { enabled: false } }, 'job_ids', /names no job/],
  [{ filter: ' ', changes: { enabled: false } }, 'filter', /empty/],
  [{ filter: 'hosst:a', changes: { enabled: false } }, 'filter', /no field hosst.*mean host/],
  [
    { filter: 'state:weird', changes: { enabled: false } },
    'filter',
    /no state is called weird: invalid, failed/,
  ],
  [{ filter: 'a', changes: {} }, 'changes', /nothing to change/],
  [{ filter: 'a', changes: { timeout: -1 } }, 'changes.timeout', /a number of seconds from 1/],
  [{ filter: 'a', changes: { output_path: '/x' } }, 'changes.output_path', /unknown field/],
] as const)('refuses %j as wrong in %s', async ([params, field, message], { call }) => {
  const error = await refusal(call('update_jobs', params as never));
  expect(error).toMatchObject({ code: 'invalid_params', field });
  expect(error.message).toMatch(message);
});

it.for([
  [{ tags: ['x'] }, 'changes.tags', 'Use add_tags or remove_tags.'],
  [{ time_out: 5 }, 'changes.time_out', 'Did you mean timeout?'],
  [{ colour: 'red' }, 'changes.colour', /^Allowed: enabled, add_tags, /],
] as const)(
  'a field that %j lacks comes with those that it may have',
  async ([changes, field, hint], { call }) => {
    const error = await refusal(call('update_jobs', { filter: 'a', changes } as never));
    expect(error.field).toBe(field);
    expect(error.hint).toMatch(hint);
  },
);

it('names the near field of an expectation, for jobs and in operations', async ({ call }) => {
  const job = { job_id: 'mine', config_name: 'books', schedule: DAILY, expect: { min_item: 1 } };
  const error = await refusal(call('create_job', job as never));
  expect(error).toMatchObject({ field: 'expect.min_item', hint: 'Did you mean min_items?' });
  const deep = { job_id: 'mine', changes: { expect: { min_item: 1 } } };
  const changed = await refusal(call('update_job', deep as never));
  expect(changed.hint).toBe('Did you mean min_items?');
});

it('refuses more than 100 jobs with their number, and changes none', async ({ workspace, call }) => {
  const ids = Array.from({ length: 101 }, (_, index) => `job-${index}`);
  const fields = { config_name: 'books', schedule: DAILY };
  const [first = ''] = ids;
  await call('create_job', { job_id: first, ...fields });
  const text = readFileSync(join(workspace.paths.jobs, `${first}.json`), 'utf8');
  for (const id of ids.slice(1))
    writeFileSync(join(workspace.paths.jobs, `${id}.json`), text.replace(`"${first}"`, `"${id}"`));
  const many = Array.from({ length: 10_000 }, (_, index) => `job-${index}`);
  for (const [selection, count] of [
    [{ filter: 'job' }, 101],
    [{ job_ids: ids }, 101],
    [{ job_ids: many }, 10_000],
  ] as const) {
    const error = await refusal(call('update_jobs', { ...selection, changes: { enabled: false } } as never));
    expect(error).toMatchObject({
      code: 'invalid_params',
      message: expect.stringContaining(`${count} jobs`),
    });
  }
  expect((await call('list_jobs', { enabled: false })).total).toBe(0);
});

it('does not overwrite what somebody else changed since the jobs were selected', async ({
  workspace,
  call,
}) => {
  await makeJobs(call, ['a', 'b']);
  const { jobs } = workspace;
  const update = jobs.update.bind(jobs);
  jobs.update = async (id, changes, options) => {
    if (id === 'b') await update('b', { timeout: 7 }, { by: 'hand' });
    return update(id, changes, options);
  };
  const { changed, failed } = await call('update_jobs', { job_ids: ['a', 'b'], changes: { timeout: 60 } });
  expect(changed).toMatchObject([{ job_id: 'a' }]);
  expect(failed).toMatchObject([
    { job_id: 'b', code: 'conflict', message: expect.stringContaining('timeout') },
  ]);
});

it('answers every filter with an answer or with an error that names the filter', async ({ call }) => {
  await makeJobs(call, ['a']);
  const word = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('state:', 'state:ok', 'host:a', 'last<1d', 'took>', '!', '"', 'fails>2', 'x:y'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 4 }), async (words) => {
      const params = { filter: words.join(' '), changes: { enabled: true }, dry_run: true };
      const answer = await call('update_jobs', params).catch((error) => error);
      if (!('matched' in answer)) expect(answer).toMatchObject({ code: 'invalid_params', field: 'filter' });
    }),
    { numRuns: 60 },
  );
});
