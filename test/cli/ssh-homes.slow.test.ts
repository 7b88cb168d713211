import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { openWorkspace } from '../../src/core/workspace.ts';
import { gatedConfig } from '../gated-site.ts';
import { PROGRAM, quickscrape, startProgram } from '../program.ts';
import { itWithSsh as it, SshServer } from '../ssh-server.ts';
import { TestTerminal } from '../tui/terminal.ts';
import { waitFor } from '../wait-for.ts';
import { shopHome } from './shop-home.ts';

/** A server with a home, which is `@acme`, and a program here that knows it. */
async function remoteShop(home: string, here: string, more: Record<string, unknown> = {}) {
  const server = await SshServer.start();
  shopHome(undefined, home);
  server.writeHomes({ acme: `ssh://paris${home}`, ...more });
  const run = (...args: string[]) => quickscrape(args, { home: here, env: server.env });
  return {
    server,
    run,
    async json(...args: string[]) {
      const said = await run(...args, '--home', '@acme', '--json');
      if (said.code !== 0) throw new Error(`${args.join(' ')} ended with ${said.code}: ${said.stderr}`);
      return JSON.parse(said.stdout);
    },
  };
}

async function addJob(home: string, id: string, fields: Record<string, unknown> = {}) {
  const workspace = openWorkspace({ home, actor: 'library' });
  const schedule = { type: 'custom', cron_expression: '@daily', timezone: 'UTC' };
  await workspace.jobs.create({ id, fields: { config_name: 'books', schedule, ...fields } }, 'library');
  workspace.close();
}

