import { cpSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cancelRun } from '../../src/core/execution/cancel-run.ts';
import { reconcileRuns } from '../../src/core/execution/reconcile-runs.ts';
import { findLeaseHolder } from '../../src/core/lease/lease.ts';
import type { RunRecord } from '../../src/core/model/run-record.ts';
import { isAlive } from '../../src/core/process/identity.ts';
import type { Workspace } from '../../src/core/workspace.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { quickscrape, startProgram, succeed } from '../program.ts';
import { sendSignal } from '../send-signal.ts';
import { tempFolder } from '../temp-folder.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { waitFor } from '../wait-for.ts';

function open(home: string): Workspace {
  const workspace = openTempWorkspace({ home });
  return workspace;
}

/** A home with a run under way that waits for its page. */
async function homeWithRun() {
  const site = await gatedSite();
  const home = join(tempFolder(), 'home');
  await succeed(['init'], { home });
  writeFileSync(join(home, 'configs', 'shop.yaml'), gatedConfig(site.url));
  await succeed('job create --config shop --id shop --schedule daily --at 09:00'.split(' '), { home });
  site.hold();
  await succeed(['job', 'run', 'shop', '--background'], { home });
  await waitFor('the page to be asked for', () => site.hits() > 0);
  const workspace = open(home);
  const [run] = workspace.runs.active();
  if (!run?.process) throw new Error('no run is under way');
  const { process, runId } = run;
  onTestFinished(() => sendSignal(process, 'SIGKILL'));
  return { site, home, workspace, run: { ...run, process }, runId };
}

function copyOf(home: string): string {
  const copy = join(tempFolder(), 'copy');
  cpSync(home, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

/** The run goes on in its own home, as if there were no copy. */
async function goesOn({ site, workspace, runId }: Awaited<ReturnType<typeof homeWithRun>>): Promise<void> {
  site.open();
  const ended = await waitFor('the end of the run', () => {
    const run = workspace.runs.get(runId);
    return run?.status === 'running' ? undefined : run;
  });
  expect(ended).toMatchObject({ status: 'succeeded', items: 1 });
}

function expectLeftAlone(copied: RunRecord | undefined, { run }: { run: RunRecord }): void {
  expect(copied?.error?.message).toContain(`its process (pid ${run.process?.pid}) belongs to another home`);
  expect(run.process && isAlive(run.process)).toBe(true);
}

describe('in a copy of a home', () => {
  it('cancelling a run does not signal the process of the other home, and says so', async () => {
    const own = await homeWithRun();
    const byLibrary = await cancelRun(open(copyOf(own.home)), own.runId, 'library', 100);
    expect(byLibrary.status).toBe('cancelled');
    expectLeftAlone(byLibrary, own);
    const copy = copyOf(own.home);
    await quickscrape(['job', 'cancel', own.runId], { home: copy });
    expectLeftAlone(open(copy).runs.get(own.runId), own);
    await goesOn(own);
  });

  it('reconciling records it as lost, even when it is long overdue', async () => {
    const own = await homeWithRun();
    const copy = open(copyOf(own.home));
    copy.db.run('UPDATE runs SET deadline = 1');
    expect(reconcileRuns(copy).map(({ status }) => status)).toEqual(['abandoned']);
    expectLeftAlone(copy.runs.get(own.runId), own);
    expect(reconcileRuns(own.workspace)).toEqual([]);
    await goesOn(own);
  });

  it('the other home’s scheduler does not count: another one starts, and ends no run of the first', async () => {
    const own = await homeWithRun();
    const first = startProgram(['scheduler', 'run'], { home: own.home });
    await waitFor('the scheduler', () => findLeaseHolder(own.workspace.db)?.process.pid === first.pid);
    const copy = open(copyOf(own.home));
    expect(findLeaseHolder(copy.db)).toBeUndefined();
    const second = startProgram(['scheduler', 'run'], { home: copy.paths.home });
    await waitFor('the scheduler of the copy', () => findLeaseHolder(copy.db)?.process.pid === second.pid);
    const copied = await waitFor('the run to be recorded', () => {
      const run = copy.runs.get(own.runId);
      return run?.status === 'running' ? undefined : run;
    });
    expectLeftAlone(copied, own);
    const stopped = await quickscrape(['scheduler', 'stop', '--force'], { home: copy.paths.home });
    expect(stopped.code).toBe(0);
    expect(own.run.process && isAlive(own.run.process)).toBe(true);
    await goesOn(own);
  });
});

it('a home that was moved ends its own run', async () => {
  const own = await homeWithRun();
  own.workspace.close();
  const moved = join(tempFolder(), 'moved');
  renameSync(own.home, moved);
  const workspace = open(moved);
  expect(await cancelRun(workspace, own.runId, 'library', 100)).toMatchObject({ status: 'cancelled' });
  expect(isAlive(own.run.process)).toBe(false);
});
