import { expect, it } from 'vitest';
import type { CompareResponse } from '../../../src/core/configs/scraper-protocol.ts';
import type { Check } from '../../../src/core/model/check.ts';
import type { RunRecord } from '../../../src/core/model/run-record.ts';
import { diagnoseRun } from '../../../src/core/quality/diagnose-run.ts';
import type { RunFact, RunFacts } from '../../../src/core/quality/run-facts.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const HOUR = 3_600_000;

const RUN = {
  ...{ runId: 'bad', jobId: 'news', configName: 'news', timezone: 'Europe/Berlin', status: 'failed' },
  ...{ queuedAt: NOW, items: 0, pages: 1, attempt: 1, maxAttempts: 1, host: 'shop.example', reason: null },
  ...{ error: null, checks: [], changes: null, cancelRequestedBy: null },
} as unknown as RunRecord;

const failed = (kind: string, message = kind): Partial<RunRecord> => ({ error: { kind, message } });
const fact = (more: Partial<RunFact>): RunFact => ({ ...RUN, ...more });

function facts(run: Partial<RunRecord>, more: Partial<RunFacts> = {}): RunFacts {
  const whole = { ...RUN, ...run };
  return {
    run: whole,
    ...{
      waitsFor: null,
      edit: null,
      revision: 'a1',
      laterGood: null,
      usual: null,
      stopped: [],
      unproven: [],
      replaced: [],
      misses: {},
      pageNumber: 1,
      contentType: 'text/html',
      neighbours: [],
    },
    lastGood: fact({ runId: 'good', status: 'succeeded', queuedAt: NOW - 24 * HOUR, items: 40 }),
    bad: { runs: [whole], isCut: false },
    broken: [],
    page: 'Its page was not kept, so no page is compared.',
    ...more,
  };
}

const side = { url: 'http://shop.example/list', title: 'Shop', bytes: 9_000 };
const compared = (more: Partial<CompareResponse> = {}): CompareResponse => ({
  ...{ now: side, before: side, signs: [], signs_before: [], scripts: null, rows: { before: 20, now: 0 } },
  ...{ changed: [], unchanged: 3, gone: [], fresh: [], changes: [], still_empty: [], after: null },
  ...{ reverted: [], is_same: false, shows: 'rows', missing: [] },
  ...more,
});
const EDIT = {
  selectors: [{ part: 'field' as const, field: 'price', from: '.amount', to: '.nothing' }],
  ...{ at: NOW - HOUR, by: 'mcp' },
};
const CHANGED = [{ part: 'item' as const, field: 'item', selector: '.pod', before: 20, now: 0 }];

const VALUES = {
  ...{ check: 'fields', rule: 'min', field: 'price', passed: false, found: 3, expected: 0, usual: null },
  ...{ good_runs: 0, suspect: null, message: 'price: 3 of 20 rows are below min 1' },
} as Check;

