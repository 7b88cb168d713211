import { describe, expect, it } from 'vitest';
import { makeHome, resolveHome } from '../../../src/core/fs/paths.ts';
import { Settings } from '../../../src/core/settings/settings.ts';
import { applySettings } from '../../../src/scrape/config/config-schema.ts';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';

import { tempFolder } from '../../temp-folder.ts';

const BASE = 'url: https://e.com\nselectors: { a: b }\n';

async function settings(values: Record<string, unknown>): Promise<Settings> {
  const paths = resolveHome({ home: tempFolder() });
  makeHome(paths);
  const store = new Settings(paths);
  for (const [key, value] of Object.entries(values)) await store.set(key as 'user_agent', value as string);
  return store;
}

describe('a configuration with the home’s settings', () => {
  it('takes missing values from the settings', async () => {
    const home = await settings({
      request_timeout: 7,
      respect_robots: false,
      user_agent: 'Mine/1',
      default_output_format: 'json',
    });
    expect(applySettings(parseConfig(BASE, 'x.yaml').config, home)).toMatchObject({
      timeout: 7,
      respect_robots: false,
      user_agent: 'Mine/1',
      output: { format: 'json' },
    });
  });

  it('keeps its own values', async () => {
    const home = await settings({
      request_timeout: 7,
      respect_robots: true,
      user_agent: 'Mine/1',
      default_output_format: 'json',
    });
    const own = 'timeout: 3\nrespect_robots: false\nuser_agent: Own/2\noutput: { format: jsonl }\n';
    expect(applySettings(parseConfig(BASE + own, 'x.yaml').config, home)).toMatchObject({
      timeout: 3,
      respect_robots: false,
      user_agent: 'Own/2',
      output: { format: 'jsonl' },
    });
  });

  it.each([
    ['a.csv', 'csv'],
    ['a.TSV', 'csv'],
    ['a.json', 'json'],
    ['a.jsonl', 'jsonl'],
    ['a_{date}.ndjson', 'jsonl'],
    ['a.csv.gz', 'csv'],
    ['a.xlsx', 'excel'],
    ['a.db', 'sqlite'],
    ['a.SQLITE', 'sqlite'],
    ['a.txt', 'json'],
    ['csv', 'json'],
  ])('takes the format that it does not say from the ending of its path: %s is %s', async (path, format) => {
    const home = await settings({ default_output_format: 'json' });
    const { config } = parseConfig(`${BASE}output: { path: "${path}" }\n`, 'x.yaml');
    expect(applySettings(config, home).output).toMatchObject({ path, format });
  });

  it('has the default values without settings', async () => {
    const complete = applySettings(parseConfig(BASE, 'x.yaml').config, await settings({}));
    expect(complete).toMatchObject({ timeout: 30, respect_robots: true, output: { format: 'csv' } });
    expect(complete.user_agent).toBeUndefined();
  });
});
