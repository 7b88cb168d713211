import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { cancelRun } from '../../../src/core/execution/cancel-run.ts';
import type { RunRecord } from '../../../src/core/model/run-record.ts';
import { isAlive } from '../../../src/core/process/identity.ts';
import { requestCancel } from '../../../src/core/runs/run-transitions.ts';
import { it } from '../../extend.ts';
import { gatedConfig } from '../../gated-site.ts';
import { lacks } from '../../platform.ts';
import { preload } from '../../preload.ts';
import { Site } from '../../scrape/site.ts';
import { sendSignal } from '../../send-signal.ts';
import { waitFor } from '../../wait-for.ts';
import { type PoolHome, poolOf } from '../../worker-pool-home.ts';

/** Executes a run after this one, and expects it in another worker and this one's worker to end. */
async function expectNextInOtherWorker(pool: PoolHome, before: RunRecord, job: string) {
  const next = await pool.run(job);
  expect(next.status).toBe('succeeded');
  expect(next.process?.pid).not.toBe(before.process?.pid);
  await waitFor('the first one to end', () => before.process && !isAlive(before.process));
}

/** Lets the workers of this test leave something behind when a page of a {@link Site} asks for it. */
function letWorkersLeave(folder: string, hold = ''): void {
  for (const [name, value] of Object.entries(preload('leave', folder, hold))) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

async function siteThatLeaves(names: readonly string[]) {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  const config = (path: string) => `url: "${site.url(path)}"\nselectors:\n  name: h1\n`;
  const leaving = names.map((name) => [name, config(`/page?leave=${name}`)] as const);
  return { ...Object.fromEntries(leaving), page: config('/page') };
}

describe.skipIf(lacks('linux'))('a worker', () => {
  it.for<[string, (home: PoolHome, run: RunRecord) => unknown]>([
    ['was cancelled', ({ workspace }, { runId }) => cancelRun(workspace, runId, 'the test')],
    [
      'was stopped by a signal',
      ({ workspace }, { runId }) => sendSignal(workspace.runs.find(runId).process, 'SIGTERM'),
    ],
  ])('is not used again after a run that %s', async ([, stop], { site }) => {
    const pool = await poolOf({ shop: gatedConfig(site.url) });
    site.hold();
    const run = pool.start('shop');
    await waitFor('the page to be requested', () => site.hits() === 1);
    await stop(pool, run);
    site.open();
    const stopped = await pool.finish(run);
    expect(stopped.status).not.toBe('succeeded');
    await expectNextInOtherWorker(pool, stopped, 'shop');
  });

  it('is not used again after a run whose cancellation was requested while it succeeded', async ({
    site,
  }) => {
    const pool = await poolOf({ shop: gatedConfig(site.url) });
    site.hold();
    const run = pool.start('shop');
    await waitFor('the page to be requested', () => site.hits() === 1);
    requestCancel(pool.workspace.db, run.runId, 'the test', Date.now());
    site.open();
    const succeeded = await pool.finish(run);
    expect(succeeded).toMatchObject({ status: 'succeeded', cancelRequestedBy: 'the test' });
    await expectNextInOtherWorker(pool, succeeded, 'shop');
  });

  it('is not used again after a run that took longer than its job allows', async ({ site }) => {
    const pool = await poolOf({ shop: gatedConfig(site.url) }, { fields: { timeout: 1 } });
    site.hold();
    const late = await pool.run('shop');
    expect(late.status).toBe('timed_out');
    site.open();
    await expectNextInOtherWorker(pool, late, 'shop');
  });

  it.for([
    ['timer', 'a timer'],
    ['socket', 'a socket'],
    ['memory', 'more than 250 MB of memory'],
  ] as const)('is not used again after a run that left %s', async ([name], { folder }) => {
    letWorkersLeave(folder);
    const pool = await poolOf(await siteThatLeaves([name]));
    const before = await pool.run('page');
    const left = await pool.run(name);
    expect(left).toMatchObject({ status: 'succeeded', process: { pid: before.process?.pid } });
    await expectNextInOtherWorker(pool, left, 'page');
  });

  it('is not used again after a run that left a socket, also where turns of its loop are long', async ({
    folder,
  }) => {
    letWorkersLeave(folder, 'turns');
    const pool = await poolOf(await siteThatLeaves(['socket']));
    const left = await pool.run('socket');
    await expectNextInOtherWorker(pool, left, 'page');
  });

  it('is not used again after a run that left a child process, which lives on', async ({ folder }) => {
    letWorkersLeave(folder);
    const pool = await poolOf(await siteThatLeaves(['child']));
    const left = await pool.run('child');
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    onTestFinished(() => sendSignal({ pid: child }, 'SIGKILL'));
    expect(left.status).toBe('succeeded');
    await expectNextInOtherWorker(pool, left, 'page');
    expect(() => sendSignal({ pid: child }, 'SIGCONT')).not.toThrow();
  });

  it.for([
    ['a process', ''],
    ['a process without an environment', 'env -i '],
  ])(
    'is not used again after a run whose command left %s, which lives on',
    async ([, env], { site, folder }) => {
      const file = join(folder, 'pid');
      const command = ['sh', '-c', `${env}sleep 600 > /dev/null 2>&1 & echo $! > ${file}`];
      const pool = await poolOf({ shop: gatedConfig(site.url) }, { fields: { on_success: command } });
      const ids: number[] = [];
      onTestFinished(() => {
        for (const pid of ids) sendSignal({ pid }, 'SIGKILL');
      });
      const left = await pool.run('shop');
      ids.push(Number(readFileSync(file, 'utf8')));
      const next = await pool.run('shop');
      ids.push(Number(readFileSync(file, 'utf8')));
      expect(next).toMatchObject({ status: 'succeeded', callback: 'done' });
      expect(next.process?.pid).not.toBe(left.process?.pid);
      for (const pid of ids) expect(() => sendSignal({ pid }, 'SIGCONT')).not.toThrow();
    },
  );

  it('is used again after a run whose command has ended', async ({ site }) => {
    const fields = { on_success: ['true'] };
    const { run } = await poolOf({ shop: gatedConfig(site.url) }, { fields });
    const { process: worker } = await run('shop');
    expect(await run('shop')).toMatchObject({ process: worker, callback: 'done' });
  });

  it('is not used again after a run that compiled the value of a variable, only sent ones', async ({
    site,
  }) => {
    const config = gatedConfig(site.url);
    const pool = await poolOf({
      sent: `${config}headers: {X-Key: "\${KEY}"}\n`,
      compiled: config.replace('li.row', '"li.${KEY}"'),
    });
    writeFileSync(pool.workspace.paths.secrets, 'KEY=row\n', { mode: 0o600 });
    const sent = await pool.run('sent');
    const compiled = await pool.run('compiled');
    expect(compiled).toMatchObject({ status: 'succeeded', process: sent.process });
    await expectNextInOtherWorker(pool, compiled, 'sent');
  });

  it('is used again although the process that started it has more than 250 MB', async ({ site }) => {
    const much = Buffer.alloc(300 * 1024 * 1024, 1);
    const { run } = await poolOf({ shop: gatedConfig(site.url) });
    const { process: worker } = await run('shop');
    expect((await run('shop')).process).toEqual(worker);
    expect(much.at(-1)).toBe(1);
  });

  it('is used again after a run that printed something, which is in the log of that run', async ({
    folder,
  }) => {
    letWorkersLeave(folder);
    const { run, log } = await poolOf(await siteThatLeaves(['text']));
    const printed = await run('text');
    const next = await run('page');
    expect(next.process?.pid).toBe(printed.process?.pid);
    expect(log(printed)).toContain('printed without a line break');
    expect(log(next)).not.toContain('printed');
  });

  it('is used again after a failure of the site, and not after a failure to write', async ({
    site,
    folder,
  }) => {
    const missing = join(folder, 'file');
    writeFileSync(missing, '');
    const { run } = await poolOf({
      shop: gatedConfig(site.url),
      gone: `url: "${site.url}gone"\nselectors:\n  name: b\n`,
      full: gatedConfig(site.url).replace('{config_name}_{run_id}.csv', join(missing, 'out.csv')),
    });
    const [first, failed, third, full, last] = [
      await run('shop'),
      await run('gone'),
      await run('shop'),
      await run('full'),
      await run('shop'),
    ];
    expect(failed.status).toBe('failed');
    expect(full.status).toBe('failed');
    expect([failed, third, full].map(({ process }) => process?.pid)).toEqual(
      Array(3).fill(first.process?.pid),
    );
    expect(last.process?.pid).not.toBe(first.process?.pid);
  });
});
