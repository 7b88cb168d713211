import { expect, it } from 'vitest';
import {
  describeDataLoss,
  readDataLoss,
  recordRecoveredJobs,
} from '../../../src/core/database/recovery/data-loss.ts';
import { writeHolder, writeStopRequest } from '../../../src/core/lease/lease.ts';
import { callOperation } from '../../../src/core/operations/call-operation.ts';
import { findProcessIdentity } from '../../../src/core/process/identity.ts';
import { schedulerStatus } from '../../../src/core/scheduler/scheduler-status.ts';
import { clockedHome } from '../../clocked-home.ts';

const DAY = 86_400_000;

it('the status says for a month that the database lost rows, and nothing of the first one of a home', () => {
  // What a database lost is noted by the real clock.
  const { workspace, clock } = clockedHome(new Date().toISOString());
  expect(schedulerStatus(workspace).warnings).toEqual([]);
  recordRecoveredJobs(workspace.db, 2);
  const made = new Date(readDataLoss(workspace.db)?.at ?? 0).toISOString();
  expect(schedulerStatus(workspace).warnings).toEqual([
    `${workspace.paths.database} was missing and was created again on ${made}: past runs are gone; 2 jobs taken over from their files`,
  ]);
  clock.step(32 * DAY);
  expect(schedulerStatus(workspace).warnings).toEqual([]);
});

it('runs that the journal of starts restored are not reported as lost', () => {
  const made = { at: 0, kind: 'made', rebuilt: 3, jobs: 1 } as const;
  expect(describeDataLoss(made, 'quickscrape.db')).toBe(
    'quickscrape.db was missing and was created again on 1970-01-01T00:00:00.000Z: past runs are gone, except 3 runs put back from starts.log; 1 job taken over from their files',
  );
});

it('the status says when the clock cannot be right, and get_job that no job is due by it', async () => {
  const home = clockedHome('1970-01-01T00:00:10Z');
  await home.job('a', '0 * * * *');
  const words =
    'the clock shows 1970-01-01T00:00:10.000Z, which cannot be right: no job runs until the clock is set';
  expect(schedulerStatus(home.workspace).warnings).toEqual([words]);
  const { explanation } = await callOperation(home.workspace, 'get_job', { job_id: 'a' });
  expect(explanation[0]).toBe(`It does not run by itself: ${words}.`);
});

it('the status says first that the scheduler has been asked to stop', () => {
  const { workspace, clock } = clockedHome('2026-11-25T12:00:00Z');
  const self = findProcessIdentity(process.pid);
  if (self === undefined) throw new Error('this process is not there');
  writeHolder(workspace.db, { process: self, since: clock.now(), version: 'test', slots: 2 });
  expect(schedulerStatus(workspace)).toMatchObject({ running: true, warnings: [] });
  writeStopRequest(workspace.db, 'graceful');
  expect(schedulerStatus(workspace).warnings).toEqual([
    'the scheduler was asked to stop: it starts no more runs, and waits for its active runs',
  ]);
  writeStopRequest(workspace.db, 'force');
  expect(schedulerStatus(workspace).warnings).toEqual([expect.stringContaining('are being cancelled')]);
});
