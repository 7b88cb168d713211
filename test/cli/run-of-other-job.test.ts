import { expect } from 'vitest';
import { it } from '../extend.ts';
import { putRun } from '../tui/runtime/home/put-run.ts';
import { inProcess } from './in-process.ts';

const FIELDS = {
  config_name: 'shop',
  schedule: { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' },
} as const;

it('a run of another job is one error, whichever command is given it', async ({ home, workspace }) => {
  for (const id of ['mine', 'other']) await workspace.jobs.create({ id, fields: FIELDS }, 'library');
  const run = putRun(workspace, 'other');
  const error = {
    code: 'run_not_found',
    field: 'run_id',
    message: `run ${run} belongs to job other, not to mine`,
  };
  for (const args of [
    ['job', 'logs', 'mine', '--run', run],
    ['job', 'diff', 'mine', run],
  ]) {
    const { code, stderr } = await inProcess([...args, '--json'], home);
    expect({ code, ...JSON.parse(stderr) }).toMatchObject({ code: 3, error });
  }
});
