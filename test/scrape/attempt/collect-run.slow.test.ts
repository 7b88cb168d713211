import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import type { CollectReport, CollectTask } from '../../../src/core/execution/collect-task.ts';
import {
  incomingFolder,
  saveCollectedCookies,
  saveGrantedRun,
} from '../../../src/core/execution/granted-run.ts';
import { collectingWorker, homeWorker } from '../../../src/core/execution/run-process.ts';
import { finishCollectedRun } from '../../../src/core/execution/start-run.ts';
import { WorkerPool } from '../../../src/core/execution/worker-pool.ts';
import { isAlive } from '../../../src/core/process/identity.ts';
import { makeRunFolder, openToAppend, runFiles } from '../../../src/core/runs/run-files.ts';
import {
  claimRemoteStart,
  HANDED_OVER,
  isStartOver,
  markStarting,
} from '../../../src/core/runs/run-starts.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { it } from '../../extend.ts';
import { ManualClock } from '../../manual-clock.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';
import { enqueueManual, homeOf } from '../../worker-pool-home.ts';
import { Site } from '../site.ts';

const TOKEN = '7d5c3b0e-0000-4000-8000-000000000001';

async function startSite(): Promise<Site> {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  return site;
}

function taskOf(folder: string, yaml: string, changes: Partial<CollectTask> = {}): CollectTask {
  return {
    runId: 'r1',
    token: TOKEN,
    jobId: 'books',
    attempt: 1,
    maxAttempts: 1,
    trigger: 'schedule',
    timeoutMs: 60_000,
    folder,
    config: { yaml, file: 'books.yaml', isClientText: false },
    params: {},
    env: {},
    settings: { request_timeout: 30, respect_robots: true, default_output_format: 'csv' },
    expect: null,
    cookies: null,
    checkpoint: null,
    startsOver: null,
    machineHosts: ['127.0.0.1'],
    maxSilenceMs: 60_000,
    ...changes,
  };
}

/** Collects rows as a worker for another machine's home does. */
async function collect(folder: string, task: CollectTask) {
  mkdirSync(join(folder, 'runs'), { recursive: true });
  const pool = new WorkerPool(collectingWorker(folder), new ManualClock(Date.now()), 1);
  const reports: CollectReport[] = [];
  const end = await pool.execute({
    task,
    openLog: () => {
      throw new Error('the worker printed something');
    },
    onReport: (line) => reports.push(JSON.parse(line) as CollectReport),
  });
  const pid = pool.processOf(TOKEN);
  pool.close();
  return { end, reports, pid };
}

/** Finishes at home what a worker has collected. */
async function finish(workspace: Workspace, collected: string, cookies: string | null, yaml: string) {
  const { db, clock, paths, jobs } = workspace;
  const run = enqueueManual(workspace, 'books');
  markStarting(db, run.runId, TOKEN, null, HANDED_OVER);
  const claimed = claimRemoteStart(db, run.runId, TOKEN, 'paris', clock.now(), 60_000);
  if (!claimed) throw new Error('the start was not claimed');
  const files = runFiles(paths, 'books', run.runId);
  makeRunFolder(files);
  const incoming = incomingFolder(files);
  mkdirSync(incoming);
  for (const name of readdirSync(collected))
    cpSync(join(collected, name), join(/^(run|items)\./.test(name) ? files.folder : incoming, name), {
      recursive: true,
    });
  const entry = jobs.get('books');
  if (entry?.kind !== 'valid') throw new Error('the job is not valid');
  await saveGrantedRun(files, {
    claim: 'c1',
    run: claimed,
    definition: entry.record.definition,
    config: { yaml, file: 'books.yaml', isClientText: false },
    logBytes: 0,
  });
  await saveCollectedCookies(files, cookies);
  const pool = new WorkerPool(homeWorker(paths), new ManualClock(Date.now()), 1, {
    isOver: (start) => isStartOver(db, start),
  });
  onTestFinished(() => pool.close());
  const end = await finishCollectedRun(workspace, claimed, pool, () => {});
  return { end, run: workspace.runs.find(run.runId), files };
}

