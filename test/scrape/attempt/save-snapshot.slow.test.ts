import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { applyRetention } from '../../../src/core/execution/retention.ts';
import { getPersistentFiles, runFiles } from '../../../src/core/runs/run-files.ts';
import { findGoodPages, listSavedPages, readSavedPage } from '../../../src/core/runs/saved-pages.ts';
import type { Attempt } from '../../../src/scrape/attempt/run-log.ts';
import { saveGoodPages, saveSnapshot } from '../../../src/scrape/attempt/save-snapshot.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { DAILY, it, openHome } from '../../core/operations/open-home.ts';
import { lacks } from '../../platform.ts';
import { HANG_MS } from '../../wait-for.ts';
import { Site } from '../site.ts';

/** A job whose one page is at `path`, of which it wants titles and prices. */
async function jobOn(path: string) {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  const home = await openHome();
  const yaml = `url: "${site.url(path)}"\nitem: li\nselectors:\n  title: b\n  price: i\n`;
  await home.workspace.configs.write('page', yaml);
  await home.call('create_job', { job_id: 'job', config_name: 'page', schedule: DAILY });
  const { paths } = home.workspace;
  return {
    ...home,
    site,
    async run() {
      const { run } = await home.call('run_job', { job_id: 'job', wait_seconds: 30 });
      const { log } = runFiles(paths, 'job', run.run_id);
      return { run, pages: listSavedPages(paths, 'job', run.run_id), log: readFileSync(log, 'utf8') };
    },
  };
}

const NO_PRICE = '<ul><li><b>one</b></li></ul>';

