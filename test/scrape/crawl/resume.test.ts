// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what stands for a secret
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { checkpointFile } from '../../../src/scrape/crawl/checkpoint-store.ts';
import { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { ScrapeError } from '../../../src/scrape/lib/scrape-error.ts';
import { scheduledHome } from '../../scheduled-home.ts';
import { sendSignal } from '../../send-signal.ts';
import { waitFor } from '../../wait-for.ts';
import { withRun } from './with-run.ts';

const { site, run, staged, path, traces } = withRun();

const LAST = 5;
const listOf = (page: number) => {
  const next = page < LAST ? `<a class="next" href="/list?page=${page + 1}">` : '';
  return `<li><h2>${page}a</h2></li><li><h2>every page</h2></li><li><h2>${page}b</h2></li>${next}`;
};

/** Five pages; what comes for one of them may be something else. @param instead true when it has answered */
function list(
  instead: (page: number, response: import('node:http').ServerResponse) => boolean = () => false,
) {
  site().on('/list', (_, response, url) => {
    const page = Number(url.searchParams.get('page') ?? 1);
    if (instead(page, response)) return;
    response
      .writeHead(page > LAST ? 404 : 200, { 'content-type': 'text/html' })
      .end(page > LAST ? '' : listOf(page));
  });
  const urls = Array.from(
    { length: LAST },
    (_, n) => `<url><loc>${site().url(`/list?page=${n + 1}`)}</loc></url>`,
  );
  site().on('/sitemap.xml', (_, response) => void response.end(`<urlset>${urls.join('')}</urlset>`));
}

const askedFor = (page: number) => site().visitsOf(`/list?page=${page}`).length;
const FIELDS = 'item: li\nselectors: { title: h2 }\ndedupe: true\n';
const NEXT = `url: "{site}/list?page=1"\n${FIELDS}pagination: { type: next_button, selector: .next }\n`;

/** One attempt; `again` for those after the first. */
const attempt = (yaml: string, again: boolean, tally?: ScrapeStats) =>
  run(
    yaml,
    {
      retries: { retries: 0, baseMs: 1 },
      resume: {
        store: checkpointFile(path('checkpoint.json')),
        isAgain: again,
        everyPage: true,
        log: (level, message) => traces.lines.push(`${level} ${message}`),
      },
    },
    tally,
  );
/** What is counted of how an attempt went through its pages. */
const counted = ({ pagination, found, matchedPages }: ScrapeStats) => ({
  shape: pagination.shape(),
  found,
  matchedPages,
});
const said = () => traces.lines.join('\n');

describe.each([
  ['next_button', NEXT],
  ['url_param', `url: "{site}/list"\n${FIELDS}pagination: { type: url_param, param_name: page }\n`],
  [
    'page_number',
    `url: "{site}/list"\n${FIELDS}pagination: { type: page_number, url_template: "{site}/list?page={page}", end_page: 5 }\n`,
  ],
  [
    'several addresses',
    `urls:\n${[1, 2, 3, 4, 5].map((n) => `  - "{site}/list?page=${n}"\n`).join('')}${FIELDS}on_error: fail\n`,
  ],
  ['a sitemap', `sitemap: "{site}/sitemap.xml"\n${FIELDS}on_error: fail\n`],
  ['a crawl', `url: "{site}/list?page=1"\n${FIELDS}crawl: { not: "page=9" }\non_missing: fail\n`],
])('with %s', (_name, yaml) => {
  it('whichever page fails, the next attempt goes on there and has the rows of an attempt that was never interrupted', async () => {
    list();
    const tally = new ScrapeStats();
    const whole = await attempt(yaml, false, tally);
    const rows = staged();
    expect(rows).toHaveLength(2 * LAST + 1);
    expect(existsSync(path('checkpoint.json'))).toBe(false);
    for (let broken = 2; broken <= LAST; broken++) {
      site().visits.length = 0;
      list((page, response) => page === broken && response.destroy() !== undefined);
      await expect(attempt(yaml, false)).rejects.toMatchObject({ kind: 'network' });
      // What a page that was not completed left behind, its last line torn.
      appendFileSync(path('items.jsonl'), '{"title":"half a page"}\n{"title":"to');
      list();
      const again = new ScrapeStats();
      expect(await attempt(yaml, true, again)).toMatchObject({ ...whole, bytes: expect.anything() });
      expect(counted(again)).toEqual(counted(tally));
      expect(staged()).toEqual(rows);
      expect(said()).toContain(`continuing after page ${broken - 1} of an earlier attempt`);
      for (let page = 1; page <= LAST; page++) expect(askedFor(page)).toBe(page === broken ? 2 : 1);
    }
  });
});

it('pages that came a moment before the failure are not fetched again, and those left out since then are', async () => {
  const yaml = `urls:\n${[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `  - "{site}/p/${n}"\n`).join('')}selectors: { title: h1 }\n`;
  for (const n of [1, 2, 3, 7, 8]) site().html(`/p/${n}`, `<h1>${n}</h1>`);
  for (const n of [4, 5]) site().on(`/p/${n}`, (_, response) => response.writeHead(403).end());
  const stop = new AbortController();
  const seldom = (again: boolean) =>
    run(yaml, {
      retries: { retries: 0, baseMs: 1 },
      resume: {
        store: checkpointFile(path('checkpoint.json')),
        isAgain: again,
        log: (level, message) => traces.lines.push(`${level} ${message}`),
      },
      signal: again ? new AbortController().signal : stop.signal,
    });
  site().on('/p/6', (_, response) => {
    stop.abort();
    response.destroy();
  });
  await expect(seldom(false)).rejects.toMatchObject({ kind: 'cancelled' });
  site().html('/p/6', '<h1>6</h1>');
  const { warnings } = await seldom(true);
  expect(said()).toContain('continuing after page 3 of an earlier attempt, with its 3 items');
  expect(staged()).toEqual([1, 2, 3, 6, 7, 8].map((n) => ({ title: String(n) })));
  const visits = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => site().visitsOf(`/p/${n}`).length);
  expect(visits).toEqual([1, 1, 1, 2, 2, 2, 1, 1]);
  expect(warnings.join()).toContain('2 addresses of urls were left out');
});

