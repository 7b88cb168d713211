import { LineClient } from '../line-client.mjs';

const CLIENT = { name: 'bench', version: '1.0.0' };

/** How a client of the revisions until 2025-11-25 opens. */
export const INITIALIZE = {
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: CLIENT },
};
/** How a client of the revision 2026-07-28 opens. */
export const DISCOVER = {
  method: 'server/discover',
  params: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': CLIENT,
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
};
export const GET_JOB = {
  method: 'tools/call',
  params: { name: 'get_job', arguments: { job_id: 'prices-00000' } },
};
export const LIST_JOBS = { method: 'tools/call', params: { name: 'list_jobs', arguments: {} } };
export const LIST_TOOLS = { method: 'tools/list', params: {} };

/** The structured answer of a tool. */
export async function call(client, name, args = {}) {
  return (await client.ask('tools/call', { name, arguments: args })).structuredContent;
}

/** A client that has shaken hands with its server. */
export async function openedMcp(args) {
  const client = new LineClient(args);
  await client.ask(INITIALIZE.method, INITIALIZE.params);
  client.tell('notifications/initialized');
  return client;
}
