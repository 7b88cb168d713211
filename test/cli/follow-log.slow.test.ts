import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { isAlive } from '../../src/core/process/identity.ts';
import { it } from '../extend.ts';
import type { GatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { startProgram } from '../program.ts';
import type { ScheduledHome } from '../scheduled-home.ts';
import { waitFor } from '../wait-for.ts';

const EVERY_SECOND = { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' };

/** Starts a scheduler whose worker waits for the page of its run, and follows the log of that run. */
async function followHeldRun(home: ScheduledHome, site: GatedSite) {
  site.hold();
  await home.startScheduler();
  await waitFor('the page to be requested', () => site.hits() === 1);
  const { runId } = await home.runThat(['running']);
  await home.disableJob();
  const { workspace, jobId } = home;
  const follower = startProgram(['job', 'logs', jobId, '--run', runId, '--follow'], {
    home: workspace.paths.home,
  });
  let text = '';
  follower.stdout?.on('data', (data: Buffer) => {
    text += data.toString();
  });
  const closed = once(follower, 'close');
  await waitFor('the first lines', () => text.includes('attempt 1 of'));
  return { runId, text: () => text, code: async () => (await closed)[0] as number | null };
}

it('the log of a run is followed to its end although the worker of the scheduler lives on', async ({
  site,
  homeWithJob,
}) => {
  const home = await homeWithJob({ schedule: EVERY_SECOND });
  const { runId, text, code } = await followHeldRun(home, site);
  expect(text()).not.toContain('run succeeded');
  site.open();
  expect(await code()).toBe(0);
  expect(text()).toContain('run succeeded');
  const { process: worker } = await home.runThat(['succeeded'], runId);
  expect(worker && isAlive(worker)).toBe(true);
});

it.skipIf(lacks('shell'))(
  'the log of a run is followed to what its callback prints, by a worker of the scheduler',
  async ({ site, folder, homeWithJob }) => {
    const [called, go] = [join(folder, 'called'), join(folder, 'go')];
    const callback = `touch ${called}; until [ -e ${go} ]; do sleep 0.05; done; echo told everybody`;
    const home = await homeWithJob({ schedule: EVERY_SECOND, on_success: ['sh', '-c', callback] });
    const { runId, text, code } = await followHeldRun(home, site);
    site.open();
    await waitFor('the callback', () => existsSync(called) && text().includes('run succeeded'));
    writeFileSync(go, '');
    expect(await code()).toBe(0);
    expect(text()).toContain('told everybody');
    const { process: worker } = await home.runThat(['succeeded'], runId);
    expect(worker && isAlive(worker)).toBe(true);
  },
);