describe('an attempt that continues an earlier one on another machine', () => {
  const yamlOf = (site: Site, more = '') =>
    `url: "${site.url('/1')}"\nitem: li\nselectors:\n  name: b\npagination: {type: next_button, selector: a}\n${more}`;

  /** A site of three pages, whose last one fails at first, and the checkpoint of the attempt that has met it. */
  async function firstAttempt(folder: string, changes: Partial<CollectTask> = {}) {
    const site = await startSite();
    site.html('/1', '<li><b>one</b></li><a href="/2">next</a>');
    // Slow, because checkpoints are not written for each page of a fast site. On a slow machine, page 2 may have none.
    site.on('/2', (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      setTimeout(() => response.end('<li><b>two</b></li><a href="/3">next</a>'), 300);
    });
    site.on('/3', (_, response) => response.writeHead(404).end());
    const own = join(folder, 'runs', TOKEN);
    const task = taskOf(own, yamlOf(site), { maxAttempts: 2, expect: { min_items: 1 }, ...changes });
    const { reports } = await collect(folder, task);
    expect(reports.at(-1)).toMatchObject({ collected: { hasFailed: true } });
    const checkpoints = reports.flatMap((report) => ('checkpoint' in report ? [report.checkpoint] : []));
    site.html('/3', '<li><b>three</b></li>');
    site.visits.length = 0;
    rmSync(join(own, 'run.log'));
    // This failure would stay. A process that is killed leaves the checkpoint before it.
    expect(checkpoints.at(-1)).toBe(null);
    const checkpoint = checkpoints.at(-2) ?? { items: 0, text: '' };
    return { site, own, checkpoint, second: { ...task, attempt: 2 } };
  }

  it('fetches the pages after the checkpoint only, which is on no disk of that machine', async ({
    folder,
  }) => {
    const { site, own, checkpoint, second } = await firstAttempt(folder);
    const { itemBytes, position } = JSON.parse(checkpoint.text) as {
      itemBytes: number;
      position: { pages: 1 | 2 };
    };
    expect(itemBytes).toBe(checkpoint.items);
    const { pages } = position;
    truncateSync(join(own, 'items.jsonl'), itemBytes);
    appendFileSync(join(own, 'items.jsonl'), '{"name":"of a page that was not com');
    const { reports } = await collect(folder, { ...second, checkpoint: checkpoint.text });
    expect(site.visits.map(({ path }) => path)).toEqual(['/robots.txt', ...['/2', '/3'].slice(pages - 1)]);
    expect(reports.at(0)).toEqual({ began: { isContinued: true } });
    expect(reports.at(-1)).toMatchObject({ collected: { hasFailed: false } });
    expect(reports).toContainEqual({ progress: expect.objectContaining({ pages, items: pages }) });
    expect(readFileSync(join(own, 'items.jsonl'), 'utf8')).toBe(
      ['one', 'two', 'three'].map((name) => `{"name":"${name}"}\n`).join(''),
    );
    expect(JSON.parse(readFileSync(join(own, 'collected.json'), 'utf8')).stats).toMatchObject({
      items: 3,
      pages: 3,
    });
    expect(readdirSync(own).toSorted()).toEqual(['collected.json', 'items.jsonl', 'pages', 'run.log']);
  });

  it.for([
    ['the configuration was edited', { yaml: 'dedupe: true\n', isClientText: false }],
    [
      'a program saved the configuration since then',
      { yaml: 'headers: { X-Key: "${KEY}" }\n', isClientText: true },
    ],
  ] as const)('starts over when %s, and says so', async ([, { yaml, isClientText }], { folder }) => {
    const { site, own, checkpoint, second } = await firstAttempt(folder);
    const config = { ...second.config, yaml: yamlOf(site, yaml), isClientText };
    const { reports } = await collect(folder, {
      ...second,
      config,
      env: { KEY: 'hush-hush' },
      checkpoint: checkpoint.text,
    });
    expect(site.visits.map(({ path }) => path)).toEqual(['/robots.txt', '/1', '/2', '/3']);
    expect(reports).toContainEqual({ began: { isContinued: false } });
    expect(reports).toContainEqual({ checkpoint: null });
    expect(readFileSync(join(own, 'items.jsonl'), 'utf8').split('\n')).toHaveLength(4);
  });

  it('says why the home has sent nothing of the earlier one', async ({ folder }) => {
    const { site, own, second } = await firstAttempt(folder);
    rmSync(join(own, 'items.jsonl'));
    await collect(folder, { ...second, startsOver: 'the items are too many' });
    expect(site.visits).toHaveLength(4);
    expect(readFileSync(join(own, 'run.log'), 'utf8')).toContain(
      'starting from the first page: the items are too many',
    );
  });
});

