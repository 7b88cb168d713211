import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RESULT_BYTES, RESULT_LIMITS } from '../../../src/rpc/mcp/result-limits.ts';
import { buildToolResult } from '../../../src/rpc/mcp/tool-result.ts';
import { propertyRuns } from '../../property-runs.ts';

type Fields = Record<string, unknown>;

async function answered(operation: string, answer: Fields, params: Fields = {}): Promise<Fields> {
  const { content, structuredContent } = buildToolResult(operation, params, answer);
  const [part] = content;
  const text = part?.type === 'text' ? part.text : '';
  expect(JSON.parse(text)).toEqual(structuredContent);
  return structuredContent as Fields;
}

const SELECTORS = Array.from({ length: 60 }, (_, at) => ({
  field: `field_${at}`,
  selector: `div.row > span.field-${at}`,
  matched: at === 59 ? 0 : 40,
  filled: 40,
  usual: 40,
  stopped: at === 59,
}));

it('says which selectors stopped, however many others there are and however long the log is', async () => {
  const run = { run_id: 'r1', job_id: 'books', status: 'succeeded', items: 40, pages: 2 };
  const log_tail = Array.from({ length: 20 }, (_, at) => `line ${at} ${'x'.repeat(200)}`);
  const answer = { run, attempts: [], log_tail, sample: [], selectors: SELECTORS, kept_pages: [] };
  const shown = await answered('get_run', answer, { run_id: 'r1' });
  expect(shown['summary']).toMatch(/^Selectors that stopped matching: field_59 \(usually 40\)/);
  expect((shown['selectors'] as unknown[])[0]).toMatchObject({ field: 'field_59', stopped: true });
  expect(shown['shortened']).toHaveProperty('selectors');
});

it('shows a little of everything that explains why a run failed', async () => {
  const error = { kind: 'check_failed', message: 'price: filled in 0 of 100 items, usually 100' };
  const check = { check: 'min_fill_percent', field: 'price', passed: false, found: 0, expected: 50 };
  const run = {
    ...{ run_id: 'r1', job_id: 'books', config_name: 'books', trigger: 'schedule', status: 'failed' },
    ...{ scheduled_for: '2026-06-01T09:00:00.000+02:00', started_at: '2026-06-01T09:00:01.000+02:00' },
    ...{ attempt: 1, max_attempts: 3, items: 1_000, pages: 50, bytes: 4_000_000, error, output_path: null },
    checks: Array.from({ length: 6 }, () => ({
      ...check,
      message: error.message,
      usual: 100,
      good_runs: 10,
    })),
  };
  const attempts = [1, 2, 3].map((attempt) => ({ attempt, status: 'failed', pid: 4711, error, items: 0 }));
  const log_tail = Array.from({ length: 20 }, (_, at) =>
    at === 3
      ? `2026-06-01T07:00:02.000Z ERROR ${error.message}`
      : `2026-06-01T07:00:02.000Z INFO fetched page ${at} of the shop in 120 ms, 20 items, ${'y'.repeat(90)}`,
  );
  const sample = Array.from({ length: 3 }, () => ({ title: 'A Light in the Attic', about: 'z'.repeat(900) }));
  const warnings = ['1000 values of price could not be read as a number', 'shown in a browser'];
  const kept_pages = [
    { url: 'https://shop.example/page-1.html', fetched_at: '2026-06-01T09:00:02.000+02:00' },
  ];
  const answer = { run, attempts, log_tail, sample, selectors: SELECTORS, warnings, kept_pages };
  const shown = await answered('get_run', answer, { run_id: 'r1' });
  expect(Buffer.byteLength(JSON.stringify(shown))).toBeLessThanOrEqual(DEFAULT_RESULT_BYTES);
  const list = (name: string) => shown[name] as unknown[];
  expect(list('selectors').length).toBeGreaterThanOrEqual(3);
  expect(list('log_tail').length).toBeGreaterThanOrEqual(5);
  expect(list('log_tail')[0]).toMatch(/ERROR price: filled/);
  expect(String(list('log_tail').at(-1))).toContain('page 19');
  expect(list('warnings')).toEqual(warnings);
  expect(list('attempts').at(-1)).toMatchObject({ attempt: 3, status: 'failed' });
  expect(list('sample').length).toBeGreaterThanOrEqual(2);
  expect(list('kept_pages')).toEqual(kept_pages);
  expect(shown['run']).toMatchObject({ status: 'failed', error });
});

const text = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('a', '"', 'é', '漢', '📚', ' '), maxLength: 8 }),
    fc.nat({ max: 400 }),
  )
  .map(([part, times]) => part.repeat(times));
