// The least that a server on the MCP SDK can be: one tool that gives its argument back.
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';

serveStdio(() => {
  const server = new McpServer({ name: 'bare', version: '1.0.0' });
  server.registerTool(
    'get_job',
    { description: 'Gives its argument back.', inputSchema: z.object({ job_id: z.string() }) },
    ({ job_id }) => ({ content: [{ type: 'text', text: job_id }] }),
  );
  return server;
});