describe('a run whose rows another machine collects', () => {
  it('keeps no cookies that are too large for a letter, and says so', async () => {
    const site = await startSite();
    site.html('/1', '<li><b>one</b></li>', { 'set-cookie': 'sid=first; Max-Age=600' });
    const yaml = `url: "${site.url('/1')}"\nitem: li\nselectors:\n  name: b\nkeep_cookies: true\n`;
    const cookiesOf = (reports: CollectReport[]) =>
      reports.flatMap((report) => ('collected' in report ? [report.collected.cookies] : []))[0];
    const folder = tempFolder();
    const { reports } = await collect(folder, taskOf(join(folder, 'runs'), yaml));
    const saved = JSON.parse(cookiesOf(reports) ?? '') as { cookies: Record<string, unknown>[] };
    const many = Array.from({ length: 300 }, (_, at) => ({
      ...saved.cookies[0],
      key: `cookie-${at}`,
      domain: `shop-${at}.example`,
      value: 'x'.repeat(3_500),
    }));
    const text = JSON.stringify({ ...saved, cookies: many });
    const next = tempFolder();
    const task = taskOf(join(next, 'runs'), yaml, { cookies: text });
    const { reports: later } = await collect(next, task);
    expect(cookiesOf(later)).toBeNull();
    expect(readFileSync(join(next, 'runs', 'run.log'), 'utf8')).toContain('WARN  the cookies are not kept');
  });

  it.skipIf(lacks('modes'))(
    'has the outcome, output, log and cookies of a local one, and leaves no secret on that machine',
    async ({ folder }) => {
      const site = await startSite();
      site.html('/1', '<li><b>one</b></li><a href="/2">next</a>', {
        'set-cookie': 'sid=s3cret; Max-Age=600',
      });
      site.html('/2', '<li><b>two</b></li>');
      const yaml = `url: "${site.url('/1')}"\nitem: li\nselectors:\n  name: b\nkeep_cookies: true\nheaders:\n  X-Key: "\${KEY}"\npagination: {type: next_button, selector: a}\n`;
      const workspace = await homeOf({ books: yaml });
      writeFileSync(workspace.paths.secrets, 'KEY=hush-hush\n', { mode: 0o600 });
      const own = join(folder, 'runs', TOKEN);
      const { end, reports } = await collect(folder, taskOf(own, yaml, { env: { KEY: 'hush-hush' } }));
      expect(end).toEqual({ kind: 'free' });
      expect(site.visits.at(-1)?.headers).toMatchObject({ 'x-key': 'hush-hush', cookie: 'sid=s3cret' });
      expect(readdirSync(own).sort()).toEqual(['collected.json', 'items.jsonl', 'pages', 'run.log']);
      for (const name of ['collected.json', 'items.jsonl', 'run.log']) {
        const text = readFileSync(join(own, name), 'utf8');
        for (const secret of ['hush-hush', 's3cret']) expect(text).not.toContain(secret);
      }
      expect(reports).toContainEqual({ progress: expect.objectContaining({ pages: 1, items: 1 }) });
      expect(JSON.stringify(reports.filter((report) => 'checkpoint' in report))).not.toContain('hush-hush');
      const last = reports.at(-1);
      const cookies = last && 'collected' in last ? last.collected.cookies : null;
      expect(cookies).toContain('s3cret');

      const { run, files } = await finish(workspace, own, cookies, yaml);
      expect(run).toMatchObject({ status: 'succeeded', items: 2, pages: 2, worker: 'paris' });
      expect(readFileSync(run.outputPath ?? '', 'utf8')).toContain('one');
      expect(readFileSync(files.log, 'utf8')).toMatch(
        /attempt 1 of 1[\s\S]*2 items from 2 pages[\s\S]*run succeeded/,
      );
      expect(readFileSync(join(workspace.paths.runs, 'books', 'cookies.json'), 'utf8')).toBe(cookies);
      expect(existsSync(incomingFolder(files))).toBe(false);
    },
  );

  it('is checked at home, which keeps the page that explains the failure', async ({ folder }) => {
    const site = await startSite();
    site.html('/1', '<li><b>one</b><i>1</i></li><li><b>two</b></li>');
    const yaml = `url: "${site.url('/1')}"\nitem: li\nselectors:\n  name: b\n  price: i\nexpect:\n  required_fields: [price]\n`;
    const workspace = await homeOf({ books: yaml });
    const own = join(folder, 'runs', TOKEN);
    await collect(folder, taskOf(own, yaml));
    const { run, files } = await finish(workspace, own, null, yaml);
    expect(run).toMatchObject({ status: 'failed', error: { kind: 'check_failed' }, items: 2 });
    expect(readFileSync(join(files.pages, '1.html'), 'utf8')).toContain('<b>one</b>');
  });

  it('counts its changes and writes what is new by the configuration with which it was granted', async ({
    folder,
  }) => {
    const site = await startSite();
    const yaml = `url: "${site.url('/1')}"\nitem: li\nselectors: {name: b, views: i}\nchanges: {key: name, ignore: views}\noutput: {path: names.csv, only: new}\n`;
    const workspace = await homeOf({ books: yaml });
    const round = async (place: string, html: string) => {
      site.html('/1', html);
      await collect(join(folder, place), taskOf(join(folder, place, 'runs', TOKEN), yaml));
      // The configuration of the home has changed since: it is that of later runs.
      await workspace.configs.write('books', `url: "${site.url('/1')}"\nselectors: {other: b}\n`);
      return (await finish(workspace, join(folder, place, 'runs', TOKEN), null, yaml)).run;
    };
    await round('first', '<li><b>one</b><i>1</i></li><li><b>two</b><i>1</i></li>');
    const run = await round('second', '<li><b>two</b><i>2</i></li><li><b>three</b><i>2</i></li>');
    expect(run).toMatchObject({
      status: 'succeeded',
      changes: { key: 'name', added: 1, removed: 1, changed: 0, unchanged: 1 },
    });
    expect(readFileSync(run.outputPath ?? '', 'utf8')).toBe('name,views\none,1\ntwo,1\nthree,2\n');
  });

  it('may not reach a private network that the machine does not allow', async ({ folder }) => {
    const site = await startSite();
    site.html('/1', '<li><b>one</b></li>');
    const yaml = `url: "${site.url('/1')}"\nitem: li\nselectors:\n  name: b\nallow_private_hosts: ["127.0.0.1"]\n`;
    const workspace = await homeOf({ books: yaml });
    const own = join(folder, 'runs', TOKEN);
    await collect(folder, taskOf(own, yaml, { machineHosts: [] }));
    const { run } = await finish(workspace, own, null, yaml);
    expect(run).toMatchObject({ status: 'failed', error: { kind: 'blocked_address' } });
    expect(run.error?.message).toContain(`--allow-private 127.0.0.1:${site.port}`);
    expect(site.visits).toEqual([]);
  });

  it('fails with the error of the site that its worker has met', async ({ folder }) => {
    const site = await startSite();
    const yaml = `url: "${site.url('/none')}"\nitem: li\nselectors:\n  name: b\n`;
    const workspace = await homeOf({ books: yaml });
    const own = join(folder, 'runs', TOKEN);
    const { end } = await collect(folder, taskOf(own, yaml));
    expect(end).toEqual({ kind: 'free' });
    const { run } = await finish(workspace, own, null, yaml);
    expect(run).toMatchObject({ status: 'failed', error: { kind: 'http' }, items: 0 });
  });
});

