import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cancelRun } from '../../../src/core/execution/cancel-run.ts';
import { reconcileRuns } from '../../../src/core/execution/reconcile-runs.ts';
import { callbackProcessTree, runProcessTree } from '../../../src/core/execution/run-process.ts';
import type { RunRecord } from '../../../src/core/model/run-record.ts';
import { callOperation } from '../../../src/core/operations/call-operation.ts';
import { findProcessIdentity, isAlive, type ProcessIdentity } from '../../../src/core/process/identity.ts';
import { killTree } from '../../../src/core/process/process-tree.ts';
import { gatedConfig, gatedSite } from '../../gated-site.ts';
import { lacks, needs } from '../../platform.ts';
import { preload } from '../../preload.ts';
import { PROGRAM, quickscrape } from '../../program.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { sendSignal } from '../../send-signal.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

/** The process whose pid a script has written into a file. */
function processIn(file: string): Promise<ProcessIdentity> {
  return waitFor(`a pid in ${file}`, () => {
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    return pid > 0 && findProcessIdentity(pid);
  });
}

async function setting(job: Record<string, unknown> = {}) {
  needs('signals');
  const site = await gatedSite();
  const folder = tempFolder();
  const home = await scheduledHome(gatedConfig(site.url), { schedule: DAILY, max_retries: 0, ...job });
  await home.workspace.settings.set('run_grace', 1);
  const env = preload('browser', folder);
  /** Asks for a run, and returns it with all of its processes once it waits for its page. */
  const startRun = async () => {
    site.hold();
    const said = await quickscrape(['job', 'run', home.jobId, '--background'], {
      home: home.workspace.paths.home,
      env,
    });
    expect(said.stderr + said.stdout).toContain(home.runs()[0]?.runId ?? 'no run');
    const run = await home.runThat(['running']);
    onTestFinished(() => killTree(runProcessTree(home.workspace.paths, run)));
    await waitFor('the page to be asked for', () => site.hits() > 0);
    const processes = [await processIn(join(folder, 'browser')), await processIn(join(folder, 'renderer'))];
    if (run.process) processes.push(run.process);
    return { run, processes };
  };
  return { site, folder, home, env, startRun };
}

const gone = (processes: ProcessIdentity[]) => expect(processes.filter(isAlive)).toEqual([]);

function expectCancelled(run: RunRecord | undefined): void {
  expect(run).toMatchObject({ status: 'cancelled', error: { kind: 'cancelled' } });
}

describe('a cancelled run is gone with a browser that does not listen', () => {
  it('through the library and the operation at once, without a scheduler', async () => {
    const { home, startRun } = await setting();
    const { run, processes } = await startRun();
    const [first, second] = await Promise.all([
      cancelRun(home.workspace, run.runId, 'library'),
      callOperation(home.workspace, 'cancel_run', { run_id: run.runId }),
    ]);
    expectCancelled(first);
    expect(second.run.status).toBe('cancelled');
    gone(processes);
    expect(home.workspace.runs.attempts(run.runId)).toHaveLength(1);
  });

  it('through the command, also when its own process was killed before', async () => {
    const { home, startRun } = await setting({ max_retries: 3, retry_delay: 0 });
    const { run, processes } = await startRun();
    sendSignal(run.process, 'SIGKILL');
    const said = await quickscrape(['job', 'cancel', run.runId], { home: home.workspace.paths.home });
    expect(said.stdout + said.stderr).toMatch(/cancelled|abandoned/);
    gone(processes);
  });

  it('by scheduler stop --force of a scheduler that did not start it', async () => {
    const { home, startRun } = await setting();
    const { run, processes } = await startRun();
    await home.startScheduler();
    const said = await quickscrape(['scheduler', 'stop', '--force'], { home: home.workspace.paths.home });
    expect(said.code).toBe(0);
    expectCancelled(home.workspace.runs.get(run.runId));
    gone(processes);
  });
});

describe('a run whose process hangs before it has begun', () => {
  async function hangingStart() {
    const { home, folder } = await setting();
    await quickscrape(['job', 'run', home.jobId, '--background'], {
      home: home.workspace.paths.home,
      env: preload('hold', folder, 'before everything'),
    });
    const process = await processIn(join(folder, 'held'));
    const [run] = home.runs();
    onTestFinished(
      () => void (run && killTree(runProcessTree(home.workspace.paths, { ...run, process: null }))),
    );
    expect(run?.status).toBe('starting');
    return { home, runId: run?.runId ?? '', process };
  }

  it('is gone when it is cancelled', async () => {
    const { home, runId, process } = await hangingStart();
    expectCancelled(await cancelRun(home.workspace, runId, 'library'));
    gone([process]);
  });

  it('is gone when its start is taken back', async () => {
    const { home, runId, process } = await hangingStart();
    home.workspace.db.run('UPDATE runs SET start_deadline = 1');
    reconcileRuns(home.workspace);
    expect(home.workspace.runs.get(runId)).toMatchObject({ status: 'queued', attempt: 0 });
    await waitFor('its process to be gone', () => !isAlive(process));
  });
});