it.for([
  ['good', { status: 'succeeded', items: 40 }, {}],
  ['unfinished', { status: 'running' }, {}],
  ['skipped', { status: 'skipped', reason: 'overlap' }, {}],
  ['missed', { status: 'missed' }, {}],
  ['cancelled', { status: 'cancelled' }, {}],
  ['network', failed('network'), {}],
  ['http', failed('http', 'http://shop.example/ answered HTTP 503'), {}],
  ['http', failed('redirect'), {}],
  ['robots', failed('robots'), {}],
  ['timeout', { status: 'timed_out', ...failed('timeout') }, {}],
  ['memory', failed('memory'), {}],
  ['memory', { status: 'abandoned', ...failed('memory') }, {}],
  ['worker', { status: 'abandoned', ...failed('abandoned') }, {}],
  ['output', failed('output', 'cannot write out.csv: EACCES'), {}],
  ['disk', failed('output', 'cannot write out.csv: ENOSPC'), {}],
  ['configuration', failed('config'), {}],
  ['configuration', failed('no_items'), { revision: null }],
  ['sign_in', failed('sign_in'), {}],
  ['browser', failed('browser'), {}],
  ['other', failed('internal'), {}],
  ['selectors_stopped', failed('no_items'), {}],
  ['page_changed', failed('no_items'), { page: compared({ changed: CHANGED }) }],
  [
    'page_changed',
    { status: 'succeeded', items: 20 },
    { stopped: ['price'], page: compared({ changed: CHANGED }) },
  ],
  ['empty_list', failed('no_items'), { page: compared({ signs: ['empty_list'], changed: CHANGED }) }],
  [
    'empty_list',
    failed('check_failed'),
    { page: compared({ signs: ['error_page', 'empty_list'], changed: CHANGED }) },
  ],
  // The words of an error page, under its own title.
  [
    'error_page',
    failed('no_items'),
    {
      page: compared({
        ...{ now: { ...side, title: '404' }, signs: ['error_page', 'empty_list'], changed: CHANGED },
      }),
    },
  ],
  // Where selectors were found that hold the earlier values, the list is not empty.
  [
    'page_changed',
    failed('no_items'),
    {
      page: compared({
        ...{ signs: ['empty_list'], changed: CHANGED },
        changes: [{ path: 'item', from: '.pod', value: '.card', matched: 20 }],
      }),
    },
  ],
  ['shows_less', failed('check_failed'), { page: compared({ rows: { before: 20, now: 5 } }) }],
  ['rules_broken', { ...failed('check_failed'), checks: [VALUES] }, { page: compared() }],
  ['rules_broken', { ...failed('check_failed'), checks: [VALUES] }, {}],
  [
    'shows_less',
    { ...failed('check_failed'), checks: [VALUES, { ...VALUES, check: 'min_items' }] },
    { page: compared() },
  ],
  ['sign_in', failed('no_items'), { page: compared({ signs: ['sign_in'], changed: CHANGED }) }],
  ['captcha', failed('no_items'), { page: compared({ signs: ['captcha', 'sign_in'], changed: CHANGED }) }],
  // A sign that the good page had, too, says nothing.
  [
    'page_changed',
    failed('no_items'),
    { page: compared({ signs: ['sign_in'], signs_before: ['sign_in'], changed: CHANGED }) },
  ],
  [
    'config_changed',
    { status: 'succeeded', items: 20 },
    { stopped: ['price'], edit: EDIT, page: compared({ reverted: ['selectors.price'] }) },
  ],
  ['config_changed', failed('check_failed'), { edit: EDIT, page: compared({ is_same: true }) }],
  // An edit of what the page has changed, too.
  ['page_changed', failed('no_items'), { edit: EDIT, page: compared({ changed: CHANGED }) }],
  ['shows_less', failed('check_failed'), { edit: EDIT, page: compared() }],
  // Nor does a sign on a page with all its rows.
  [
    'page_changed',
    failed('check_failed'),
    { page: compared({ signs: ['sign_in'], changed: CHANGED, rows: { before: 20, now: 20 } }) },
  ],
  [
    'needs_browser',
    failed('no_items'),
    { page: compared({ signs: ['empty'], scripts: 'has an empty element', changed: CHANGED }) },
  ],
] as const)('the cause is %s: %j', ([cause, run, more]) => {
  const told = diagnoseRun(facts(run as Partial<RunRecord>, more as Partial<RunFacts>));
  expect(told.cause).toBe(cause);
  expect(told.explanation.length).toBeGreaterThan(0);
  for (const text of told.explanation) expect(text).toMatch(/^[A-Zr].*[.…]$/su);
  if (cause !== 'good') expect(told.next.length).toBeGreaterThan(0);
});

it('shows the rows that break rules', () => {
  const told = diagnoseRun(facts({ ...failed('check_failed'), checks: [VALUES] }));
  expect(told.explanation).toContain(
    'The selectors match as before, but values break rules of expect.fields: the site shows other values, or a rule is too narrow.',
  );
  expect(told.next[0]).toMatchObject({
    operation: 'list_items',
    params: { run_id: 'bad', where: [{ field: '_broken', op: 'filled' }] },
  });
});

it('says that the link to the next page is gone, too, unless another one was found', () => {
  const [first] = CHANGED;
  const lost = { ...first, part: 'pagination' as const, field: 'pagination.selector', selector: 'li.next a' };
  const say = (changes: object[]) =>
    diagnoseRun(
      facts(failed('check_failed'), { page: compared({ changed: [...CHANGED, lost], changes } as never) }),
    ).explanation.join(' ');
  expect(say([])).toContain('The link to the next page (li.next a) is gone, too');
  const found = { path: 'pagination.selector', from: 'li.next a', value: '.more a', matched: 1 };
  expect(say([found])).not.toContain('is gone, too');
});

