import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withRun } from './with-run.ts';

const { site, path, run, staged, traces } = withRun();
const YAML = `url: "{site}/list"
item: li
selectors: { title: a, price: { selector: i, type: price } }
follow:
  selector: a
  selectors: { isbn: .isbn, tags: { selector: .tag, multiple: true }, by: { selector: .by, children: { name: b } } }
delays: { type: fixed, value: 0 }
`;
const EMPTY = { isbn: null, tags: [], by: null };

/** A list whose rows link to `/book/<name>`, and a page for each. */
function shop(
  names: readonly string[],
  page = (name: string) => `<p class="isbn">${name}-1</p><b class="tag">t</b>`,
) {
  const rows = names.map((name) => `<li><a href="/book/${name}">${name}</a><i>£5</i></li>`);
  site().html('/list', `<ul>${rows.join('')}</ul>`);
  for (const name of names) site().html(`/book/${name}`, page(name));
}

function breakPages(names: readonly string[]) {
  for (const name of names) site().on(`/book/${name}`, (_, response) => response.writeHead(404).end());
}

describe('detail pages', () => {
  it('add their fields to the rows, counted and in the output', async () => {
    shop(
      ['a', 'b'],
      (name) =>
        `<p class="isbn">${name}-1</p><b class="tag">x</b><b class="tag">y</b><p class="by"><b>N</b></p>`,
    );
    const result = await run(YAML, { output: { file: path('books.csv'), format: 'csv' } });
    const details = { tags: ['x', 'y'], by: { name: 'N' } };
    expect(staged()).toEqual([
      { title: 'a', price: { amount: 5, currency: 'GBP' }, isbn: 'a-1', ...details },
      { title: 'b', price: { amount: 5, currency: 'GBP' }, isbn: 'b-1', ...details },
    ]);
    expect(result).toMatchObject({ items: 2, pages: 3, warnings: [] });
    expect(result.matches).toEqual({
      title: 2,
      price: 2,
      'follow.selector': 2,
      isbn: 2,
      tags: 4,
      by: 2,
      'by.name': 2,
    });
    expect(readFileSync(path('books.csv'), 'utf8').split('\n')[0]).toBe(
      'title,price,price_currency,isbn,tags,by',
    );
    expect(traces.progress.map(({ pages, items, total_pages }) => [pages, items, total_pages])).toEqual([
      [2, 0, null],
      [3, 0, null],
      [3, 2, null],
    ]);
  });

  it('are fetched once, however many rows link to them, and not for rows beyond a sample', async () => {
    shop(['a', 'a', 'b', 'a']);
    await run(YAML);
    expect(site().visitsOf('/book/a')).toHaveLength(1);
    expect(staged()).toHaveLength(4);
    shop(['c', 'd', 'e']);
    await run(YAML, { sample: 2 });
    expect(site().visitsOf('/book/e')).toHaveLength(0);
    expect(staged()).toMatchObject([{ isbn: 'c-1' }, { isbn: 'd-1' }]);
  });

  it('are asked for in order and one at a time, also while the one before is read', async () => {
    const names = ['a', 'b', 'c', 'd'];
    shop(names);
    let open = 0;
    let most = 0;
    for (const name of names) {
      site().on(`/book/${name}`, (_, response) => {
        open += 1;
        most = Math.max(most, open);
        response.on('close', () => (open -= 1));
        response.writeHead(200, { 'content-type': 'text/html' }).write('<p class="isbn">1</p>');
        setImmediate(() => response.end());
      });
    }
    await run(YAML);
    expect(
      site()
        .visits.map(({ path }) => path)
        .slice(2),
    ).toEqual(names.map((name) => `/book/${name}`));
    expect(most).toBe(1);
  });

  it('are followed by the next page of the list, which is fetched only when it is reached', async () => {
    const paths = () =>
      site()
        .visits.splice(0)
        .map(({ path }) => path)
        .filter((path) => path !== '/robots.txt');
    const page = (n: number, name: string) =>
      site().html(
        `/p${n}`,
        `<ul><li><a href="/book/${name}">${name}</a></li></ul><a class="next" href="/p${n + 1}">next</a>`,
      );
    page(1, 'a');
    page(2, 'b');
    site().html('/p3', '<ul><li><a>c</a></li></ul><a class="next" href="/p1">first</a>');
    for (const name of ['a', 'b']) site().html(`/book/${name}`, `<p class="isbn">${name}-1</p>`);
    const yaml = `${YAML.replace('/list', '/p1')}pagination: { type: next_button, selector: .next }\n`;
    await run(yaml);
    expect(paths()).toEqual(['/p1', '/book/a', '/p2', '/book/b', '/p3']);
    expect(staged()).toMatchObject([{ isbn: 'a-1' }, { isbn: 'b-1' }, { title: 'c' }]);
    await run(yaml.replace('selector: .next', 'selector: .next, max_pages: 2'));
    expect(paths()).toEqual(['/p1', '/book/a', '/p2', '/book/b']);
    await run(yaml, { maxPages: 1 });
    expect(paths()).toEqual(['/p1', '/book/a']);
    await run(yaml, { sample: 2 });
    expect(paths()).toEqual(['/p1', '/book/a', '/p2', '/book/b']);
    site().on('/book/b', (_, response) => response.writeHead(404).end());
    await expect(run(yaml.replace('  selector: a\n', '  selector: a\n  on_error: fail\n'))).rejects.toThrow(
      '404',
    );
    expect(paths()).toEqual(['/p1', '/book/a', '/p2', '/book/b']);
  });

  it('that fail leave their rows with empty fields, and one warning', async () => {
    shop(['a', 'b', 'c', 'd']);
    breakPages(['b', 'd']);
    const { warnings, items } = await run(YAML);
    expect(staged()).toMatchObject([{ isbn: 'a-1' }, EMPTY, { isbn: 'c-1' }, EMPTY]);
    expect(items).toBe(4);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^detail page \S+\/book\/b: HTTP 404.*; its fields stay empty \(likewise on 1 more page\)$/,
      ),
    ]);
    expect(traces.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  });

  it('that fail drop their rows or fail the run, as on_error says', async () => {
    shop(['a', 'b', 'c']);
    breakPages(['b']);
    await run(`${YAML.trimEnd()}\n`.replace('  selector: a\n', '  selector: a\n  on_error: drop_row\n'));
    expect(staged()).toMatchObject([{ title: 'a' }, { title: 'c' }]);
    const failing = run(YAML.replace('  selector: a\n', '  selector: a\n  on_error: fail\n'));
    await expect(failing).rejects.toMatchObject({ kind: 'http', status: 404 });
  });

  it('fail the run when at least five and more than half of them do, or all', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    shop(names);
    breakPages(['b', 'd', 'f', 'h', 'j']);
    expect(await run(YAML)).toMatchObject({ items: 10 });
    breakPages(['a', 'c']);
    await expect(run(YAML)).rejects.toMatchObject({
      kind: 'http',
      message: expect.stringContaining('5 of 6 detail pages failed'),
    });
    shop(['x', 'y']);
    breakPages(['x', 'y']);
    await expect(run(YAML)).rejects.toThrow('2 of 2 detail pages failed');
  });

  it('end at max_pages, and say how many rows went without', async () => {
    shop(['a', 'b', 'c']);
    const { warnings } = await run(YAML.replace('  selector: a\n', '  selector: a\n  max_pages: 1\n'));
    expect(staged()).toMatchObject([{ isbn: 'a-1' }, EMPTY, EMPTY]);
    expect(warnings).toEqual(['2 rows have no fields of a detail page: follow.max_pages (1) was reached']);
    expect(site().visits.map(({ path }) => path)).toEqual(['/robots.txt', '/list', '/book/a']);
  });

  it('of a test run: names how many rows were tried', async () => {
    shop(['a', 'b', 'c', 'd']);
    const yaml = YAML.replace('  selector: a\n', '  selector: a\n  max_pages: 1\n');
    const { warnings } = await run(yaml, { maxDetails: 3 });
    expect(warnings).toEqual([
      '2 of the first 3 rows have no fields of a detail page: follow.max_pages (1) was reached',
    ]);
  });

  it('keep to robots.txt, and to public addresses', async () => {
    shop(['a', 'b']);
    site().robots = { status: 200, body: 'User-agent: *\nDisallow: /book/a' };
    expect((await run(YAML)).warnings).toEqual([expect.stringMatching(/robots\.txt/)]);
    expect(staged()).toMatchObject([EMPTY, { isbn: 'b-1' }]);
    expect(site().visitsOf('/book/a')).toHaveLength(0);
    site().html(
      '/list',
      '<ul><li><a href="/book/b">b</a></li><li><a href="http://169.254.169.254/">a</a></li></ul>',
    );
    expect((await run(YAML)).warnings).toEqual([expect.stringMatching(/169\.254\.169\.254/)]);
    expect(staged()).toMatchObject([{ isbn: 'b-1' }, EMPTY]);
  });

  it('are not looked for where a row has no link, or one that leads nowhere', async () => {
    site().html('/list', '<ul><li><a>a</a></li><li><a href="#">b</a></li><li><i>£5</i></li></ul>');
    const { pages, matches } = await run(YAML);
    expect([pages, matches['follow.selector'], staged().length]).toEqual([1, 2, 3]);
  });

  it('are found by XPath, from the row to the page', async () => {
    shop(['a', 'b']);
    const yaml = YAML.replace('selector: a\n', 'selector: "xpath:./a/@href"\n').replace(
      'isbn: .isbn',
      'isbn: "xpath://p[@class=\'isbn\']"',
    );
    await run(yaml);
    expect(staged()).toMatchObject([{ isbn: 'a-1' }, { isbn: 'b-1' }]);
  });

  it('stop with the run', async () => {
    shop(['a', 'b']);
    const stop = new AbortController();
    site().on('/book/a', () => stop.abort());
    await expect(run(YAML, { signal: stop.signal })).rejects.toMatchObject({ kind: 'cancelled' });
    expect(site().visitsOf('/book/b')).toHaveLength(0);
  });
});

