import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';
import type { OperationInput } from '../../../src/core/operations/call-operation.ts';
import { capLog } from '../../../src/core/runs/cap-log.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { addRun } from './add-run.ts';
import { it, type OpenHome, refusal } from './open-home.ts';

const AT = '2026-11-25T08:00:00.000Z';
const LINES = [
  `${AT} INFO  run r of job mine`,
  `${AT} DEBUG page 1`,
  `${AT} ERROR timeout on page 2`,
  '  at the second try',
  `${AT} WARN  "price" matches nothing`,
  `${AT} INFO  done`,
];

function writeLog(workspace: Workspace, text = `${LINES.join('\n')}\n`): string {
  const { log } = runFiles(workspace.paths, 'mine', 'r');
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, text);
  return log;
}

/** All pages of a call, each with its line numbers. */
async function pagesOf(call: OpenHome['call'], params: Omit<OperationInput<'get_log'>, 'run_id'>) {
  const pages: number[][] = [];
  for (let cursor: string | undefined; ; ) {
    const answer = await call('get_log', { run_id: 'r', ...params, ...(cursor !== undefined && { cursor }) });
    pages.push(answer.lines.map(({ line }) => line));
    cursor = answer.next_cursor;
    if (cursor === undefined) return pages;
  }
}

it('reads a log from its end and from its start, page by page', async ({ workspace, call }) => {
  addRun({ workspace }, 'r', {});
  writeLog(workspace);
  expect(await call('get_log', { run_id: 'r', limit: 1 })).toMatchObject({
    status: 'succeeded',
    lines: [{ line: 6, text: `${AT} INFO  done` }],
    total: 6,
    next_cursor: expect.any(String),
  });
  expect(await pagesOf(call, { limit: 4 })).toEqual([
    [3, 4, 5, 6],
    [1, 2],
  ]);
  expect(await pagesOf(call, { limit: 4, from: 'start' })).toEqual([
    [1, 2, 3, 4],
    [5, 6],
  ]);
});

it('gives lines of a level and above, and with a text; a line without a level belongs to the one before', async ({
  workspace,
  call,
}) => {
  addRun({ workspace }, 'r', {});
  writeLog(workspace);
  expect(await pagesOf(call, { level: 'warning', limit: 2 })).toEqual([[4, 5], [3]]);
  expect(await pagesOf(call, { level: 'error' })).toEqual([[3, 4]]);
  expect(await pagesOf(call, { find: 'PAGE' })).toEqual([[2, 3]]);
  expect(await call('get_log', { run_id: 'r', find: 'nowhere' })).toMatchObject({ lines: [], total: 0 });
});

it('follows the log of a running run, line by complete line', async ({ workspace, call }) => {
  addRun({ workspace }, 'r', { status: 'waiting_retry' });
  const log = writeLog(workspace);
  appendFileSync(log, `${AT} INFO  half`);
  const first = await call('get_log', { run_id: 'r', limit: 2 });
  expect(first.lines.map(({ line }) => line)).toEqual([5, 6]);
  const next = (cursor = '') => call('get_log', { run_id: 'r', cursor });
  const idle = await next(first.newer_cursor);
  expect(idle.lines).toEqual([]);
  appendFileSync(log, ` a line\n${AT} INFO  more\n`);
  const more = await next(idle.next_cursor);
  expect(more.lines.map(({ text }) => text.slice(25))).toEqual(['INFO  half a line', 'INFO  more']);
  workspace.db.run("UPDATE runs SET status = 'failed' WHERE run_id = 'r'");
  expect(await next(more.next_cursor)).not.toHaveProperty('next_cursor');
});

it('shows no control characters, and cuts long lines', async ({ workspace, call }) => {
  addRun({ workspace }, 'r', {});
  writeLog(workspace, `a\u001b[2Jb\u202e\r\n${'x'.repeat(9_000)}\n`);
  const { lines } = await call('get_log', { run_id: 'r' });
  expect(lines).toEqual([
    { line: 1, text: 'a\ufffd[2Jb\ufffd' },
    { line: 2, text: `${'x'.repeat(4_000)}… (9000 characters)` },
  ]);
});

it('refuses a cursor of another call, and of a log whose middle was removed since', async ({
  workspace,
  call,
}) => {
  addRun({ workspace }, 'r', {});
  const log = writeLog(workspace, 'line\n'.repeat(100));
  const { next_cursor: cursor = '' } = await call('get_log', { run_id: 'r', limit: 1 });
  const wrong = { code: 'invalid_params', field: 'cursor' };
  expect(await refusal(call('get_log', { run_id: 'r', level: 'error', cursor }))).toMatchObject(wrong);
  expect(await refusal(call('get_log', { run_id: 'r', cursor: 'x' }))).toMatchObject(wrong);
  capLog(log, { head: 20, tail: 40 });
  expect(await refusal(call('get_log', { run_id: 'r', cursor }))).toMatchObject(wrong);
  const { lines } = await call('get_log', { run_id: 'r', find: 'dropped' });
  expect(lines).toHaveLength(1);
});

it('is empty before a run has started, and says when the log is gone', async ({ workspace, call }) => {
  addRun({ workspace }, 'r', { status: 'queued' });
  expect(await call('get_log', { run_id: 'r' })).toMatchObject({ status: 'queued', lines: [], total: 0 });
  addRun({ workspace }, 'gone', {});
  rmSync(runFiles(workspace.paths, 'mine', 'gone').folder, { recursive: true });
  expect(await refusal(call('get_log', { run_id: 'gone' }))).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('the log of run gone is gone'),
  });
  expect(await refusal(call('get_log', { run_id: 'nowhere' }))).toMatchObject({ code: 'run_not_found' });
});
