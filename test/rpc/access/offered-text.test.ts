import { expect, it } from 'vitest';
import {
  namesOnlyOffered,
  offeredLines,
  offeredSentences,
  withOfferedSteps,
} from '../../../src/rpc/access/offered-text.ts';

const offered = new Set(['list_jobs', 'get_job']);

it('finds the operations that a text names', () => {
  expect(namesOnlyOffered('Use get_job (list_jobs has the ids), then export it.', offered)).toBe(true);
  expect(namesOnlyOffered('Then get_run.', offered)).toBe(false);
  expect(namesOnlyOffered('its get_runs, and my_get_run', offered)).toBe(true);
});

it('leaves out the sentences that name another one', () => {
  const text = 'Lists jobs, such as a.b. Use get_run for runs: `stopped` says more. Use get_job for one.';
  expect(offeredSentences(text, offered)).toBe(
    'Lists jobs, such as a.b. `stopped` says more. Use get_job for one.',
  );
});

it('leaves out the lines that name another one', () => {
  expect(offeredLines('a\n- list_jobs, then get_run.\n- get_job. Both.', offered)).toBe(
    'a\n- get_job. Both.',
  );
});

it('leaves out the next steps that another operation does', () => {
  const steps = [
    { operation: 'get_run', params: {} },
    { operation: 'get_job', params: { job_id: 'a' } },
  ];
  const allows = (operation: string, params: unknown) => offered.has(operation) && params !== undefined;
  expect(withOfferedSteps({ next: steps, total: 1 }, allows)).toEqual({ next: [steps[1]], total: 1 });
  expect(withOfferedSteps({ total: 1 }, allows)).toEqual({ total: 1 });
});
