import type { McpServer } from '@modelcontextprotocol/server';
import { expect, onTestFinished } from 'vitest';
import { WorkerInvitations } from '../../../src/core/workers/worker-invitations.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { LazyWorkspace } from '../../../src/rpc/mcp/lazy-workspace.ts';
import type { OpenHome } from '../../../src/rpc/mcp/open-home.ts';
import { ResourceUpdates } from '../../../src/rpc/mcp/resource-updates.ts';
import { createToolDefinitions } from '../../../src/rpc/mcp/tool-definitions.ts';
import { loadToolFacts } from '../../../src/rpc/mcp/tool-facts.ts';
import { it } from '../../core/operations/open-home.ts';
import { waitFor } from '../../wait-for.ts';

const TOOLS = createToolDefinitions(await loadToolFacts(), DEFAULT_POLICY);
const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

it('sends nothing to a client that is far behind until it has caught up', async ({ workspace }) => {
  await workspace.jobs.create({ id: 'mine', fields: { config_name: 'books', schedule: DAILY } }, 'library');
  let catchUp = (): void => {};
  let waitedFor = 0;
  const flushed = () => {
    waitedFor += 1;
    return new Promise<void>((resolve) => {
      catchUp = resolve;
    });
  };
  const told: string[] = [];
  const server = {
    isConnected: () => true,
    server: { sendResourceUpdated: async ({ uri }: { uri: string }) => void told.push(uri) },
  };
  const late = new LazyWorkspace({
    openHome: async () => ({ workspace }) as OpenHome,
    tools: TOOLS,
  });
  const updates = new ResourceUpdates(late, { backlog: 2 ** 21, flushed });
  updates.addListener(server as unknown as McpServer);
  onTestFinished(() => updates.close());
  await updates.begin();

  await workspace.jobs.update('mine', { description: 'another' }, { by: 'library' });
  await waitFor('the change to be seen', () => waitedFor === 1);
  expect(told).toEqual([]);
  catchUp();
  await waitFor('the news', () => told.length > 0);
  expect(told).toEqual(['quickscrape://jobs', 'quickscrape://jobs/mine']);
});

it('notifies subscribers of the workers', async ({ workspace }) => {
  const told: string[] = [];
  const server = {
    isConnected: () => true,
    server: { sendResourceUpdated: async ({ uri }: { uri: string }) => void told.push(uri) },
  };
  const home = new LazyWorkspace({
    openHome: async () => ({ workspace }) as OpenHome,
    tools: TOOLS,
  });
  const updates = new ResourceUpdates(home, { backlog: 0, flushed: async () => {} });
  updates.addListener(server as unknown as McpServer);
  onTestFinished(() => updates.close());
  await updates.begin();
  await new WorkerInvitations(workspace.paths, workspace.clock).invite('paris-1', ['eu']);
  await waitFor('the news', () => told.length > 0);
  expect(told).toEqual(['quickscrape://workers']);
});

it('does not tell of resources that it does not serve', async ({ workspace }) => {
  const told: string[] = [];
  const server = {
    isConnected: () => true,
    sendResourceListChanged: () => void told.push('list'),
    server: { sendResourceUpdated: async ({ uri }: { uri: string }) => void told.push(uri) },
  };
  const home = new LazyWorkspace({
    openHome: async () => ({ workspace }) as OpenHome,
    tools: new Map([...TOOLS].filter(([name]) => name === 'list_jobs')),
  });
  const updates = new ResourceUpdates(home, { backlog: 0, flushed: async () => {} });
  updates.addListener(server as unknown as McpServer);
  onTestFinished(() => updates.close());
  await updates.begin();
  await workspace.configs.write('another', 'url: "https://example.com/"\nselectors:\n  title: h3\n');
  await workspace.jobs.create({ id: 'mine', fields: { config_name: 'another', schedule: DAILY } }, 'library');
  await waitFor('the news', () => told.length > 0);
  expect(told).toEqual(['quickscrape://jobs']);
});
