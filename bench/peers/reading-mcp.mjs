// A server on the MCP SDK that reads a job with each call and remembers nothing: its file, whether its configuration is there,
// its row in the database and its last runs. It checks nothing, works out no time and explains nothing: of that it gives what
// another server has answered.
// Usage: HOME ANSWER LIBSQL, ANSWER a file with that answer, LIBSQL where libsql is
import { lstatSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';

const [home, file, libsql] = process.argv.slice(2);
const { content, structuredContent } = JSON.parse(readFileSync(file, 'utf8'));
const Database = createRequire(import.meta.url)(libsql);
const db = new Database(join(home, 'quickscrape.db'), { readonly: true });
const state = db.prepare('SELECT * FROM job_state WHERE job_id = ?');
const runs = db.prepare('SELECT * FROM runs WHERE job_id = ? ORDER BY queued_at DESC LIMIT 5');

serveStdio(() => {
  const server = new McpServer({ name: 'reading', version: '1.0.0' });
  server.registerTool(
    'get_job',
    { description: 'Reads a job.', inputSchema: z.object({ job_id: z.string() }) },
    ({ job_id }) => {
      const job = JSON.parse(readFileSync(join(home, 'jobs', `${job_id}.json`), 'utf8'));
      lstatSync(join(home, 'configs', `${job.config_name}.yaml`), { throwIfNoEntry: false });
      const { revision, status } = state.get(job_id);
      const known = { ...structuredContent.job, ...job, revision, status };
      return {
        content,
        structuredContent: { ...structuredContent, job: known, recent_runs: runs.all(job_id) },
      };
    },
  );
  return server;
});
