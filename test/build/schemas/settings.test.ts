import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { resolveHome } from '../../../src/core/fs/paths.ts';
import { SETTING_KEYS, type SettingKey } from '../../../src/core/settings/setting-rules.ts';
import { Settings } from '../../../src/core/settings/settings.ts';
import { tempFolder } from '../../temp-folder.ts';
import { compileSchema } from './editor-ajv.ts';

const schemaAccepts = compileSchema('settings');

function programAccepts(values: Record<string, unknown>, home = tempFolder()): boolean {
  const paths = resolveHome({ home });
  writeFileSync(paths.settings, stringify(values));
  const settings = new Settings(paths);
  try {
    for (const key of Object.keys(values)) settings.get(key as SettingKey);
    return true;
  } catch {
    return false;
  }
}

it('the schema of settings accepts every value that the program accepts', () => {
  const folder = tempFolder();
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      ...[
        null,
        true,
        false,
        -1,
        0,
        0.1,
        0.5,
        1,
        10,
        601,
        1000,
        1001,
        36_500,
        1_000_000,
        1_000_001,
        'UTC',
        'Mars',
      ],
      ...['csv', 'xlsx', 'ndjson', 'xml', 'local', 'bullmq', 'wait', 'x', 'ä', '', '/usr/bin/chromium'],
      ...[
        'redis://redis.example:6379',
        'redis.example',
        'unix:///run/valkey.sock',
        'redis://a:b@c',
        '8',
        [],
        {},
      ],
    ),
    fc.string({ maxLength: 4 }),
  );
  let accepted = 0;
  fc.assert(
    fc.property(fc.constantFrom(...SETTING_KEYS), value, (key, each) => {
      if (!programAccepts({ [key]: each }, folder)) return;
      accepted += 1;
      expect(schemaAccepts({ [key]: each }), JSON.stringify({ [key]: each })).toBe(true);
    }),
    { numRuns: 600 },
  );
  expect(accepted).toBeGreaterThan(40);
});

it.each<[what: string, values: Record<string, unknown>]>([
  ['a misspelt key', { max_concurent_runs: 8 }],
  ['a text in place of a number', { max_concurrent_runs: 'many' }],
  ['a number that is too small', { max_concurrent_runs: 0 }],
  ['a part of a run', { keep_runs: 1.5 }],
  ['yes, which YAML 1.2 does not take for true', { respect_robots: 'yes' }],
  ['a format that there is not', { default_output_format: 'xml' }],
  ['a wrong choice', { executor: 'redis' }],
  ['null where there is no null', { timezone: null }],
  ['a user agent with an umlaut', { user_agent: 'Bücher' }],
])('the schema of settings refuses %s, as the program does', (_what, values) => {
  expect(programAccepts(values)).toBe(false);
  expect(schemaAccepts(values)).toBe(false);
});
