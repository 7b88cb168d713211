import { expect, it } from 'vitest';
import {
  type HomeFacts,
  type JobCondition,
  judgeHome,
  judgeJob,
} from '../../../../src/core/diagnostics/report/judge-home.ts';

const WELL = { isValid: true, enabled: true, paused: false, failures: 0, hasRun: true, isIncomplete: false };

it.each([
  [{}, 'well'],
  [{ failures: 1 }, 'failing'],
  [{ failures: 3, paused: true }, 'paused'],
  [{ isIncomplete: true }, 'incomplete'],
  [{ isIncomplete: true, failures: 1 }, 'failing'],
  [{ hasRun: false }, 'new'],
  [{ failures: 3, enabled: false }, 'disabled'],
  [{ isValid: false, enabled: false, hasRun: false }, 'invalid'],
])('judges a job by its state (%j): %s', (facts, condition) => {
  expect(judgeJob({ ...WELL, ...facts })).toBe(condition);
});

function judge(counts: Partial<Record<JobCondition, number>>, facts: Partial<HomeFacts> = {}) {
  const conditions = Object.entries(counts).flatMap(([condition, count]) =>
    Array.from({ length: count }, () => condition as JobCondition),
  );
  const { level, headline, notes } = judgeHome({
    conditions,
    isSchedulerRunning: true,
    missed: 0,
    ...facts,
  });
  return [level, headline, ...notes];
}

it.each([
  [{ well: 40 }, ['good', 'All 40 jobs are well']],
  [{ well: 1 }, ['good', 'The job is well']],
  [{ well: 37, failing: 3 }, ['bad', '3 of 40 jobs fail']],
  [{ well: 39, failing: 1 }, ['bad', '1 of 40 jobs fails']],
  [{ failing: 1 }, ['bad', 'The job fails']],
  [
    { well: 8, failing: 1, paused: 1 },
    ['bad', '2 of 10 jobs fail', '1 of them is paused until somebody resumes it.'],
  ],
  [{ well: 9, paused: 1 }, ['bad', '1 of 10 jobs fails', 'It is paused until somebody resumes it.']],
  [{ well: 8, paused: 2 }, ['bad', '2 of 10 jobs fail', 'All of them are paused.']],
  [{ well: 9, invalid: 1 }, ['bad', '1 job file cannot be used']],
  [{ well: 8, invalid: 1, failing: 1 }, ['bad', '1 of 10 jobs fails', '1 job file cannot be used.']],
  [
    { well: 2, new: 1, disabled: 2 },
    ['good', '2 jobs are well', '1 job has not run yet.', '2 jobs are disabled.'],
  ],
  [{ well: 2, incomplete: 1 }, ['warning', '2 jobs are well', '1 job succeeds, but lacks values.']],
  [{ incomplete: 1 }, ['warning', 'The job lacks values']],
  [{ new: 3 }, ['good', 'No job has run yet']],
  [
    { new: 1, disabled: 1 },
    ['good', 'No enabled job has run yet', '1 job has not run yet.', '1 job is disabled.'],
  ],
  [{ disabled: 2 }, ['warning', 'All 2 jobs are disabled']],
  [{}, ['warning', 'There are no jobs yet']],
])('says how a home with %j is', (counts, said) => {
  expect(judge(counts)).toEqual(said);
});

it('warns where nothing starts, or something did not', () => {
  expect(judge({ well: 2 }, { isSchedulerRunning: false, missed: 3 })).toEqual([
    'warning',
    'All 2 jobs are well',
    'No scheduler is running, so no job starts by itself.',
    '3 scheduled runs were missed.',
  ]);
  expect(judge({ disabled: 1 }, { isSchedulerRunning: false })).toEqual(['warning', 'The job is disabled']);
});
