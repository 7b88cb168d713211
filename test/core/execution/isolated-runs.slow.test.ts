import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { PROCESS_TREE_VARIABLE } from '../../../src/core/process/process-tree.ts';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { preload } from '../../preload.ts';
import { Site } from '../../scrape/site.ts';
import { poolOf } from '../../worker-pool-home.ts';

/** What test/fixtures/preload/report.js writes. */
interface Report {
  env: Record<string, string>;
}

async function startSite(): Promise<Site> {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  return site;
}

describe.skipIf(lacks('linux'))('a run finds nothing of the one before it in its worker', () => {
  it('no cookies, headers, robots.txt, variables or redaction', async () => {
    const site = await startSite();
    site.on('/secret-page', (_, response, { search }) =>
      response
        .writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'sid=of-first; Path=/' })
        .end(`<li><b>one${search}</b></li><a class="next" href="/secret-page?2">next</a>`),
    );
    const config = `url: "${site.url('/secret-page')}"\nitem: li\nselectors:\n  name: b\n`;
    const { workspace, run, log } = await poolOf({
      first: `${config}headers:\n  X-Key: "\${KEY}"\npagination: {type: next_button, selector: a.next, max_pages: 2}\n`,
      second: config,
    });
    writeFileSync(workspace.paths.secrets, 'KEY=secret-page\n', { mode: 0o600 });
    const first = await run('first');
    expect(first).toMatchObject({ status: 'succeeded', pages: 2 });
    expect(log(first)).not.toContain('secret-page');
    expect(site.visits.at(-1)?.headers).toMatchObject({ cookie: 'sid=of-first', 'x-key': 'secret-page' });
    rmSync(workspace.paths.secrets);
    site.visits.length = 0;

    const second = await run('second');
    expect(second.process?.pid).toBe(first.process?.pid);
    expect(site.visits.map(({ path }) => path)).toEqual(['/robots.txt', '/secret-page']);
    for (const { headers } of site.visits) expect(Object.keys(headers)).not.toContain('cookie');
    for (const { headers } of site.visits) expect(Object.keys(headers)).not.toContain('x-key');
    expect(log(second)).toContain('secret-page');
    expect(await run('first')).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('KEY') },
    });
  });

  it('no variable, listener, open resource, mask or folder that another configuration could have left', async ({
    folder,
  }) => {
    for (const [name, value] of Object.entries(preload('report', folder))) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const site = await startSite();
    site.html('/page-two', '<li><b>two', { 'set-cookie': 'sid=2; Path=/' });
    site.on('/page-three', (_, response) => response.writeHead(302, { location: '/page-four' }).end());
    site.html('/page-one', '<li><b>one</b><a class="next" href="/page-two">next</a>', {
      'set-cookie': 'sid=1; Path=/; Max-Age=1000',
      'cache-control': 'max-age=1000',
    });
    let build = 'first';
    const fields = {
      on_success: ['sh', '-c', 'umask 0; cd /; exit 1'],
      on_failure: ['sh', '-c', 'exit 1'],
    };
    const { workspace, run, log } = await poolOf(
      {
        'signs-in': `url: "${site.url('/page-one')}"
item: li
selectors: {name: b}
headers: {X-Key: "\${KEY}", Connection: close}
user_agent: of the first
pagination: {type: next_button, selector: a.next, max_pages: 2}
`,
        fails: `urls: ["${site.url('/page-one')}", "${site.url('/page-three')}"]
on_missing: fail
item: li
selectors: {name: "xpath:.//b[contains(., 'o')]"}
respect_robots: false
timeout: 5
`,
      },
      { build: () => build, fields },
    );
    writeFileSync(workspace.paths.secrets, 'KEY=secret\nNODE_OPTIONS=--none\nPATH=/nowhere\n', {
      mode: 0o600,
    });
    const reportsOf = async (job: string) => {
      const done = await run(job);
      const reports = log(done)
        .split('\n')
        .flatMap((line): Report[] => (line.startsWith('report ') ? [JSON.parse(line.slice(7))] : []));
      for (const { env } of reports) {
        expect(env[PROCESS_TREE_VARIABLE]).toContain(done.runId);
        delete env[PROCESS_TREE_VARIABLE];
      }
      return { reports, status: done.status, pid: done.process?.pid };
    };
    await reportsOf('signs-in');
    const [first, second, third] = [
      await reportsOf('signs-in'),
      await reportsOf('fails'),
      await reportsOf('signs-in'),
    ];
    expect([second.pid, third.pid]).toEqual([first.pid, first.pid]);
    build = 'second';
    const freshFailure = await reportsOf('fails');
    build = 'third';
    const fresh = await reportsOf('signs-in');
    expect(new Set([first.pid, freshFailure.pid, fresh.pid]).size).toBe(3);
    expect(fresh).toMatchObject({ status: 'succeeded', reports: [{}, {}] });
    expect(freshFailure.status).toBe('failed');
    expect(freshFailure.reports.length).toBeGreaterThan(1);
    expect(second.reports).toEqual(freshFailure.reports);
    expect(third.reports).toEqual(fresh.reports);
  });

  it('no page of its cache, unless it is a run of the same job', async () => {
    const site = await startSite();
    site.on('/page', ({ headers }, response) => {
      const isKnown = headers['if-none-match'] === '"one"';
      response.writeHead(isKnown ? 304 : 200, { 'content-type': 'text/html', etag: '"one"' });
      response.end(isKnown ? '' : '<li><b>one');
    });
    const config = `url: "${site.url('/page')}"\nitem: li\nselectors:\n  name: b\n`;
    const { run } = await poolOf({
      caches: config,
      'caches-too': config,
      anew: `${config}cache: false\n`,
    });
    const jobs = ['caches', 'anew', 'caches-too', 'caches', 'anew'];
    const runs = [];
    for (const job of jobs) runs.push(await run(job));
    expect(runs.map(({ items }) => items)).toEqual([1, 1, 1, 1, 1]);
    expect(new Set(runs.map(({ process }) => process?.pid)).size).toBe(1);
    const tags = site.visitsOf('/page').map(({ headers }) => headers['if-none-match']);
    expect(tags).toEqual([undefined, undefined, undefined, '"one"', undefined]);
  });

  it('no settings of before: the next run is made with those that hold now', async () => {
    const site = await startSite();
    const { workspace, run } = await poolOf({
      shop: `url: "${site.url('/page')}"\nselectors:\n  name: h1\n`,
    });
    const runs = [];
    for (const name of ['first/1', 'second/2', undefined]) {
      if (name === undefined) await workspace.settings.reset('user_agent');
      else await workspace.settings.set('user_agent', name);
      runs.push(await run('shop'));
    }
    expect(new Set(runs.map(({ process }) => process?.pid)).size).toBe(1);
    const [first, second, third] = site.visitsOf('/page').map(({ headers }) => headers['user-agent']);
    expect([first, second]).toEqual(['first/1', 'second/2']);
    expect(third).toContain('quickscrape-jobs');
  });
});
