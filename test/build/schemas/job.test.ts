import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJobText } from '../../../src/core/jobs/job-text.ts';
import { DEFINITION_FIELDS } from '../../../src/core/model/definition.ts';
import { BOOKKEEPING_FIELDS } from '../../../src/core/model/serialize-job.ts';
import { codeBlocks } from '../../docs-pages.ts';
import { propertyRuns } from '../../property-runs.ts';
import { compileSchema } from './editor-ajv.ts';

const schemaAccepts = compileSchema('job');

function programAccepts(job: unknown): boolean {
  const about = { id: 'prices', file: '/jobs/prices.json', modifiedAt: 0 };
  return parseJobText(JSON.stringify(job), about, undefined).kind === 'valid';
}

const LEAST = { config_name: 'books', schedule: { type: 'daily', time: '09:00' } };

/** Values that are often right or nearly so, for any field. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      null,
      true,
      false,
      0,
      1,
      -1,
      0.5,
      3600,
      1_000_001,
      '',
      ' ',
      'books',
      'Books',
      'a/b.csv',
      '../x',
      'csv',
    ],
    ...[
      'xlsx',
      'db',
      'XML',
      'skip',
      'latest',
      'all',
      'each',
      'streak',
      'exponential',
      'Europe/Berlin',
      '24:00',
    ],
    ...['2026-11-25T08:00:00Z', '2026-11-25T08:00Z', '2026-11-25', 'pending', 'hand', 'prices', '{date}.csv'],
    ...[[], ['a'], [''], ['a', 'b'], ['A'], ['\u0001'], [1], {}, { a: 1 }, LEAST.schedule],
    ...[
      { min_items: 5 },
      { min_fill_percent: { price: 90 } },
      { min_fill_percent: [{ name: 'a', value: 50 }] },
    ],
    ...[{ usual_since: '2026-11-25T08:00:00Z' }, { usual_since: '2026-11-25T08:00Z' }, { retry: 'yes' }],
    ...[
      { required_fields: ['a'], max_drop_percent: 101 },
      { max_drop_percent: 50, likely_broken: false },
    ],
  ),
  fc.jsonValue({ maxDepth: 1 }),
);

/** The reader takes an empty list for a field that is not set, whatever the field. */
const isNoList = (each: unknown) => !(Array.isArray(each) && each.length === 0);

const schedule = fc.record(
  {
    type: fc.constantFrom('once', 'hourly', 'daily', 'weekly', 'monthly', 'custom', 'yearly', 3),
    time: fc.constantFrom<unknown>('09:00', '9:00', '23:59', '24:00', 9, null),
    date: fc.constantFrom<unknown>('2026-12-24', '2026-02-30', '24.12.2026', null),
    minute: fc.constantFrom<unknown>(0, 59, 60, 1.5, '0'),
    day_of_week: fc.constantFrom<unknown>(0, 6, 7, 'mon'),
    day_of_month: fc.constantFrom<unknown>(1, 31, 0),
    cron_expression: fc.constantFrom<unknown>('0 9 * * 1-5', '@daily', 'often', 5),
    timezone: fc.constantFrom<unknown>('UTC', 'europe/berlin', 'Mars', null),
    at: fc.constant('09:00'),
  },
  { requiredKeys: ['type'] },
);

const FIELDS = [
  ...DEFINITION_FIELDS,
  ...BOOKKEEPING_FIELDS,
  '$schema',
  'state_when_deleted',
  'note',
  'maxRetries',
];

const job = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.constantFrom(...FIELDS), value.filter(isNoList)), {
      selector: ([field]) => field,
      maxLength: 4,
    }),
    schedule,
    fc.boolean(),
  )
  .map(([fields, other, isOther]) => ({
    ...LEAST,
    ...(isOther && { schedule: other }),
    ...Object.fromEntries(fields),
  }));

describe('the schema of job files', () => {
  it('accepts every file that the program accepts', () => {
    let accepted = 0;
    fc.assert(
      fc.property(job, (each) => {
        if (!programAccepts(each)) return;
        accepted += 1;
        expect(schemaAccepts(each), JSON.stringify([each, schemaAccepts.errors])).toBe(true);
      }),
      { numRuns: propertyRuns(1_000) },
    );
    // About one in seven is accepted; with a few more the test would fail by chance.
    expect(accepted).toBeGreaterThan(propertyRuns(40));
  });

  it('accepts each value that the program accepts in a field of its own', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS), value.filter(isNoList), (field, each) => {
        const file = { ...LEAST, [field]: each };
        if (programAccepts(file)) expect(schemaAccepts(file), JSON.stringify(file)).toBe(true);
      }),
      { numRuns: propertyRuns(3_000) },
    );
  });

  it('accepts the documented file, and fields of other programs, as the program does', () => {
    const documented = JSON.parse(codeBlocks('docs/reference/job-file.md', 'json')[0] ?? '');
    for (const file of [
      LEAST,
      documented,
      { ...LEAST, note: 'of ours' },
      { $schema: './x.json', ...LEAST },
    ]) {
      expect(programAccepts(file)).toBe(true);
      expect(schemaAccepts(file)).toBe(true);
    }
  });

  it.each<[what: string, job: unknown]>([
    ['no configuration', { schedule: LEAST.schedule }],
    ['no schedule', { config_name: 'books' }],
    ['a configuration with a capital', { ...LEAST, config_name: 'Books' }],
    ['a number as a text', { ...LEAST, max_retries: '3' }],
    ['a number that is too large', { ...LEAST, max_retries: 101 }],
    ['a part of a run to keep', { ...LEAST, keep_runs: 1.5 }],
    ['a text in place of true', { ...LEAST, enabled: 'yes' }],
    ['a wrong choice', { ...LEAST, overlap: 'wait' }],
    ['a format that there is not', { ...LEAST, output_format: 'xml' }],
    ['one tag without a list', { ...LEAST, tags: 'books' }],
    ['an empty command', { ...LEAST, on_failure: '' }],
    ['a worker with a capital', { ...LEAST, worker: ['Browser'] }],
    ['a kind of schedule that there is not', { ...LEAST, schedule: { type: 'yearly', time: '09:00' } }],
    ['a schedule as a text', { ...LEAST, schedule: '0 9 * * *' }],
    ['a schedule without its time', { ...LEAST, schedule: { type: 'daily' } }],
    ['an unknown key of a schedule', { ...LEAST, schedule: { ...LEAST.schedule, at: '09:00' } }],
    ['a time without a zero', { ...LEAST, schedule: { type: 'daily', time: '9:00' } }],
    ['Sunday as 7', { ...LEAST, schedule: { type: 'weekly', time: '09:00', day_of_week: 7 } }],
    ['an unknown key of expect', { ...LEAST, expect: { minItems: 5 } }],
    ['a share in place of per cent', { ...LEAST, expect: { min_fill_percent: { price: 0.9 } } }],
    ['an instant without its offset', { ...LEAST, expect: { usual_since: '2026-11-25' } }],
    ['a date without quotes', { ...LEAST, created_at: 20261125 }],
    ['revision 0', { ...LEAST, revision: 0 }],
  ])('refuses %s, as the program does', (_what, file) => {
    expect(programAccepts(file)).toBe(false);
    expect(schemaAccepts(file)).toBe(false);
  });
});
