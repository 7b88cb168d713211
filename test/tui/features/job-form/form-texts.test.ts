import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  DEFINITION_DEFAULTS,
  type JobDefinition,
  parseDefinition,
} from '../../../../src/core/model/definition.ts';
import type { ScheduleDict } from '../../../../src/core/schedule/rule.ts';
import { parseFormTexts, toFormTexts } from '../../../../src/tui/features/job-form/form-values.ts';

const word = fc.oneof(
  fc.constantFrom('a', 'b c', 'x,y', ' led', '[', '"q"', '日本'),
  fc.stringMatching(/^[a-z]{1,8}$/),
);
const command = fc.oneof(
  fc.constant(null),
  fc.constantFrom('echo done', '[ -f x ]', '["not","array"]', '"quoted one" x'),
  fc.array(word, { minLength: 1, maxLength: 3 }),
);
const schedule = fc.constantFrom<ScheduleDict>(
  { type: 'once', date: '2026-12-24', time: '18:00', timezone: 'UTC' },
  { type: 'hourly', minute: 15, timezone: 'UTC' },
  { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' },
  { type: 'weekly', day_of_week: 6, time: '09:00', timezone: 'UTC' },
  { type: 'monthly', day_of_month: 31, time: '09:00', timezone: 'UTC' },
  { type: 'custom', cron_expression: '0 9 * * 1-5', timezone: 'Asia/Tokyo' },
);

const paramName = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/),
  fc.constantFrom('a=b', 'c,d', '{', '1', ' '),
);
const paramText = fc.oneof(
  fc.stringMatching(/^[^\s](.{0,8}[^\s])?$/),
  fc.constantFrom('a, b=c', '=', '{"a":1}', 'new york', '"q"', '日本'),
);

const definitions: fc.Arbitrary<JobDefinition> = fc
  .record({
    schedule,
    config_name: fc.constantFrom('shop', 'news'),
    description: fc.oneof(fc.constant(null), fc.stringMatching(/^[^\s].{0,20}$/)),
    tags: fc.array(word, { maxLength: 3 }),
    output_format: fc.constantFrom(null, 'csv' as const, 'jsonl' as const),
    output_path: fc.constantFrom(null, 'out/{date}.csv'),
    enabled: fc.boolean(),
    max_retries: fc.integer({ min: 0, max: 100 }),
    retry_delay: fc.constantFrom(0, 0.5, 300),
    misfire_grace_time: fc.constantFrom(null, 0, 60),
    priority: fc.integer({ min: -5, max: 5 }),
    overlap: fc.constantFrom('skip' as const, 'queue' as const),
    expect: fc.constantFrom<JobDefinition['expect']>(
      null,
      { min_items: 0 },
      { required_fields: ['a,b', 'c'], max_drop_percent: 12.5 },
      {
        min_fill_percent: { price: 95, 'sale price': 12.5 },
        allow_empty: false,
        retry: true,
        usual_since: '2026-11-25T08:00:00Z',
      },
      { min_fill_percent: { 'a, b 3': 99, '1': 1, '{': 2 }, allow_empty: true },
      { min_fill_percent: {} },
    ),
    on_success: command,
    on_change: command,
    params: fc.oneof(fc.constant(null), fc.dictionary(paramName, paramText, { minKeys: 1, maxKeys: 4 })),
  })
  .map((fields) => ({ ...DEFINITION_DEFAULTS, ...fields }));

it('a form says exactly the job that it was made from, whether it is stored on top of another one or as a new one', () => {
  fc.assert(
    fc.property(definitions, definitions, (base, wanted) => {
      const texts = toFormTexts(wanted);
      expect(parseDefinition(parseFormTexts(texts, base))).toEqual(parseDefinition(wanted));
      expect(parseDefinition(parseFormTexts(texts, undefined))).toEqual(parseDefinition(wanted));
    }),
  );
});

it('keeps what has the same text as it is', () => {
  const base = { ...DEFINITION_DEFAULTS, config_name: 'shop', description: '', expect: {} };
  const job = { ...base, schedule: { type: 'hourly', minute: 0, timezone: 'UTC' } as const };
  expect(parseFormTexts(toFormTexts(job), job)).toEqual(job);
});
