import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import type { TestResponse } from '../../../src/core/configs/scraper-protocol.ts';
import { testLivePages } from '../../../src/scrape/inspector/test-run.ts';
import { it } from '../../extend.ts';
import { echoingSite } from './echoing-site.ts';

const KEY = 'qZjQzJZqjzQZ';
const OTHER = 'VvYyVYvyYvVYyvVYvy';
const BEGINNING = KEY.slice(0, 5);

async function tried(config: object, home: string, key: string): Promise<TestResponse> {
  writeFileSync(join(home, 'secrets.env'), `KEY='${key}'\n`);
  const asked = { ask: 'test' as const, name: 'x.yaml', max_pages: 1, sample_items: 5, conceal: {} };
  return testLivePages({ ...asked, yaml: stringify(config), home, time_limit_ms: 1e9 }, () => {});
}

it.for([
  ['as a key of the output', { output: { key: [BEGINNING, KEY] } }, {}],
  ['as an input', {}, { password_field: BEGINNING }],
  ['as an input for the name', {}, { username_field: KEY }],
  ['in a mark', {}, { success_selector: `a[title="${BEGINNING}"]` }],
  ['in a failure', {}, { failure_selector: `a, html:not([lang="${BEGINNING}"])` }],
  [
    'as what a failure says',
    {},
    { failure_selector: `xpath:concat("${KEY.slice(0, 2)}", "${KEY.slice(2, 5)}")` },
  ],
] as const)('a client does not learn whether a guess is right: %s', async ([_, guess, signIn], { home }) => {
  const { port } = await echoingSite();
  const url = `http://127.0.0.1:${port}/x/list?key=\${KEY}`;
  const login = { login_url: url.replace('list', 'login'), username: 'me', password: '${KEY}' };
  const authentication = { type: 'form', ...login, ...signIn };
  const config = { url, selectors: { a: 'b' }, ...guess, authentication };
  const right = await tried(config, home, KEY);
  expect(right).toEqual(await tried(config, home, OTHER));
});
