import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { requestRun } from '../../src/core/execution/request-run.ts';
import { isAlive } from '../../src/core/process/identity.ts';
import { SchedulerService } from '../../src/core/scheduler/scheduler-service.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { type ScheduledHome, scheduledHome } from '../scheduled-home.ts';
import { sendSignal } from '../send-signal.ts';
import { waitFor } from '../wait-for.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };
// A slow machine takes over a second until a run is running: it would be replaced before.
const EVERY_FIVE_SECONDS = { type: 'custom', cron_expression: '*/5 * * * * *', timezone: 'UTC' };

/** A run that waits for its page, and whose scheduler has been killed. */
async function orphanedRun(job: Record<string, unknown>) {
  const site = await gatedSite();
  site.hold();
  const home = await scheduledHome(gatedConfig(site.url), { max_retries: 0, ...job });
  const first = await home.startScheduler();
  await requestRun(home.workspace, home.jobId);
  const run = await home.runThat(['running']);
  await waitFor('the page to be asked for', () => site.hits() > 0);
  await first.kill();
  return { site, home, run };
}

async function newScheduler(home: ScheduledHome, slots: number) {
  const said: string[] = [];
  const service = new SchedulerService(home.workspace, {
    slots,
    log: (_level, message) => said.push(message),
  });
  await service.start();
  onTestFinished(() => service.stop({ force: true }));
  return said;
}

describe('a scheduler that finds the runs of one that was killed', () => {
  it('counts them against slots and hosts, and records their outcomes', async () => {
    const { site, home, run } = await orphanedRun({ schedule: DAILY });
    const { workspace } = home;
    await workspace.settings.set('max_runs_per_host', 1);
    const fields = { config_name: 'source', schedule: DAILY };
    await workspace.jobs.create({ id: 'other', fields }, 'library');
    const said = await newScheduler(home, 1);
    const other = await requestRun(workspace, 'other');
    site.open();
    const over = await home.runThat(['succeeded'], run.runId);
    const next = await waitFor('the other run', () => {
      const now = workspace.runs.get(other.runId);
      return now?.status === 'succeeded' && now;
    });
    expect(next.startedAt ?? 0).toBeGreaterThanOrEqual(over.finishedAt ?? Number.POSITIVE_INFINITY);
    expect(said).toContain(`run ${run.runId} of job watched continues`);
    await waitFor('its end in the log', () =>
      said.includes(`run ${run.runId} of job watched succeeded: 1 item from 1 page`),
    );
    await waitFor('its end in the job file', () => {
      const file = JSON.parse(readFileSync(join(workspace.paths.jobs, 'watched.json'), 'utf8'));
      return file.status === 'completed';
    });
  });

  it('cancels them when their job says that the next run replaces the last', async () => {
    const { home, run } = await orphanedRun({ schedule: EVERY_FIVE_SECONDS, overlap: 'cancel_running' });
    await newScheduler(home, 2);
    const over = await home.runThat(['cancelled'], run.runId);
    expect(over.error?.message).toContain('overlap: cancel_running');
    await waitFor('its process to be gone', () => !run.process || !isAlive(run.process));
    await home.disableJob();
  });

  it.skipIf(lacks('signals'))(
    'ends one that has used up its time and is stopped, so that it cannot see to it itself',
    async () => {
      const { home, run } = await orphanedRun({ schedule: DAILY, timeout: 1 });
      sendSignal(run.process, 'SIGSTOP');
      const said = await newScheduler(home, 1);
      const over = await home.runThat(['timed_out'], run.runId);
      expect(over.error?.kind).toBe('timeout');
      await waitFor('its process to be gone', () => !run.process || !isAlive(run.process));
      await waitFor('its end in the log', () =>
        said.some((line) => line.includes(`${run.runId} of job watched timed out`)),
      );
      expect(said.filter((line) => line.includes(`${run.runId} of job watched timed out`))).toHaveLength(1);
    },
  );
});
