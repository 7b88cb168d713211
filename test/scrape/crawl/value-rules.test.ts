import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { checkpointFile } from '../../../src/scrape/crawl/checkpoint-store.ts';
import { evaluateChecks } from '../../../src/scrape/crawl/evaluate-checks.ts';
import type { ScrapeRequest } from '../../../src/scrape/crawl/pipeline.ts';
import { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { withRun } from './with-run.ts';

const { site, run, staged, path, traces } = withRun();

const configOf = (expected: string, more = '') => `url: "{site}/list?page=1"
item: li
selectors:
  title: b
  price: { selector: i, type: number }
  day: { selector: u, type: date }
pagination: { type: next_button, selector: .next }
delays: { type: fixed, value: 0 }
expect: ${expected}
${more}`;

type Row = readonly [title: string, price: string, day?: string];

/** Two rows on each page. */
function list(rows: readonly Row[], isBroken = (_page: number) => false) {
  site().on('/list', (request, response) => {
    const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page'));
    if (isBroken(page)) return void response.destroy();
    const own = rows.slice(2 * page - 2, 2 * page);
    const next = 2 * page < rows.length ? `<a class="next" href="/list?page=${page + 1}">next</a>` : '';
    const html = own.map(
      ([title, price, day = '']) => `<li><b>${title}</b><i>${price}</i><u>${day}</u></li>`,
    );
    response.setHeader('content-type', 'text/html; charset=utf-8').end(`<ul>${html.join('')}</ul>${next}`);
  });
}

const ROWS: readonly Row[] = [
  ['Dune', '9.50', '2026-11-01'],
  ['Emma', '0', '2026-11-02'],
  ['Dune', '12', '2026-12-24'],
  ['&lt;b&gt;\u202e', 'ask us', ''],
];
const RULES =
  '{ title: { unique: true, pattern: "^[A-Z]" }, price: { type: number, min: 1, max: 12, max_unread_percent: 10 }, day: { max: 2026-12-23 } }';

async function checksOf(expected: string, request: Partial<ScrapeRequest> = {}, rows = ROWS) {
  list(rows);
  const stats = new ScrapeStats();
  const result = await run(configOf(expected), request, stats);
  const { config } = parseConfig(configOf(expected).replaceAll('{site}', site().url('')), 'test.yaml');
  return { result, stats, checks: evaluateChecks(config.expect, config, stats) };
}

const broken = () =>
  readFileSync(path('broken.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('expect.fields', () => {
  it('gives a check for each rule, with the first rows that break it', async () => {
    const { checks } = await checksOf(`{ fields: ${RULES} }`);
    expect(
      checks.map(({ field, rule, passed, found, expected }) => [field, rule, passed, found, expected]),
    ).toEqual([
      ['title', 'pattern', false, 1, 0],
      ['title', 'unique', false, 1, 0],
      ['price', 'type', true, 0, 0],
      ['price', 'min', false, 1, 0],
      ['price', 'max', true, 0, 0],
      ['price', 'max_unread_percent', false, 25, 10],
      ['day', 'max', false, 1, 0],
    ]);
    expect(checks.map(({ message }) => message)).toEqual([
      'title: 1 of 4 rows does not match pattern "^[A-Z]" (row 4: "<b>\ufffd")',
      'title: 1 of 4 rows repeats an earlier value (row 3: "Dune", as in row 1)',
      'price: type number holds in all 4 rows',
      'price: 1 of 4 rows is below min 1 (row 2: 0)',
      'price: max 12 holds in all 4 rows',
      'price: 1 of 4 values could not be read (25 %, at most 10 % expected), such as "ask us", which is not a number',
      'day: 1 of 4 rows is above max 2026-12-23 (row 3: "2026-12-24")',
    ]);
  });

  it('says that there is nothing to check where no row has a value', async () => {
    const { checks } = await checksOf('{ fields: { day: { max: 2026-12-23 } } }', {}, [['Dune', '1']]);
    expect(checks.map(({ passed, message }) => [passed, message])).toEqual([
      [true, 'day: nothing to check in 1 row: no value'],
    ]);
  });

  it('keeps the rows that break rules beside the items, with their numbers and the rules', async () => {
    await checksOf(`{ fields: ${RULES} }`);
    expect(broken()).toEqual([
      { _row: 2, _broken: ['price is below min 1'], title: 'Emma', price: 0, day: '2026-11-02' },
      {
        _row: 3,
        _broken: ['title repeats an earlier value', 'day is above max 2026-12-23'],
        title: 'Dune',
        price: 12,
        day: '2026-12-24',
      },
      {
        _row: 4,
        _broken: ['title does not match pattern "^[A-Z]"'],
        title: '<b>\u202e',
        price: null,
        day: null,
      },
    ]);
    expect(staged()).toHaveLength(4);
  });

  it('keeps none of an earlier attempt, and no file where no row breaks a rule', async () => {
    await checksOf(`{ fields: ${RULES} }`);
    const { checks } = await checksOf('{ fields: { price: { max: 100 } } }');
    expect(checks.every(({ passed }) => passed)).toBe(true);
    expect(existsSync(path('broken.jsonl'))).toBe(false);
  });

  it('keeps the first thousand, and counts all', async () => {
    const many = Array.from({ length: 1002 }, (): Row => ['a', '0']);
    site().html(
      '/list',
      `<ul>${many.map(([title, price]) => `<li><b>${title}</b><i>${price}</i></li>`).join('')}</ul>`,
    );
    const stats = new ScrapeStats();
    await run(configOf('{ fields: { price: { min: 1 } } }'), {}, stats);
    expect(stats.rules[0]).toMatchObject({ found: 1002, passed: false });
    expect(broken()).toHaveLength(1000);
    expect(traces.lines).toContain(
      'warn 1,002 of 1,002 rows break a rule of expect.fields; the first 1,000 of them are kept',
    );
  });

  it('lets so many rows of 100 break a rule: of the field, else of all', async () => {
    const { checks } = await checksOf(
      '{ max_broken_percent: 25, fields: { price: { min: 1 }, title: { unique: true, max_broken_percent: 24.9 } } }',
    );
    expect(checks.map(({ passed, expected }) => [passed, expected])).toEqual([
      [true, 1],
      [false, 0],
    ]);
    expect(checks[0]?.message).toBe(
      'price: 1 of 4 rows is below min 1 (row 2: 0); at most 25 % of rows are allowed',
    );
  });

  it('quotes no values where the configuration is concealed from variables', async () => {
    const conceal = (texts: readonly string[]) => [...texts];
    const { checks } = await checksOf(`{ fields: ${RULES} }`, { conceal });
    const texts = checks.flatMap(({ passed, message }) => (passed ? [] : [message]));
    expect(texts).toContain('price: 1 of 4 rows is below min 1 (row 2)');
    expect(texts).toContain('price: 1 of 4 values could not be read (25 %, at most 10 % expected)');
    expect(texts.join()).not.toMatch(/Dune|ask us/);
  });

  it('is not about empty values, and compares what is no number', async () => {
    const { checks } = await checksOf('{ fields: { title: { min: 3 } } }', {}, [
      ['1', ''],
      ['', '2'],
      ['£4', '3'],
      ['x', '4'],
    ]);
    expect(checks[0]?.message).toBe(
      'title: 2 of 4 rows are below min 3 or no number (row 1: "1"; row 4: "x")',
    );
  });
});

describe('broken_rows: drop', () => {
  const DROP =
    '{ broken_rows: drop, max_broken_percent: 50, required_fields: [day], fields: { price: { min: 1, max: 11 } } }';

  it('leaves broken rows out of the items, the output and the counts', async () => {
    const { result, stats, checks } = await checksOf(DROP);
    expect(staged()).toEqual([
      { title: 'Dune', price: 9.5, day: '2026-11-01' },
      { title: '<b>\u202e', price: null, day: null },
    ]);
    expect(result.items).toBe(2);
    expect(result.warnings).toContain('2 of 4 rows break a rule of expect.fields; they are left out');
    expect(stats.filled).toMatchObject({ title: 2, price: 1, day: 1 });
    expect(checks.map(({ check, passed, found }) => [check, passed, found])).toEqual([
      ['required_fields', false, 50],
      ['fields', true, 1],
      ['fields', true, 1],
    ]);
    expect(broken().map(({ _row }) => _row)).toEqual([2, 3]);
    expect(traces.progress.at(-1)).toMatchObject({ items: 2, pages: 2 });
  });

  it('drops nothing from a run that fails by its rules', async () => {
    const { checks } = await checksOf(DROP.replace('50', '10'));
    expect(checks.filter(({ check }) => check === 'fields').map(({ passed }) => passed)).toEqual([
      false,
      false,
    ]);
    expect(staged()).toHaveLength(4);
  });

  it('fails where no row is left', async () => {
    const { checks } = await checksOf(
      '{ broken_rows: drop, max_broken_percent: 100, fields: { title: { one_of: [none] } } }',
    );
    expect(checks).toMatchObject([{ passed: false }]);
    expect(checks[0]?.message).toContain('without the broken rows none is left');
    expect(staged()).toHaveLength(4);
  });
});

it('a retry that continues counts as a run that was never interrupted', async () => {
  const { stats: whole } = await checksOf(`{ fields: ${RULES} }`);
  const attempt = (isAgain: boolean, stats: ScrapeStats) =>
    run(
      configOf(`{ fields: ${RULES} }`),
      {
        retries: { retries: 0, baseMs: 1 },
        resume: { store: checkpointFile(path('checkpoint.json')), isAgain, everyPage: true, log: () => {} },
      },
      stats,
    );
  list(ROWS, (page) => page === 2);
  await expect(attempt(false, new ScrapeStats())).rejects.toMatchObject({ kind: 'network' });
  list(ROWS);
  const again = new ScrapeStats();
  await attempt(true, again);
  expect(site().visitsOf('/list?page=1')).toHaveLength(2);
  expect(again.rules).toEqual(whole.rules);
  expect(broken()).toHaveLength(3);
});