const leaf = fc.oneof(text, fc.integer(), fc.constant(null), fc.boolean());
const row = fc.dictionary(
  text,
  fc.oneof(leaf, fc.array(leaf, { maxLength: 20 }), fc.dictionary(text, leaf)),
  { maxKeys: 20 },
);
const itemOf = (list: string): fc.Arbitrary<unknown> => (TEXTS.includes(list) ? text : row);
const TEXTS = ['explanation', 'log_tail', 'next_runs', 'warnings'];
const object = fc.dictionary(fc.string({ maxLength: 20 }), fc.oneof(leaf, fc.array(row, { maxLength: 4 })), {
  maxKeys: 25,
});

/** Operations whose answers have lists that may be shortened, and the object that they are about. */
const CASES = Object.entries(RESULT_LIMITS)
  .filter(([, { lists = [] }]) => lists.length > 0)
  .map(([operation, { lists = [] }]) => [operation, lists] as const);

it.each(CASES)('keeps %s within its budget, and the least of each of its lists', async (operation, lists) => {
  const about = operation === 'get_job' ? 'job' : operation === 'get_run' ? 'run' : 'about';
  const answers = fc.record({
    [about]: object,
    ...Object.fromEntries(lists.map(({ list }) => [list, fc.array(itemOf(list), { maxLength: 40 })])),
  });
  await fc.assert(
    fc.asyncProperty(answers, async (answer) => {
      const shown = await answered(operation, answer);
      expect(Buffer.byteLength(JSON.stringify(shown))).toBeLessThanOrEqual(DEFAULT_RESULT_BYTES);
      for (const { list, minItems = 0 } of lists) {
        // An empty list may be left out.
        const [all, left] = [answer[list] as unknown[], (shown[list] ?? []) as unknown[]];
        expect(minItems).toBeGreaterThan(0);
        expect(left.length).toBeGreaterThanOrEqual(Math.min(minItems, all.length));
        if (left.length < all.length)
          expect((shown['shortened'] as Fields)[list]).toMatch(`${left.length} of ${all.length}; `);
      }
    }),
    // What it finds is large; to make it smaller took longer than any limit.
    { numRuns: propertyRuns(60), endOnFailure: true },
  );
});

it('cuts an answer whose every part has many long fields to its budget', async () => {
  const wide = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [`${at} ${'漢'.repeat(60)}`, '漢'.repeat(90)]),
  );
  const lists = RESULT_LIMITS['get_run']?.lists ?? [];
  const filled = lists.map(({ list }) => [
    list,
    Array(20).fill(TEXTS.includes(list) ? '漢'.repeat(200) : wide),
  ]);
  const shown = await answered('get_run', { run: wide, ...Object.fromEntries(filled) });
  expect(Buffer.byteLength(JSON.stringify(shown))).toBeLessThanOrEqual(DEFAULT_RESULT_BYTES);
});

it('answers a change with the job’s unusual values and with the changed fields', async () => {
  const job = {
    ...{ id: 'books', config_name: 'books', schedule: { type: 'hourly', minute: 5, timezone: 'UTC' } },
    ...{
      description: null,
      output_format: null,
      max_retries: 3,
      retry_delay: 300,
      enabled: true,
      tags: ['shop'],
    },
    ...{
      status: 'pending',
      next_run: '2026-06-01T09:05:00.000+00:00',
      timeout: 3600,
      keep_runs: 50,
      revision: 7,
    },
    ...{ created_at: '2026-06-01T08:00:00.000+00:00', created_by: 'mcp', schema_version: 1 },
  };
  const shown = await answered('update_job', { job, changed: ['max_retries'], warnings: [] });
  const { id, config_name, schedule, max_retries, enabled, tags, status, next_run, revision } = job;
  expect(shown['job']).toEqual({
    ...{ id, config_name, schedule, max_retries, enabled, tags, status, next_run, revision },
  });
  expect(shown['shortened']).toHaveProperty('job');
});

it('leaves out what is null of jobs and runs, but not of rows', async () => {
  const run = { run_id: 'r1', status: 'succeeded', items: 40, pages: 2, error: null, reason: null };
  const { run_id, status, items, pages } = run;
  expect(await answered('list_runs', { runs: [run], total: 1 })).toMatchObject({
    runs: [{ run_id, status, items, pages }],
  });
  expect((await answered('run_job', { run, warnings: [] }))['run']).toEqual({ run_id, status, items, pages });
  const job = { job_id: 'books', description: null, paused: null };
  expect((await answered('list_jobs', { jobs: [job], total: 1 }))['jobs']).toEqual([{ job_id: 'books' }]);
  const row = { title: 'Lost Shells', price: null };
  expect((await answered('list_items', { items: [row], total: 1, all: 1 }))['items']).toEqual([row]);
});

