import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { runFiles } from '../../src/core/runs/run-files.ts';
import { sendSignal } from '../send-signal.ts';
import { waitFor } from '../wait-for.ts';
import { numberedSite, wholeOutput } from './numbered-site.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { isProcessAlive, type Program, RemoteHome, type WorkerProgram } from './remote-home.ts';

const PAGES = 12;
/** Each first attempt ends while it waits for this page. */
const HELD = 8;

/** A home with one job, whose first attempt waits for a page in the middle. */
async function homeOf(settings: Record<string, unknown> = {}, retries = 1): Promise<RemoteHome> {
  const home = await RemoteHome.make(await RedisServer.start(), settings, await numberedSite(PAGES));
  await home.jobs(['job'], { max_retries: retries });
  // So that the checkpoints are written.
  home.site.slow(400);
  home.site.hold(HELD);
  return home;
}

function filesOf(home: RemoteHome) {
  return runFiles(home.workspace.paths, 'job', home.run('job').runId);
}

/**
 * Waits until the home has a checkpoint of one of the last pages before the one that is held.
 * @param pages a slow disk costs some: writing a checkpoint takes at most a part of the time
 */
async function checkpointAtHome(home: RemoteHome, pages = HELD - 2): Promise<void> {
  await waitFor('the page to be asked for', () => home.site.waiting() === 1);
  await waitFor('the checkpoint at home', () => pagesOfCheckpoint(home) >= pages);
}

function pagesOfCheckpoint(home: RemoteHome): number {
  const { checkpoint } = filesOf(home);
  return existsSync(checkpoint) ? JSON.parse(readFileSync(checkpoint, 'utf8')).position.pages : 0;
}

/** Drains a worker, and cancels what it executes. */
async function stop(worker: Program): Promise<void> {
  worker.signal('SIGTERM');
  await waitFor('it to drain', () => worker.said().includes('no more runs are taken'));
  await worker.end('SIGTERM');
}

/** Checks that the last attempt has brought the run to its end, and how often each page was asked for. */
function expectWhole(home: RemoteHome, hits: (page: number) => number, attempts = 2): void {
  const { status, attempt, error, items, pages, outputPath } = home.run('job');
  expect({ status, attempt, error, items, pages }).toEqual({
    status: 'succeeded',
    attempt: attempts,
    error: null,
    items: PAGES,
    pages: PAGES,
  });
  expect(readFileSync(outputPath ?? '', 'utf8')).toBe(wholeOutput('job', PAGES));
  const all = Array.from({ length: PAGES }, (_, at) => at + 1);
  expect(all.map((page) => home.site.hits('job', page))).toEqual(all.map(hits));
  const { checkpoint, items: file } = filesOf(home);
  expect(existsSync(checkpoint)).toBe(false);
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(PAGES + 1);
}

/** How often a page was asked for, when the second attempt continued the first one. */
function continued(home: RemoteHome): (page: number) => number {
  const log = readFileSync(filesOf(home).log, 'utf8');
  const [, after, items] =
    /continuing after page (\d+) of an earlier attempt, with its (\d+) items?/.exec(log) ?? [];
  expect(items).toBe(after);
  return (page) => (page > Number(after) && page <= HELD ? 2 : 1);
}

/** A home whose job is at its last page on a worker, with a checkpoint of an earlier page at home. */
async function heldAtCheckpoint(more?: string): Promise<{ home: RemoteHome; first: WorkerProgram }> {
  const home = await homeOf();
  if (more !== undefined) await home.workspace.configs.write('job', home.site.config('job', more));
  const first = await home.worker('first');
  await home.scheduler();
  await home.joined(first);
  await home.request(['job']);
  await checkpointAtHome(home);
  return { home, first };
}