it('the bytes are those that came, with the charset that the header named', async () => {
  const { site, run } = await jobOn('/p');
  const shiftJis = Buffer.concat([
    Buffer.from('<li><b>'),
    Buffer.from([0x93, 0xfa, 0x96, 0x7b]),
    Buffer.from('</b></li>'),
  ]);
  site.on('/p', (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=Shift_JIS' }).end(shiftJis),
  );
  const { pages } = await run();
  const [page] = pages;
  if (!page) throw new Error('it was not kept');
  expect(pages).toHaveLength(1);
  expect(page).toMatchObject({
    url: site.url('/p'),
    contentType: 'text/html; charset=Shift_JIS',
    status: 200,
  });
  expect(Math.abs(page.fetchedAt - Date.now())).toBeLessThan(HANG_MS);
  const bytes = readSavedPage(page);
  expect(bytes).toEqual(shiftJis);
  expect(loadPage(bytes, page.contentType, page.url).$('b').text()).toBe('日本');
});

it('a secret in the address is not kept with it', async () => {
  vi.stubEnv('PAGE_KEY', 'hunter2-hunter2');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { site, run } = await jobOn('/p?key=${PAGE_KEY}&page=1');
  site.on('/p', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(NO_PRICE));
  const { pages } = await run();
  expect(site.visits.map(({ path }) => path)).toContain('/p?key=hunter2-hunter2&page=1');
  expect(pages).toMatchObject([{ url: expect.stringContaining('PAGE_KEY') }]);
  expect(JSON.stringify(pages)).not.toContain('hunter2');
});

it('only the newest five runs of a job keep the pages of what they did not find, beside those of the newest good run', async () => {
  const { site, run, workspace } = await jobOn('/p');
  site.html('/p', NO_PRICE);
  const runs: string[] = [];
  for (let index = 0; index < 6; index++) runs.push((await run()).run.run_id);
  const kept = () =>
    runs.map((runId) => existsSync(join(runFiles(workspace.paths, 'job', runId).pages, '1.html')));
  expect(kept()).toEqual([false, true, true, true, true, true]);
  expect(existsSync(runFiles(workspace.paths, 'job', runs[0] ?? '').pages)).toBe(false);
  site.html('/p', '<li><b>one</b><i>1</i></li>');
  const good = await run();
  expect(good.pages).toMatchObject([{ url: site.url('/p') }]);
  expect(existsSync(runFiles(workspace.paths, 'job', good.run.run_id).pages)).toBe(false);
  expect(kept()).toEqual([false, true, true, true, true, true]);
});

describe('the page of the newest good run', () => {
  const GOOD = '<ul><li><b>one</b><i>1</i></li></ul>';

  it('is that of the run in which nothing had stopped, and replaces the one before', async () => {
    const { site, run, workspace, call } = await jobOn('/p');
    const { paths } = workspace;
    expect(findGoodPages(paths, 'job')).toBeUndefined();
    site.html('/p', GOOD);
    const first = (await run()).run.run_id;
    expect(findGoodPages(paths, 'job')).toMatchObject({ runId: first, pages: [{ variables: [] }] });
    site.html('/p', GOOD.replace('one', 'two'));
    const second = (await run()).run.run_id;
    // It succeeded, but the prices are gone; and it failed.
    site.html('/p', NO_PRICE);
    expect((await run()).run.status).toBe('succeeded');
    site.html('/p', '<p>closed</p>');
    expect((await run()).run.status).toBe('failed');
    const found = findGoodPages(paths, 'job');
    expect(found?.runId).toBe(second);
    expect(found?.pages.map(readSavedPage).join()).toContain('two');
    expect(readdirSync(getPersistentFiles(paths, 'job').goodPages)).toEqual([second]);
    expect(listSavedPages(paths, 'job', first)).toEqual([]);
    // A configuration can be tried on it like on any other kept page.
    const yaml = `url: "${site.url('/')}"\nselectors: { t: b }\n`;
    const tried = await call('test_config', { yaml, run_id: second });
    expect(tried).toMatchObject({ source: 'kept page', sample: [{ t: 'two' }] });
    expect(await call('get_run', { run_id: second })).toMatchObject({
      kept_pages: [{ url: site.url('/p') }],
    });
  });

  it('survives its run, and goes with its job', async () => {
    const { site, run, workspace, call } = await jobOn('/p');
    const { paths, db } = workspace;
    site.html('/p', GOOD);
    const { run_id } = (await run()).run;
    await call('update_job', { job_id: 'job', changes: { keep_runs: 1 } });
    site.html('/p', '<p>closed</p>');
    await run();
    await applyRetention(workspace);
    expect(workspace.runs.get(run_id)).toBeUndefined();
    expect(findGoodPages(paths, 'job')).toMatchObject({ runId: run_id });
    await call('create_job', { job_id: 'other', config_name: 'page', schedule: DAILY });
    await call('delete_job', { job_id: 'job' });
    rmSync(paths.trash, { recursive: true });
    db.run("DELETE FROM runs WHERE job_id = 'job'");
    const { goodPages } = getPersistentFiles(paths, 'job');
    utimesSync(goodPages, 0, 0);
    await applyRetention(workspace);
    expect(existsSync(goodPages)).toBe(false);
  });

  it('has its first detail page beside it', async () => {
    const { site, run, workspace } = await jobOn('/list');
    const yaml = `url: "${site.url('/list')}"\nitem: li\nselectors: { title: b }\nfollow: { selector: a, selectors: { by: .by } }\n`;
    await workspace.configs.write('page', yaml);
    site.html('/list', '<li><b>1</b><a href="/1">see</a></li>');
    site.html('/1', '<i class="by">A</i>');
    expect((await run()).pages).toMatchObject([
      { url: site.url('/list'), role: 'rows' },
      { url: site.url('/1'), role: 'detail' },
    ]);
  });

  it('names the variables that it was fetched with, without their values', async () => {
    vi.stubEnv('PAGE_KEY', 'hunter2-hunter2');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { site, run } = await jobOn('/p?key=${PAGE_KEY}');
    site.html('/p', GOOD);
    const { pages } = await run();
    expect(pages).toMatchObject([{ url: expect.stringContaining('PAGE_KEY'), variables: ['PAGE_KEY'] }]);
    expect(JSON.stringify(pages)).not.toContain('hunter2');
  });

  it('is not kept above 2 MiB: the one before stays, and the log is silent', async () => {
    const { site, run, workspace } = await jobOn('/p');
    site.html('/p', GOOD);
    const small = (await run()).run.run_id;
    site.html('/p', `${GOOD}${' '.repeat(2 * 1024 * 1024)}`);
    const { run: ended, pages, log } = await run();
    expect(ended.status).toBe('succeeded');
    expect(pages).toEqual([]);
    expect(findGoodPages(workspace.paths, 'job')?.runId).toBe(small);
    expect(log).not.toContain('kept');
  });

  it('that is damaged or half written is none', async ({ workspace }) => {
    const { paths } = workspace;
    const { goodPages } = getPersistentFiles(paths, 'job');
    for (const name of ['aaaaaaaaaa', 'bbbbbbbbbb', 'not a run'])
      mkdirSync(join(goodPages, name), { recursive: true });
    writeFileSync(join(goodPages, 'aaaaaaaaaa', '1.html'), 'its note was not written yet');
    writeFileSync(join(goodPages, 'bbbbbbbbbb', '1.json'), '{');
    expect(findGoodPages(paths, 'job')).toBeUndefined();
    writeFileSync(join(goodPages, 'cccccccccc'), 'a file');
    expect(listSavedPages(paths, 'job', 'cccccccccc')).toEqual([]);
    expect(listSavedPages(paths, 'job', '..')).toEqual([]);
  });
});

it('a page of more than 2 MiB is not kept, and the log says why', async () => {
  const { site, run } = await jobOn('/p');
  site.html('/p', `<li><b>one</b></li>${' '.repeat(2 * 1024 * 1024)}`);
  const { run: ended, pages, log } = await run();
  expect(ended.status).toBe('succeeded');
  expect(pages).toEqual([]);
  expect(log).toMatch(/WARN {2}the page is not kept: it has 20971\d\d bytes of at most 2097152/);
});

it('a run whose findings cannot be written ends as it would have, with an error in its log', async () => {
  const { site, run, workspace } = await jobOn('/p');
  site.on('/p', (_, response) => {
    const [active] = workspace.runs.active();
    if (!active) throw new Error('no run is active');
    const files = runFiles(workspace.paths, 'job', active.runId);
    mkdirSync(files.selectors);
    const { goodPages } = getPersistentFiles(workspace.paths, 'job');
    for (const folder of [files.pages, goodPages]) writeFileSync(folder, 'a file where a folder should be');
    response.writeHead(200, { 'content-type': 'text/html' }).end(NO_PRICE);
  });
  const { run: ended, pages, log } = await run();
  expect(ended).toMatchObject({ status: 'succeeded', items: 1 });
  expect(pages).toEqual([]);
  expect(log).toMatch(/WARN {2}what the selectors matched could not be saved: .*selectors\.json/);
  expect(log).toMatch(/WARN {2}the page could not be saved: .*pages/);
  expect(log).toMatch(/WARN {2}the page for comparison could not be saved: .*good/);
});

describe('a selector of detail pages that finds nothing', () => {
  /** A list of two books, whose own pages lack the number that is looked for. */
  async function brokenDetails(more: string) {
    const home = await jobOn('/list');
    const { site, workspace } = home;
    const yaml = `url: "${site.url('/list')}"
item: li
selectors: { title: b }
follow: { selector: a, selectors: { isbn: .isbn, by: .by } }
${more}`;
    await workspace.configs.write('page', yaml);
    site.html('/list', '<li><b>1</b><a href="/1">see</a></li><li><b>2</b><a href="/2">see</a></li>');
    site.html('/1', '<i class="by">A</i><i class="isbn">1-1</i>');
    site.html('/2', '<i class="by">B</i><i class="number">2-2</i>');
    return home;
  }

  it('that is expected: the first page without it is kept, and the failure names it', async () => {
    const { site, run, call } = await brokenDetails('expect: { required_fields: [isbn] }\n');
    const { run: ended, pages, log } = await run();
    expect(pages).toMatchObject([{ url: site.url('/2'), role: 'detail' }]);
    expect(ended).toMatchObject({
      status: 'failed',
      error: { kind: 'check_failed', message: expect.stringContaining(pages[0]?.file ?? 'none') },
      checks: [{ field: 'isbn', found: 50, suspect: { field: 'isbn', selector: '.isbn', matched: 1 } }],
    });
    expect(log).toContain(`the page ${site.url('/2')} is kept: ${pages[0]?.file}`);
    // It is what a corrected configuration is tried on.
    const yaml = `url: "${site.url('/')}"\nselectors: { t: b }\nfollow: { selector: a, selectors: { isbn: .number } }\n`;
    const tried = await call('test_config', { yaml, run_id: ended.run_id });
    expect(tried).toMatchObject({ source: 'kept page', sample: [{ isbn: '2-2' }] });
  });

  it('that is not expected: the first detail page is kept beside the page of the rows', async () => {
    const { site, run } = await brokenDetails('');
    site.html('/1', '<i class="by">A</i>');
    const { run: ended, pages, log } = await run();
    expect(ended.status).toBe('succeeded');
    expect(pages).toMatchObject([
      { url: site.url('/list'), role: 'rows' },
      { url: site.url('/1'), role: 'detail' },
    ]);
    expect(readSavedPage(pages[1] ?? { file: '' }).toString()).toBe('<i class="by">A</i>');
    expect(log).toContain(`the page ${site.url('/1')} is kept: ${pages[1]?.file}`);
  });
});

describe('through links', () => {
  it.skipIf(lacks('links')).for(['job', 'run', 'pages'])(
    'nothing is kept where the folder of the %s is one',
    async (which, { workspace }) => {
      const elsewhere = join(workspace.paths.home, 'elsewhere');
      mkdirSync(join(elsewhere, 'run'), { recursive: true });
      const files = runFiles(workspace.paths, 'job', 'run');
      const link = { job: join(files.folder, '..'), run: files.folder, pages: files.pages }[which] ?? '';
      mkdirSync(join(link, '..'), { recursive: true });
      symlinkSync(elsewhere, link);
      const source = { body: Buffer.from('page'), contentType: 'text/html', status: 200, fetchedAt: 0 };
      const page = { url: 'http://127.0.0.1/', source };
      const attempt = { workspace, run: { jobId: 'job', runId: 'run' }, log: {} } as unknown as Attempt;
      await expect(saveSnapshot(attempt, page)).rejects.toMatchObject({ code: 'not_allowed' });
      const { goodPages } = getPersistentFiles(workspace.paths, 'job');
      if (which !== 'job') symlinkSync(elsewhere, goodPages);
      const first = { firstUrl: page.url, firstSource: source, listFirstDetails: () => [] };
      await expect(saveGoodPages(attempt, first)).rejects.toMatchObject({ code: 'not_allowed' });
      expect(existsSync(join(elsewhere, '1.html'))).toBe(false);
      expect(existsSync(join(elsewhere, 'run', 'pages'))).toBe(false);
    },
  );
});

describe('the list of kept pages', () => {
  it.skipIf(lacks('links'))(
    'leaves out files that are damaged, foreign, links or too large',
    async ({ workspace }) => {
      const { pages } = runFiles(workspace.paths, 'job', 'run');
      mkdirSync(pages, { recursive: true });
      const note = {
        url: 'http://127.0.0.1/',
        content_type: '',
        status: 200,
        fetched_at: '2026-11-26T01:00:00.000Z',
      };
      const put = (name: string, content: string | Buffer) => writeFileSync(join(pages, name), content);
      put('1.html', 'good');
      put('1.json', JSON.stringify(note));
      put('2.html', 'its note is cut off');
      put('2.json', JSON.stringify(note).slice(0, 40));
      put('3.html', 'its note lacks the address');
      put('3.json', JSON.stringify({ ...note, url: undefined }));
      put('4.html', 'it has no note');
      put('notes.html', 'not ours');
      put('notes.json', JSON.stringify(note));
      symlinkSync(join(pages, '1.html'), join(pages, '5.html'));
      put('5.json', JSON.stringify(note));
      put('6.html', Buffer.alloc(2 * 1024 * 1024 + 1));
      put('6.json', JSON.stringify(note));
      put('10.html', 'good');
      put('10.json', JSON.stringify(note));
      mkdirSync(join(pages, '7.html'));
      const listed = listSavedPages(workspace.paths, 'job', 'run');
      expect(listed.map(({ file }) => file)).toEqual([join(pages, '1.html'), join(pages, '10.html')]);
      expect(listed[0]).toMatchObject({ fetchedAt: Date.UTC(2026, 10, 26, 1), contentType: '' });
      expect(listSavedPages(workspace.paths, 'job', 'none')).toEqual([]);
      expect(() => readSavedPage({ file: join(pages, '8.html') })).toThrow(
        expect.objectContaining({ code: 'store_unavailable' }),
      );
    },
  );
});
