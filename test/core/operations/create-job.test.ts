import { expect } from 'vitest';
import { DAILY, it, refusal } from './open-home.ts';

it('creates a job with the defaults of the contract and instants in its own time zone', async ({ call }) => {
  const { job, created, next_runs } = await call('create_job', { config_name: 'books', schedule: DAILY });
  expect(created).toBe(true);
  expect(job).toMatchObject({
    config_name: 'books',
    max_retries: 3,
    retry_delay: 300,
    enabled: true,
    keep_runs: 50,
    revision: 1,
    status: 'pending',
    last_run: null,
    created_by: 'library',
  });
  expect(job.id).toMatch(/^books-\w{4}$/);
  expect(job.next_run).toMatch(/T09:00:00\.000\+0[12]:00$/);
  expect(next_runs).toHaveLength(3);
  expect(next_runs[0]).toBe(job.next_run);
});

it('takes the least shares of fields as an object, or as the list of pairs that tools of assistants offer', async ({
  call,
}) => {
  const wanted = { job_id: 'mine', config_name: 'books', schedule: DAILY };
  const shares = [
    { name: 'price', value: 90 },
    { name: 'title', value: 100 },
  ];
  const made = await call('create_job', { ...wanted, expect: { min_fill_percent: shares } } as never);
  expect(made.job['expect']).toEqual({ min_fill_percent: { price: 90, title: 100 } });
  const same = { ...wanted, expect: { min_fill_percent: { price: 90, title: 100 } } };
  expect(await call('create_job', same)).toMatchObject({ created: false });
});

it.for([
  [[{ name: 'price' }], '0.value: missing; it must be a number from 1 to 100 (per cent)'],
  [[{ name: 'price', value: 900 }], '0.value: must be a number from 1 to 100 (per cent), not 900'],
  [[{ name: 'a', value: 1 }, 5], '1: must be an object with name and value, not 5'],
  [[{ name: '__proto__', value: 5 }], '0.name: must be the name of a field, which no other entry has'],
  [
    [
      { name: 'price', value: 90 },
      { name: 'price', value: 50 },
    ],
    '1.name: must be the name of a field, which no other entry has, not "price"',
  ],
] as const)('reports an invalid list of least shares %j', async ([shares, said], { call }) => {
  const wanted = { config_name: 'books', schedule: DAILY, expect: { min_fill_percent: shares } };
  expect(await refusal(call('create_job', wanted as never))).toMatchObject({
    code: 'invalid_params',
    message: expect.stringContaining(`expect.min_fill_percent.${said}`),
  });
});

it('answers created: false when the same job_id comes again with the same fields', async ({
  workspace,
  call,
}) => {
  const wanted = { job_id: 'mine', config_name: 'books', schedule: DAILY, tags: ['a'] };
  const first = await call('create_job', wanted);
  const again = await call('create_job', { ...wanted, max_retries: 3 });
  expect(again.created).toBe(false);
  expect(again.job).toEqual(first.job);
  expect(workspace.jobs.list()).toHaveLength(1);
});

it('names the differing fields when the same job_id comes with other ones', async ({ call }) => {
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  const error = await refusal(
    call('create_job', { job_id: 'mine', config_name: 'news', schedule: DAILY, max_retries: 1 }),
  );
  expect(error).toMatchObject({ code: 'conflict', field: 'job_id' });
  expect(error.message).toContain('config_name, max_retries');
});

it('makes one job when the same request comes eight times at once', async ({ workspace, call }) => {
  const wanted = { job_id: 'mine', config_name: 'books', schedule: DAILY };
  const answers = await Promise.all(Array.from({ length: 8 }, () => call('create_job', wanted)));
  expect(answers.filter(({ created }) => created)).toHaveLength(1);
  expect(workspace.jobs.list()).toHaveLength(1);
});

it('refuses a configuration that does not exist, with the closest names', async ({ call }) => {
  const error = await refusal(call('create_job', { config_name: 'boks', schedule: DAILY }));
  expect(error).toMatchObject({ code: 'config_not_found', field: 'config_name' });
  expect(error.hint).toContain('books');
});

it('stores nothing on a dry run, but checks everything', async ({ workspace, call }) => {
  const answer = await call('create_job', {
    config_name: 'books',
    schedule: DAILY,
    job_id: 'later',
    dry_run: true,
  });
  expect(answer).toMatchObject({ created: false, job: { id: 'later', revision: 1 } });
  expect(answer.next_runs).toHaveLength(3);
  expect(workspace.jobs.list()).toHaveLength(0);
  const wrong = { ...DAILY, time: '25:00' };
  const error = await refusal(call('create_job', { config_name: 'books', schedule: wrong, dry_run: true }));
  expect(error.code).toBe('invalid_schedule');
});

it('takes keep_runs and the time zone from the settings when they are not given', async ({
  workspace,
  call,
}) => {
  await workspace.settings.set('keep_runs', 7);
  await workspace.settings.set('timezone', 'Asia/Kathmandu');
  const { job } = await call('create_job', {
    config_name: 'books',
    schedule: { type: 'daily', time: '09:00' },
  });
  expect(job).toMatchObject({ keep_runs: 7, schedule: { timezone: 'Asia/Kathmandu' } });
  expect(job.next_run).toMatch(/\+05:45$/);
});

it('has no next runs when it is created disabled', async ({ call }) => {
  const answer = await call('create_job', { config_name: 'books', schedule: DAILY, enabled: false });
  expect(answer).toMatchObject({ created: true, next_runs: [], job: { next_run: null } });
});

it.for([
  [{ max_retries: -1 }, 'max_retries', 'from 0'],
  [{ max_retries: 'many' }, 'max_retries', '"many"'],
  [{ overlap: 'maybe' }, 'overlap', 'skip, queue'],
  [{ output_path: 'x_{nope}.csv' }, 'output_path', '{nope}'],
  [{ max_retrys: 1 }, 'max_retrys', 'unknown'],
  [{ schedule: { type: 'sometimes' } }, 'schedule', 'once, hourly'],
  [{ job_id: 'Not A Name' }, 'job_id', 'Not A Name'],
] as const)('refuses %j with the field and the allowed values', async ([wrong, field, said], { call }) => {
  const error = await refusal(
    call('create_job', { config_name: 'books', schedule: DAILY, ...(wrong as object) }),
  );
  expect(error.code).toBe('invalid_params');
  expect(error.field).toMatch(new RegExp(`^${field}`));
  expect(error.message).toContain(said);
});

it('lists every wrong field among the issues', async ({ call }) => {
  const wrong = { config_name: 'books', schedule: DAILY, max_retries: -1, timeout: 'long', tagz: [] };
  const error = await refusal(call('create_job', wrong as never));
  expect(error.issues?.map(({ path }) => path).sort()).toEqual(['max_retries', 'tagz', 'timeout']);
  expect(error.issues?.find(({ path }) => path === 'tagz')?.hint).toContain('tags');
});
