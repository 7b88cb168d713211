import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { incomingFolder } from '../../../src/core/execution/granted-run.ts';
import { listMessages } from '../../../src/core/messages/message-store.ts';
import type { RunRecord } from '../../../src/core/model/run-record.ts';
import { getPersistentFiles, runFiles } from '../../../src/core/runs/run-files.ts';
import { claimRemoteStart, HANDED_OVER, markStarting } from '../../../src/core/runs/run-starts.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { type RemoteRun, RemoteRuns } from '../../../src/workers/home/remote-runs.ts';
import { lacks } from '../../platform.ts';
import { enqueueManual, homeOf } from '../../worker-pool-home.ts';

const YAML = 'url: https://shop.example/\nitem: li\nselectors:\n  name: b\nheaders:\n  X-Key: "${KEY}"\n';
const claimOf = (run: RunRecord, token = 't1', claim = 'c1') => ({
  kind: 'claim' as const,
  run: run.runId,
  token,
  claim,
});

async function openHome() {
  const workspace = await homeOf({ books: YAML }, { worker: ['eu'] });
  writeFileSync(workspace.paths.secrets, 'KEY=hush\nOTHER=not-named\n', { mode: 0o600 });
  const run = handOver(workspace);
  return { workspace, run, ...remoteRuns(workspace) };
}

function handOver(workspace: Workspace, token = 't1'): RunRecord {
  const run = enqueueManual(workspace, 'books');
  if (!markStarting(workspace.db, run.runId, token, null, HANDED_OVER)) throw new Error('not handed over');
  return run;
}

function keepCookies({ paths }: Workspace, text: string): void {
  const { folder, cookies } = getPersistentFiles(paths, 'books');
  mkdirSync(folder, { recursive: true });
  writeFileSync(cookies, text);
}

function remoteRuns(workspace: Workspace) {
  const collected: RemoteRun[] = [];
  const ended: RunRecord[] = [];
  const runs = new RemoteRuns(workspace, {
    onCollected: (run) => void collected.push(run),
    onEnded: (_token, run) => void ended.push(run),
    warn: () => {},
  });
  return { runs, collected, ended };
}

