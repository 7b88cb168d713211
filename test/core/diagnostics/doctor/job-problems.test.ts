import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { collectDatabase } from '../../../../src/core/diagnostics/doctor/collect-database.ts';
import { collectJobs, joinJobProblems } from '../../../../src/core/diagnostics/doctor/collect-jobs.ts';
import { TempStore } from '../../fs/temp-store.ts';

const FAILED = { on_failure: ['mail', 'me'], on_success: ['true'], pause_after_failures: 3 };

/** A job whose command failed and that is paused, its troubles as the doctor joins them, and its state in the store. */
async function troubledJob(temp: TempStore, message = 'on_failure failed: exit code 1') {
  await temp.create('a', FAILED);
  temp.db.run(
    `UPDATE job_state SET failures = 3, strikes = 3, paused_at = 5, paused_after = 3, callback_failed_at = 7,
       callback_failure = ?`,
    [message],
  );
  const troubles = () =>
    joinJobProblems(
      collectJobs(temp.paths).parsed,
      collectDatabase(temp.paths.database).jobStates,
      Date.now(),
    );
  const state = () => {
    const entry = temp.reopen().get('a');
    return entry?.kind === 'valid' ? entry.state : undefined;
  };
  return { message, troubles, state };
}

it('reports a failed command until the job no longer has it, as the store does', async () => {
  using temp = new TempStore();
  const { message, troubles, state } = await troubledJob(temp);
  expect(troubles()).toMatchObject([{ jobId: 'a', failures: 3, callbackFailure: { at: 7, message } }]);
  expect(state()).toMatchObject({ callbackFailure: { at: 7, message } });
  await temp.store.update('a', { on_success: null }, { by: 'cli' });
  expect(troubles()).toMatchObject([{ callbackFailure: { message } }]);
  await temp.store.update('a', { on_success: ['true'], on_failure: null }, { by: 'cli' });
  expect(troubles()).toMatchObject([{ jobId: 'a', failures: 3, callbackFailure: undefined }]);
  expect(state()).toMatchObject({ callbackFailure: null });
});

it('a failure without a command is reported while the job has any command', async () => {
  using temp = new TempStore();
  const { message, troubles, state } = await troubledJob(temp, 'callback: not made: its file cannot be read');
  await temp.store.update('a', { on_failure: null }, { by: 'cli' });
  expect(troubles()).toMatchObject([{ callbackFailure: { message } }]);
  expect(state()).toMatchObject({ callbackFailure: { message } });
  temp.put('a', { ...temp.json('a'), on_success: null });
  expect(troubles()).toMatchObject([{ callbackFailure: undefined }]);
  expect(state()).toMatchObject({ callbackFailure: null });
});

it('a job that its own file no longer pauses is not reported as paused', async () => {
  using temp = new TempStore();
  const { troubles } = await troubledJob(temp);
  expect(troubles()).toMatchObject([{ pausedAt: 5 }]);
  temp.put('a', { ...temp.json('a'), pause_after_failures: 4 });
  expect(troubles()).toMatchObject([{ pausedAt: undefined }]);
});

it('a job with an unusable file is reported from the database, one without a file is not', async () => {
  using temp = new TempStore();
  const { message, troubles } = await troubledJob(temp);
  temp.put('a', '{');
  expect(troubles()).toMatchObject([{ jobId: 'a', failures: 3, pausedAt: 5, callbackFailure: { message } }]);
  rmSync(temp.file('a'));
  expect(troubles()).toEqual([]);
});
