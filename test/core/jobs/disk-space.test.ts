import { expect, it } from 'vitest';
import { requestRun } from '../../../src/core/execution/request-run.ts';
import { diskSpace, monitorDiskSpace } from '../../../src/core/fs/disk-space.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

const MIB = 1024 * 1024;

function home(): Workspace {
  const workspace = openTempWorkspace();
  return workspace;
}

it('has room for runs from 50 MiB on, or as the setting says, and with 0 always', async () => {
  const workspace = home();
  const enough = (mib: number) => diskSpace(workspace, () => mib * MIB).enough;
  expect([enough(0), enough(49.9), enough(50)]).toEqual([false, false, true]);
  await workspace.settings.set('min_free_space', 10);
  expect([enough(9), enough(10)]).toEqual([false, true]);
  await workspace.settings.set('min_free_space', 0);
  expect(enough(0)).toBe(true);
});

it('treats a disk of unknown free space as having room', () => {
  expect(diskSpace(home(), () => null)).toEqual({ free: null, needed: 50 * MIB, enough: true });
});

it('says each change once, and since when there was none', () => {
  let free = 100;
  let now = 1_000;
  const said: string[] = [];
  const full: number[] = [];
  const hasSpace = monitorDiskSpace(
    { ...home(), clock: { now: () => now } },
    (level, message) => said.push(`${level} ${message}`),
    (since) => {
      if (free === 50) throw new Error('the database is locked');
      full.push(since);
    },
    () => free * MIB,
  );
  expect([hasSpace(), hasSpace()]).toEqual([true, true]);
  free = 12;
  now = 2_000;
  expect(hasSpace()).toBe(false);
  now = 3_000;
  expect(hasSpace()).toBe(false);
  free = 50;
  expect(hasSpace).toThrow('the database is locked');
  free = 60;
  expect([hasSpace(), hasSpace()]).toEqual([true, true]);
  expect(full).toEqual([2_000]);
  expect(said).toEqual([
    expect.stringMatching(/^warn no runs start: 12 MiB are free .* 50 MiB are \(min_free_space\)$/),
    expect.stringMatching(/^info there is enough space/),
  ]);
});

it('refuses a run by hand without a scheduler, with the figures and the way to lower the limit', async () => {
  const workspace = home();
  await workspace.settings.set('min_free_space', 1_000_000);
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await workspace.jobs.create({ id: 'big', fields: { config_name: 'c', schedule } }, 'library');
  await expect(requestRun(workspace, 'big')).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('1000000 MiB'),
    hint: expect.stringContaining('min_free_space'),
  });
  expect(workspace.runs.list().total).toBe(0);
});