describe('a start that a worker claims', () => {
  it('is granted once: the same claim gets the same answer, any other is refused', async () => {
    const { workspace, run, runs } = await openHome();
    const [first, again, other, foreign] = await Promise.all([
      runs.claim('paris', claimOf(run)),
      runs.claim('paris', claimOf(run)),
      runs.claim('paris', claimOf(run, 't1', 'c2')),
      runs.claim('lyon', claimOf(run, 't1', 'c3')),
    ]);
    expect(first).toMatchObject({ kind: 'grant', attempt: 1, env: { KEY: 'hush' }, log_at: 0 });
    expect(again).toEqual({ ...first, now: expect.any(Number) });
    for (const refused of [other, foreign]) expect(refused).toMatchObject({ kind: 'refuse', token: 't1' });
    expect(workspace.runs.find(run.runId)).toMatchObject({ status: 'running', worker: 'paris', attempt: 1 });
    expect(JSON.stringify(first)).not.toContain('not-named');
  });

  it('pings the heartbeat of its job, once for all attempts', async () => {
    const workspace = await homeOf(
      { books: YAML },
      { worker: ['eu'], notify: [{ channel: 'beat', on: ['failure'] }] },
    );
    writeFileSync(workspace.paths.secrets, 'KEY=hush\n', { mode: 0o600 });
    writeFileSync(workspace.paths.channels, 'beat: { type: heartbeat, url: "http://127.0.0.1:9/b" }\n');
    const run = handOver(workspace);
    const { runs } = remoteRuns(workspace);
    await runs.claim('paris', claimOf(run));
    await runs.claim('paris', claimOf(run));
    const pings = listMessages(workspace.db, { limit: 10 });
    expect(pings).toMatchObject([{ channel: 'beat', event: 'start', runId: run.runId }]);
  });

  it('is refused under another token, and after it was taken back', async () => {
    const { run, runs } = await openHome();
    expect(await runs.claim('paris', claimOf(run, 't2'))).toMatchObject({ kind: 'refuse' });
    expect(await runs.claim('paris', { ...claimOf(run), run: 'unknown' })).toMatchObject({ kind: 'refuse' });
  });

  it('ends at once, and says why, when its configuration is gone', async () => {
    const { workspace, run, runs, ended } = await openHome();
    rmSync(join(workspace.paths.configs, 'books.yaml'));
    expect(await runs.claim('paris', claimOf(run))).toMatchObject({ kind: 'refuse' });
    expect(ended).toHaveLength(1);
    expect(workspace.runs.find(run.runId)).toMatchObject({
      status: 'failed',
      error: { kind: 'config_not_found' },
    });
  });

  it('ends with the sizes when what its worker would get is too large for a letter', async () => {
    const { workspace, run, runs } = await openHome();
    const filler = randomBytes(1_100_000).toString('base64');
    writeFileSync(join(workspace.paths.configs, 'books.yaml'), `${YAML}# ${filler}\n`);
    keepCookies(workspace, randomBytes(700_000).toString('base64'));
    expect(await runs.claim('paris', claimOf(run))).toMatchObject({ kind: 'refuse' });
    const { status, error } = workspace.runs.find(run.runId);
    expect(status).toBe('failed');
    expect(error?.message).toMatch(
      /^too large for a worker: configuration 1\.5 MB, variables \d+ B, cookies 933\.\d KB; at most 2\.1 MB/,
    );
    expect(error?.message).toContain('Shorten the configuration');
  });

  it('ends with the limit when its job has too many cookies', async () => {
    const { workspace, run, runs } = await openHome();
    keepCookies(workspace, ' '.repeat(1_000_001));
    expect(await runs.claim('paris', claimOf(run))).toMatchObject({ kind: 'refuse' });
    expect(workspace.runs.find(run.runId)).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(/cookies.*at most 1\.0 MB.*keep_cookies/s) },
    });
  });

  it('is claimed again, uncounted, when no scheduler lived to answer', async () => {
    const { workspace, run } = await openHome();
    claimRemoteStart(workspace.db, run.runId, 't1', 'paris', Date.now(), 60_000);
    const next = remoteRuns(workspace).runs;
    expect(next.revertUnanswered(workspace.runs.find(run.runId))).toBe(true);
    expect(workspace.runs.find(run.runId)).toEqual({
      ...run,
      status: 'starting',
      startToken: 't1',
      startDeadline: expect.any(Number),
      worker: '',
    });
    expect(workspace.runs.attempts(run.runId)).toEqual([]);
    expect(await next.claim('paris', claimOf(run))).toMatchObject({ kind: 'grant', attempt: 1 });
    expect(next.revertUnanswered(workspace.runs.find(run.runId))).toBe(false);
  });

  it('gets the same grant from the next scheduler', async () => {
    const { workspace, run, runs } = await openHome();
    const granted = await runs.claim('paris', claimOf(run));
    workspace.configs.read('books');
    await workspace.configs.write('books', YAML.replace('li', 'p'));
    const next = remoteRuns(workspace).runs;
    expect(await next.claim('paris', claimOf(run))).toEqual({ ...granted, now: expect.any(Number) });
  });
});

