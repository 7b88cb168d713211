// Lines of JSON with nothing around them: what no server can be below.
import { createInterface } from 'node:readline';

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, params } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: { job_id: params.job_id } })}\n`);
});
