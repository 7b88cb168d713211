import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { requestRun } from '../../../src/core/execution/request-run.ts';
import { EXIT_TIMEOUT_MS } from '../../../src/core/execution/worker-pool.ts';
import { systemClock } from '../../../src/core/lib/clock.ts';
import { pidExists } from '../../../src/core/process/process-table.ts';
import { SchedulerService } from '../../../src/core/scheduler/scheduler-service.ts';
import { it } from '../../extend.ts';
import { gatedConfig, gatedSite } from '../../gated-site.ts';
import { lacks } from '../../platform.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { waitFor } from '../../wait-for.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

/** @param ticks whether the scheduler looks by itself as well, every few seconds */
async function startActiveRun(ticks = true, job: Record<string, unknown> = {}) {
  const site = await gatedSite();
  site.hold();
  const home = await scheduledHome(gatedConfig(site.url), { schedule: DAILY, ...job });
  const said: string[] = [];
  const service = new SchedulerService(home.workspace, { log: (_level, message) => said.push(message) });
  if (!ticks) neverLater();
  await service.start();
  onTestFinished(() => service.stop({ force: true }));
  const { runId } = await requestRun(home.workspace, home.jobId);
  const run = await home.runThat(['running'], runId);
  return { site, home, service, run, said };
}

/** From here on nothing happens that was put off for a second or more. */
function neverLater(): void {
  const { setTimer } = systemClock;
  const setSoon: typeof setTimer = (wake, ms) => (ms < 1_000 ? setTimer(wake, ms) : () => {});
  const spy = vi.spyOn(systemClock, 'setTimer').mockImplementation(setSoon);
  onTestFinished(() => spy.mockRestore());
}

describe('a scheduler in one’s own process', () => {
  it('starts a run that the same process asks for at once, not at its next tick', async () => {
    const { home, run, site } = await startActiveRun(false);
    site.open();
    await home.runThat(['succeeded'], run.runId);
  });

  it('can be forced while it is stopping already', async () => {
    const { home, service, run, said } = await startActiveRun();
    const graceful = service.stop();
    await waitFor('it to wait for the run', () => said.some((line) => line.startsWith('waiting for 1')));
    await service.stop({ force: true });
    await graceful;
    expect(home.workspace.runs.get(run.runId)).toMatchObject({
      status: 'cancelled',
      error: { kind: 'cancelled', message: 'cancelled by scheduler stop --force' },
    });
    expect(service.isRunning).toBe(false);
  });

  it.skipIf(lacks('shell'))(
    'reports a run that ended while its process still makes the callback, and nothing after it has stopped',
    async () => {
      const { home, service, run, said, site } = await startActiveRun(true, {
        on_success: ['sh', '-c', 'echo > waits; until [ -e go ]; do sleep 0.05; done'],
      });
      const { paths, db } = home.workspace;
      const graceful = service.stop();
      site.open();
      await waitFor('the callback', () => existsSync(join(paths.home, 'waits')));
      await graceful;
      expect(said.slice(-2)).toEqual([
        `run ${run.runId} of job watched succeeded: 1 item from 1 page`,
        'scheduler stopped',
      ]);
      const timers = vi.spyOn(systemClock, 'setTimer');
      onTestFinished(() => timers.mockRestore());
      const { process: carrier } = home.workspace.runs.get(run.runId) ?? {};
      writeFileSync(join(paths.home, 'go'), '');
      await waitFor('the process to end', () => carrier && !pidExists(carrier.pid));
      expect(said.at(-1)).toBe('scheduler stopped');
      // But for the one that kills the worker if it hangs.
      expect(timers.mock.calls.filter(([, ms]) => ms !== EXIT_TIMEOUT_MS)).toEqual([]);
      expect(db.get('SELECT callback FROM runs')).toEqual({ callback: 'done' });
    },
  );

  it('lets a script go on after it has stopped with an active run', async ({ home, site }) => {
    const library = pathToFileURL(fileURLToPath(new URL('../../../dist/index.js', import.meta.url))).href;
    const script = join(home, 'script.mjs');
    writeFileSync(
      script,
      `import { writeFileSync } from 'node:fs';
       import { JobManager, JobSchedule, Scheduler } from ${JSON.stringify(library)};
       const manager = new JobManager({ home: ${JSON.stringify(home)} });
       writeFileSync(${JSON.stringify(join(home, 'configs', 'gated.yaml'))}, ${JSON.stringify(gatedConfig(site.url))});
       const job = await manager.createJob({ configName: 'gated', schedule: JobSchedule.daily('09:00') });
       const scheduler = new Scheduler(manager);
       await scheduler.start();
       const running = job.run();
       await scheduler.stop();
       console.log('stopped');
       console.log('ran', await running);`,
    );
    const { code, out } = await new Promise<{ code: number; out: string }>((resolve) => {
      execFile(process.execPath, [script], (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, out: stdout + stderr }),
      );
    });
    expect(out).toBe('stopped\nran true\n');
    expect(code).toBe(0);
  });
});