describe('a home on another machine', () => {
  it('has the commands that call operations', async ({ home, folder }) => {
    const { json, run } = await remoteShop(home, folder);
    const made = await json(
      'job',
      'create',
      '--config',
      'books',
      '--schedule',
      'daily',
      '--at',
      '09:00',
      '--id',
      'news',
      '--on-failure',
      'mail me',
    );
    expect(made).toMatchObject({
      created: true,
      job: { id: 'news', created_by: 'rpc', on_failure: 'mail me' },
    });
    expect(existsSync(join(home, 'jobs', 'news.json'))).toBe(true);
    // Nothing was made here.
    expect(existsSync(join(folder, 'jobs'))).toBe(false);
    expect((await json('job', 'list')).jobs).toMatchObject([{ job_id: 'news' }]);
    expect((await json('job', 'show', 'ne')).job.id).toBe('news');
    expect(await json('job', 'update', 'ne', '--at', '07:30')).toMatchObject({ changed: ['schedule'] });
    expect((await json('job', 'next', 'ne', '--count', '1')).next_runs).toHaveLength(1);
    expect(await json('job', 'clone', 'ne', 'evening')).toMatchObject({
      job: { id: 'evening', enabled: false, schedule: { time: '07:30' }, on_failure: 'mail me' },
    });
    const twice = await run('job', 'clone', 'news', 'evening', '--home', '@acme');
    expect([twice.code, twice.stderr]).toEqual([
      4,
      expect.stringContaining('there is a job "evening" already'),
    ]);
    expect(await json('job', 'delete', 'evening', '--force')).toEqual({ deleted: true });
    expect((await json('job', 'restore')).deleted).toMatchObject([{ job_id: 'evening' }]);
    expect((await json('job', 'restore', 'evening')).job.id).toBe('evening');
    expect((await json('list')).configs).toMatchObject([{ config_name: 'books' }]);
    expect(await json('config', 'set', 'keep_runs', '7')).toEqual({ key: 'keep_runs', value: 7 });
    expect(await json('config', 'get', 'keep_runs')).toEqual({ key: 'keep_runs', value: 7 });
    expect((await json('config', 'list')).settings).toContainEqual(
      expect.objectContaining({ key: 'keep_runs', value: 7, set: true }),
    );
    expect(await json('config', 'reset')).toEqual({ reset: null });
    expect(await json('config', 'get', 'keep_runs')).toEqual({ key: 'keep_runs', value: 50 });
    expect((await json('forecast')).jobs).toBe(1);
    expect((await json('report')).headline).toEqual(expect.any(String));
    expect((await run('metrics', '--home', '@acme')).stdout).toContain('quickscrape_');
  });

  it('runs jobs, which are followed to their end', async ({ home, folder, site }) => {
    const { json, run } = await remoteShop(home, folder);
    writeFileSync(join(home, 'configs', 'books.yaml'), gatedConfig(site.url));
    await addJob(home, 'news');
    const { run: first } = await json('job', 'run', 'ne');
    expect(first).toMatchObject({ status: 'succeeded', items: 1 });
    expect((await json('job', 'items', first.run_id.slice(0, 6))).items).toHaveLength(1);
    expect((await json('job', 'history', 'ne')).runs).toMatchObject([{ run_id: first.run_id }]);
    expect((await json('job', 'logs', 'ne')).lines.join('\n')).toContain('succeeded');
    const followed = await run('job', 'logs', 'ne', '--follow', '--home', '@acme');
    expect([followed.code, followed.stdout]).toEqual([0, expect.stringContaining('succeeded')]);
    const { run: second } = await json('job', 'retry', first.run_id);
    expect(second.status).toBe('succeeded');
    expect(await json('job', 'diff', 'ne')).toMatchObject({ run_id: second.run_id, unchanged: 1 });
    expect((await json('job', 'chart', 'ne')).total).toBe(2);
    const file = await run('job', 'items', first.run_id, '--to', 'items.csv', '--home', '@acme');
    expect([file.code, file.stderr]).toEqual([
      1,
      expect.stringContaining('--to works on the files of a home'),
    ]);
  });

  it('shows a log as it is written, each line once', async ({ home, folder, site }) => {
    const { server, run } = await remoteShop(home, folder);
    writeFileSync(join(home, 'configs', 'books.yaml'), gatedConfig(site.url));
    // The command writes its lines after the outcome of the run.
    await addJob(home, 'news', { on_success: ['echo', 'said by the command'] });
    site.hold();
    const started = await run('job', 'run', 'news', '--background', '--home', '@acme');
    expect(started.stdout).toContain('Follow it with: quickscrape job logs news --follow --home @acme');
    const child = startProgram(['job', 'logs', 'news', '--follow', '--home', '@acme'], {
      home: folder,
      env: server.env,
    });
    let said = '';
    child.stdout?.on('data', (data: Buffer) => {
      said += data.toString();
    });
    await waitFor('the first line', () => said.includes('attempt 1 of 1'));
    site.open();
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    const whole = JSON.parse((await run('job', 'logs', 'news', '--json', '--home', '@acme')).stdout);
    expect(said.trimEnd().split('\n')).toEqual(whole.lines);
    expect(said).toContain('said by the command');
  });

  it('ends a log that is followed at Ctrl-C, and leaves no process', async ({ home, folder, site }) => {
    const { server, run } = await remoteShop(home, folder);
    writeFileSync(join(home, 'configs', 'books.yaml'), gatedConfig(site.url));
    await addJob(home, 'news');
    site.hold();
    await run('job', 'run', 'news', '--background', '--home', '@acme');
    const args = [PROGRAM, 'job', 'logs', 'news', '--follow', '--home', '@acme'];
    const env = { QUICKSCRAPE_HOME: folder, ...server.env };
    const terminal = new TestTerminal(process.execPath, args, { env });
    await terminal.waitFor('attempt 1 of 1');
    expect(server.countConnections()).toBeGreaterThan(0);
    terminal.send('\u0003');
    expect((await terminal.exited).exitCode).toBe(130);
    expect(await terminal.text()).not.toContain('error');
    await waitFor('the program there to end', () => server.countConnections() === 0);
    site.open();
  });

  it('starts and stops its scheduler', async ({ home, folder }) => {
    const { json, run } = await remoteShop(home, folder);
    expect((await run('scheduler', 'status', '--home', '@acme')).code).toBe(1);
    expect((await json('scheduler', 'start', '--daemon')).running).toBe(true);
    const { homes } = JSON.parse((await run('homes', '--json')).stdout);
    expect(homes).toMatchObject([{ name: 'acme', reachable: true, scheduler: true }]);
    expect((await json('scheduler', 'stop')).running).toBe(false);
    const here = await run('scheduler', 'start', '--home', '@acme');
    expect([here.code, here.stderr]).toEqual([2, expect.stringContaining('--daemon --home @acme')]);
  });

  it('sends a command that needs files there, and does it not here', async ({ home, folder }) => {
    const { run } = await remoteShop(home, folder);
    for (const words of ['doctor', 'export', 'scheduler logs --lines 3', 'mcp', 'demo --once']) {
      const said = await run(...words.split(' '), '--home', '@acme');
      expect([said.code, said.stdout]).toEqual([1, '']);
      expect(said.stderr).toContain(
        `and @acme is on paris\nhint: Run it there: ssh paris quickscrape ${words} --home ${home}`,
      );
    }
    // Files stay here, and questions need a terminal.
    for (const [words, line] of [
      ['export a.json', `ssh paris quickscrape export --home ${home} > a.json`],
      ['import a.json', `ssh paris quickscrape import - --home ${home} < a.json`],
      ['wizard', `ssh -t paris quickscrape wizard --home ${home}`],
    ] as const)
      expect((await run(...words.split(' '), '--home', '@acme')).stderr).toContain(`Run it there: ${line}\n`);
  });

  it('takes QUICKSCRAPE_HOME=@name, and the default home there', async ({ home, folder }) => {
    const { run, server } = await remoteShop(home, folder, { usual: 'ssh://paris' });
    const script = `#!/bin/sh\nQUICKSCRAPE_HOME='${home}' exec '${process.execPath}' '${PROGRAM}' "$@"\n`;
    server.writeProgram('quickscrape', script);
    for (const name of ['@acme', '@usual']) {
      const said = await quickscrape(['list', '--json'], { home: name, env: server.env });
      expect([said.stderr, JSON.parse(said.stdout).total]).toEqual(['', 1]);
    }
    expect((await run('completion', 'bash', '--home', '@acme')).code).toBe(0);
  });
});

