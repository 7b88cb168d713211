import { readFileSync, statSync } from 'node:fs';
import { expect } from 'vitest';
import { runFiles } from '../../src/core/runs/run-files.ts';
import { it } from '../extend.ts';
import { succeed } from '../program.ts';
import { waitFor } from '../wait-for.ts';

it('a callback that prints 50 MB leaves a log of its beginning and its end', async ({ homeWithJob }) => {
  const noise = `const line = 'noise '.repeat(170) + '\\n';
    for (let n = 0; n < 50000; n += 1) require('node:fs').writeSync(1, line);
    require('node:fs').writeSync(1, 'last words\\n');`;
  const { workspace, jobId, runs } = await homeWithJob({
    schedule: { type: 'daily', time: '09:00', timezone: 'UTC' },
    on_success: [process.execPath, '-e', noise],
  });
  const { home } = workspace.paths;
  await succeed(['job', 'run', jobId], { home });
  await waitFor('the callback to end', () => runs()[0]?.callback === 'done');
  const { log } = runFiles(workspace.paths, jobId, runs()[0]?.runId ?? '');
  await waitFor('the log to be short', () => statSync(log).size < 7_500_000);
  const text = readFileSync(log, 'utf8');
  expect(text).toMatch(/^\d{4}-.* INFO {2}run /);
  expect(text).toMatch(/\n\[\.\.\. \d+ bytes dropped \.\.\.\]\n/);
  expect(text).toContain('\nlast words\n');
  expect(text).toMatch(/callback .*: done\n$/);
});

it('what a callback prints for a terminal to act upon does not stay in the log', async ({ homeWithJob }) => {
  const { workspace, jobId, runs } = await homeWithJob({
    schedule: { type: 'daily', time: '09:00', timezone: 'UTC' },
    on_success: [process.execPath, '-e', `console.log('\\u001b]0;title\\u0007 10 %\\r\\u202e 20 %')`],
  });
  await succeed(['job', 'run', jobId], { home: workspace.paths.home });
  await waitFor('the callback to end', () => runs()[0]?.callback === 'done');
  const { log } = runFiles(workspace.paths, jobId, runs()[0]?.runId ?? '');
  await waitFor('the log to be clean', () =>
    readFileSync(log, 'utf8').includes('\n?]0;title? 10 %\n??? 20 %\n'),
  );
});
