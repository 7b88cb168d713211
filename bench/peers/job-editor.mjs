// Edits jobs by the library as it is asked to in lines of JSON: `edit` with job_id and priority.
import { createInterface } from 'node:readline';
import { JobManager } from '../../dist/index.js';

const manager = new JobManager({ home: process.argv[2] });
for await (const line of createInterface({ input: process.stdin })) {
  const { id, params } = JSON.parse(line);
  const job = await manager.getJob(params.job_id);
  job.priority = params.priority;
  const at = performance.timeOrigin + performance.now();
  await manager.updateJob(job);
  console.log(JSON.stringify({ jsonrpc: '2.0', id, result: { at } }));
}
manager.close();