describe('an attempt starts from the first page', () => {
  const interrupted = async (yaml = NEXT) => {
    list((page, response) => page === 3 && response.destroy() !== undefined);
    await expect(attempt(yaml, false)).rejects.toMatchObject({ kind: 'network' });
    list();
  };

  it.each<[string, string, () => string | undefined]>([
    [
      'the configuration was changed',
      'the configuration or its addresses have changed',
      () => NEXT.replace('title: h2', 'title: h2, more: p'),
    ],
    [
      'items are missing',
      'some items of the earlier attempt are missing',
      () => void truncateSync(path('items.jsonl'), 3),
    ],
    ['the note cannot be read', 'cannot be read', () => void truncateSync(path('checkpoint.json'), 30)],
    [
      'it is too long ago',
      'older than 6 hours',
      () => {
        const note = JSON.parse(readFileSync(path('checkpoint.json'), 'utf8'));
        writeFileSync(
          path('checkpoint.json'),
          JSON.stringify({ ...note, savedAt: note.savedAt - 6.1 * 3_600_000 }),
        );
        return undefined;
      },
    ],
  ])('when %s', async (_name, why, change) => {
    await interrupted();
    const yaml = change() ?? NEXT;
    expect(await attempt(yaml, true)).toMatchObject({ pages: LAST, items: 2 * LAST + 1 });
    expect(staged()).toHaveLength(2 * LAST + 1);
    expect(said()).toContain(`starting from the first page: ${why.startsWith('the ') ? why : ''}`);
    expect(said()).toContain(why);
    expect(askedFor(1)).toBe(2);
  });

  it('after a refusal by the site, which may be another one by then', async () => {
    list((page, response) => page === 3 && response.writeHead(403).end() !== undefined);
    await expect(attempt(NEXT, false)).rejects.toMatchObject({ status: 403 });
    expect(existsSync(path('checkpoint.json'))).toBe(false);
  });
});

