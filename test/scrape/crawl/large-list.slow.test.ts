import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { visitPages } from '../../../src/scrape/crawl/pipeline.ts';
import { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { withRun } from './with-run.ts';

const { site, path, run, staged, traces } = withRun();

const FILLER = 'x'.repeat(8_000);
const ENTRIES = Array.from({ length: 1_500 }, (_, id) => ({
  id,
  name: `Lamp ${id}`,
  link: `/lamp?${id % 2}`,
  text: FILLER,
}));
/** 12 MB, more than a page may have. */
const LIST = JSON.stringify({ total: ENTRIES.length, data: { results: ENTRIES }, next: '/more' });

const CONFIG = `
url: "{site}/api"
item: "json:$.data.results[*]"
selectors: { id: "json:$.id", name: "json:$.name" }
`;

const json = (address: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  site().on(address, (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body),
  );
const ids = () => (staged() as { id: number }[]).map(({ id }) => id);
const ALL = ENTRIES.map(({ id }) => id);

describe('an answer that is larger than a page', () => {
  it('gives all rows of its list, and leaves no file', async () => {
    json('/api', LIST);
    const { items, pages, matches } = await run(CONFIG);
    expect({ items, pages, matches }).toEqual({
      items: 1_500,
      pages: 1,
      matches: { id: 1_500, name: 1_500 },
    });
    expect(ids()).toEqual(ALL);
    expect(existsSync(path('answer.json'))).toBe(false);
    expect(traces.progress.length).toBeGreaterThan(3);
  });

  it('may be compressed', async () => {
    json('/api', gzipSync(LIST), { 'content-encoding': 'gzip' });
    const { bytes } = await run(CONFIG);
    expect(ids()).toEqual(ALL);
    expect(bytes).toBeLessThan(1_000_000);
  });

  it('may be JSON Lines', async () => {
    json('/api', ENTRIES.map((entry) => JSON.stringify(entry)).join('\n'));
    await run(CONFIG.replace('$.data.results[*]', '$[*]'));
    expect(ids()).toEqual(ALL);
  });

  it.each([
    ['UTF-16LE with a byte order mark', 'application/json', `\uFEFF`, 'utf16le'],
    ['UTF-16LE by its content type', 'application/json; charset=utf-16le', '', 'utf16le'],
    ['Latin-1', 'application/json; charset=iso-8859-1', '', 'latin1'],
  ] as const)('may be %s', async (_, type, mark, encoding) => {
    const lamps = LIST.replace('Lamp 1499', 'Lämpchen');
    json('/api', Buffer.from(mark + lamps, encoding), { 'content-type': type });
    await run(CONFIG);
    expect(ids()).toEqual(ALL);
    expect(staged().at(-1)).toEqual({ id: 1499, name: 'Lämpchen' });
  });

  it('may be UTF-16BE', async () => {
    json('/api', Buffer.from(`\uFEFF${LIST}`, 'utf16le').swap16());
    await run(CONFIG);
    expect(ids()).toEqual(ALL);
  });

  it('is filtered', async () => {
    json('/api', LIST);
    await run(CONFIG.replace('results[*]', 'results[?@.id > 1490]'));
    expect(ids()).toEqual(ALL.slice(1_491));
  });

  it('is one page of several', async () => {
    json('/api?page=1', LIST);
    json('/api?page=2', JSON.stringify({ data: { results: [{ id: 1_500, name: 'Last' }] } }));
    json('/api?page=3', JSON.stringify({ data: { results: [] } }));
    await run(`${CONFIG}pagination: { type: url_param, param_name: page }\n`);
    expect(ids()).toEqual([...ALL, 1_500]);
  });

  it('is read only as far as a sample needs', async () => {
    json('/api', LIST);
    await run(CONFIG, { sample: 5 });
    expect(ids()).toEqual([0, 1, 2, 3, 4]);
    expect(traces.progress.length).toBeLessThan(3);
  });

  it('is fetched again when the connection breaks', async () => {
    let count = 0;
    site().on('/api', (_, response) => {
      count += 1;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': LIST.length });
      if (count === 2) response.write(LIST.slice(0, 5_000_000), () => response.destroy());
      else response.end(LIST);
    });
    await run(CONFIG);
    expect(ids()).toEqual(ALL);
    expect(count).toBe(3);
  });

  it('is completed by the pages of its rows', async () => {
    json('/api', LIST);
    for (const number of [0, 1]) site().html(`/lamp?${number}`, `<b>kind ${number}</b>`);
    const filtered = CONFIG.replace('results[*]', 'results[?@.id > 1496]');
    await run(`${filtered}follow: { selector: "json:$.link", selectors: { kind: b } }\n`);
    expect((staged() as { kind: string }[]).map(({ kind }) => kind)).toEqual(['kind 1', 'kind 0', 'kind 1']);
  });
});

describe('an answer that is too large', () => {
  it('is refused where the pagination needs all of it', async () => {
    json('/api', LIST);
    await expect(
      run(`${CONFIG}pagination: { type: next_button, selector: "json:$.next" }\n`),
    ).rejects.toMatchObject({
      kind: 'too_large',
      hint: 'Larger JSON is read without pagination.type next_button, which needs the whole answer. Ask the service for fewer entries on a page.',
    });
  });

  it('is refused where item is not the way to one list', async () => {
    json('/api', LIST);
    await expect(run(CONFIG.replace('$.data.results[*]', '$..results[*]'))).rejects.toMatchObject({
      kind: 'too_large',
      hint: 'Larger JSON is read if item selects the entries of one list, such as item: "json:$.results[*]".',
    });
  });

  it('is refused where it has no such list', async () => {
    json('/api', LIST);
    await expect(run(CONFIG.replace('results', 'rows'))).rejects.toMatchObject({
      kind: 'no_items',
      message: `${site().url('/api')} is large JSON and has no list at $.data.rows`,
      hint: '$.data is an object with results.',
    });
    await expect(run(CONFIG.replace('$.data.results', '$.results'))).rejects.toMatchObject({
      hint: '$ is an object with total, data, next. Did you mean $.data.results?',
    });
    await expect(run(CONFIG.replace('$.data.results', '$.total'))).rejects.toMatchObject({
      hint: '$.total is a number.',
    });
    // A sample reads no further than it needs, and ends here, too.
    await expect(run(CONFIG.replace('results', 'rows'), { sample: 5 })).rejects.toMatchObject({
      hint: '$.data is an object with results.',
    });
  });

  it('counts all entries where no row is found', async () => {
    json('/api', LIST);
    const noField = CONFIG.replace('$.id', '$.nr').replace('$.name', '$.title');
    await expect(run(noField)).rejects.toMatchObject({
      kind: 'no_items',
      hint: expect.stringMatching(
        /selects 1,500 values on \S+, and no field is in them: the first has id, name, link, text\. The selectors matched: item 1500, id 0, name 0\./,
      ),
    });
    await expect(run(CONFIG.replace('results[*]', 'results[?@.nr > 1]'))).rejects.toMatchObject({
      hint: expect.stringMatching(
        /matches nothing on \S+: \$\.data\.results is a list of 1,500, the first with id, name, link, text\. The selectors matched: item 0/,
      ),
    });
    const filtered = noField.replace('results[*]', 'results[?@.id >= 10 && @.id < 20]');
    await expect(run(filtered)).rejects.toMatchObject({
      hint: expect.stringMatching(/selects 10 values on .* The selectors matched: item 10,/),
    });
  });

  it('says that only its beginning was read where a test reads no more', async () => {
    json('/api', LIST);
    const stats = new ScrapeStats();
    const { config } = parseConfig(
      CONFIG.replace('{site}', site().url('')).replace('$.id', '$.nr').replace('$.name', '$.title'),
      'test.yaml',
    );
    const request = { config, log: () => undefined, onProgress: () => undefined };
    await visitPages({ ...request, signal: new AbortController().signal, sample: 5 }, stats, {
      add: async () => undefined,
    });
    expect(stats.warnings()).toEqual([
      expect.stringMatching(/selects \d{3} values in the beginning of \S+\/api, and no field is in them/),
    ]);
  });

  it('counts all lines of JSON Lines where the path leads to no list', async () => {
    const lines = ENTRIES.map((entry) => JSON.stringify(entry)).join('\n');
    for (const type of ['application/json', 'application/x-ndjson']) {
      json('/api', lines, { 'content-type': type });
      await expect(run(CONFIG)).rejects.toMatchObject({
        kind: 'no_items',
        message: `${site().url('/api')} is large JSON and has no list at $.data.results`,
        hint: '$ is a list of 1,500, the first with id, name, link, text. Did you mean $[0] or $[*]?',
      });
    }
    await expect(
      run(CONFIG.replace('$.data.results', '$').replace('$.id', '$.nr').replace('$.name', '$.title')),
    ).rejects.toMatchObject({ hint: expect.stringContaining('selects 1,500 values on') });
  });

  it('says so where it is a page for people', async () => {
    site().html('/api', `<title>Sign in</title>${'<p>Hello</p>'.repeat(1_000_000)}`);
    await expect(run(CONFIG)).rejects.toMatchObject({
      kind: 'no_items',
      message: `item reads JSON, and ${site().url('/api')} begins with "<"`,
    });
  });

  it('says where its entries are not JSON', async () => {
    const broken = LIST.replace('"id":1250', '"id":NaN');
    const at = broken.indexOf('NaN') + 1;
    json('/api', broken);
    await expect(run(CONFIG)).rejects.toMatchObject({
      kind: 'no_items',
      message: expect.stringMatching(
        new RegExp(`is not JSON from line 1, column ${at} on: "NaN".*entries from number \\d+ on`),
      ),
    });
    json('/api', `${LIST} and more`);
    await expect(run(CONFIG)).rejects.toMatchObject({
      message: `item reads JSON, and ${site().url('/api')} is not JSON from line 1, column ${LIST.length + 2} on: "and" is not allowed there`,
    });
  });

  it('says the line where lines are not JSON', async () => {
    json(
      '/api',
      ENTRIES.map((entry) => JSON.stringify(entry))
        .join('\n')
        .replace('"id":1250', '"id":NaN'),
    );
    await expect(run(CONFIG.replace('$.data.results[*]', '$[*]'))).rejects.toMatchObject({
      message: expect.stringContaining('is not JSON from line 1251, column 7 on: "NaN"'),
    });
  });
});
