import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { lacks } from '../../platform.ts';
import { quickscrape, succeed } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { waitFor } from '../../wait-for.ts';

const NEWER = 'PRAGMA user_version = 99; CREATE TABLE new_thing (a); INSERT INTO new_thing VALUES (1)';

/** Made by a process of its own: a closed connection of this one may hold its locks until it is collected. */
async function newHome(): Promise<string> {
  const home = join(tempFolder(), 'home');
  await succeed(['init'], { home });
  return home;
}

/** Changes the database in a process that dies over it, so that the change is in the WAL alone. */
function changeAndDie(database: string, sql: string): void {
  const libsql = createRequire(import.meta.url).resolve('libsql');
  const program = `const db = new (require(process.argv[1]))(process.argv[2]);
    db.exec('PRAGMA wal_autocheckpoint = 0; ' + process.argv[3]);
    process.kill(process.pid, 'SIGKILL');`;
  spawnSync(process.execPath, ['-e', program, libsql, database, sql]);
}

/** The files that hold what was written, byte for byte, and their permissions. */
function content(database: string) {
  return [database, `${database}-wal`].map((file) =>
    existsSync(file) ? [statSync(file).mode.toString(8), readFileSync(file).toString('base64')] : null,
  );
}

describe('a database of a newer version', () => {
  it.skipIf(lacks('modes')).each<[string, (database: string) => void]>([
    [
      'in a file alone, in another journal mode and with other permissions',
      (database) => {
        const connection = new Libsql(database);
        connection.exec(`PRAGMA journal_mode = DELETE; ${NEWER}`);
        connection.close();
        chmodSync(database, 0o640);
      },
    ],
    ['with changes in its WAL', (database) => changeAndDie(database, NEWER)],
  ])('is as it was after every command and a scheduler have met it: %s', async (_, make) => {
    const place = await newHome();
    const database = join(place, 'quickscrape.db');
    make(database);
    const before = content(database);
    for (const args of [
      ['job', 'list'],
      ['scheduler', 'run'],
      ['scheduler', 'start', '--daemon'],
      ['doctor'],
      ['maintenance', 'repair-jobs', '--dry-run'],
    ]) {
      const { stdout, stderr } = await quickscrape(args, { home: place });
      if (args[0] !== 'maintenance') expect(stdout + stderr).toMatch(/newer version/);
      expect(content(database), args.join(' ')).toEqual(before);
    }
    expect(() => openWorkspace({ home: place, actor: 'library' })).toThrow(/newer version/);
    expect(content(database)).toEqual(before);
  });

  it('is neither read nor changed any more by a program that has it open, which does not change a byte', async () => {
    const place = await newHome();
    const database = join(place, 'quickscrape.db');
    const workspace = openTempWorkspace({ home: place });
    changeAndDie(database, NEWER);
    const before = content(database);
    const change = () => workspace.db.run("INSERT INTO facts (name, value) VALUES ('a', 'b')");
    expect(change).toThrow(/newer version .*schema 99/);
    await waitFor('the refusal', () => failureOf(() => workspace.runs.active()));
    expect(content(database)).toEqual(before);
  });
});

it('the doctor only reads: what a process that died left in the WAL stays there', async () => {
  const place = await newHome();
  const database = join(place, 'quickscrape.db');
  changeAndDie(database, `INSERT INTO job_state (job_id) VALUES ('a')`);
  const before = content(database);
  expect(before[1]).not.toBeNull();
  await quickscrape(['doctor'], { home: place });
  expect(content(database)).toEqual(before);
  const workspace = openWorkspace({ home: place, actor: 'library' });
  expect(workspace.db.get('SELECT job_id FROM job_state')).toEqual({ job_id: 'a' });
  workspace.close();
});

function failureOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return /newer version .*schema 99/.exec(String(error))?.[0];
  }
}
