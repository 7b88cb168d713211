import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { readDataLoss } from '../../../src/core/database/recovery/data-loss.ts';
import { StartJournal } from '../../../src/core/database/start-journal.ts';
import { collectDatabase } from '../../../src/core/diagnostics/doctor/collect-database.ts';
import { currentProcessIdentity } from '../../../src/core/process/identity.ts';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import { claimRemoteStart, claimStart, markStarting, voidStart } from '../../../src/core/runs/run-starts.ts';
import { finishAttempt } from '../../../src/core/runs/run-transitions.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { addRunFolder, open, overwrite, settle } from './recovery/damaged-home.ts';

let occurrence = Date.now();

function begin({ db }: Workspace): string {
  occurrence += 1_000;
  const run = enqueueRun(
    db,
    {
      ...{
        jobId: 'news',
        configName: 'books',
        trigger: 'schedule',
        scheduledFor: occurrence,
        timezone: 'UTC',
      },
      ...{ status: 'queued', maxAttempts: 2, priority: 0, overlap: 'allow', requestedBy: 'scheduler' },
    },
    occurrence,
  );
  markStarting(db, run?.runId ?? '', 'token', occurrence + 60_000);
  return run?.runId ?? '';
}

const claim = ({ db }: Workspace, runId: string) =>
  claimStart(db, runId, 'token', currentProcessIdentity(), occurrence, 60_000);

function start(workspace: Workspace): string {
  const runId = begin(workspace);
  expect(claim(workspace, runId)).toMatchObject({ status: 'running' });
  return runId;
}

/** What the journal of a home holds of runs, as `id status`. */
const told = (home: string) =>
  new StartJournal(join(home, 'quickscrape.db'))
    .read()
    .entries.flatMap(({ run }) => (run ? `${run['run_id']} ${run['status']}` : []));

/** Puts an earlier copy of the database back, while nobody has it open. */
function putBack(home: string, copy: string): void {
  const file = join(home, 'quickscrape.db');
  for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
  copyFileSync(copy, file);
}

function copyOf(home: string): string {
  const copy = join(tempFolder(), 'copy.db');
  settle(join(home, 'quickscrape.db'));
  copyFileSync(join(home, 'quickscrape.db'), copy);
  return copy;
}

describe('the journal of starts', () => {
  it.skipIf(lacks('modes'))(
    'holds a start when it is claimed, and its end when it is recorded',
    ({ home }) => {
      const workspace = open(home);
      const runId = begin(workspace);
      expect(told(home)).toEqual([]);
      claim(workspace, runId);
      expect(told(home)).toEqual([`${runId} running`]);
      const after = { retryAt: null, wantsCallback: () => false };
      finishAttempt(workspace.db, runId, 'token', { outcome: 'succeeded', error: null }, occurrence, after);
      expect(told(home)).toEqual([`${runId} running`, `${runId} succeeded`]);
      expect(statSync(join(home, 'starts.log')).mode & 0o777).toBe(0o600);
    },
  );

  it('is written and brought to the disk once for all that is committed together', () => {
    const workspace = open(tempFolder());
    const append = vi.spyOn(StartJournal.prototype, 'append');
    workspace.db.transaction(() => {
      for (let n = 0; n < 100; n += 1) workspace.db.journal.note(begin(workspace));
    });
    expect(append).toHaveBeenCalledTimes(1);
    expect(append.mock.calls[0]?.[0]).toHaveLength(100);
    append.mockRestore();
  });

  it('that cannot be written keeps a run from starting; it starts when it can', ({ home }) => {
    const workspace = open(home);
    const runId = begin(workspace);
    rmSync(join(home, 'starts.log'));
    mkdirSync(join(home, 'starts.log'));
    expect(() => claim(workspace, runId)).toThrowError(
      expect.objectContaining({ code: 'store_unavailable', message: expect.stringContaining('starts.log') }),
    );
    expect(workspace.runs.get(runId)).toMatchObject({ status: 'starting', attempt: 0, process: null });
    expect(workspace.runs.attempts(runId)).toEqual([]);
    // As whoever started the process does when it has ended.
    expect(voidStart(workspace.db, runId, 'token', occurrence)).toMatchObject({ status: 'queued' });
    rmSync(join(home, 'starts.log'), { recursive: true });
    markStarting(workspace.db, runId, 'token', occurrence + 60_000);
    expect(claim(workspace, runId)).toMatchObject({ status: 'running', attempt: 1 });
    expect(told(home)).toContain(`${runId} running`);
  });

  it('goes on after a line that was cut short, and says nothing of it', ({ home }) => {
    const workspace = open(home);
    const first = start(workspace);
    const file = join(home, 'starts.log');
    truncateSync(file, statSync(file).size - 5);
    const second = start(workspace);
    expect(told(home)).toEqual([`${second} running`]);
    expect(new StartJournal(workspace.db.file).read().garbled).toBe(0);
    workspace.close();
    const again = open(home);
    expect(again.db.takeNotices()).toEqual([]);
    expect(again.runs.get(first)?.status).toBe('running');
  });

  it('is kept in two parts of a mebibyte', ({ home }) => {
    const workspace = open(home);
    const file = join(home, 'starts.log');
    appendFileSync(file, '\n'.repeat(1024 * 1024));
    const first = start(workspace);
    appendFileSync(file, '\n'.repeat(1024 * 1024));
    const second = start(workspace);
    expect(told(home)).toEqual([`${first} running`, `${second} running`]);
    expect(statSync(file).size).toBeLessThan(1024);
  });
});

