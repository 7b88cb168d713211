import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  DEFINITION_DEFAULTS,
  DEFINITION_FIELDS,
  FIELDS_EMPTY_BY_DEFAULT,
  jobFields,
  parseDefinition,
} from '../../../src/core/model/definition.ts';
import { definitionHash } from '../../../src/core/model/fingerprint.ts';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' } as const;
const LEAST = { config_name: 'books', schedule: DAILY };

describe('a definition', () => {
  it('needs a configuration and a schedule, and has the defaults of the contract', () => {
    expect(parseDefinition(LEAST)).toEqual({
      ...LEAST,
      ...{ description: null, output_format: null, output_path: null, max_retries: 3, retry_delay: 300 },
      ...{ on_success: null, on_failure: null, enabled: true, tags: [], timeout: 3600, overlap: 'skip' },
      ...{ misfire_grace_time: null, catch_up: 'latest', jitter: 0, stagger: 0, retry_backoff: 'fixed' },
      ...{ priority: 0, keep_runs: 50, expect: null, pause_after_failures: 0, on_failure_mode: 'each' },
      ...{ on_recovery: null, on_change: null, worker: null, notify: null, params: null },
    });
    expect(() => parseDefinition({ config_name: 'books' })).toThrow(/schedule: missing/);
    expect(() => parseDefinition({ schedule: DAILY })).toThrow(/config_name: missing/);
  });

  it('takes a JobSchedule as well as its dictionary, and a time zone for one that names none', () => {
    const made = JobSchedule.hourly(5, { timezone: 'UTC' });
    expect(parseDefinition({ ...LEAST, schedule: made }).schedule).toEqual(made.toDict());
    const bare = { type: 'daily', time: '09:00' };
    expect(parseDefinition({ ...LEAST, schedule: bare }, { timezone: 'Asia/Tokyo' }).schedule.timezone).toBe(
      'Asia/Tokyo',
    );
  });

  it.each([
    ['max_retries', 1.5],
    ['max_retries', '3'],
    ['max_retries', 101],
    ['retry_delay', -1],
    ['retry_delay', Number.NaN],
    ['retry_delay', Number.POSITIVE_INFINITY],
    ['timeout', 0],
    ['enabled', 'yes'],
    ['tags', 'a'],
    ['tags', ['']],
    ['tags', ['a\u001b[31m']],
    ['tags', [1]],
    ['catch_up', 'some'],
    ['priority', 0.5],
    ['keep_runs', 0],
    ['output_format', 'xml'],
    ['output_path', ''],
    ['on_success', []],
    ['on_failure', ['a', '']],
    ['on_change', 'a\0b'],
    ['worker', 'browser'],
    ['worker', ['Browser']],
    ['worker', ['a,b']],
    ['worker', Array.from({ length: 9 }, (_, at) => `tag-${at}`)],
    ['expect', 5],
    ['expect', { min_items: -1 }],
    ['expect', { max_drop_percent: 101 }],
    ['config_name', '../x'],
    ['description', 5],
    ['description', 'x'.repeat(20_001)],
  ])('refuses %s = %j, naming the field and what is allowed', (field, value) => {
    let error: unknown;
    try {
      parseDefinition({ ...LEAST, [field]: value });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'invalid_params', field: expect.stringMatching(`^${field}`) });
    expect((error as Error).message).toMatch(new RegExp(`^${field}.*(must be|not a valid name|empty)`));
  });

  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  it.each([
    [{ schedule: undefined }, /^schedule: missing; it must be a schedule whose type is one of once, hourly/],
    [
      { on_failure: [] },
      /^on_failure: must be a command: a non-empty string, or an array of 1 to 1000 strings, not/,
    ],
    [
      { on_failure: Array(1001).fill('x') },
      /^on_failure: must be a command: .* an array of 1 to 1000 strings/,
    ],
    [{ on_failure: ['a', ''] }, /^on_failure(\.1)?: must be a (non-empty string without NUL|command)/],
    [{ priority: Number.POSITIVE_INFINITY }, /^priority: must be a whole number from .*, not Infinity$/],
    [{ retry_delay: Number.NaN }, /^retry_delay: must be a number of seconds from .*, not NaN$/],
    [{ max_retries: 5n }, /^max_retries: must be a whole number from 0 to 100, not 5$/],
    [{ description: cyclic }, /^description: must be a string of at most 20000 characters, not object$/],
    [{ expect: [] }, /^expect: must be an object, or null, not \[\]$/],
  ])('explains the allowed values in plain words (%#)', (fields, words) => {
    expect(() => parseDefinition({ ...LEAST, ...fields })).toThrow(
      expect.objectContaining({ code: 'invalid_params', message: expect.stringMatching(words) }),
    );
  });

  it.each(['fields', 'max_broken_percent', 'broken_rows'])('says where expect.%s belongs', (key) => {
    expect(() => parseDefinition({ ...LEAST, expect: { [key]: {} } })).toThrow(
      expect.objectContaining({
        field: `expect.${key}`,
        hint: `Rules on values belong into the configuration: expect: {${key}: ...}.`,
      }),
    );
  });

  it('reports every bad field, and unknown ones with the closest names', () => {
    const bad = { ...LEAST, max_retries: -1, retry_dealy: 5, overlap: 'no' };
    expect(() => parseDefinition(bad)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('and 2 more'),
        issues: expect.arrayContaining([
          expect.objectContaining({ path: 'max_retries' }),
          expect.objectContaining({ path: 'overlap' }),
          expect.objectContaining({ path: 'retry_dealy', hint: 'Did you mean retry_delay?' }),
        ]),
      }),
    );
  });

  it.each([null, 5, 'x', [], undefined])('refuses %j as a whole', (input) => {
    expect(() => parseDefinition(input)).toThrow(expect.objectContaining({ code: 'invalid_params' }));
  });

  it('has an input shape that JSON Schema can say', () => {
    const schema = z.toJSONSchema(jobFields(), { io: 'input' });
    expect(schema).toMatchObject({
      type: 'object',
      required: ['config_name', 'schedule'],
      additionalProperties: false,
    });
  });
});

