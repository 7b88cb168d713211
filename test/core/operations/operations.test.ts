import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Operation } from '../../../src/core/operations/define-operation.ts';
import { OPERATION_NAMES, OPERATIONS, type OperationName } from '../../../src/core/operations/operations.ts';

const load = async (name: OperationName) => (await OPERATIONS[name]()) as unknown as Operation;

/** No command yet: people delete a configuration in the dashboard, or its file. */
const WITHOUT_COMMAND = [
  'delete_config',
  'get_page',
  'update_jobs',
  'restore_config',
  'examine_home',
  'export',
  'find_selectors',
  'propose_config',
];
const WITH_COMMAND = [
  'list_jobs',
  'get_job',
  'create_job',
  'update_job',
  'delete_job',
  'restore_job',
  'run_job',
  'retry_run',
  'cancel_run',
  'list_runs',
  'get_run',
  'explain_run',
  'get_log',
  'list_items',
  'compare_runs',
  'get_item_history',
  'preview_schedule',
  'forecast_runs',
  'list_configs',
  'get_config',
  'save_config',
  'test_config',
  'get_metrics',
  'get_report',
  'get_scheduler',
  'start_scheduler',
  'stop_scheduler',
  'list_channels',
  'test_channel',
  'list_messages',
  'list_workers',
  'drain_worker',
  'revoke_worker',
  'list_trash',
  'get_settings',
  'set_setting',
];

/** What outsiders rely on (docs/contributing/adr/0004), and `retry_run`, which `quickscrape job retry` calls. */
const NAMES = [...WITH_COMMAND, ...WITHOUT_COMMAND];

it('the table has every operation of the contract, and no other', () => {
  expect([...OPERATION_NAMES].sort()).toEqual([...NAMES].sort());
});

describe.each(OPERATION_NAMES)('the operation %s', (name) => {
  it('bears the name under which the table lists it', async () => {
    expect((await load(name)).name).toBe(name);
  });

  it('refuses fields that it does not know', async () => {
    const { input } = await load(name);
    const codes = input.safeParse({ no_such_field: 1 }).error?.issues.map((issue) => issue.code);
    expect(codes).toContain('unrecognized_keys');
  });

  it('says all four hints, none of which contradicts another', async () => {
    const { annotations } = await load(name);
    expect(annotations).toEqual({
      readOnlyHint: expect.any(Boolean),
      destructiveHint: expect.any(Boolean),
      idempotentHint: expect.any(Boolean),
      openWorldHint: expect.any(Boolean),
    });
    if (annotations.readOnlyHint)
      expect(annotations).toMatchObject({ destructiveHint: false, idempotentHint: true });
  });

  it('has a title and a description in one line each, short enough for a list that models read', async () => {
    const { title, description } = await load(name);
    expect(title).toMatch(/^[A-Z][^\n.]{5,40}$/);
    expect(description).toMatch(/^[A-Z][^\n]{40,}\.$/);
    expect(description.length).toBeLessThanOrEqual(500);
  });

  it('has an input and an output that JSON Schema can say', async () => {
    const { input, output } = await load(name);
    expect(z.toJSONSchema(input, { io: 'input' })).toMatchObject({
      type: 'object',
      additionalProperties: false,
    });
    expect(z.toJSONSchema(output, { io: 'output' })).toMatchObject({ type: 'object' });
  });
});

describe('a command and a tool cannot differ, since', () => {
  it('each operation is called by its name by the command that it has', () => {
    const called = sources('cli').flatMap(({ text }) =>
      [...text.matchAll(/\bcontext\.(?:call|invoke)\(\s*'(\w+)'/g)].map(([, name]) => name),
    );
    expect([...new Set(called)].sort()).toEqual(WITH_COMMAND.toSorted());
  });

  it('each interface calls operations in one place, through callOperation, and never a handler', () => {
    const placesOf = (layer: string, pattern: RegExp) =>
      sources(layer)
        .filter(({ text }) => pattern.test(text))
        .map(({ file }) => file);
    expect(placesOf('cli', /\bcallOperation\(/)).toEqual(['cli/context/context.ts']);
    expect(placesOf('rpc', /\bcallOperation\(/)).toEqual(['rpc/access/session.ts']);
    expect([...placesOf('cli', /\.handler\(/), ...placesOf('rpc', /\.handler\(/)]).toEqual([]);
  });

  it('both servers offer the names of the table', () => {
    for (const file of ['rpc/json-rpc/methods.ts', 'rpc/mcp/tools.ts'])
      expect(textOf(file)).toContain('for (const name of OPERATION_NAMES)');
  });

  it('no interface imports the handlers of operations', async () => {
    const files = readdirSync(join(SRC, 'core', 'operations'))
      .filter((file) => file !== 'define-operation.ts')
      .filter((file) => /\bdefineOperation\(/.test(textOf(`core/operations/${file}`)));
    const defined = files.flatMap((file) => textOf(`core/operations/${file}`).match(/\bdefineOperation\(/g));
    expect(defined).toHaveLength(OPERATION_NAMES.length);
    const imported = [...sources('cli'), ...sources('rpc'), ...sources('scrape')].flatMap(({ file, text }) =>
      [...text.matchAll(/core\/operations\/([\w-]+\.ts)/g)]
        .filter(([, name]) => files.includes(name ?? ''))
        .map(([, name]) => `${file}: ${name}`),
    );
    expect(imported).toEqual([]);
  });
});

const SRC = fileURLToPath(new URL('../../../src', import.meta.url));

function textOf(file: string): string {
  return readFileSync(join(SRC, file), 'utf8');
}

function sources(layer: string): { file: string; text: string }[] {
  return readdirSync(join(SRC, layer), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file: `${layer}/${file}`, text: textOf(join(layer, file)) }));
}
