import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { openImmutable, query } from '../../../src/core/database/connection.ts';
import {
  isSnapshotDue,
  listSnapshots,
  snapshotFolder,
  takeSnapshot,
} from '../../../src/core/database/snapshots.ts';
import { lacks } from '../../platform.ts';
import { fullHome, open, overwrite, PAGE } from './recovery/damaged-home.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 8, 1);

/** An open home of a few runs: a scheduler has its own open while a snapshot is taken. */
async function openHome() {
  const { home, database } = await fullHome(2, 3);
  return { database, workspace: open(home) };
}

const instants = (database: string, now: number) =>
  listSnapshots(database, now).map(({ at }) => (at - NOW) / DAY);

it.skipIf(lacks('modes'))(
  'a snapshot is a whole copy of the database with its WAL, mode 0600, and nothing else is left beside it',
  async () => {
    const { database, workspace } = await openHome();
    workspace.db.run(`UPDATE runs SET bytes = 42`);
    takeSnapshot(database, NOW);
    const [snapshot] = listSnapshots(database, NOW);
    const file = snapshot?.file ?? '';
    expect(basename(file)).toBe('quickscrape-2026-09-01T00-00-00-000Z.db');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(snapshotFolder(database)).mode & 0o777).toBe(0o700);
    expect(readdirSync(snapshotFolder(database))).toEqual([basename(file)]);
    const connection = openImmutable(file);
    expect(query(connection, 'SELECT count(*) AS n, min(bytes) AS bytes FROM runs')).toMatchObject([
      { n: 6, bytes: 42 },
    ]);
    connection.close();
  },
);

it('seven are kept; one of a wrong clock counts as older than all others', async () => {
  const { database } = await openHome();
  for (const day of [400, 0, 1, 2, 3, 4, 5]) takeSnapshot(database, NOW + day * DAY);
  expect(instants(database, NOW + 5 * DAY)).toEqual([5, 4, 3, 2, 1, 0, 400]);
  takeSnapshot(database, NOW + 6 * DAY);
  expect(instants(database, NOW + 6 * DAY)).toEqual([6, 5, 4, 3, 2, 1, 0]);
});

it.each([
  ['none is there', [], true],
  ['the newest is a day old', [-1], true],
  ['the newest is younger', [-0.9], false],
  ['the only one is of the future', [1], true],
])('a snapshot is due when %s: %s %s', async (_words, days, isDue) => {
  const { database } = await openHome();
  for (const day of days) takeSnapshot(database, NOW + day * DAY);
  expect(isSnapshotDue(database, NOW)).toBe(isDue);
});

it('what a killed process left of one is swept by the next; what a live one writes, and other files, stay', async () => {
  const { database } = await openHome();
  takeSnapshot(database, NOW);
  const folder = snapshotFolder(database);
  const live = `.quickscrape-x.db.${process.ppid}.tmp`;
  for (const name of [
    '.quickscrape-x.db.999999.tmp',
    '.quickscrape-x.db.999999.tmp-journal',
    live,
    'notes.txt',
  ])
    writeFileSync(join(folder, name), '');
  takeSnapshot(database, NOW + DAY);
  expect(readdirSync(folder).filter((name) => !name.startsWith('quickscrape-'))).toEqual([live, 'notes.txt']);
});

it('a damaged database gives no snapshot, and the older ones stay', async () => {
  const { database, workspace } = await openHome();
  for (let day = 0; day < 7; day += 1) takeSnapshot(database, NOW + day * DAY);
  workspace.close();
  const holder = open(workspace.paths.home);
  overwrite(database, PAGE, Buffer.alloc(PAGE, 0xa5));
  expect(() => takeSnapshot(database, NOW + 7 * DAY)).toThrow(/malformed|damaged/);
  holder.close();
  expect(instants(database, NOW + 7 * DAY)).toEqual([6, 5, 4, 3, 2, 1, 0]);
  expect(readdirSync(snapshotFolder(database))).toHaveLength(7);
});

it('a home that was removed is not brought back', async () => {
  const { database, workspace } = await openHome();
  workspace.close();
  rmSync(workspace.paths.home, { recursive: true });
  expect(() => takeSnapshot(database, NOW)).toThrowError(
    expect.objectContaining({ code: 'store_unavailable' }),
  );
  expect(statSync(workspace.paths.home, { throwIfNoEntry: false })).toBeUndefined();
});

it('a text that is not UTF-8 in the database gives no snapshot', async () => {
  const { database, workspace } = await openHome();
  workspace.db.run(`UPDATE runs SET reason = CAST(x'80' AS TEXT)`);
  expect(() => takeSnapshot(database, NOW)).toThrow(/a row of runs up to 6 has a text that is not UTF-8/);
  expect(readdirSync(snapshotFolder(database))).toEqual([]);
});
