import { expect, it } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '../../../src/rpc/access/policy.ts';
import { convertOperations } from '../../../src/rpc/mcp/convert-operations.ts';
import { createToolDefinitions } from '../../../src/rpc/mcp/tool-definitions.ts';
import { tempFolder } from '../../temp-folder.ts';
import { connect } from './mcp-clients.ts';

it('lists what is made for programs only for a person who chose it or its group', async () => {
  const facts = await convertOperations();
  const lists = (selection: Partial<Policy>) => {
    const listed = createToolDefinitions(facts, { ...DEFAULT_POLICY, ...selection });
    expect(listed.has('get_report')).toBe(listed.has('get_metrics'));
    return listed.has('get_metrics');
  };
  expect([{}, { readOnly: true }, { excludedTools: ['get_job'] }].map(lists)).toEqual([false, false, false]);
  expect(lists({ tools: ['get_metrics', 'get_report'] })).toBe(true);
  expect(lists({ toolsets: ['home'] })).toBe(true);
  expect(lists({ toolsets: ['read'] })).toBe(true);
  expect(lists({ toolsets: ['runs'] })).toBe(false);
});

it('answers with the figures where it is listed', async () => {
  const client = await connect('legacy', tempFolder(), { flags: ['--tools', 'get_metrics'] });
  const { isError, text, data } = await client.call('get_metrics');
  expect([isError, text]).toEqual([false, expect.stringContaining('quickscrape_scheduler_up')]);
  expect(data).toMatchObject({
    metrics: expect.arrayContaining([expect.objectContaining({ type: 'gauge' })]),
  });
});