describe('an attempt that ended when all pages were fetched', () => {
  const stop = new AbortController();
  const output = () => ({ file: path('out.jsonl'), format: 'jsonl' as const });
  const attemptWith = (again: boolean, request: object) =>
    run(NEXT, {
      retries: { retries: 0, baseMs: 1 },
      resume: {
        store: checkpointFile(path('checkpoint.json')),
        isAgain: again,
        log: (level, message) => traces.lines.push(`${level} ${message}`),
      },
      output: output(),
      ...request,
    });

  it('before its output was there leaves the next one nothing but that to do', async () => {
    list();
    const judge = () => stop.abort();
    await expect(attemptWith(false, { beforeOutput: judge, signal: stop.signal })).rejects.toMatchObject({
      kind: 'cancelled',
    });
    site().visits.length = 0;
    const judged: number[] = [];
    const again = { beforeOutput: ({ items }: { items: number }) => void judged.push(items) };
    expect(await attemptWith(true, again)).toMatchObject({ pages: LAST, items: 2 * LAST + 1 });
    expect(site().visits).toEqual([]);
    expect(judged).toEqual([2 * LAST + 1]);
    expect(readFileSync(output().file, 'utf8').split('\n')).toHaveLength(2 * LAST + 2);
    expect(existsSync(path('checkpoint.json'))).toBe(false);
  });

  it('with unexpected rows leaves the next one nothing', async () => {
    list();
    const judge = () => {
      throw new ScrapeError('check_failed', 'too few');
    };
    await expect(attemptWith(false, { beforeOutput: judge })).rejects.toMatchObject({ kind: 'check_failed' });
    expect(existsSync(path('checkpoint.json'))).toBe(false);
  });
});

it('nothing is noted where an address holds a secret', async () => {
  list((page, response) => page === 3 && response.destroy() !== undefined);
  const file = path('checkpoint.json');
  const redact = (text: string) => text.replaceAll('/list?page=2', '${SECRET}');
  const resume = {
    store: checkpointFile(file),
    isAgain: false,
    everyPage: true,
    redact,
    log: () => undefined,
  };
  await expect(run(NEXT, { retries: { retries: 0, baseMs: 1 }, resume })).rejects.toMatchObject({
    kind: 'network',
  });
  expect(existsSync(file)).toBe(false);
});

it('a link that leads back to a page of the attempt before ends the run as it would have', async () => {
  list((page, response) => page === 4 && response.destroy() !== undefined);
  await expect(attempt(NEXT, false)).rejects.toMatchObject({ kind: 'network' });
  list((page, response) => {
    if (page !== 4) return false;
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<li><h2>4</h2></li><a class="next" href="/list?page=2">');
    return true;
  });
  const { warnings, pages } = await attempt(NEXT, true);
  expect(pages).toBe(4);
  expect(warnings.join()).toContain('leads back to');
});

it('a run whose process is killed goes on after its last page in the next attempt', async () => {
  let held = true;
  list((page) => page === 3 && held);
  const { workspace, runThat, startScheduler, disableJob } = await scheduledHome(
    `${NEXT.replaceAll('{site}', site().url(''))}delays: { type: fixed, value: 0.3 }\n`,
    {
      schedule: { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' },
      max_retries: 1,
      retry_delay: 0,
    },
  );
  await startScheduler();
  const { runId, process } = await runThat(['running']);
  await disableJob();
  const files = runFiles(workspace.paths, 'watched', runId);
  await waitFor('the third page to be asked for', () => askedFor(3) > 0);
  // On a slow disk a page that was quick is not noted.
  const done: number = JSON.parse(readFileSync(files.checkpoint, 'utf8')).tally.pages;
  sendSignal(process, 'SIGKILL');
  held = false;
  const over = await runThat(['succeeded'], runId);
  expect(over).toMatchObject({ attempt: 2, pages: LAST, items: 2 * LAST + 1 });
  expect(
    readFileSync(over.outputPath ?? '', 'utf8')
      .split('\n')
      .slice(1, -1),
  ).toEqual(['1a', 'every page', '1b', ...[2, 3, 4, 5].flatMap((page) => [`${page}a`, `${page}b`])]);
  expect([1, 2, 3, 4, 5].map(askedFor)).toEqual([1, done === 2 ? 1 : 2, 2, 1, 1]);
  expect(readFileSync(files.log, 'utf8')).toContain(`continuing after page ${done} of an earlier attempt`);
});
