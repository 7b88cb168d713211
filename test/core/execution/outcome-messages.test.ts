import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordResult } from '../../../src/core/execution/record-result.ts';
import { listMessages } from '../../../src/core/messages/message-store.ts';
import type { AttemptResult } from '../../../src/core/model/run-record.ts';
import { currentProcessIdentity } from '../../../src/core/process/identity.ts';
import { claimStart, markStarting } from '../../../src/core/runs/run-starts.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { ManualClock } from '../../manual-clock.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { enqueueManual } from '../../worker-pool-home.ts';

const CHANNELS =
  'me: { type: desktop }\nteam: { type: desktop }\nbeat: { type: heartbeat, url: https://a.example/1 }\n';
const FAILED: AttemptResult = { outcome: 'failed', error: { kind: 'http', message: 'HTTP 500' } };
const CHANGES = { with_run_id: 'abc', key: 'name', added: 1, removed: 2, changed: 3, unchanged: 4 };

async function homeWith(job: Record<string, unknown>, channels = CHANNELS) {
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  const workspace = openTempWorkspace({ clock });
  writeFileSync(workspace.paths.channels, channels);
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await workspace.jobs.create(
    { id: 'prices', fields: { config_name: 'books', schedule, ...job } },
    'library',
  );
  return workspace;
}

function finishRun(workspace: Workspace, result: AttemptResult, maxAttempts = 1) {
  const { db, clock } = workspace;
  const { runId } = enqueueManual(workspace, 'prices', maxAttempts);
  markStarting(db, runId, 'token', clock.now() + 30_000);
  const entry = workspace.jobs.get('prices');
  const definition = entry?.kind === 'valid' ? entry.record.definition : undefined;
  const run = claimStart(db, runId, 'token', currentProcessIdentity(), clock.now(), 60_000, definition);
  if (run === undefined) throw new Error('not claimed');
  return recordResult(workspace, run, result);
}

const told = ({ db }: Workspace) =>
  listMessages(db, { limit: 100 })
    .map(({ channel, event }) => `${channel} ${event}`)
    .sort();

describe('an outcome', () => {
  it('writes a message for each channel that asked for it, with what it is about', async () => {
    const workspace = await homeWith({
      notify: [{ channel: 'me' }, { channel: 'team', on: ['change'] }, { channel: 'beat' }],
    });
    const run = finishRun(workspace, FAILED);
    expect(told(workspace)).toEqual(['beat failure', 'me failure']);
    const [message] = listMessages(workspace.db, { channel: 'me', limit: 1 });
    expect(message).toMatchObject({
      jobId: 'prices',
      runId: run?.runId,
      status: 'waiting',
      facts: {
        failures: 1,
        status: 'failed',
        error: { kind: 'http', message: 'HTTP 500' },
        config_name: 'prices',
      },
    });
  });

  it('writes one message about a recovery with changes', async () => {
    const workspace = await homeWith({
      notify: [
        { channel: 'me', on: ['recovery', 'change'] },
        { channel: 'team', on: ['change'] },
      ],
    });
    finishRun(workspace, FAILED);
    finishRun(workspace, { outcome: 'succeeded', error: null, changes: CHANGES });
    expect(told(workspace)).toEqual(['me recovery', 'team change']);
    const [message] = listMessages(workspace.db, { channel: 'me', limit: 1 });
    expect(message?.facts).toMatchObject({ failures: 1, changes: { added: 1, removed: 2, changed: 3 } });
  });

  it('writes none while a retry follows, nor for a cancelled run', async () => {
    const workspace = await homeWith({ notify: [{ channel: 'me' }, { channel: 'beat' }] });
    finishRun(workspace, FAILED, 3);
    expect(told(workspace)).toEqual([]);
  });

  it('says once that it paused the job', async () => {
    const workspace = await homeWith({ notify: [{ channel: 'me' }], pause_after_failures: 2 });
    for (let run = 0; run < 3; run += 1) finishRun(workspace, FAILED);
    expect(told(workspace)).toEqual(['me failure', 'me failure', 'me paused']);
    expect(
      listMessages(workspace.db, { limit: 9 }).find(({ event }) => event === 'paused')?.facts.failures,
    ).toBe(2);
  });

  it('follows the setting for a job that names no channels, and the job where it names none on purpose', async () => {
    const workspace = await homeWith({});
    await workspace.settings.set('notify', [{ channel: 'team', on: ['failure'] }]);
    finishRun(workspace, FAILED);
    expect(told(workspace)).toEqual(['team failure']);
    await workspace.jobs.update('prices', { notify: [] }, { by: 'library' });
    finishRun(workspace, FAILED);
    expect(told(workspace)).toEqual(['team failure']);
  });

  it.each([
    ['channels.yaml', { notify: [{ channel: 'me', on: ['paused'] }, { channel: 'beat' }] }, 'me: {\n', ''],
    ['settings.yaml', {}, CHANNELS, 'notify: [{ channel: "me\n'],
  ])(
    'is recorded while %s cannot be read, with what chooses its channels later',
    async (file, job, channels, settings) => {
      const workspace = await homeWith(job, channels);
      writeFileSync(workspace.paths.settings, settings);
      expect(finishRun(workspace, FAILED)?.status).toBe('failed');
      expect(told(workspace)).toEqual([`${file} failure`]);
      const [message] = listMessages(workspace.db, { limit: 1 });
      expect(message?.facts.choice).toMatchObject({ events: ['failure'], beat: 'failure' });
    },
  );

  it('goes to the default channels that were last read, while the settings cannot be', async () => {
    const workspace = await homeWith({});
    await workspace.settings.set('notify', [{ channel: 'team', on: ['failure'] }]);
    expect(workspace.settings.get('max_concurrent_runs')).toBeGreaterThan(0);
    writeFileSync(workspace.paths.settings, 'notify: [{channel: "t');
    expect(finishRun(workspace, FAILED)?.status).toBe('failed');
    expect(told(workspace)).toEqual(['team failure']);
  });

  it('is recorded, and tells the other channels, whatever an alias in a channel does', async () => {
    const channels = `${CHANNELS}bad: { type: email, password: *Summer }\n`;
    const workspace = await homeWith({ notify: [{ channel: 'beat' }, { channel: 'bad' }] }, channels);
    expect(finishRun(workspace, FAILED)?.status).toBe('failed');
    expect(told(workspace)).toEqual(['bad failure', 'beat failure']);
  });
});
