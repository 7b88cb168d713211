import picocolors from 'picocolors';
import { expect, it } from 'vitest';
import { runDetails, runTable } from '../../../src/cli/render/run-view.ts';
import type { Terminal } from '../../../src/cli/render/terminal.ts';
import { run } from '../../tui/run-output.ts';

const terminal: Terminal = {
  isTerminal: false,
  columns: undefined,
  colors: picocolors.createColors(false),
  write: () => {},
};

it('lists the workers of runs, and nothing of workers while all runs are of this machine', () => {
  const table = runTable([run('r2', { worker: 'paris-1' }), run('r1')], terminal).split('\n');
  expect(table[0]).toMatch(/ITEMS +WORKER/);
  expect(table[1]).toMatch(/^r2 .* 20 +paris-1/);
  expect(table[2]).toMatch(/^r1 .* 20 +-/);
  expect(runTable([run('r1')], terminal)).not.toContain('WORKER');
});

it('names the worker of a run', () => {
  const answer = { run: run('r2', { worker: 'paris-1' }), selectors: [], warnings: [] };
  expect(runDetails(answer, terminal)).toMatch(/^worker +paris-1$/m);
  expect(runDetails({ ...answer, run: run('r1') }, terminal)).not.toContain('worker');
});

it('says in words why a run failed, in the list and in full', () => {
  const failed = run('r1', { status: 'failed', error: { kind: 'http', message: 'HTTP 503' } });
  const words = 'the site answers with an error: HTTP 503';
  expect(runTable([failed], terminal)).toContain(words);
  expect(runDetails({ run: failed, selectors: [], warnings: [] }, terminal)).toContain(words);
});
