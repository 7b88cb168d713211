import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withRun } from './with-run.ts';

const { site, path, run, staged, traces } = withRun();
const YAML =
  'url: "{site}/books"\nitem: li\nselectors: { title: h2, price: .price }\ndelays: { type: fixed, value: 0 }\n';

function books(titles: string[]): void {
  const items = titles.map((title) => `<li><h2>${title}</h2><i class="price">1</i></li>`);
  site().html('/books', `<ul>${items.join('')}</ul>`);
}

describe('a run', () => {
  it('leaves its items staged and in the output file, and reports its counts', async () => {
    books(['Über', 'Mice; and "Men"']);
    const result = await run(YAML, { output: { file: path('new/books.csv'), format: 'csv' } });
    expect(result).toEqual({
      items: 2,
      pages: 1,
      bytes: 109,
      output_path: path('new/books.csv'),
      output_format: 'csv',
      warnings: [],
      matches: { title: 2, price: 2 },
      misses: {},
    });
    expect(readFileSync(path('new/books.csv'), 'utf8')).toBe('title,price\nÜber,1\n"Mice; and ""Men""",1\n');
    expect(staged()).toEqual([
      { title: 'Über', price: '1' },
      { title: 'Mice; and "Men"', price: '1' },
    ]);
    expect(traces.lines).toContain(`info ${site().url('/books')}: HTTP 200, 2 items, 109 B`);
    expect(traces.progress).toEqual([
      { pages: 1, items: 2, bytes: 109, total_pages: 1, url: site().url('/books') },
    ]);
  });

  it('stops after as many items as a sample needs', async () => {
    books(['a', 'b', 'c']);
    expect(await run(YAML, { sample: 2 })).toMatchObject({
      items: 2,
      output_path: null,
      output_format: null,
    });
    expect(staged()).toHaveLength(2);
  });

  it('keeps to what the caller says before what the configuration says', async () => {
    books(['a']);
    site().robots = { status: 200, body: 'User-agent: *\nDisallow: /' };
    await expect(run(YAML)).rejects.toMatchObject({ kind: 'robots' });
    await run(YAML, { respectRobots: false, userAgent: 'Finder/2' });
    expect(site().visitsOf('/books')[0]?.headers['user-agent']).toBe('Finder/2');
    site().on('/books', () => undefined);
    const quick = { respectRobots: false, requestTimeoutSeconds: 0.05, retries: { retries: 0, baseMs: 1 } };
    await expect(run(YAML, quick)).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('without items fails, says how often each selector matched, and leaves the old output', async () => {
    site().html('/books', '<ul><li><b>no title</b></li></ul>');
    writeFileSync(path('books.csv'), 'old');
    await expect(run(YAML, { output: { file: path('books.csv'), format: 'csv' } })).rejects.toMatchObject({
      kind: 'no_items',
      message: `no items on 1 page (${site().url('/books')})`,
      hint: expect.stringMatching(/title 0, price 0.*set expect: \{ allow_empty: true \}/),
    });
    expect(readFileSync(path('books.csv'), 'utf8')).toBe('old');
  });

  it('without items says which values its regex did not match', async () => {
    site().html('/books', '<h3>First</h3><h3>Second</h3>');
    await expect(
      run('url: "{site}/books"\nselectors: { no: { selector: h3, regex: "[0-9]+" } }\n'),
    ).rejects.toMatchObject({
      hint: expect.stringMatching(
        /^The selectors matched: no 2\. What they matched could not be read: no: 2 values are null, such as "First", which is not matched by its regex\. If no rows/,
      ),
    });
  });

  it.each(['application/json; charset=utf-8', 'Application/PDF', 'image/png'])(
    'without items reports an answer that is not a page: %s',
    async (type) => {
      site().html('/books', '{"books":[]}', { 'content-type': type });
      const shown = type.toLowerCase().split(';')[0];
      await expect(run(YAML)).rejects.toMatchObject({
        kind: 'no_items',
        message: `no items on 1 page (${site().url('/books')}): its content type is ${shown}, not HTML`,
        hint: expect.stringMatching(
          type.includes('json')
            ? /^JSON is read by paths: item: "json:/
            : /^Selectors read HTML, XML and JSON: give/,
        ),
      });
    },
  );

  it.each(['text/plain', 'application/xhtml+xml', 'application/rss+xml', 'text/html;charset=utf-8', ''])(
    'without items finds no fault with the content type "%s"',
    async (type) => {
      site().html('/books', '<p>', { 'content-type': type });
      const message = `no items on 1 page (${site().url('/books')})`;
      await expect(run(YAML)).rejects.toMatchObject({ kind: 'no_items', message });
    },
  );

  it('without items succeeds where the configuration allows it', async () => {
    site().html('/books', '');
    const yaml = `${YAML}expect: { allow_empty: true }\n`;
    expect(await run(yaml, { output: { file: path('books.csv'), format: 'csv' } })).toMatchObject({
      items: 0,
    });
    expect(readFileSync(path('books.csv'), 'utf8')).toBe('title,price\n');
  });

  it('without items has the columns of a price, where the type says that one is meant', async () => {
    site().html('/books', '');
    const prices =
      'price: { selector: .price, type: price }, all: { selector: i, type: price, multiple: true }';
    const yaml = `${YAML.replace('price: .price', prices)}expect: { allow_empty: true }\n`;
    await run(yaml, { output: { file: path('books.csv'), format: 'csv' } });
    expect(readFileSync(path('books.csv'), 'utf8')).toBe('title,price,price_currency,all\n');
  });

  it('that is cancelled ends at once and writes nothing', async () => {
    const stop = new AbortController();
    site().on('/books', () => stop.abort());
    const output = { file: path('books.csv'), format: 'csv' } as const;
    await expect(run(YAML, { signal: stop.signal, output })).rejects.toMatchObject({ kind: 'cancelled' });
    expect(existsSync(path('books.csv'))).toBe(false);
    await expect(run(YAML, { signal: stop.signal })).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('signs in with name and password of the address, and shows them nowhere', async () => {
    const address = site().url('').replace('//', '//ann:pw@');
    const page = (url: string) => `<ul><li><h2>${url}</h2></li></ul><a class="next" href="/more">more</a>`;
    site().html('/books', page('one'));
    site().html('/more', page('two'));
    const yaml = `${YAML.replace('{site}', address)}pagination: { type: next_button, selector: .next }\n`;
    const result = await run(yaml);
    for (const path of ['/books', '/more']) {
      expect(site().visitsOf(path)[0]?.headers.authorization).toBe(`Basic ${btoa('ann:pw')}`);
    }
    expect(JSON.stringify([result, traces])).not.toContain('pw@');
  });

  it('says when it cannot stage its items', async () => {
    mkdirSync(path('folder'));
    await expect(run(YAML, { stagingFile: path('folder') })).rejects.toMatchObject({ kind: 'output' });
  });

  it('gives the same warning once, however many pages cause it', async () => {
    const page = (n: number) =>
      `<div><h2>a${n}</h2><i class="price">1</i></div><div><h2>b</h2></div><div><h2>c</h2></div>`;
    for (const n of [1, 2, 3]) site().html(`/p${n}`, page(n));
    const yaml = 'urls: ["{site}/p1", "{site}/p2", "{site}/p3"]\nselectors: { title: h2, price: .price }\n';
    const { warnings } = await run(yaml);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/different numbers of matches.*\(likewise on 2 more pages\)$/);
    expect(traces.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  });
});

it('fifty pages with a thousand items are rows in the order of the pages', async () => {
  site().on('/shop', (_, response, url) => {
    const page = Number(url.searchParams.get('page'));
    const items = Array.from(
      { length: 20 },
      (_item, i) => `<li><h2>Book ${page}-${i}</h2><i class="price">${i}</i></li>`,
    );
    const next = page < 50 ? `<a class="next" href="?page=${page + 1}">next</a>` : '';
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<ul>${items.join('')}</ul>${next}`);
  });
  const yaml = YAML.replace('/books', '/shop?page=1').concat(
    'pagination: { type: next_button, selector: .next }\n',
  );
  const result = await run(yaml, { output: { file: path('books.csv'), format: 'csv' } });
  expect(result).toMatchObject({ pages: 50, items: 1000 });
  const lines = readFileSync(path('books.csv'), 'utf8').trimEnd().split('\n');
  expect([lines.length, lines[1], lines[1000]]).toEqual([1001, 'Book 1-0,0', 'Book 50-19,19']);
});