describe('a run whose attempt ended on a worker', () => {
  itWithRedis('continues on another one after the last page that came home', async () => {
    const { home, first } = await heldAtCheckpoint();
    const [token = ''] = readdirSync(join(first.folder, 'runs'));
    expect(readdirSync(join(first.folder, 'runs', token)).toSorted()).toEqual(['items.jsonl', 'run.log']);
    await first.end('SIGKILL');
    await waitFor('no request to be left', () => home.site.waiting() === 0);
    const second = await home.worker('second');
    await waitFor('the second attempt', () => home.site.waiting() === 1);
    home.site.open();
    await home.allEnded(['job']);
    expectWhole(home, continued(home));
    expect(home.run('job').worker).toBe('second');
    await waitFor('its files to be removed', () => readdirSync(join(second.folder, 'runs')).length === 0);
  });

  itWithRedis(
    'has the rows of both attempts checked by the rules on values, and keeps those that break one',
    async () => {
      const { home, first } = await heldAtCheckpoint(
        'expect: { fields: { name: { pattern: "[02468]$" } } }\n',
      );
      await first.end('SIGKILL');
      await home.worker('second');
      await waitFor('the second attempt', () => home.site.waiting() === 1);
      home.site.open();
      await home.allEnded(['job']);
      const { status, attempt, items, error, checks } = home.run('job');
      expect({ status, attempt, items, kind: error?.kind }).toEqual({
        status: 'failed',
        attempt: 2,
        items: PAGES,
        kind: 'check_failed',
      });
      expect(checks).toMatchObject([{ check: 'fields', rule: 'pattern', field: 'name', found: PAGES / 2 }]);
      const rows = readFileSync(filesOf(home).broken, 'utf8').trimEnd().split('\n');
      expect(rows.map((row) => JSON.parse(row)._row)).toEqual([1, 3, 5, 7, 9, 11]);
    },
  );

  itWithRedis('continues when the worker was stopped, and begins anew after an edit', async () => {
    const home = await homeOf({ worker_lost_after: 3600 }, 2);
    const first = await home.worker('first');
    await home.scheduler();
    await home.joined(first);
    await home.request(['job']);
    await checkpointAtHome(home);
    const second = await home.worker('second');
    await home.joined(second);
    await stop(first);
    await waitFor('the second attempt', () => home.site.hits('job', HELD) === 2);
    await home.workspace.configs.write('job', home.site.config('job', 'expect: { min_items: 1 }\n'));
    const third = await home.worker('third');
    await home.joined(third);
    home.site.slow(0);
    await stop(second);
    await waitFor('the third attempt', () => home.site.hits('job', HELD) === 3);
    home.site.open();
    await home.allEnded(['job']);
    const terminated = { status: 'failed', error: { kind: 'terminated' } };
    expect(home.workspace.runs.attempts(home.run('job').runId)).toMatchObject([terminated, terminated, {}]);
    // The third attempt asks for all of them once more.
    const before = continued(home);
    expectWhole(home, (page) => (page > HELD ? 1 : before(page) + 1), 3);
    const log = readFileSync(filesOf(home).log, 'utf8');
    expect(log.match(/continuing after page/g)).toHaveLength(1);
    expect(log).toContain('starting from the first page: the configuration or its addresses have changed');
  });

  itWithRedis('continues at home, where the settings say so', async () => {
    const { home, first } = await heldAtCheckpoint();
    await home.workspace.settings.set('executor_local_slots', 1);
    await first.end('SIGKILL');
    await waitFor('the second attempt', () => home.site.hits('job', HELD) === 2);
    home.site.open();
    await home.allEnded(['job']);
    expectWhole(home, continued(home));
    expect(home.run('job').worker).toBe(null);
  });

  itWithRedis('is not touched by that worker when it goes on', async () => {
    const home = await homeOf();
    const stale = await home.worker('stale');
    await home.scheduler();
    await home.joined(stale);
    await home.request(['job']);
    await checkpointAtHome(home);
    const machine = [stale.pid, ...stale.children()];
    for (const pid of machine) sendSignal({ pid }, 'SIGSTOP');
    await home.worker('fresh');
    await waitFor('the second attempt', () => home.site.hits('job', HELD) === 2);
    for (const pid of machine) sendSignal({ pid }, 'SIGCONT');
    await waitFor('it to be refused', () =>
      /: (?:this start no longer counts|the home does not need it)/.test(stale.said()),
    );
    home.site.open();
    await home.allEnded(['job']);
    expectWhole(home, continued(home));
  });
});

describe('a run whose attempt ended at home', () => {
  itWithRedis('continues on a worker', async () => {
    const home = await homeOf({ executor_local_slots: 1 });
    // The scheduler reads the keys of the home when it starts.
    await home.invite('paris');
    await home.scheduler();
    await home.request(['job']);
    await checkpointAtHome(home, 1);
    expect(home.run('job').worker).toBe(null);
    await home.workspace.settings.set('executor_local_slots', 0);
    const worker = await home.worker('paris');
    await home.joined(worker);
    const pid = home.run('job').process?.pid ?? 0;
    expect(isProcessAlive(pid)).toBe(true);
    sendSignal({ pid }, 'SIGKILL');
    await waitFor('the second attempt', () => home.site.hits('job', HELD) === 2);
    home.site.open();
    await home.allEnded(['job']);
    expectWhole(home, continued(home));
    expect(home.run('job').worker).toBe('paris');
  });
});
