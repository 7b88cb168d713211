import { expect } from 'vitest';
import { requestRun, waitForRun } from '../../../src/core/execution/request-run.ts';
import { it } from '../../extend.ts';
import { listPrograms } from '../../list-programs.ts';
import { lacks } from '../../platform.ts';
import { waitFor } from '../../wait-for.ts';

it.skipIf(lacks('linux'))('a run takes only so much memory', async ({ workspace, site }) => {
  site.hold();
  await workspace.configs.write('shop', `url: "${site.url}"\nselectors:\n  title: b\n`);
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' } as const;
  await workspace.jobs.create({ id: 'mine', fields: { config_name: 'shop', schedule } }, 'library');
  const { runId } = await requestRun(workspace, 'mine');
  await waitFor('the page to be asked for', () => site.hits() === 1);
  expect(listPrograms(workspace.paths.home, process.pid)).toEqual([
    expect.stringMatching(/ --max-semi-space-size=16 --max-old-space-size=1024 \S*worker\.js /),
  ]);
  site.open();
  expect(await waitForRun(workspace, runId)).toMatchObject({ status: 'succeeded' });
});
