import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { listSnapshots, snapshotFolder } from '../../../src/core/database/snapshots.ts';
import {
  startMaintenance,
  type TakeSnapshot,
  takeDueSnapshot,
} from '../../../src/core/scheduler/maintenance.ts';
import { ManualClock } from '../../manual-clock.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

const HOUR = 3_600_000;

function home(clock = new ManualClock('2026-09-01T00:00:00Z')) {
  const workspace = openTempWorkspace({ clock });
  const said: string[] = [];
  return {
    workspace,
    clock,
    said,
    log: (level: string, message: string) => said.push(`${level} ${message}`),
  };
}

describe('the snapshot of a scheduler', () => {
  it('is taken by a process of its own, and by none when the newest is younger than a day', async () => {
    const { workspace, log, said } = home();
    const { signal } = new AbortController();
    await takeDueSnapshot(workspace, log, signal);
    await takeDueSnapshot(workspace, log, signal);
    expect(said).toEqual([]);
    const snapshots = listSnapshots(workspace.paths.database, workspace.clock.now());
    expect(snapshots.map(({ at }) => at)).toEqual([workspace.clock.now()]);
  });

  it('is due a minute after the start, then checked each hour; stopping aborts one in progress', async () => {
    const { workspace, clock, log } = home();
    let signal: AbortSignal | undefined;
    const take = vi.fn<TakeSnapshot>(async (_file, _now, given) => {
      signal = given;
      return { kind: 'taken' };
    });
    const end = startMaintenance(workspace, log, take);
    clock.advance(59_000);
    expect(take).toHaveBeenCalledTimes(0);
    clock.advance(1_000);
    expect(take).toHaveBeenCalledTimes(1);
    clock.advance(HOUR);
    expect(take).toHaveBeenCalledTimes(2);
    expect(signal?.aborted).toBe(false);
    await end();
    expect(signal?.aborted).toBe(true);
    clock.advance(2 * HOUR);
    expect(take).toHaveBeenCalledTimes(2);
  });

  it('is not taken without room for it besides what runs need, which the log says', async () => {
    const { workspace, log, said } = home();
    const take = vi.fn<TakeSnapshot>();
    await takeDueSnapshot(workspace, log, new AbortController().signal, take, () => 50 * 1024 * 1024);
    expect(take).not.toHaveBeenCalled();
    expect(said).toEqual([
      expect.stringMatching(
        /^warn no snapshot of the database was taken: it needs \d MiB in addition to the 50 MiB for runs \(min_free_space\), and 50 MiB are free$/,
      ),
    ]);
  });

  it('finds room in what a killed one has left, which is removed first', async () => {
    const { workspace, log } = home();
    const { database } = workspace.paths;
    mkdirSync(snapshotFolder(database));
    const left = join(snapshotFolder(database), '.quickscrape-2026-08-31T00-00-00-000Z.db.4194304.tmp');
    writeFileSync(left, 'half of it');
    await takeDueSnapshot(workspace, log, new AbortController().signal, vi.fn<TakeSnapshot>(), () => 0);
    expect(existsSync(left)).toBe(false);
  });

  it('that shows a damaged database has all of it read, so that it is replaced; the failure is logged', async () => {
    const { workspace, log, said } = home();
    const verify = vi.spyOn(workspace.db, 'verify');
    const { signal } = new AbortController();
    await takeDueSnapshot(workspace, log, signal, async () => ({ kind: 'failed', message: 'no disk' }));
    expect(verify).not.toHaveBeenCalled();
    await takeDueSnapshot(workspace, log, signal, async () => ({ kind: 'damaged', message: 'bad page' }));
    expect(verify).toHaveBeenCalledOnce();
    expect(said).toEqual([
      'warn no snapshot of the database was taken: no disk',
      'warn no snapshot of the database was taken: bad page',
    ]);
  });
});

it('a scheduler whose program was upgraded logs once that it should be restarted', async () => {
  const { workspace, clock, log, said } = home();
  let isReplaced = false;
  const take = vi.fn<TakeSnapshot>(async () => ({ kind: 'taken' }));
  const end = startMaintenance(workspace, log, take, () => isReplaced);
  clock.advance(60_000);
  expect(said).toEqual([]);
  isReplaced = true;
  clock.advance(120_000);
  expect(said).toEqual([
    'warn QuickScrape was upgraded while this scheduler ran. Restart it: quickscrape scheduler restart',
  ]);
  await end();
});
