import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../src/scrape/config/parse-config.ts';
import { checkpointFile } from '../../../src/scrape/crawl/checkpoint-store.ts';
import { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { withRun } from '../crawl/with-run.ts';

const { site, run, staged, path, traces } = withRun();

const titles = () => staged().map((item) => (item as { title: string }).title);
const yaml = (paths: readonly string[], more = '') =>
  `urls:\n${paths.map((one) => `  - "${one.includes('://') ? one : `{site}${one}`}"\n`).join('')}selectors: { title: h2 }\n${more}`;

function pages(...paths: string[]): void {
  for (const one of paths) site().html(one, `<h2>${one}</h2>`);
}

/** An attempt that the next one may go on from. */
const attempt = (text: string, again: boolean, tally?: ScrapeStats) =>
  run(
    text,
    {
      retries: { retries: 0, baseMs: 1 },
      resume: {
        store: checkpointFile(path('checkpoint.json')),
        isAgain: again,
        everyPage: true,
        log: () => undefined,
      },
    },
    tally,
  );

describe('of several addresses', () => {
  it('those that are missing are left out, and one warning says how many and which', async () => {
    pages('/a', '/b', '/c', '/d');
    site().on('/gone', (_, response) => response.writeHead(410).end());
    site().robots = { status: 200, body: 'User-agent: *\nDisallow: /secret' };
    const { items, warnings } = await run(
      yaml(['/a', '/404', '/b', '/gone', '/c', '/secret', '/d', 'http://no-such-host.invalid/']),
    );
    expect(items).toBe(4);
    expect(titles()).toEqual(['/a', '/b', '/c', '/d']);
    const { host } = new URL(site().url(''));
    expect(warnings).toEqual([
      `4 addresses of urls were left out: ${site().url('/404')} (HTTP 404 Not Found), ${site().url('/gone')} (HTTP 410 Gone), ${site().url('/secret')} (robots.txt of ${host} disallows it), http://no-such-host.invalid/ (no-such-host.invalid: no such host (DNS))`,
    ]);
    expect(traces.lines.filter((line) => line.startsWith('warn '))).toContain(
      `warn ${site().url('/404')}: left out: HTTP 404 Not Found`,
    );
  });

  it('as many as half may be missing, wherever they stand, and one more fails the run', async () => {
    pages('/a', '/b', '/c', '/d', '/e', '/f');
    const dead = (count: number) => Array.from({ length: count }, (_, n) => `/gone/${n}`);
    expect(await run(yaml([...dead(6), '/a', '/b', '/c', '/d', '/e', '/f']))).toMatchObject({ items: 6 });
    await expect(run(yaml(['/a', '/b', '/c', '/d', '/e', '/f', ...dead(7)]))).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('7 of 13 addresses of urls failed'),
    });
    expect(await run(yaml(['/a', ...dead(1)]))).toMatchObject({ items: 1 });
    await expect(run(yaml(['/a', ...dead(2)]))).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    ['a server error', 500],
    ['a refusal', 403],
  ])('one that fails with %s is left out, named and counted', async (_name, status) => {
    pages('/a', '/b', '/c');
    site().on('/broken', (_, response) => response.writeHead(status).end());
    const text = yaml(['/a', '/broken', '/b', '/c']);
    const { items, warnings } = await run(text);
    expect(items).toBe(3);
    expect(warnings).toEqual([
      expect.stringMatching(new RegExp(`^1 address of urls was left out: \\S+/broken \\(HTTP ${status}`)),
    ]);
    expect(traces.lines.join('\n')).toMatch(/^warn \S+\/broken: left out: HTTP/m);
    for (const strict of ['on_error: fail\n', 'on_missing: fail\n'])
      await expect(run(text + strict)).rejects.toMatchObject({ kind: 'http', status });
    await expect(run(yaml(['/broken']))).rejects.toMatchObject({ status });
    await expect(run(yaml(['/broken', '/broken#again']))).rejects.toMatchObject({ status });
  });

  it('more than half fail the run, whether they are missing or fail', async () => {
    pages('/a', '/b');
    site().on('/broken', (_, response) => response.writeHead(403).end());
    await expect(run(yaml(['/a', '/broken', '/404', '/b', '/gone']))).rejects.toMatchObject({
      message: expect.stringContaining('3 of 5 addresses of urls failed'),
    });
  });

  it('a site that fails five times in a row ends the attempt, and the next one goes on before them', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `/p/${n}`);
    pages(...names);
    const down = (status: number) => {
      for (const one of names.slice(4, 9)) site().on(one, (_, response) => response.writeHead(status).end());
    };
    down(503);
    await expect(attempt(yaml(names), false)).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('5 addresses in a row failed'),
    });
    site().visits.length = 0;
    pages(...names);
    const { items, warnings } = await attempt(yaml(names), true);
    expect([items, warnings]).toEqual([12, []]);
    expect(site().visits.map((visit) => visit.path)).toEqual(['/robots.txt', ...names.slice(4)]);
    // Answers of a site that is there are those of single pages.
    down(403);
    expect(await run(yaml(names))).toMatchObject({ items: 7 });
  });

  it('one that was left out is not fetched again by the next attempt of the run', async () => {
    pages('/a', '/b', '/c', '/d');
    site().on('/broken', (_, response) => response.writeHead(403).end());
    const text = yaml(['/a', '/broken', '/b', '/c', '/d'], 'expect: { min_items: 9 }\n');
    const stop = new AbortController();
    site().on('/c', (_, response) => {
      stop.abort();
      response.destroy();
    });
    const resume = {
      store: checkpointFile(path('checkpoint.json')),
      isAgain: false,
      everyPage: true,
      log: () => undefined,
    };
    await expect(run(text, { resume, signal: stop.signal })).rejects.toMatchObject({ kind: 'cancelled' });
    site().visits.length = 0;
    pages('/c');
    const { warnings } = await attempt(text, true);
    expect(site().visits.map((visit) => visit.path)).toEqual(['/robots.txt', '/c', '/d']);
    expect(titles()).toEqual(['/a', '/b', '/c', '/d']);
    expect(warnings.join()).toMatch(/^1 address of urls was left out: \S+\/broken/);
  });

  it('a robots.txt that cannot be read fails the run, as that may pass', async () => {
    pages('/a', '/b', '/c');
    site().robots = { status: 500, body: '' };
    await expect(run(yaml(['/a', '/b', '/c']))).rejects.toMatchObject({
      kind: 'robots',
      message: expect.stringMatching(/cannot be read.*500.*2 of 3 addresses of urls failed/),
    });
  });

  it('one that is there twice counts once', async () => {
    pages('/a');
    await expect(run(yaml(['/a', '/a', '/404', '/gone']))).rejects.toMatchObject({
      message: expect.stringContaining('2 of 3 addresses of urls failed'),
    });
    await expect(run(yaml(['/404', '/404#more']))).rejects.toMatchObject({
      message: `${site().url('/404')}: HTTP 404 Not Found`,
    });
  });

  it('on_missing: fail, and a single address, fail at the first one', async () => {
    pages('/a', '/b');
    await expect(run(yaml(['/a', '/404', '/b'], 'on_missing: fail\n'))).rejects.toMatchObject({
      message: `${site().url('/404')}: HTTP 404 Not Found (after 1 page, 1 item)`,
    });
    await expect(run(yaml(['/404']))).rejects.toMatchObject({
      message: `${site().url('/404')}: HTTP 404 Not Found`,
    });
  });

  it.each([404, 500])('those after a later page that answers %d are left out, too', async (status) => {
    pages('/b', '/c');
    site().html('/a', '<h2>/a</h2><a class="next" href="/a/2">next</a>');
    site().html('/a/2', '<h2>/a/2</h2><a class="next" href="/a/3">next</a>');
    site().on('/a/3', (_, response) => response.writeHead(status).end());
    const next = 'pagination: { type: next_button, selector: .next }\n';
    const { warnings } = await run(yaml(['/a', '/b', '/c'], next));
    expect(titles()).toEqual(['/a', '/a/2', '/b', '/c']);
    expect(warnings).toEqual([
      expect.stringMatching(/^1 address of urls was left out: \S+\/a \(from page 3 on: \S+\/a\/3: HTTP/),
    ]);
    site().html('/b', '<h2>/b</h2><a class="next" href="/b/2">next</a>');
    site().on('/b/2', (_, response) => response.writeHead(status).end());
    await expect(run(yaml(['/a', '/b', '/c'], next))).rejects.toMatchObject({ status });
    await expect(run(yaml(['/a'], next))).rejects.toMatchObject({ status });
  });

  it('an attempt that goes on knows how many the one before left out', async () => {
    pages('/a', '/b', '/c');
    site().on('/d', (_, response) => void response.destroy());
    const text = yaml(['/404', '/a', '/gone', '/b', '/c', '/d'], 'on_error: fail\n');
    await expect(attempt(text, false)).rejects.toMatchObject({ kind: 'network' });
    site().visits.length = 0;
    pages('/d');
    const tally = new ScrapeStats();
    const { warnings } = await attempt(text, true, tally);
    expect(site().visits.map((visit) => visit.path)).toEqual(['/robots.txt', '/d']);
    expect(titles()).toEqual(['/a', '/b', '/c', '/d']);
    expect(warnings.join()).toMatch(/^2 addresses of urls were left out: \S+\/404 .*, \S+\/gone /);
    // With what was left out before, the next one is one too many.
    const many = yaml(['/404', '/a', '/gone', '/b', '/e', '/f', '/x', '/y', '/z'], 'on_error: fail\n');
    pages('/f');
    site().on('/e', (_, response) => void response.destroy());
    await expect(attempt(many, false)).rejects.toMatchObject({ kind: 'network' });
    pages('/e');
    await expect(attempt(many, true)).rejects.toMatchObject({
      message: expect.stringContaining('5 of 9 addresses of urls failed'),
    });
  });

  it('those without a row are named in one warning', async () => {
    pages('/a', '/c');
    for (const one of ['/b', '/d']) site().html(one, '<p>nothing</p>');
    const { warnings } = await run(yaml(['/a', '/b', '/c', '/d']));
    const told = `2 pages of urls have no rows: ${site().url('/b')}, ${site().url('/d')}`;
    expect(warnings).toEqual([told]);
    expect(traces.lines).toContain(`warn ${told}`);
    const allowed = yaml(['/a', '/b', '/c', '/d'], 'expect: { allow_empty: true }\n');
    expect((await run(allowed)).warnings).toEqual([]);
  });

  it('of many only the first are named', async () => {
    pages('/a');
    const bare = Array.from({ length: 12 }, (_, n) => `/bare/${n}`);
    for (const one of bare) site().html(one, '<p>nothing</p>');
    const [warning = ''] = (await run(yaml(['/a', ...bare]))).warnings;
    expect(warning).toMatch(/^12 pages of urls have no rows: .*\/bare\/9 and 2 more$/);
  });
});

it('on_missing takes skip or fail', () => {
  expect(
    checkConfig(yaml(['https://shop.example/'], 'on_missing: ignore\n').replaceAll('{site}', ''), 'a.yaml'),
  ).toMatchObject([{ path: 'on_missing', message: '"ignore" is not one of skip, fail' }]);
});
