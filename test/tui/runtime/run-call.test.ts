import { expect, it } from 'vitest';
import type { Workspace } from '../../../src/core/workspace.ts';
import type { AnswerEvent, CallEffect } from '../../../src/tui/kernel/call.ts';
import type { Event } from '../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../src/tui/runtime/effect-context.ts';
import { runCall } from '../../../src/tui/runtime/run-call.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { homeWithJobs } from '../home-with-jobs.ts';

async function opened(): Promise<Workspace> {
  const workspace = openTempWorkspace({ home: await homeWithJobs(1), actor: 'tui' });
  return workspace;
}

/** Calls, and waits for the answer; tells which jobs are read again. */
function call(workspace: Workspace, effect: Pick<CallEffect, 'name' | 'params' | 'isUndo'>) {
  const touched: string[] = [];
  return new Promise<{ answer: AnswerEvent; touched: string[] }>((resolve) => {
    const send = (event: Event) => {
      // What is touched after the answer is touched in the same turn.
      if (event.kind === 'answer') setImmediate(() => resolve({ answer: event, touched }));
    };
    const live = { touch: (id: string) => touched.push(id) };
    const surroundings = { workspace, readOnly: false, live, send } as unknown as EffectContext;
    runCall({ kind: 'call', ...effect, tag: 'test' } as CallEffect, surroundings);
  });
}

it('gives with each change of a job its former state, so that it can be undone', async () => {
  const workspace = await opened();
  const job_id = 'job-0000';
  const edited = await call(workspace, {
    name: 'update_job',
    params: { job_id, changes: { description: 'x' } },
  });
  expect(edited.answer).toMatchObject({
    ok: true,
    was: { jobId: job_id, version: { revision: 1, definition: { description: null } } },
  });
  const deleted = await call(workspace, { name: 'delete_job', params: { job_id } });
  expect(deleted.answer).toMatchObject({
    was: { version: { revision: 2, definition: { description: 'x' } } },
  });
  const restored = await call(workspace, { name: 'restore_job', params: { job_id } });
  expect(restored.answer).toMatchObject({ was: { jobId: job_id, version: null } });
  expect([...edited.touched, ...deleted.touched, ...restored.touched]).toEqual([job_id, job_id, job_id]);
});

it('gives with each stored or deleted configuration its former text', async () => {
  const workspace = await opened();
  const config_name = 'fresh';
  const [first, second] = ['a', 'b'].map(
    (title) => `url: http://127.0.0.1:9/\nitem: li\nselectors: { ${title}: b }\n`,
  ) as [string, string];
  const made = await call(workspace, { name: 'save_config', params: { config_name, yaml: first } });
  expect(made.answer).toMatchObject({
    ok: true,
    wasConfig: { name: config_name, version: null, yaml: first },
  });
  const changed = await call(workspace, { name: 'save_config', params: { config_name, yaml: second } });
  expect(changed.answer).toMatchObject({ wasConfig: { version: { yaml: first }, yaml: second } });
  const dry = { config_name, yaml: first, dry_run: true };
  expect((await call(workspace, { name: 'save_config', params: dry })).answer).not.toHaveProperty(
    'wasConfig',
  );
  const deleted = await call(workspace, { name: 'delete_config', params: { config_name } });
  expect(deleted.answer).toMatchObject({ wasConfig: { version: { yaml: second }, yaml: null } });
});

it('stores a former text again, although it would be refused as a new one', async () => {
  const workspace = await opened();
  const params = { config_name: 'wiki', yaml: 'url: http://wiki/\nselectors: { title: b }\n' };
  const first = await call(workspace, { name: 'save_config', params });
  expect(first.answer).toMatchObject({ ok: false, failure: { code: 'invalid_config' } });
  const undone = await call(workspace, { name: 'save_config', params, isUndo: true });
  expect(undone.answer).toMatchObject({ ok: true, output: { warnings: [{ path: 'url' }] } });
});

it('knows the id of a new job from the answer', async () => {
  const workspace = await opened();
  const params = { config_name: 'shop', schedule: { type: 'daily', time: '09:00' } } as const;
  const { answer, touched } = await call(workspace, { name: 'create_job', params });
  if (!answer.ok || answer.name !== 'create_job') throw new TypeError('it was not created');
  expect(answer.was).toEqual({ jobId: answer.output.job.id, version: null });
  expect(touched).toEqual([answer.output.job.id]);
});

it('gives no former state where nothing is stored, and reads the conflicting text again', async () => {
  const workspace = await opened();
  const tried = { job_id: 'job-0000', changes: { description: 'x' }, dry_run: true };
  expect((await call(workspace, { name: 'update_job', params: tried })).answer).not.toHaveProperty('was');
  const old = { job_id: 'job-0000', if_revision: 9 };
  const { answer, touched } = await call(workspace, { name: 'delete_job', params: old });
  expect(answer).toMatchObject({ ok: false, failure: { code: 'conflict', field: 'if_revision' } });
  expect(touched).toEqual(['job-0000']);
});