describe('the next attempt of a run', () => {
  const text = (at: string) => JSON.stringify({ itemBytes: 4, at });
  const checkpoint = (token: string, number: number, at: string) => ({
    kind: 'checkpoint' as const,
    token,
    number,
    items: 4,
    data: Buffer.from(text(at)),
  });

  /** The first attempt has ended after `items`, and the second is handed over. */
  async function secondAttempt(items = 'abcd and more', token = 't2') {
    const home = await openHome();
    const { workspace, run, runs } = home;
    await runs.claim('paris', claimOf(run));
    expect(await runs.receive('paris', checkpoint('t1', 1, 'too early'))).toEqual([]);
    const piece = {
      kind: 'piece',
      token: 't1',
      file: 'items.jsonl',
      at: 0,
      data: Buffer.from(items),
    } as const;
    await runs.receive('paris', piece);
    expect(await runs.receive('paris', checkpoint('t1', 2, 'page 4'))).toEqual([
      { kind: 'kept', token: 't1', number: 2 },
    ]);
    // A copy that comes late.
    expect(await runs.receive('paris', checkpoint('t1', 1, 'page 3'))).toMatchObject([{ number: 2 }]);
    workspace.db.run(`UPDATE runs SET max_attempts = 2 WHERE run_id = ?`, [run.runId]);
    await runs.receive('paris', { kind: 'lost', token: 't1', because: 'process' });
    workspace.db.run(`UPDATE runs SET status = 'queued' WHERE run_id = ?`, [run.runId]);
    markStarting(workspace.db, run.runId, token, null, HANDED_OVER);
    return { ...home, files: runFiles(workspace.paths, 'books', run.runId) };
  }

  it('gets the checkpoint and its items, also from the next scheduler', async () => {
    const { workspace, run, runs, files } = await secondAttempt();
    const earlier = { items: 4, checkpoint: text('page 4').length };
    expect(await runs.claim('lyon', claimOf(run, 't2'))).toMatchObject({
      attempt: 2,
      earlier,
      starts_over: null,
    });
    expect(readFileSync(files.items, 'utf8')).toBe('abcd');
    const next = remoteRuns(workspace).runs;
    expect(await next.claim('lyon', claimOf(run, 't2'))).toMatchObject({ kind: 'grant', earlier });
    expect(await next.receive('lyon', { kind: 'want_earlier', token: 't2', at: 1 })).toEqual([
      { kind: 'earlier', token: 't2', at: 1, data: new Uint8Array(Buffer.from('bcd')) },
      { kind: 'earlier', token: 't2', at: 4, data: new Uint8Array(Buffer.from(text('page 4'))) },
    ]);
    expect(await next.receive('paris', { kind: 'want_earlier', token: 't2', at: 0 })).toMatchObject([
      { kind: 'refuse' },
    ]);
  });

  it('is not touched by what the worker of the first one still says', async () => {
    const { run, runs, files } = await secondAttempt();
    await runs.claim('lyon', claimOf(run, 't2'));
    for (const stale of [checkpoint('t1', 3, 'page 5'), { kind: 'start_over', token: 't1' } as const])
      expect(await runs.receive('paris', stale)).toMatchObject([{ kind: 'refuse', token: 't1' }]);
    expect(await runs.receive('paris', checkpoint('t2', 1, 'page 5'))).toMatchObject([{ kind: 'refuse' }]);
    expect(readFileSync(files.checkpoint, 'utf8')).toBe(text('page 4'));
    expect(readFileSync(files.items, 'utf8')).toBe('abcd');
  });

  it('starts over once, if its worker says so', async () => {
    const { run, runs, files } = await secondAttempt();
    await runs.claim('lyon', claimOf(run, 't2'));
    const startOver = { kind: 'start_over', token: 't2' } as const;
    const have = { kind: 'have', token: 't2', file: 'items.jsonl' };
    expect(await runs.receive('lyon', startOver)).toEqual([{ ...have, size: 0 }]);
    expect(existsSync(files.checkpoint)).toBe(false);
    const piece = {
      kind: 'piece',
      token: 't2',
      file: 'items.jsonl',
      at: 0,
      data: Buffer.from('xy'),
    } as const;
    await runs.receive('lyon', piece);
    expect(await runs.receive('lyon', startOver)).toEqual([{ ...have, size: 2 }]);
  });

  it('starts from the first page, and says why, when there are more items than a worker gets', async () => {
    const { run, runs, files } = await secondAttempt();
    const items = 64 * 1024 * 1024 + 1;
    truncateSync(files.items, items);
    writeFileSync(files.checkpoint, JSON.stringify({ itemBytes: items }));
    expect(await runs.claim('lyon', claimOf(run, 't2'))).toMatchObject({
      earlier: null,
      starts_over: 'the items of the earlier attempt exceed 64 MB, which is the most that a worker gets',
    });
    expect(existsSync(files.checkpoint)).toBe(false);
    expect(readFileSync(files.items, 'utf8')).toBe('');
  });

  it('needs the last checkpoint of one that has ended at home, also after a restart of the home', async () => {
    const { workspace, run, runs, files } = await secondAttempt();
    await runs.claim('lyon', claimOf(run, 't2'));
    await runs.receive('lyon', checkpoint('t2', 1, 'page 6'));
    const next = remoteRuns(workspace);
    const end = { kind: 'collected', token: 't2', sizes: {}, checkpoint: 1, cookies: null } as const;
    expect(await next.runs.receive('lyon', end)).toEqual([{ kind: 'kept', token: 't2', number: 0 }]);
    await next.runs.receive('lyon', { ...checkpoint('t2', 1, ''), data: Buffer.alloc(0) });
    expect(existsSync(files.checkpoint)).toBe(false);
    expect(await next.runs.receive('lyon', end)).toEqual([{ kind: 'done', token: 't2' }]);
    expect(await next.runs.receive('lyon', checkpoint('t2', 2, 'late'))).toEqual([]);
    expect(existsSync(files.checkpoint)).toBe(false);
  });
});

