import { once } from 'node:events';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requestRun } from '../../src/core/execution/request-run.ts';
import { findLeaseHolder } from '../../src/core/lease/lease.ts';
import { findProcessIdentity } from '../../src/core/process/identity.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { startProgram } from '../program.ts';
import { scheduledHome } from '../scheduled-home.ts';
import { sendSignal } from '../send-signal.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

const EVERY_SECOND = { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' };
const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

async function setting(schedule: object) {
  const site = await gatedSite();
  const folder = join(tempFolder(), 'home');
  const home = await scheduledHome(gatedConfig(site.url), { schedule, max_retries: 0 }, folder);
  return { site, home, folder, workspace: home.workspace };
}

async function scheduler({ folder, workspace }: Awaited<ReturnType<typeof setting>>) {
  const child = startProgram(['scheduler', 'run'], { home: folder });
  const exit = once(child, 'close');
  const said = { text: '' };
  child.stderr?.on('data', (data: Buffer) => {
    said.text += data.toString();
  });
  await waitFor(
    'the scheduler to hold the lease',
    () => findLeaseHolder(workspace.db)?.process.pid === child.pid,
  );
  return { exit, said };
}

describe('a home that is removed', () => {
  it('ends its scheduler with an error, and nothing is created again, not even by an active run', async () => {
    const set = await setting(EVERY_SECOND);
    const { site, home, folder } = set;
    site.hold();
    const { exit, said } = await scheduler(set);
    const run = await home.runThat(['running']);
    await waitFor('the page to be asked for', () => site.hits() > 0);
    renameSync(folder, `${folder}-elsewhere`);
    expect(await exit).toEqual([1, null]);
    expect(said.text).toContain(`the home ${folder} was removed: its scheduler stops`);
    expect(said.text).toMatch(/error: the home .*\nhint: .*quickscrape init/);
    site.open();
    await waitFor('the worker to end', () => !findProcessIdentity(run.process?.pid ?? 0));
    expect(existsSync(folder)).toBe(false);
    // So that whoever cleans up behind the test finds what there is.
    renameSync(`${folder}-elsewhere`, folder);
    expect(readdirSync(join(folder, 'output'))).toEqual([]);
  });

  it.skipIf(lacks('signals'))('ends a scheduler that is only waiting for a run', async () => {
    const set = await setting(DAILY);
    const { site, home, folder, workspace } = set;
    site.hold();
    const { exit, said } = await scheduler(set);
    await requestRun(workspace, home.jobId);
    await waitFor('the page to be asked for', () => site.hits() > 0);
    sendSignal(findLeaseHolder(workspace.db)?.process, 'SIGTERM');
    await waitFor('it to wait', () => said.text.includes('waiting for 1 active run'));
    renameSync(folder, `${folder}-elsewhere`);
    expect(await exit).toEqual([1, null]);
    expect(said.text).toContain(`the home ${folder} was removed`);
    renameSync(`${folder}-elsewhere`, folder);
    site.open();
    await home.runThat(['succeeded']);
  });

  it('is not created again by a process that still has it open: changes are refused', async () => {
    const { home, folder, workspace } = await setting(DAILY);
    await workspace.settings.set('keep_runs', 5);
    rmSync(folder, { recursive: true });
    const refused = { code: 'store_unavailable' };
    const fields = { config_name: 'source', schedule: DAILY };
    for (const change of [
      () => workspace.jobs.create({ id: 'another', fields }, 'library'),
      () => workspace.jobs.update(home.jobId, { description: 'x' }, { by: 'library' }),
      () => workspace.jobs.delete(home.jobId, { by: 'library' }),
      () => workspace.jobs.restore(home.jobId),
      () => workspace.jobs.copyRuntime(home.jobId),
      () => workspace.settings.set('keep_runs', 6),
      () => workspace.configs.write('source', 'url: http://127.0.0.1:9/'),
    ])
      await expect(change()).rejects.toMatchObject(refused);
    // Its job is gone, its folder, or its database: whichever is looked at first.
    await expect(requestRun(workspace, home.jobId)).rejects.toThrow(
      /no job "\w+"|cannot list the jobs|home is not there/,
    );
    expect(existsSync(folder)).toBe(false);
  });
});
