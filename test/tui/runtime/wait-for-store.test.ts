import Libsql from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import type { Event } from '../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../src/tui/runtime/effect-context.ts';
import { runCall, waitForStore } from '../../../src/tui/runtime/run-call.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { homeWithJobs } from '../home-with-jobs.ts';

/** A home whose database another connection holds until it is let go. */
async function lockedHome() {
  const workspace = openTempWorkspace({ home: await homeWithJobs(1), actor: 'tui' });
  const other = new Libsql(workspace.paths.database);
  onTestFinished(() => {
    other.close();
  });
  other.exec('BEGIN IMMEDIATE');
  return { workspace, letGo: () => other.exec('COMMIT') };
}

it('a change waits for another program’s write without blocking: it shows this, and is made afterwards', async () => {
  const { workspace, letGo } = await lockedHome();
  const events: Event[] = [];
  const params = { job_id: 'job-0000', changes: { description: 'x' } };
  await new Promise<void>((resolve) => {
    const send = (event: Event) => {
      events.push(event);
      // Were the wait a blocking one, nobody could let go of the lock meanwhile.
      if (event.kind === 'said') letGo();
      if (event.kind === 'answer') resolve();
    };
    const surroundings = { workspace, readOnly: false, live: undefined, send } as unknown as EffectContext;
    runCall({ kind: 'call', name: 'update_job', params, tag: 'test' }, surroundings);
  });
  expect(events).toMatchObject([
    { kind: 'said', text: expect.stringContaining('Waiting for the database') },
    { kind: 'answer', ok: true, was: { version: { revision: 1 } } },
  ]);
});

it('reading does not wait, and a store that stays locked is reported', async () => {
  const { workspace } = await lockedHome();
  const answer = await new Promise<Event>((resolve) => {
    const surroundings = {
      workspace,
      readOnly: false,
      live: undefined,
      send: resolve,
    } as unknown as EffectContext;
    runCall({ kind: 'call', name: 'list_runs', params: { job_id: 'job-0000' }, tag: 'test' }, surroundings);
  });
  expect(answer).toMatchObject({ kind: 'answer', ok: true });
  await expect(waitForStore({ workspace, send: () => {} }, 0)).rejects.toMatchObject({
    code: 'store_unavailable',
    hint: expect.stringContaining('try again in a moment'),
  });
});
