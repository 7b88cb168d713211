import { expect } from 'vitest';
import type { OperationInput } from '../../../src/core/operations/call-operation.ts';
import type { OperationName } from '../../../src/core/operations/operations.ts';
import { addRun } from './add-run.ts';
import { DAILY, it, type OpenHome, refusal } from './open-home.ts';

const OTHER_CALL = {
  code: 'invalid_params',
  field: 'cursor',
  message: 'cursor: it continues another call',
};

/** Three runs of a job with three items each, and three jobs. */
async function fill({ workspace, call }: Pick<OpenHome, 'workspace' | 'call'>): Promise<void> {
  const items = [1, 2, 3].map((n) => ({ title: `book ${n}`, price: n }));
  for (const id of ['a', 'b', 'c']) addRun({ workspace }, id, { items });
  for (const job_id of ['one', 'two', 'three'])
    await call('create_job', { job_id, config_name: 'books', schedule: DAILY, tags: ['x'] });
}

const CALLS: readonly [OperationName, object, object][] = [
  ['list_runs', { status: 'succeeded' }, { status: 'failed' }],
  ['list_runs', { status: 'succeeded' }, {}],
  ['list_runs', {}, { since: '2020-01-01' }],
  ['list_jobs', { tag: 'x' }, {}],
  ['list_jobs', { query: 'o' }, { query: 'books' }],
  ['list_jobs', {}, { enabled: true }],
  ['list_items', { run_id: 'a', fields: ['title'] }, { run_id: 'a', fields: ['price'] }],
  ['list_items', { run_id: 'a' }, { run_id: 'a', fields: ['price'] }],
];

it.for(CALLS)(
  'a cursor of %s with %j is refused with %j',
  async ([name, params, others], { workspace, call: operate }) => {
    await fill({ workspace, call: operate });
    const call = (input: object) => operate(name, input as OperationInput<OperationName>);
    const first = (await call({ ...params, limit: 1 })) as { next_cursor?: string };
    const cursor = first.next_cursor ?? '';
    expect(cursor).not.toBe('');
    expect(await refusal(call({ ...others, cursor }))).toMatchObject(OTHER_CALL);
    expect(await call({ ...params, limit: 100, cursor })).not.toHaveProperty('next_cursor');
  },
);

it('a cursor of one list is refused by another one', async ({ workspace, call }) => {
  await fill({ workspace, call });
  const { next_cursor: cursor = '' } = await call('list_jobs', { limit: 1 });
  for (const name of ['list_runs', 'list_trash'] as const)
    expect(await refusal(call(name, { cursor }))).toMatchObject(OTHER_CALL);
});
