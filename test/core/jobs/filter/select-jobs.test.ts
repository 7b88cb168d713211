import fc from 'fast-check';
import { expect } from 'vitest';
import { matchRows } from '../../../../src/core/jobs/filter/match-filter.ts';
import { parseFilter } from '../../../../src/core/jobs/filter/parse-filter.ts';
import { parseStrictFilter, selectJobs } from '../../../../src/core/jobs/filter/select-jobs.ts';
import { HomeReader } from '../../../../src/tui/runtime/home/home-reader.ts';
import { putRun } from '../../../tui/runtime/home/put-run.ts';
import { DAILY, it } from '../../operations/open-home.ts';

const TERMS = [
  'state:new',
  'state:queued',
  '!state:disabled',
  'host:shop',
  'host:none',
  '!host:127.0.0.1',
  'tag:none',
  'config:books',
  'next<2d',
  'next:none',
  'last:none',
  'items>3',
  'fails>0',
  'by:library',
  'shop',
  '!alpha',
];

it('finds what the dashboard shows with the same filter', async ({ workspace, call }) => {
  await workspace.configs.write('shop', 'url: https://www.shop.example/\nselectors: {title: h3}\n');
  await call('create_job', { job_id: 'alpha', config_name: 'books', schedule: DAILY, tags: ['x'] });
  await call('create_job', { job_id: 'beta', config_name: 'shop', schedule: DAILY, enabled: false });
  await call('create_job', { job_id: 'gamma', config_name: 'shop', schedule: DAILY });
  const { db, runs, configs, jobs, clock } = workspace;
  putRun(workspace, 'gamma', { status: 'queued' });
  putRun(workspace, 'alpha', { status: 'cancelled', items: 5 });
  const now = clock.now();
  const rows = new HomeReader(workspace).readAll().data.jobs;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...TERMS), { maxLength: 3 }), (terms) => {
      const filter = parseFilter(terms.join(' '));
      const found = selectJobs({ db, runs, configs }, jobs.list(), filter, now);
      expect(found.map(({ id }) => id)).toEqual(matchRows(rows, filter, now).map(({ id }) => id));
    }),
  );
});

it('refuses a text with problems, and names each with its place', () => {
  const text = 'state:ok nope:1 took>x';
  expect(() => parseStrictFilter(text)).toThrow(/^filter: at character 10, "nope:1": there is no field nope/);
  const caught = (() => {
    try {
      return parseStrictFilter(text);
    } catch (error) {
      return error as { issues: { column: number }[]; hint: string };
    }
  })();
  expect(caught).toMatchObject({
    issues: [{ column: 10 }, { column: 22 }],
    hint: expect.stringContaining('host:shop.example'),
  });
});
