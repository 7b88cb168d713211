// The least that a server on json-rpc-2.0 can be: one method that gives its argument back.
import { createInterface } from 'node:readline';
import { JSONRPCServer } from 'json-rpc-2.0';

const server = new JSONRPCServer();
server.addMethod('get_job', ({ job_id }) => ({ job_id }));
createInterface({ input: process.stdin }).on('line', async (line) => {
  const response = await server.receive(JSON.parse(line));
  if (response) process.stdout.write(`${JSON.stringify(response)}\n`);
});
