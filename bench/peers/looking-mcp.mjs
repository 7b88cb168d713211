// A server on the MCP SDK that knows its answer: with each call it only looks whether anything has changed, at the files of
// the job, its configuration and the settings, and at the header of the WAL-index, which changes with every transaction.
// Usage: HOME ANSWER, ANSWER a file with what another server has answered
import { lstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';

const [home, file] = process.argv.slice(2);
const answer = JSON.parse(readFileSync(file, 'utf8'));
const files = (id) => [
  join(home, 'jobs', `${id}.json`),
  join(home, 'configs', 'prices.yaml'),
  join(home, 'settings.yaml'),
];
/** Two copies of 48 bytes each. */
const header = Buffer.alloc(96);
const index = openSync(join(home, 'quickscrape.db-shm'), 'r');

serveStdio(() => {
  const server = new McpServer({ name: 'looking', version: '1.0.0' });
  server.registerTool(
    'get_job',
    { description: 'Gives its answer again.', inputSchema: z.object({ job_id: z.string() }) },
    ({ job_id }) => {
      for (const each of files(job_id)) lstatSync(each, { throwIfNoEntry: false });
      readSync(index, header, 0, header.length, 0);
      return answer;
    },
  );
  return server;
});
