import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkpointFile } from '../../../src/scrape/crawl/checkpoint-store.ts';
import { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { withRun } from './with-run.ts';

const { site, path, run, staged, traces } = withRun();
const YAML = `url: "{site}/list"
item: li
selectors: { title: a }
follow:
  selector: a
  selectors: { isbn: .isbn, seen: { page: url } }
  follow:
    selector: a.maker
    selectors: { maker: h1, tags: { selector: .tag, multiple: true } }
    follow: { selector: a.city, selectors: { city: h1 } }
delays: { type: fixed, value: 0 }
`;
const NOTHING = { maker: null, tags: [], city: null };

/** Rows that link to books, which link to makers, which link to cities. */
function shop(books: Record<string, string>) {
  site().html(
    '/list',
    `<ul>${Object.keys(books)
      .map((name) => `<li><a href="/book/${name}">${name}</a></li>`)
      .join('')}</ul>`,
  );
  for (const [name, maker] of Object.entries(books)) {
    site().html(
      `/book/${name}`,
      `<p class="isbn">${name}-1</p><a class="maker" href="/maker/${maker}">m</a>`,
    );
    site().html(
      `/maker/${maker}`,
      `<h1>${maker}</h1><i class="tag">t</i><a class="city" href="/city/${maker}">c</a>`,
    );
    site().html(`/city/${maker}`, `<h1>${maker} City</h1>`);
  }
}

const fails = (path: string) => site().on(path, (_, response) => response.writeHead(404).end());
const paths = () => site().visits.map((visit) => visit.path);

describe('follow within follow', () => {
  it('adds the fields of each level in the order written, and counts the selectors of each', async () => {
    shop({ a: 'x', b: 'y', c: 'x' });
    const result = await run(YAML, { output: { file: path('books.csv'), format: 'csv' } });
    const row = (title: string, maker: string) => ({
      title,
      isbn: `${title}-1`,
      seen: site().url(`/book/${title}`),
      maker,
      tags: ['t'],
      city: `${maker} City`,
    });
    expect(staged()).toEqual([row('a', 'x'), row('b', 'y'), row('c', 'x')]);
    expect(result).toMatchObject({ items: 3, pages: 8, warnings: [] });
    expect(result.matches).toEqual({
      title: 3,
      'follow.selector': 3,
      isbn: 3,
      'follow.follow.selector': 3,
      maker: 2,
      tags: 2,
      'follow.follow.follow.selector': 2,
      city: 2,
    });
    expect(readFileSync(path('books.csv'), 'utf8').split('\n')[0]).toBe('title,isbn,seen,maker,tags,city');
    expect(paths().slice(1)).toEqual([
      '/list',
      ...['a', 'b', 'c'].map((name) => `/book/${name}`),
      ...['/maker/x', '/maker/y', '/city/x', '/city/y'],
    ]);
  });

  it('leaves the fields of further levels empty where a level has no page', async () => {
    shop({ a: 'x', b: 'y', c: 'z' });
    fails('/book/a');
    site().html('/book/b', '<p class="isbn">b-1</p>');
    const { warnings } = await run(YAML);
    expect(staged()).toMatchObject([
      { isbn: null, seen: null, ...NOTHING },
      { isbn: 'b-1', ...NOTHING },
      { maker: 'z', city: 'z City' },
    ]);
    expect(warnings).toEqual([expect.stringMatching(/^detail page \S+\/book\/a: HTTP 404/)]);
  });

  it('treats failures of each level as that level says', async () => {
    shop({ a: 'x', b: 'y' });
    fails('/maker/x');
    const dropping = YAML.replace(
      '    selector: a.maker\n',
      '    selector: a.maker\n    on_error: drop_row\n',
    );
    await run(dropping);
    expect(staged()).toMatchObject([{ title: 'b', city: 'y City' }]);
    await expect(run(dropping.replace('drop_row', 'fail'))).rejects.toMatchObject({ status: 404 });
    fails('/maker/y');
    await expect(run(YAML)).rejects.toThrow('2 of 2 detail pages of follow.follow failed');
  });

  it('ends each level at its own max_pages, and says of which level', async () => {
    shop({ a: 'x', b: 'y', c: 'z' });
    const limited = YAML.replace('    selector: a.maker\n', '    selector: a.maker\n    max_pages: 1\n');
    const { warnings } = await run(limited);
    expect(staged()).toMatchObject([
      { isbn: 'a-1', maker: 'x', city: 'x City' },
      { isbn: 'b-1', ...NOTHING },
      { isbn: 'c-1', ...NOTHING },
    ]);
    expect(warnings).toEqual([
      '2 rows have no fields of a detail page: follow.follow.max_pages (1) was reached',
    ]);
    const store = checkpointFile(path('checkpoint.json'));
    const log = (_: string, text: string) => traces.lines.push(text);
    await run(limited, { resume: { store, isAgain: true, log } });
    expect(traces.lines).toContain(
      'starting from the first page: follow.follow.max_pages counts over the whole run',
    );
  });

  it('leaves out duplicates by a field of a further level', async () => {
    shop({ a: 'x', b: 'y', c: 'x' });
    await run(`${YAML}dedupe: city\n`);
    expect(staged()).toMatchObject([{ title: 'a' }, { title: 'b' }]);
  });

  it('remembers the first page of each level, and the page on which an expected field is empty', async () => {
    shop({ a: 'x', b: 'y' });
    site().html('/city/y', '<p>no name</p>');
    const stats = new ScrapeStats({ fields: ['city'] });
    await run(YAML, {}, stats);
    const [book, maker, city] = stats.listFirstDetails();
    expect([book?.url, maker?.url, city?.url]).toEqual(
      ['/book/a', '/maker/x', '/city/x'].map((page) => site().url(page)),
    );
    expect([book?.level, maker?.level, city?.level]).toEqual([undefined, 2, 3]);
    expect(stats.gaps.get('city')).toMatchObject({ url: site().url('/city/y'), role: 'detail', level: 3 });
    const restored = new ScrapeStats();
    restored.restore(JSON.parse(JSON.stringify(stats.state())));
    expect(restored.state()).toEqual(stats.state());
  });

  it('follows the rows of a test run only, at each level', async () => {
    shop({ a: 'x', b: 'y', c: 'z' });
    await run(YAML, { maxDetails: 1 });
    expect(paths().slice(1)).toEqual(['/list', '/book/a', '/maker/x', '/city/x']);
    expect(staged()).toHaveLength(3);
  });
});
