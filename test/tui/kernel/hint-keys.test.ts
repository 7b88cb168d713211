import { expect, it } from 'vitest';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { explainJob, type JobFacts } from '../../../src/core/operations/explain-job.ts';
import { ACTIONS } from '../../../src/tui/app/actions.ts';
import { formatDashboardHint } from '../../../src/tui/kernel/call.ts';

const FACTS: JobFacts = {
  ...{ jobId: 'news', timezone: 'UTC', now: 0, enabled: true, paused: null, clock: undefined },
  ...{ scheduler: { state: 'running', seenAt: 0 }, disk: undefined, next: 1000, overdue: null },
  ...{ catchUp: 'latest', graceTime: null, decidedUntil: 0, startsLater: undefined, active: [] },
  ...{ occurrences: [], missingConfig: undefined, warnings: [] },
};

it.each([
  ['a disabled job', { enabled: false }, 'enable it with a in the list of jobs'],
  ['a paused job', { paused: { at: 0, failures: 3 } }, 'resume it with p in the list of jobs'],
  ['a home without a scheduler', { scheduler: { state: 'off', seenAt: 0 } }, 'start one with D, then s'],
  ['a configuration that is gone', { missingConfig: 'old' }, 'give it another one with e'],
] as const)('the hint for %s names the dashboard’s own key', (_, facts, words) => {
  const { summary, reasons } = explainJob({ ...FACTS, ...facts }, formatDashboardHint);
  const told = [summary, ...reasons].join(' ');
  expect(told).toContain(words);
  expect(told).not.toContain('quickscrape');
});

it('what stands in a hint, too; a command that has no key stays', () => {
  const error = (hint: ConstructorParameters<typeof QuickscrapeError>[2]) =>
    new QuickscrapeError('conflict', 'x', hint).toData(formatDashboardHint).hint;
  expect(error({ hint: { id: 'wait_or_cancel', run: 'n-1_a' } })).toBe(
    'Wait for it, or cancel it first with x.',
  );
  expect(error({ hint: { id: 'list_jobs' } })).toContain('quickscrape job list');
});

it('the keys are those of the actions', () => {
  const titleOf = (key: string) =>
    ACTIONS.filter(({ keys }) => keys.includes(key))
      .map(({ title }) => title)
      .join(', ');
  expect(titleOf('a')).toContain('Enable or disable');
  expect(titleOf('p')).toContain('Resume a paused job');
  expect(titleOf('D')).toContain('start or stop it');
  expect(titleOf('e')).toContain('Edit the job');
  expect(titleOf('x')).toContain('Cancel the run');
  expect(titleOf('Z')).toContain('Show the trash');
  expect(titleOf('c')).toContain('the marked one');
  expect(titleOf('space')).toContain('Mark or unmark the run');
});
