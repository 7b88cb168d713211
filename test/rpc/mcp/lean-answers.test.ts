import { expect, it } from 'vitest';
import { configChangesInput } from '../../../src/core/operations/config-changes.ts';
import { leanExplanation, leanRuns } from '../../../src/rpc/mcp/lean-answers.ts';

const RUN = {
  ...{ run_id: 'r1', job_id: 'books', status: 'failed', attempt: 1, max_attempts: 1, worker: null, bytes: 5 },
  ...{ queued_at: 'q', started_at: 's', finished_at: 'f', duration_ms: 5, items: 0, pages: 1, progress: 1 },
  ...{ checks: [{ check: 'min_items' }], changes: null },
  error: { kind: 'no_items', message: 'x'.repeat(300) },
};

it('a run in a list says what it is and how it ended, and nothing else', () => {
  const { runs } = leanRuns({ runs: [RUN], total: 1 });
  expect(runs).toEqual([
    {
      ...{
        run_id: 'r1',
        job_id: 'books',
        status: 'failed',
        started_at: 's',
        duration_ms: 5,
        items: 0,
        pages: 1,
      },
      error: { kind: 'no_items', message: `${'x'.repeat(159)}…` },
    },
  ]);
  const active = {
    ...RUN,
    finished_at: null,
    duration_ms: null,
    progress: 0.5,
    attempt: 2,
    max_attempts: 3,
    error: null,
  };
  expect(leanRuns({ runs: [active] })['runs']).toMatchObject([
    { progress: 0.5, attempt: 2, max_attempts: 3 },
  ]);
});

it('of an explained run, what the changes repair is left out, and what they do not repair stays', () => {
  const selectors = ['item', 'price', 'seller.name', 'text', 'stock'].map((field) => ({
    part: 'field',
    field,
  }));
  const answer = {
    ...{
      run_id: 'r1',
      job_id: 'books',
      cause: 'page_changed',
      since: { bad_in_a_row: 2 },
      after: null,
      checks: [],
    },
    ...{
      page: { signs: [], gone: ['.a ×2'], before: null },
      selectors,
      next: [{ operation: 'test_config' }],
    },
  };
  const paths = ['item', 'selectors.price', 'selectors.seller.children.name', 'follow.selectors.text'];
  const changes = Object.fromEntries(paths.map((path) => [path, 'b']));
  expect(leanExplanation({ ...answer, changes })).toEqual({
    ...{ cause: 'page_changed', next: answer.next },
    changes: paths.map((name) => ({ name, value: 'b' })),
    selectors: [{ part: 'field', field: 'stock' }],
  });
  expect(leanExplanation({ ...answer, changes: {} })).toEqual({
    ...{ cause: 'page_changed', page: { gone: ['.a ×2'] }, selectors, next: answer.next },
  });
});

it('changes of an explained run are lists of texts, as the tools take them', () => {
  const changes = { item: '.pod', 'selectors.link': { selector: 'a', attribute: 'href' } };
  const params = { run_id: 'r1', changes };
  const listed = [
    { name: 'item', value: '.pod' },
    { name: 'selectors.link', value: '{"selector":"a","attribute":"href"}' },
  ];
  const next = [
    { operation: 'test_config', params },
    { operation: 'run_job', params: { job_id: 'a' } },
  ];
  const lean = leanExplanation({ selectors: [], changes, next });
  expect(lean).toEqual({
    changes: listed,
    next: [{ ...next[0], params: { ...params, changes: listed } }, next[1]],
  });
  expect(configChangesInput().parse(lean['changes'])).toEqual(changes);
});