describe('what goes wrong with ssh', () => {
  it('is said with what to do', async ({ home, folder }) => {
    const older = { at: `ssh://paris${home}`, program: 'older' };
    const { run, server } = await remoteShop(home, folder, {
      closed: 'ssh://closed/x',
      stranger: 'ssh://stranger/x',
      locked: 'ssh://locked/x',
      missing: 'ssh://paris/nowhere/home',
      absent: { at: 'ssh://paris/x', program: '/nowhere/quickscrape' },
      older,
      talker: { at: 'ssh://paris/x', program: 'talker' },
      broken: { at: 'ssh://paris/x', program: 'broken' },
    });
    server.writeProgram(
      'older',
      `#!/bin/sh\nread line\necho '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}'\nread line\n`,
    );
    server.writeProgram('talker', '#!/bin/sh\nwhile read line; do :; done & while echo hello; do :; done\n');
    server.writeProgram('broken', "#!/bin/sh\necho 'error: no such home' >&2\nexit 2\n");
    const say = async (name: string) => {
      const { code, stdout, stderr } = await run('job', 'list', '--home', name);
      expect([name, stdout]).toEqual([name, '']);
      return `${code} ${stderr.trim().replaceAll('\n', ' ')}`;
    };
    expect(await say('@closed')).toMatch(
      /^1 error: @closed: closed cannot be reached \(.*refused.*\) hint: Is it on, .* Try: ssh closed true$/,
    );
    expect(await say('@stranger')).toMatch(
      /^1 error: @stranger: the host key of stranger is not known here .*hint: Connect once by hand/,
    );
    expect(await say('@locked')).toMatch(
      /^1 error: @locked: locked did not let you in .*Permission denied.*hint: ssh needs a key/,
    );
    expect(await say('@absent')).toMatch(
      /^1 error: @absent \(paris\): \/nowhere\/quickscrape was not found there hint: Install it there: npm install --global quickscrape-jobs. If it is there, correct the path of absent in homes\.yaml: program$/,
    );
    expect(await say('@missing')).toMatch(
      /^3 error: @missing \(paris\): there is no home at \/nowhere\/home.* hint: Make it there: ssh paris quickscrape init --home \/nowhere\/home$/,
    );
    expect(await say('@older')).toMatch(
      /^1 error: @older \(paris\) has an older version of QuickScrape Jobs, which has no list_jobs hint: See how to upgrade it: ssh paris older upgrade$/,
    );
    expect(await say('@talker')).toMatch(
      /^1 error: @talker \(paris\): the program that answers there is not quickscrape: hello/,
    );
    expect(await say('@broken')).toMatch(
      /^1 error: @broken \(paris\): quickscrape there ended with 2: no such home/,
    );
    const { homes } = JSON.parse((await run('homes', '--json')).stdout);
    const reachable = homes.filter((one: { reachable: boolean }) => one.reachable);
    expect(reachable).toMatchObject([{ name: 'acme', jobs: 0, scheduler: false }]);
    const unknown = await run('job', 'show', 'nope', '--home', '@acme');
    expect([unknown.code, unknown.stderr]).toEqual([
      3,
      'error: there is no job "nope"\nhint: List the ids with: quickscrape job list --home @acme\n',
    ]);
  });

  it('does not keep Ctrl-C from cancelling the run', async ({ home, folder, site }) => {
    const { server, json } = await remoteShop(home, folder);
    writeFileSync(join(home, 'configs', 'books.yaml'), gatedConfig(site.url));
    await addJob(home, 'news');
    site.hold();
    // In a terminal, ssh gets the signal too, and ends at once.
    const terminal = new TestTerminal(process.execPath, [PROGRAM, 'job', 'run', 'news', '--home', '@acme'], {
      env: { QUICKSCRAPE_HOME: folder, ...server.env },
    });
    // Until then, Ctrl-C ends the command only.
    await terminal.waitFor(/run \w+ .*0 pages/);
    terminal.send('\u0003');
    const { exitCode } = await terminal.exited;
    expect([exitCode, await terminal.text()]).toEqual([130, expect.stringMatching(/Cancelling run \w+ …/)]);
    expect((await json('job', 'history', 'news')).runs).toMatchObject([{ status: 'cancelled' }]);
  });

  it('lists a machine that does not answer as one that cannot be reached', async ({ home, folder }) => {
    const { run, server } = await remoteShop(home, folder, {
      mute: { at: 'ssh://paris/x', program: 'mute' },
    });
    server.writeProgram('mute', '#!/bin/sh\nexec cat > /dev/null\n');
    const said = await run('homes');
    expect([said.code, said.stdout]).toEqual([0, expect.stringMatching(/^@acme .* 0 jobs/m)]);
    expect(said.stdout).toMatch(/^@mute .*@mute \(paris\): no answer within 20 s/m);
  });

  it('ends a wait when the connection is lost, and the run goes on', async ({ home, folder, site }) => {
    const { server, json } = await remoteShop(home, folder);
    writeFileSync(join(home, 'configs', 'books.yaml'), gatedConfig(site.url));
    await addJob(home, 'news');
    site.hold();
    const child = startProgram(['job', 'run', 'news', '--home', '@acme'], { home: folder, env: server.env });
    let said = '';
    child.stderr?.on('data', (data: Buffer) => {
      said += data.toString();
    });
    await waitFor('the page to be asked for', () => site.hits() > 0);
    await server.stop();
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, said]).toEqual([1, expect.stringContaining('the connection was lost')]);
    expect(said).toMatch(
      /hint: Run \w+ goes on there\. Follow it with: quickscrape job logs news --run \w+ --follow --home @acme\n/,
    );
    site.open();
    await server.startAgain();
    const status = async () => (await json('job', 'history', 'news')).runs[0].status;
    await waitFor('the end of the run', async () => (await status()) === 'succeeded');
  });
});