describe('a run that ends without having been cancelled', () => {
  it('takes its browser along when its time is up', async () => {
    const { home, startRun } = await setting({ timeout: 1 });
    const { run, processes } = await startRun();
    expect((await home.runThat(['timed_out'], run.runId)).error?.kind).toBe('timeout');
    await waitFor('all processes to be gone', () => !processes.some(isAlive));
  });

  it('leaves no process behind when its own was killed', async () => {
    const { home, startRun } = await setting();
    const { run, processes } = await startRun();
    sendSignal(run.process, 'SIGKILL');
    await waitFor('its process to be gone', () => !run.process || !isAlive(run.process));
    reconcileRuns(home.workspace);
    expect(home.workspace.runs.get(run.runId)?.status).toBe('abandoned');
    await waitFor('all processes to be gone', () => !processes.some(isAlive));
  });

  it('spares a process that it started as a daemon', async () => {
    const { site, home, startRun } = await setting();
    const { run, processes } = await startRun();
    site.open();
    await home.runThat(['succeeded'], run.runId);
    await waitFor('its process to be gone', () => !run.process || !isAlive(run.process));
    expect(processes.filter(isAlive)).toHaveLength(2);
  });
});

describe('a callback', () => {
  const hiding = `setsid sh -c 'trap "" TERM; sleep 300 & echo $! > hidden' & trap "" TERM; echo $$ > leader; sleep 300`;

  async function startCallback() {
    const { site, home } = await setting({ on_success: ['sh', '-c', hiding] });
    const said = await quickscrape(['job', 'run', home.jobId, '--background'], {
      home: home.workspace.paths.home,
    });
    expect(said.code).toBe(0);
    const { runId } = await home.runThat(['succeeded']);
    onTestFinished(() => killTree(callbackProcessTree(home.workspace.paths, runId)));
    const at = (name: string) => processIn(join(home.workspace.paths.home, name));
    return { site, home, runId, processes: [await at('leader'), await at('hidden')] };
  }

  it('of a run that is cancelled afterwards is ended with all that it started; the outcome stays', async () => {
    const { home, runId, processes } = await startCallback();
    const run = await cancelRun(home.workspace, runId, 'library');
    expect(run).toMatchObject({ status: 'succeeded', callback: 'cancelled' });
    gone(processes);
  });

  it('whose carrier was killed is ended and not made again', async () => {
    const { home, runId, processes } = await startCallback();
    const carrier = home.workspace.runs.get(runId)?.process;
    sendSignal(carrier, 'SIGKILL');
    await waitFor('the callback to be given up', () => {
      reconcileRuns(home.workspace);
      return home.workspace.runs.get(runId)?.callback === 'lost';
    });
    await waitFor('all processes to be gone', () => !processes.some(isAlive));
  });

  it.skipIf(lacks('shell'))(
    'that asks for a run of another job does not take it along when it is ended',
    async () => {
      const program = JSON.stringify(process.execPath);
      const { site, home } = await setting();
      const { workspace } = home;
      await workspace.jobs.create(
        { id: 'other', fields: { config_name: 'source', schedule: DAILY } },
        'library',
      );
      const script = `${program} ${JSON.stringify(PROGRAM)} --home ${JSON.stringify(workspace.paths.home)} job run other --background; echo $$ > leader; sleep 300`;
      await workspace.jobs.update(home.jobId, { on_success: ['sh', '-c', script] }, { by: 'library' });
      await quickscrape(['job', 'run', home.jobId], { home: workspace.paths.home }).then(() => site.hold());
      const other = () => workspace.runs.list({ jobId: 'other', limit: 1 }).runs[0];
      const leader = await processIn(join(workspace.paths.home, 'leader'));
      const [run] = home.runs();
      await cancelRun(workspace, run?.runId ?? '', 'library');
      gone([leader]);
      site.open();
      await waitFor('the other run to succeed', () => other()?.status === 'succeeded');
    },
  );
});
