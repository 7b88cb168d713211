import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { FILTER_FIELDS } from '../../../src/core/jobs/filter/filter-terms.ts';
import { JOB_STATES, STATE_ALIASES } from '../../../src/core/jobs/job-display-state.ts';
import type { Operation } from '../../../src/core/operations/define-operation.ts';
import { OPERATIONS, type OperationName } from '../../../src/core/operations/operations.ts';
import { getPersistentFiles } from '../../../src/core/runs/run-files.ts';
import { DEFAULT_POLICY, exposedInput } from '../../../src/rpc/access/policy.ts';
import { FIELD_WORDS } from '../../../src/rpc/mcp/field-words.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { connect } from './mcp-clients.ts';

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
}

interface Tool {
  name: string;
  description: string;
  inputSchema: Schema;
}

/** Lists that a server has given, by what its home has: each is asked for once. */
const lists = new Map<string, Promise<Tool[]>>();

function tools({
  hasChannels = false,
  hasWorkers = false,
  hasHistory = false,
  hasParams = false,
} = {}): Promise<Tool[]> {
  const key = JSON.stringify([hasChannels, hasWorkers, hasHistory, hasParams]);
  const list = lists.get(key) ?? askForTools({ hasChannels, hasWorkers, hasHistory, hasParams });
  lists.set(key, list);
  return list;
}

async function askForTools({
  hasChannels,
  hasWorkers,
  hasHistory,
  hasParams,
}: Record<string, boolean>): Promise<Tool[]> {
  const home = tempFolder();
  const { paths, configs } = openTempWorkspace({ home });
  if (hasParams) await configs.write('shop', 'params: {city: {}}\nurl: "https://a.example/"\n');
  if (hasChannels) writeFileSync(paths.channels, 'me: { type: desktop }\n');
  if (hasWorkers) writeFileSync(paths.workers, '{}');
  if (hasHistory) {
    const { folder, history } = getPersistentFiles(paths, 'shop');
    mkdirSync(folder, { recursive: true });
    writeFileSync(history, '');
  }
  const client = await connect('legacy', home);
  return (await client.tools()) as unknown as Tool[];
}

/** The names of all fields, at any depth. */
function fieldNames({ properties = {}, items, oneOf = [], anyOf = [] }: Schema): string[] {
  const inner = [...(items ? [items] : []), ...oneOf, ...anyOf].flatMap(fieldNames);
  const own = Object.entries(properties).flatMap(([name, field]) => [name, ...fieldNames(field)]);
  return [...new Set([...own, ...inner])].sort();
}

const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** Bytes of the definitions as a model gets them. Four bytes are a token. */
const seenSize = (list: Tool[]) =>
  size(list.map(({ name, description, inputSchema }) => ({ name, description, input_schema: inputSchema })));

it('the list has at most 5,000 tokens as a model gets it, and 6,500 on the wire', async () => {
  const all = await tools();
  expect(seenSize(all)).toBeLessThanOrEqual(20_000);
  expect(size({ tools: all })).toBeLessThanOrEqual(26_000);
});

it('a home with channels stays within it, and has their log by choice only', async () => {
  const plain = await tools();
  const all = await tools({ hasChannels: true });
  const names = (list: typeof all) => list.map(({ name }) => name);
  expect(names(all).filter((name) => !names(plain).includes(name))).toEqual([
    'list_channels',
    'test_channel',
  ]);
  expect(seenSize(all)).toBeLessThanOrEqual(20_000);
});

it('a home without channels and workers gets no fields that name them', async () => {
  const fieldsOf = (list: Awaited<ReturnType<typeof tools>>) =>
    list
      .filter(({ name }) => name === 'create_job' || name === 'update_job')
      .flatMap((tool) => fieldNames(tool.inputSchema));
  expect(fieldsOf(await tools())).not.toEqual(expect.arrayContaining(['notify']));
  expect(fieldsOf(await tools())).not.toEqual(expect.arrayContaining(['worker']));
  const all = fieldsOf(await tools({ hasChannels: true, hasWorkers: true }));
  expect(all.filter((name) => name === 'worker' || name === 'notify')).toHaveLength(4);
});