describe('rows that were there before', () => {
  const list = (...rows: [string, string][]) =>
    site().html(
      '/list',
      `<ul>${rows.map(([title, price]) => `<li><a>${title}</a><i>${price}</i></li>`).join('')}</ul>`,
    );
  const PLAIN =
    'url: "{site}/list"\nitem: li\nselectors: { title: a, price: i }\ndelays: { type: fixed, value: 0 }\n';

  it('are left out when all fields are alike, or the key fields', async () => {
    list(['a', '1'], ['a', '2'], ['b', '1'], ['a', '1']);
    expect(await run(`${PLAIN}dedupe: true\n`)).toMatchObject({ items: 3, warnings: [] });
    expect(traces.lines).toContain('info left out 1 duplicate rows (dedupe)');
    await run(`${PLAIN}dedupe: title\n`);
    expect(staged()).toEqual([
      { title: 'a', price: '1' },
      { title: 'b', price: '1' },
    ]);
    await run(`${PLAIN}dedupe: [title, price]\n`);
    expect(staged()).toHaveLength(3);
    await run(`${PLAIN}dedupe: false\n`);
    expect(staged()).toHaveLength(4);
  });

  it('are distinguished across all pages of a run', async () => {
    for (const n of [1, 2]) site().html(`/p${n}`, `<ul><li><a>a</a></li><li><a>${n}</a></li></ul>`);
    await run(`${PLAIN}dedupe: true\n`.replace('url: "{site}/list"', 'urls: ["{site}/p1", "{site}/p2"]'));
    expect(staged()).toMatchObject([{ title: 'a' }, { title: '1' }, { title: '2' }]);
  });

  it('stay when all their key fields are empty', async () => {
    list(['', '1'], ['', '2']);
    await run(`${PLAIN}dedupe: title\n`);
    expect(staged()).toHaveLength(2);
  });

  it('are left out before their pages are fetched when the row is enough, else afterwards', async () => {
    shop(['a', 'a', 'b'], () => '<p class="isbn">same</p>');
    await run(`${YAML}dedupe: title\n`);
    expect(staged()).toMatchObject([{ title: 'a' }, { title: 'b' }]);
    await run(`${YAML}dedupe: isbn\n`);
    expect(staged()).toMatchObject([{ title: 'a', isbn: 'same' }]);
  });
});

it('values that cannot be read are null, counted over the run, with a sample', async () => {
  for (const n of [1, 2])
    site().html(`/p${n}`, `<ul><li><a>a${n}</a><i>ask us ${n} or 2</i></li><li><a>b</a><i>£5</i></li></ul>`);
  const yaml = YAML.replace('url: "{site}/list"', 'urls: ["{site}/p1", "{site}/p2"]').replace(
    /follow:\n.*\n.*\n/,
    '',
  );
  const { warnings, items } = await run(yaml);
  const told = 'price: 2 values are null, such as "ask us 1 or 2", which contains several numbers';
  expect([items, warnings]).toEqual([4, [told]]);
  expect(traces.lines.filter((line) => line.startsWith('warn'))).toEqual([`warn ${told}`]);
});