describe('the schema of a definition', () => {
  it('has the fields that are listed, in their order', () => {
    expect(Object.keys(jobFields().shape)).toEqual(DEFINITION_FIELDS);
  });

  it('fills in the defaults that are listed', () => {
    const { config_name: _name, schedule: _schedule, ...others } = parseDefinition(LEAST);
    expect(others).toEqual(DEFINITION_DEFAULTS);
  });
});

describe('the hash of a definition', () => {
  const definition = parseDefinition(LEAST);

  it('changes with every field', () => {
    const values: Record<string, unknown> = {
      ...{ config_name: 'other', schedule: { ...DAILY, time: '10:00' }, enabled: false, tags: ['a'] },
      ...{ overlap: 'allow', catch_up: 'all', retry_backoff: 'exponential', on_failure_mode: 'streak' },
      expect: { min_items: 1 },
    };
    const hashes = Object.keys(definition).map((field) => {
      const old = definition[field as keyof typeof definition];
      const value = values[field] ?? (typeof old === 'number' ? old + 1 : 'x');
      return definitionHash({ ...definition, [field]: value } as typeof definition);
    });
    expect(new Set([...hashes, definitionHash(definition)]).size).toBe(Object.keys(definition).length + 1);
  });

  it('does not depend on the order of fields, and stays short', () => {
    const turned = Object.fromEntries(Object.entries(definition).reverse()) as unknown as typeof definition;
    const schedule = { timezone: DAILY.timezone, time: DAILY.time, type: DAILY.type } as const;
    expect(definitionHash({ ...turned, schedule })).toBe(definitionHash(definition));
    expect(definitionHash({ ...definition, description: 'x'.repeat(5_000) }).length).toBeLessThan(300);
  });

  it('of today stays the same when a later version brings fields with defaults', () => {
    // What equals its default is not part of it.
    expect(definitionHash({ ...definition, ...DEFINITION_DEFAULTS })).toBe(definitionHash(definition));
    expect(definitionHash(definition)).not.toContain('max_retries');
  });

  it('is the same with an empty list where that says the same as none, and only there', () => {
    const definition = parseDefinition(LEAST);
    const lists = DEFINITION_FIELDS.filter((field) => field !== 'config_name' && field !== 'schedule');
    const same = lists.filter(
      (field) =>
        definitionHash({ ...definition, [field]: [] } as typeof definition) === definitionHash(definition),
    );
    expect(same.sort()).toEqual([...FIELDS_EMPTY_BY_DEFAULT].sort());
    // No messages, whatever the settings say.
    expect(same).not.toContain('notify');
  });
});