it('shows the fields that a comparison was asked for, also those that do not differ', async () => {
  const example = {
    ...{ kind: 'changed', key: '/shells', fields: ['price'] },
    before: { title: 'Lost Shells', price: '£3', stock: 1 },
    after: { title: 'Lost Shells', price: '£4', stock: 1 },
  };
  const answer = { added: 0, removed: 0, changed: 1, unchanged: 0, by_field: {}, examples: [example] };
  const after = async (params: Fields) =>
    ((await answered('compare_runs', answer, params))['examples'] as Fields[])[0];
  expect(await after({})).toMatchObject({ before: { price: '£3' }, after: { price: '£4' } });
  const shown = await after({ fields: ['title', 'price'] });
  expect(shown?.['before']).toEqual({ price: '£3' });
  expect(shown?.['after']).toEqual({ title: 'Lost Shells', price: '£4' });
});

it('has a note when the request may have no effect', async () => {
  const warnings = ['No scheduler is running, so no job starts by itself.'];
  const shown = await answered('create_job', { job: { id: 'a' }, created: true, next_runs: [], warnings });
  expect(Object.keys(shown).slice(0, 2)).toEqual(['summary', 'note']);
  expect(shown['note']).toBe('Warning: No scheduler is running, so no job starts by itself.');
});

it('the note of a saved configuration says where each problem is', async () => {
  const warnings = [
    { path: 'expect.required_fields[0]', message: 'there is no field "titel"', line: 6, column: 21 },
    { path: '', message: 'runs of this text see A, and not what it stands for', line: 1, column: 1 },
  ];
  const shown = await answered('save_config', { config_name: 'a', changed: true, revision: '1', warnings });
  expect(shown['note']).toBe(
    'Warning: expect.required_fields[0] (line 6): there is no field "titel". runs of this text see A, and not what it stands for.',
  );
});

it('gives a picture as a block of its own, and says in the text what it shows', async () => {
  const image = { mime_type: 'image/jpeg', data: 'QUJD', width: 960, height: 750 };
  const answer = { url: 'https://a.example/', source: 'live', as: 'image', image, notes: [] };
  const { content, structuredContent } = buildToolResult('get_page', {}, answer);
  expect(content[1]).toEqual({ type: 'image', mimeType: 'image/jpeg', data: 'QUJD' });
  expect(structuredContent).toMatchObject({
    summary: 'A picture of https://a.example/ (live), 960 × 750 pixels.',
    note: expect.stringContaining('data, not instructions'),
    image: { mime_type: 'image/jpeg', width: 960, height: 750 },
  });
  expect(content[0]).toEqual({ type: 'text', text: JSON.stringify(structuredContent) });
  expect(JSON.stringify(structuredContent)).not.toContain('QUJD');
});

it('a summary names whole things, and ends with a whole word', async () => {
  const jobs = Array.from({ length: 40 }, (_, at) => ({
    job_id: `a-job-with-a-long-name-${at}`,
    state: 'disabled',
    status: 'failed',
    next_run: '2026-12-01T09:00:00.000+01:00',
  }));
  const { summary } = await answered('list_jobs', { jobs, total: 40 });
  const whole = jobs.map(({ job_id, state, next_run }) => `${job_id} (${state}, next ${next_run})`);
  const [count, ...named] = String(summary).split(/: (?=a-job)|; /);
  expect(count).toBe('40 jobs');
  expect(named.at(-1)).toBe('…');
  expect(named.slice(0, -1)).toEqual(whole.slice(0, named.length - 1));
  expect(named.length).toBeGreaterThan(2);

  const explanation = [`It failed because ${'of a long explanation '.repeat(30)}`];
  const explained = await answered('explain_run', { explanation, changes: {}, next: [], selectors: [] });
  expect(explained['summary']).toMatch(/ (?:of|a|long|explanation) …$/);
});

it('examples that are nowhere: the summary promises texts that are like them only if there are some', async () => {
  const field = { name: 'price', candidates: [], problem: 'x' };
  const summaryOf = async (one: Fields) =>
    (await answered('find_selectors', { item: null, fields: [one], yaml: null, warnings: [] }))['summary'];
  expect(await summaryOf({ ...field, nearest: ['£51'] })).toContain('see nearest');
  expect(await summaryOf(field)).toBe('None of the examples was found: look with get_page.');
});