it('parameters add two hundred and fifty tokens, and only where a configuration declares some', async () => {
  const [plain, all] = [await tools(), await tools({ hasParams: true })];
  const holders = (list: typeof all) =>
    list
      .filter(({ inputSchema }) => fieldNames(inputSchema).includes('params'))
      .map(({ name }) => name)
      .sort();
  expect(holders(plain)).toEqual([]);
  expect(holders(all)).toEqual(['create_job', 'run_job', 'test_config', 'update_job']);
  const create = all.find(({ name }) => name === 'create_job')?.inputSchema.properties?.['params'];
  expect(create).toEqual({
    type: 'array',
    items: {
      type: 'object',
      properties: { name: { type: 'string' }, value: { type: 'string' } },
      required: ['name', 'value'],
      additionalProperties: false,
    },
    description: expect.stringMatching(/^.{1,40}$/),
  });
  expect(seenSize(all) - seenSize(plain)).toBeLessThanOrEqual(1_000);
});

it('the history of rows adds a hundred and fifty tokens, and only where a job keeps one', async () => {
  const [plain, all] = [await tools(), await tools({ hasHistory: true })];
  expect(all.map(({ name }) => name).filter((name) => !plain.some((tool) => tool.name === name))).toEqual([
    'get_item_history',
  ]);
  expect(seenSize(all) - seenSize(plain)).toBeLessThanOrEqual(600);
  const chosen = await connect('legacy', tempFolder(), { flags: ['--tools', 'get_item_history'] });
  expect((await chosen.tools()).map(({ name }) => name)).toEqual(['get_item_history']);
});

it('no field is left out, at any depth', async () => {
  for (const { name, inputSchema } of await tools({
    hasChannels: true,
    hasWorkers: true,
    hasHistory: true,
    hasParams: true,
  })) {
    const operation = (await OPERATIONS[name as OperationName]()) as unknown as Operation;
    const input = z.toJSONSchema(exposedInput(operation, DEFAULT_POLICY), {
      io: 'input',
      unrepresentable: 'any',
    });
    const offered = fieldNames(inputSchema);
    expect({ name, offered }).toEqual({
      name,
      offered: expect.arrayContaining(fieldNames(input as unknown as Schema)),
    });
  }
});

it('a field says what it is in this tool, and not in another one that has a field of its name', async () => {
  const all = await tools();
  const words = (tool: string, field: string) =>
    all.find(({ name }) => name === tool)?.inputSchema.properties?.[field]?.description;
  expect(words('preview_schedule', 'from')).toContain('RFC 3339');
  expect(words('get_log', 'from')).toBeUndefined();
  expect(words('create_job', 'output_path')).toContain('{date}');
  expect(words('export', 'output_path')).toBe('New .json file within output/');
  expect(words('compare_runs', 'sort')).toContain('percent');
});

it('the words for models are those of fields that exist', async () => {
  const used = (await tools({ hasChannels: true, hasWorkers: true, hasParams: true })).flatMap(
    ({ inputSchema }) => fieldNames(inputSchema),
  );
  const commands = ['on_failure_mode'];
  for (const name of Object.keys(FIELD_WORDS)) expect([...used, ...commands]).toContain(name);
});

it('names every field and state of a filter, and a resource says what they mean', async () => {
  const offered = await tools();
  const wordsOf = (tool: string) =>
    offered.find(({ name }) => name === tool)?.inputSchema.properties?.['filter']?.description ?? '';
  const words = wordsOf('list_jobs').split(/[^a-z]+/);
  for (const name of [...FILTER_FIELDS.map((field) => field.name), ...JOB_STATES])
    expect(words).toContain(name);
  expect(wordsOf('update_jobs')).toContain('list_jobs');
  const home = tempFolder();
  openTempWorkspace({ home });
  const client = await connect('legacy', home);
  const help = await client.read('quickscrape://help/filter');
  for (const { example, meaning } of FILTER_FIELDS)
    expect(help).toContain(`${example.padEnd(22)} ${meaning}`);
  for (const alias of Object.keys(STATE_ALIASES)) expect(help).toMatch(new RegExp(`^${alias} `, 'm'));
});

it('says what the names of a schedule’s fields do not', async () => {
  const offered = await tools();
  const schedules = offered.flatMap(({ name, inputSchema: { properties = {} } }) => {
    const { schedule = properties['changes']?.properties?.['schedule'] } = properties;
    return schedule === undefined ? [] : [{ name, schedule }];
  });
  expect(schedules).toHaveLength(3);
  for (const { schedule } of schedules) expect(schedule.description).toMatch(/HH:MM.*0 = Monday.*0 = Sunday/);
  const { description, properties = {} } =
    schedules.find(({ name }) => name === 'create_job')?.schedule ?? {};
  expect(Object.keys(properties)).toHaveLength(8);
  for (const name of Object.keys(properties).filter((one) => one !== 'type'))
    expect(description).toContain(name);
});
