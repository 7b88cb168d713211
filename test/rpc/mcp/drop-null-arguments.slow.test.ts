import { expect, it } from 'vitest';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { type ConnectedClient, connect } from './mcp-clients.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' };

interface Schema {
  properties?: Record<string, Schema>;
}
type Fields = Record<string, unknown>;

/** The arguments as a host of strict OpenAI sends them: whatever the definition names is there, `null` where it was left out. */
function filledIn(given: Fields, { properties = {} }: Schema): Fields {
  const all = Object.entries(properties).map(([name, inner]) => {
    const value = given[name];
    return [
      name,
      value instanceof Object && !Array.isArray(value) ? filledIn(value as Fields, inner) : (value ?? null),
    ];
  });
  return { ...given, ...Object.fromEntries(all) };
}

async function strictHost(): Promise<ConnectedClient> {
  const home = tempFolder();
  const workspace = openTempWorkspace({ home });
  await workspace.configs.write('books', 'url: "http://127.0.0.1:9/"\nselectors:\n  title: h3\n');
  return connect('pinned', home);
}

it('treats null as left out, wherever a definition allows it', async () => {
  const client = await strictHost();
  const schemas = new Map(
    (await client.tools()).map(({ name, inputSchema }) => [name, inputSchema as Schema]),
  );
  const call = async (name: string, given: Fields) => {
    const { isError, data } = await client.call(name, filledIn(given, schemas.get(name) ?? {}));
    expect({ name, isError, ...data }).toMatchObject({ name, isError: false });
    return data;
  };
  const job_id = 'daily-books';
  const expected = { min_items: 3, min_fill_percent: [{ name: 'title', value: 90 }] };
  const fields = { config_name: 'books', description: 'Books', expect: expected };
  await call('create_job', { job_id, ...fields, schedule: DAILY });
  await call('list_jobs', {});
  await call('list_runs', { job_id });
  await call('preview_schedule', { schedule: DAILY });
  await call('forecast_runs', {});
  await call('get_scheduler', {});
  expect((await call('update_job', { job_id, changes: { max_retries: 1 } }))['changed']).toEqual([
    'max_retries',
  ]);
  expect((await call('get_job', { job_id }))['job']).toMatchObject({
    schedule: DAILY,
    description: 'Books',
    expect: { min_items: 3, min_fill_percent: { title: 90 } },
    max_retries: 1,
  });
});

it('clears a field of a job that a change names with null', async () => {
  const client = await strictHost();
  const job_id = 'daily-books';
  await client.call('create_job', { job_id, config_name: 'books', schedule: DAILY, description: 'Books' });
  const changes = { description: null, max_retries: 1 };
  const { data } = await client.call('update_job', { job_id, changes });
  expect(data).toMatchObject({ changed: ['description', 'max_retries'] });
});

it('still refuses null under a name that no definition has', async () => {
  const client = await strictHost();
  for (const params of [{ colour: null }, { constructor: null }])
    expect((await client.call('list_jobs', params)).text).toContain('unknown field');
  const changes = { colour: null, timeout: null };
  expect((await client.call('update_job', { job_id: 'a', changes })).text).toContain(
    'changes.colour: unknown field',
  );
});