describe('what a worker sends of a claimed start', () => {
  const piece = (
    file: 'run.log' | 'items.jsonl' | 'collected.json',
    at: number,
    text: string,
    token = 't1',
  ) => ({
    kind: 'piece' as const,
    token,
    file,
    at,
    data: Buffer.from(text),
  });

  it('grows the files of the run, and is answered with their sizes', async () => {
    const { workspace, run, runs } = await openHome();
    await runs.claim('paris', claimOf(run));
    const { log, items } = runFiles(workspace.paths, 'books', run.runId);
    expect(await runs.receive('paris', piece('run.log', 0, 'a line \u001b[31m\n'))).toEqual([
      { kind: 'have', token: 't1', file: 'run.log', size: 13 },
    ]);
    expect(readFileSync(log, 'utf8')).toBe('a line ?[31m\n');
    await runs.receive('paris', piece('items.jsonl', 0, '{"name":"one"}\n'));
    expect(readFileSync(items, 'utf8')).toBe('{"name":"one"}\n');
  });

  it('is refused from another worker, for another token, and after the run has ended', async () => {
    const { workspace, run, runs } = await openHome();
    await runs.claim('paris', claimOf(run));
    for (const [worker, token] of [
      ['lyon', 't1'],
      ['paris', 't2'],
    ] as const)
      expect(await runs.receive(worker, piece('items.jsonl', 0, 'x', token))).toMatchObject([
        { kind: 'refuse', token },
      ]);
    expect(existsSync(runFiles(workspace.paths, 'books', run.runId).items)).toBe(true);
    expect(runs.hear('paris', ['t1', 't2'])).toEqual(['t2']);
    runs.forget('t1');
    workspace.db.run(`UPDATE runs SET status = 'abandoned' WHERE run_id = ?`, [run.runId]);
    expect(await runs.receive('paris', piece('items.jsonl', 0, 'x'))).toMatchObject([{ kind: 'refuse' }]);
  });

  it('is asked for again until it is complete, and then finished once, also by the next scheduler', async () => {
    const { workspace, run, runs, collected } = await openHome();
    await runs.claim('paris', claimOf(run));
    const end = {
      kind: 'collected' as const,
      token: 't1',
      sizes: { 'items.jsonl': 2, 'collected.json': 2, 'pages/1.html': 0 },
      checkpoint: 0,
      cookies: '{"c":1}',
    };
    expect(await runs.receive('paris', end)).toEqual([
      { kind: 'have', token: 't1', file: 'items.jsonl', size: 0 },
      { kind: 'have', token: 't1', file: 'collected.json', size: 0 },
    ]);
    await runs.receive('paris', piece('items.jsonl', 0, 'ab'));
    await runs.receive('paris', piece('collected.json', 0, '{}'));
    expect(await runs.receive('paris', end)).toEqual([{ kind: 'done', token: 't1' }]);
    expect(await runs.receive('paris', end)).toEqual([{ kind: 'done', token: 't1' }]);
    // No piece comes of an empty file.
    expect(
      existsSync(join(incomingFolder(runFiles(workspace.paths, 'books', run.runId)), 'pages/1.html')),
    ).toBe(true);
    expect(collected).toHaveLength(1);
    const files = runFiles(workspace.paths, 'books', run.runId);
    expect(readFileSync(join(incomingFolder(files), 'cookies.json'), 'utf8')).toBe('{"c":1}');
    const adopted = remoteRuns(workspace).runs.adopt(workspace.runs.find(run.runId));
    expect(adopted).toMatchObject({ isCollected: true, worker: 'paris', token: 't1' });
  });

  it('ends the run when its process has died there, or when it is more than the settings allow', async () => {
    const { workspace, run, runs, ended } = await openHome();
    await workspace.settings.set('executor_max_result', 1);
    await runs.claim('paris', claimOf(run));
    const lost = { kind: 'lost', token: 't1', because: 'process' } as const;
    expect(await runs.receive('paris', lost)).toMatchObject([{ kind: 'refuse' }]);
    expect(ended.map(({ status }) => status)).toEqual(['abandoned']);
    const second = handOver(workspace, 't9');
    await runs.claim('paris', claimOf(second, 't9'));
    const half = 'x'.repeat(600_000);
    await runs.receive('paris', piece('items.jsonl', 0, half, 't9'));
    await runs.receive('paris', piece('items.jsonl', 600_000, half, 't9'));
    expect(workspace.runs.find(second.runId)).toMatchObject({
      status: 'failed',
      error: { kind: 'result_too_large' },
    });
  });

  it.skipIf(lacks('links'))('cannot be written through a link out of the home', async () => {
    const { workspace, run, runs } = await openHome();
    await runs.claim('paris', claimOf(run));
    const files = runFiles(workspace.paths, 'books', run.runId);
    const outside = join(workspace.paths.home, '..', 'outside');
    mkdirSync(outside, { recursive: true });
    rmSync(files.items);
    symlinkSync(join(outside, 'items'), files.items);
    await expect(runs.receive('paris', piece('items.jsonl', 0, 'x'))).rejects.toThrow();
    expect(existsSync(join(outside, 'items'))).toBe(false);
    rmSync(outside, { recursive: true });
  });

  it('restores the row of the run after a loss of the database', async () => {
    const { workspace, run, runs } = await openHome();
    await runs.claim('paris', claimOf(run));
    workspace.db.run('DELETE FROM runs');
    runs.restoreRows();
    expect(workspace.runs.get(run.runId)).toMatchObject({ status: 'running', worker: 'paris', pool: '' });
  });

  it('does not restore it when its job is gone as well, and has its worker drop it', async () => {
    const { workspace, run, runs } = await openHome();
    await runs.claim('paris', claimOf(run));
    workspace.db.run('DELETE FROM runs');
    await workspace.jobs.delete('books', { by: 'library' });
    runs.restoreRows();
    expect(workspace.runs.get(run.runId)).toBeUndefined();
    const collected = { kind: 'collected' as const, token: 't1', sizes: {}, checkpoint: 0, cookies: null };
    expect(await runs.receive('paris', collected)).toEqual([
      { kind: 'refuse', token: 't1', why: 'its job was deleted' },
    ]);
    expect(workspace.runs.get(run.runId)).toBeUndefined();
    expect(runs.get('t1')).toBeUndefined();
  });
});
