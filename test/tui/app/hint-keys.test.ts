import { expect, it } from 'vitest';
import { getHint } from '../../../src/core/lib/hints.ts';
import { explainJob, type JobFacts } from '../../../src/core/operations/explain-job.ts';
import { ACTIONS } from '../../../src/tui/app/actions.ts';
import { withDashboardKeys } from '../../../src/tui/app/hint-keys.ts';

const FACTS: JobFacts = {
  ...{ jobId: 'news', timezone: 'UTC', now: 0, enabled: true, paused: null, clock: undefined },
  ...{ scheduler: { state: 'running', seenAt: 0 }, disk: undefined, next: 1000, overdue: null },
  ...{ catchUp: 'latest', graceTime: null, watermark: 0, startsLater: undefined, active: [] },
  ...{ occurrences: [], missingConfig: undefined, warnings: [] },
};

it.each([
  ['a disabled job', { enabled: false }, 'enable it with a in the list of jobs'],
  ['a paused job', { paused: { at: 0, failures: 3 } }, 'resume it with p in the list of jobs'],
  ['a home without a scheduler', { scheduler: { state: 'off', seenAt: 0 } }, 'start one with D, then s'],
  ['a configuration that is gone', { missingConfig: 'old' }, 'give it another one with e'],
] as const)('what helps with %s is told with the dashboard’s own key', (_, facts, words) => {
  const { summary, reasons } = explainJob({ ...FACTS, ...facts });
  const told = withDashboardKeys([summary, ...reasons].join(' '));
  expect(told).toContain(words);
  expect(told).not.toContain('quickscrape');
});

it('what stands in a hint, too; a command that has no key stays', () => {
  const hint = `Wait for it, or ${getHint('cancel_run', 'n-1_a')}.`;
  expect(withDashboardKeys(hint)).toBe('Wait for it, or cancel it with x.');
  expect(withDashboardKeys('list_jobs (quickscrape job list) shows the ids.')).toContain(
    'quickscrape job list',
  );
});

it('the keys are those of the actions', () => {
  const titleOf = (key: string) =>
    ACTIONS.filter(({ keys }) => keys.includes(key))
      .map(({ title }) => title)
      .join(', ');
  expect(titleOf('a')).toContain('Enable or disable');
  expect(titleOf('p')).toContain('Let a paused job go on');
  expect(titleOf('D')).toContain('start or stop it');
  expect(titleOf('e')).toContain('Edit the job');
  expect(titleOf('x')).toContain('Cancel the run');
  expect(titleOf('Z')).toContain('Show what was deleted');
  expect(titleOf('c')).toContain('the marked one');
  expect(titleOf('space')).toContain('Mark the run to compare');
});
