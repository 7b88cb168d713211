import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { quickscrape, startProgram } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

const JOB = { config: 'source', id: 'watched' };

/** A home that only programs have open: this process must not hold the files that it takes away. */
async function setting(schedule: string[]) {
  const site = await gatedSite();
  const home = tempFolder();
  const say = (...args: string[]) => quickscrape(args, { home });
  await say('init');
  writeFileSync(`${home}/configs/source.yaml`, gatedConfig(site.url));
  const job = ['--config', JOB.config, '--id', JOB.id, '--max-retries', '0', ...schedule];
  expect(await say('job', 'create', ...job)).toMatchObject({ code: 0 });
  const json = async (...args: string[]) => JSON.parse((await say(...args, '--json')).stdout);
  return { site, home, say, json, database: `${home}/quickscrape.db` };
}

function start(args: string[], home: string) {
  const child = startProgram(args, { home });
  const said = { text: '' };
  child.stderr?.on('data', (data: Buffer) => {
    said.text += data.toString();
  });
  return { child, said, exit: once(child, 'close') };
}

it.skipIf(lacks('signals'))(
  'a scheduler whose -wal and -shm were deleted stops with an error, and keeps what it had committed',
  async () => {
    const { home, say, json, database } = await setting(['--cron', '* * * * * *']);
    const { said, exit } = start(['scheduler', 'run'], home);
    await waitFor('the scheduler', () => said.text.includes('scheduler started'));
    await waitFor('a run', () => / succeeded/.test(said.text));
    for (const ending of ['-wal', '-shm']) rmSync(database + ending);
    expect(await exit).toEqual([1, null]);
    expect(said.text).toMatch(
      /error: .*quickscrape\.db-(wal|shm) was deleted or replaced while .*\nhint: Start it again\./,
    );
    const { runs } = await json('job', 'history', JOB.id);
    expect(runs.length).toBeGreaterThan(0);
    expect((await say('doctor')).stdout).not.toMatch(/damaged/);
  },
  90_000,
);

it('what others have committed into new files stays when those that were cut off end: a scheduler, a run, mcp', async () => {
  const { site, home, say, json, database } = await setting(['--schedule', 'daily', '--at', '09:00']);
  site.hold();
  const mcp = start(['mcp'], home);
  const hello = { jsonrpc: '2.0', id: 1, method: 'initialize' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } };
  mcp.child.stdin?.write(`${JSON.stringify({ ...hello, params })}\n`);
  const scheduler = start(['scheduler', 'run'], home);
  await waitFor('the scheduler', () => scheduler.said.text.includes('scheduler started'));
  await say('job', 'run', JOB.id, '--background');
  await waitFor('the page to be asked for', () => site.hits() > 0);
  const [{ run_id: runId }] = (await json('job', 'history', JOB.id)).runs;
  scheduler.child.kill('SIGSTOP');
  for (const ending of ['-wal', '-shm']) rmSync(database + ending);
  // Somebody else makes new ones, and commits into them.
  expect(
    await say('job', 'create', '--config', 'source', '--id', 'newer', '--schedule', 'hourly'),
  ).toMatchObject({
    code: 0,
  });
  const committed = await json('job', 'show', 'newer');
  expect(existsSync(`${database}-wal`)).toBe(true);
  scheduler.child.kill('SIGCONT');
  expect(await scheduler.exit).toEqual([1, null]);
  expect(scheduler.said.text).toContain('The last commits of this process may be missing');
  expect(await json('job', 'show', 'newer')).toMatchObject({ job: { revision: committed.job.revision } });
  mcp.child.stdin?.write(
    `${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'list_jobs', arguments: {} } })}\n`,
  );
  expect(await mcp.exit).toEqual([1, null]);
  expect(mcp.said.text).toContain('was deleted or replaced while');
  site.open();
  const log = `${home}/runs/${JOB.id}/${runId}/run.log`;
  await waitFor('the worker to end', () => /ERROR .*was deleted or replaced/.test(readFileSync(log, 'utf8')));
  expect(await json('job', 'show', 'newer')).toMatchObject({ job: { revision: committed.job.revision } });
  expect((await say('doctor')).stdout).not.toMatch(/damaged/);
}, 90_000);