it('a file or data in place of the page is no change of the page', () => {
  const given = (contentType: string, fields: Partial<RunRecord> = failed('no_items')) =>
    diagnoseRun(facts({ ...fields, items: 0 }, { contentType, page: compared({ changed: CHANGED }) })).cause;
  expect(given('application/pdf')).toBe('not_a_page');
  // Selectors may read JSON: the message of the run says if they do not.
  const foreign = { kind: 'no_items', message: 'no items: its content type is application/json, not HTML' };
  expect(given('application/json; charset=utf-8')).toBe('page_changed');
  expect(
    given('application/json', { ...failed('no_items'), error: { ...foreign, hint: null } as never }),
  ).toBe('not_a_page');
  for (const markup of [
    '',
    'text/html; charset=utf-8',
    'application/xhtml+xml',
    'application/rss+xml',
    'text/plain',
  ])
    expect(given(markup)).toBe('page_changed');
});

it('says since when, how often, and which run was good', () => {
  const runs = [0, 1, 2].map((n) => fact({ runId: `b${n}`, queuedAt: NOW - n * HOUR }));
  const { explanation } = diagnoseRun(facts(failed('network'), { bad: { runs, isCut: false } }));
  expect(explanation).toContain(
    'Bad since run b2, 2026-11-25T11:00:00.000+01:00: 3 in a row over 2 h; the last good run was good, 2026-11-24T13:00:00.000+01:00, with 40 items.',
  );
});

it('says of a good run what is unusual', () => {
  const usual = { value: 100, runs: 10 };
  const say = (items: number) =>
    diagnoseRun(facts({ status: 'succeeded', items }, { usual })).explanation.join(' ');
  expect(say(20)).toContain('Unusually few items (median of 10 good runs: 100).');
  expect(say(200)).toContain('Unusually many items');
  expect(say(100)).toContain('As many items as usual');
});

it('says where the path of a field of data stops', () => {
  const misses = { price: '$ is an object with title, cost. Did you mean $.cost?', sku: '$.offer is a text' };
  const { cause, explanation } = diagnoseRun(
    facts({ status: 'succeeded' }, { misses, unproven: ['price', 'sku'] }),
  );
  expect(cause).toBe('good');
  expect(explanation.slice(-2)).toEqual([
    'price is empty: $ is an object with title, cost. Did you mean $.cost?',
    'sku is empty: $.offer is a text.',
  ]);
});

it('says in words why a run failed, without the word of the program for it', () => {
  const first = (kind: string, message: string) => diagnoseRun(facts(failed(kind, message))).explanation[0];
  expect(first('http', '503 from shop.example')).toBe(
    'Run bad failed, 0 items from 1 page. The site answers with an error: 503 from shop.example.',
  );
  expect(first('no_items', 'no items on 2 pages')).toMatch(/ page\. No items on 2 pages\.$/);
});

it('says whether other jobs of the host fail', () => {
  const bad = fact({ jobId: 'a', status: 'failed', error: { kind: 'http', message: '' } });
  const good = fact({ jobId: 'b', status: 'succeeded' });
  const last = (neighbours: RunFact[]) =>
    diagnoseRun(facts(failed('http'), { neighbours })).explanation.at(-1);
  expect(last([bad, good])).toBe(
    'Of 2 other jobs on shop.example, 1 failed, too (the site answers with an error): a.',
  );
  expect(last([good])).toBe('Of 1 other job on shop.example, all are good: the site answers.');
});

it('a check that failed says its figures, and the message of the error is not repeated', () => {
  const check = {
    check: 'min_items',
    passed: false,
    message: 'found 3 items, at least 10 are expected',
    suspect: null,
  } as Check;
  const { explanation } = diagnoseRun(
    facts({ ...failed('check_failed', 'x'.repeat(2_000)), checks: [check] }),
  );
  expect(explanation[0]).toMatch(/ page\. Found 3 items, at least 10 are expected\.$/);
});