describe.skipIf(lacks('modes'))('a worker for another machine’s home', () => {
  it('ends at once, with all that its run has started, when its input ends', async ({ folder }) => {
    const site = await startSite();
    site.on('/1', (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }));
    const yaml = `url: "${site.url('/1')}"\nitem: li\nselectors:\n  name: b\n`;
    const own = join(folder, 'runs', TOKEN);
    mkdirSync(join(folder, 'runs'), { recursive: true });
    const pool = new WorkerPool(collectingWorker(folder), new ManualClock(Date.now()), 1);
    const ended = pool.execute({
      task: taskOf(own, yaml),
      openLog: () => openToAppend(join(own, 'run.log')),
    });
    await waitFor('the page to be asked for', () => site.visitsOf('/1').length === 1);
    const worker = pool.processOf(TOKEN);
    expect(worker && isAlive(worker)).toBe(true);
    pool.close();
    expect(await ended).toMatchObject({ kind: 'ended' });
    await waitFor('the process to end', () => worker !== undefined && !isAlive(worker));
  });

  it('gets no variable of this machine but those that programs need', ({ folder }) => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    onTestFinished(() => void vi.unstubAllEnvs());
    const names = Object.keys(collectingWorker(folder).env);
    expect(names).toContain('PATH');
    expect(names).not.toContain('AWS_SECRET_ACCESS_KEY');
  });
});