describe('a database that is older than the journal beside it', () => {
  it('gets the runs of other machines back with their workers and tags', ({ home }) => {
    const workspace = open(home);
    const runId = begin(workspace);
    const copy = copyOf(home);
    workspace.db.run(`UPDATE runs SET worker = '', pool = 'browser,eu' WHERE run_id = ?`, [runId]);
    claimRemoteStart(workspace.db, runId, 'token', 'paris', occurrence, 60_000);
    workspace.close();
    putBack(home, copy);
    const { runs } = open(home);
    const expected = { status: 'running', worker: 'paris', pool: 'browser,eu', process: null };
    expect(runs.get(runId)).toMatchObject({ ...expected, startToken: 'token' });
    expect(runs.attempts(runId)).toMatchObject([{ attempt: 1, worker: 'paris' }]);
  });

  it('gets runs back from lines of a version without workers', ({ home }) => {
    const workspace = open(home);
    const runId = begin(workspace);
    const copy = copyOf(home);
    claim(workspace, runId);
    workspace.close();
    const journal = new StartJournal(workspace.db.file);
    const { entries } = journal.read();
    rmSync(journal.file);
    for (const { run } of entries) for (const name of ['worker', 'pool']) delete run?.[name];
    journal.append(entries);
    putBack(home, copy);
    expect(open(home).runs.get(runId)).toMatchObject({ status: 'running', worker: null, pool: '' });
  });

  it('gets the runs back and does not start them again', ({ home }) => {
    const workspace = open(home);
    const waiting = begin(workspace);
    const copy = copyOf(home);
    claim(workspace, waiting);
    const other = start(workspace);
    workspace.close();
    putBack(home, copy);
    const again = open(home);
    expect(again.db.takeNotices()).toEqual([expect.stringMatching(/older than the runs .* 2 runs put back/)]);
    expect(readDataLoss(again.db)).toMatchObject({ kind: 'older', rebuilt: 2 });
    // The process lives and may end it; there is no further attempt.
    for (const runId of [waiting, other])
      expect(again.runs.get(runId)).toMatchObject({ status: 'running', attempt: 1, maxAttempts: 1 });
    again.close();
    expect(open(home).db.takeNotices()).toEqual([]);
  });

  it('is one of another home, too, however much has happened there', () => {
    const [home, other] = [tempFolder(), tempFolder()];
    const there = open(other);
    for (let n = 0; n < 5; n += 1) start(there);
    const copy = copyOf(other);
    const workspace = open(home);
    start(workspace);
    workspace.close();
    putBack(home, copy);
    expect(readDataLoss(open(home).db)).toMatchObject({ kind: 'older', rebuilt: 1 });
  });

  it('is one that went its own way while the journal was gone', ({ home }) => {
    let workspace = open(home);
    for (let n = 0; n < 5; n += 1) start(workspace);
    const newest = copyOf(home);
    workspace.close();
    rmSync(join(home, 'starts.log'));
    workspace = open(home);
    const [said] = workspace.db.takeNotices();
    expect(said).toMatch(/starts.log, the journal of starts, is missing: a new one begins/);
    const own = start(workspace);
    workspace.close();
    putBack(home, newest);
    const again = open(home);
    expect(readDataLoss(again.db)).toMatchObject({ kind: 'older', rebuilt: 1 });
    expect(again.runs.get(own)).toBeDefined();
  });
});