it('an edit of the configuration is told with its author, its time and both selectors', () => {
  const page = compared({
    ...{ reverted: ['selectors.price'], is_same: true, after: { rows: 20, sample: {} } },
    changes: [{ path: 'selectors.price', from: '.nothing', value: '.amount', matched: 20 }],
  });
  const { explanation, next } = diagnoseRun(
    facts({ status: 'succeeded' }, { stopped: ['price'], edit: EDIT, page }),
  );
  expect(explanation).toContain(
    'The configuration was changed (by mcp, at 2026-11-25T12:00:00.000+01:00): price .amount → .nothing; the page is as it was. With the earlier selector it has 20 rows.',
  );
  expect(next[0]).toMatchObject({
    operation: 'test_config',
    params: { changes: { 'selectors.price': '.amount' } },
  });
  const unknown = { stopped: ['price'], edit: { ...EDIT, at: null, by: null } };
  expect(diagnoseRun(facts({ status: 'succeeded' }, unknown)).explanation.join(' ')).toContain(
    'The configuration was changed since the last good run: price .amount → .nothing.',
  );
});

it('of a run after which one was good, nothing is repaired', () => {
  const laterGood = fact({ runId: 'later', status: 'succeeded' });
  for (const more of [failed('no_items'), failed('http'), { status: 'succeeded' } as const])
    expect(diagnoseRun(facts(more, { laterGood, stopped: ['price'] })).next).toEqual([
      { operation: 'get_run', params: { run_id: 'later' }, why: 'it was good after this one' },
    ]);
});

it('no next step gives examples that find_selectors refuses', () => {
  const { next } = diagnoseRun(facts(failed('no_items'), { page: compared({ changed: CHANGED }) }));
  expect(next.map(({ operation }) => operation)).toEqual(['get_page', 'test_config']);
});

it('a field that stays empty with the changes is named, and how to find it', () => {
  const changes = [{ path: 'item', from: '.pod', value: '.card', matched: 20 }];
  const page = compared({
    changed: CHANGED,
    changes,
    still_empty: ['price'],
    after: { rows: 20, sample: {} },
  });
  expect(diagnoseRun(facts(failed('no_items'), { page })).explanation.join(' ')).toContain(
    'price still finds nothing: find_selectors with an example of it.',
  );
});

it('selectors that are proposed by rows or by names are changes, too, and the explanation says which are a guess', () => {
  const price = { part: 'field' as const, field: 'price', path: 'selectors.price', selector: '.price' };
  const proposal = { value: '.price-now', filled: 18, rows: 20, first: '£1', basis: 'similar_name' as const };
  const told = (basis: 'similar_name' | 'earlier_rows', signs: string[] = []) =>
    diagnoseRun(
      facts(failed('check_failed'), {
        stopped: ['price'],
        page: compared({ before: null, signs }),
        broken: [{ ...price, matched: 0, usual: 20, proposal: { ...proposal, basis } }],
      }),
    );
  const guess = told('similar_name');
  expect(guess.changes).toEqual([
    { path: 'selectors.price', from: '.price', value: '.price-now', matched: 18 },
  ]);
  expect(guess.explanation).toContain(
    'A guess by its name: price may be .price-now now (18 of 20 rows); see whether its value is right.',
  );
  expect(guess.next[0]).toMatchObject({
    operation: 'test_config',
    params: { run_id: 'bad', changes: { 'selectors.price': '.price-now' } },
  });
  expect(told('earlier_rows').explanation).toContain(
    '.price-now holds values that price had in the last good run (18 of 20 rows).',
  );
  // On a sign-in, a similar name says nothing.
  expect(told('similar_name', ['sign_in']).changes).toEqual([]);
});

it('a configuration that has other selectors since the run: that it was changed, and the job is to run again', () => {
  const told = (more: Partial<RunFacts>) =>
    diagnoseRun(facts(failed('check_failed'), { stopped: ['price'], replaced: ['price'], ...more }));
  const since = 'The configuration was changed since this run: it no longer has the selector of price';
  const { explanation, next } = told({ page: compared() });
  expect(explanation).toContain(
    `${since}, and all its selectors match on the page that the run kept. Run the job again.`,
  );
  expect(explanation.join(' ')).not.toContain('Selectors match less than usual');
  expect(next).toMatchObject([{ operation: 'run_job', params: { job_id: 'news' } }]);
  expect(told({}).explanation).toContain(`${since}. Run the job again.`);
  // Another selector of it is still broken.
  const broken = { part: 'field' as const, field: 'title', path: 'selectors.title', selector: 'h3' };
  const left = told({ broken: [{ ...broken, matched: 0, usual: 20 }], page: compared() });
  expect(left.explanation.join(' ')).not.toContain(since);
});