describe('a database without a journal beside it', () => {
  it('is believed, with a word, when the folders of runs do not know more', ({ home }) => {
    const workspace = open(home);
    start(workspace);
    workspace.close();
    for (const damage of [() => rmSync(join(home, 'starts.log')), () => garble(home)]) {
      damage();
      const again = open(home);
      expect(again.db.takeNotices()).toEqual([
        expect.stringMatching(/the journal of starts, (is missing|cannot be read)/),
      ]);
      expect(readDataLoss(again.db)).toMatchObject({ kind: 'made' });
      again.close();
    }
  });

  it('is older when there are folders of later runs that it does not know', ({ home }) => {
    const workspace = open(home);
    start(workspace);
    workspace.close();
    rmSync(join(home, 'starts.log'));
    addRunFolder(home, 'news', occurrence + 60_000);
    const again = open(home);
    expect(readDataLoss(again.db)).toMatchObject({ kind: 'older', folders: 1 });
  });

  it('is believed when such a folder has only changed since, as in a copied home', ({ home }) => {
    const workspace = open(home);
    start(workspace);
    workspace.close();
    rmSync(join(home, 'starts.log'));
    addRunFolder(home, 'news', occurrence - 60_000);
    expect(readDataLoss(open(home).db)).toMatchObject({ kind: 'made' });
  });

  it('is believed without a word when an older version has written it', ({ home }) => {
    const workspace = open(home);
    start(workspace);
    workspace.db.run(`DELETE FROM facts WHERE name = 'history_position'`);
    workspace.close();
    rmSync(join(home, 'starts.log'));
    const again = open(home);
    expect(again.db.takeNotices()).toEqual([]);
    expect(readDataLoss(again.db)).toMatchObject({ kind: 'made' });
    expect(readFileSync(join(home, 'starts.log'), 'utf8')).not.toBe('');
  });
});

it('the doctor says what is wrong with a journal, and changes nothing', ({ home }) => {
  const workspace = open(home);
  const copy = copyOf(home);
  start(workspace);
  start(workspace);
  workspace.close();
  const file = join(home, 'quickscrape.db');
  const said = () => collectDatabase(file).facts.losses;
  expect(said()).toEqual([]);
  putBack(home, copy);
  expect(said()).toEqual([expect.stringMatching(/is older than its journal of starts/)]);
  overwrite(join(home, 'starts.log'), statSync(join(home, 'starts.log')).size - 50, Buffer.alloc(20, 0xa5));
  expect(said()?.at(-1)).toMatch(/1 line cannot be read/);
  rmSync(join(home, 'starts.log'));
  mkdirSync(join(home, 'starts.log'));
  expect(said()).toEqual([expect.stringMatching(/cannot be read, and no run starts without it/)]);
});

function garble(home: string): void {
  const file = join(home, 'starts.log');
  overwrite(file, 0, Buffer.alloc(statSync(file).size, 0xa5));
}
