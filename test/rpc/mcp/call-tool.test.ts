import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { DEFAULT_POLICY } from '../../../src/rpc/access/policy.ts';
import { Session } from '../../../src/rpc/access/session.ts';
import { callTool } from '../../../src/rpc/mcp/call-tool.ts';
import { addRun } from '../../core/operations/add-run.ts';
import { DAILY, it } from '../../core/operations/open-home.ts';

interface Page {
  next_cursor?: string;
  total: number;
  [list: string]: unknown;
}

const LISTS = [
  ['list_jobs', 'jobs', 'job_id', {}],
  ['list_jobs', 'jobs', 'job_id', { filter: '!state:paused', limit: 1000 }],
  ['list_runs', 'runs', 'run_id', {}],
  ['list_runs', 'runs', 'run_id', { job_id: 'mine', limit: 1000 }],
  ['list_items', 'items', 'title', { run_id: 'run-0' }],
  ['list_items', 'items', 'title', { run_id: 'run-0', sort: '-title', limit: 300 }],
  ['compare_runs', 'examples', 'key', { run_id: 'run-1', with_run_id: 'run-0', key: 'title', limit: 100 }],
  ['get_log', 'lines', 'line', { run_id: 'run-0' }],
  ['get_log', 'lines', 'line', { run_id: 'run-0', from: 'start', limit: 500 }],
  ['list_trash', 'deleted', 'name', {}],
] as const;

it('a list that is too long for an answer is read once for each page, and its pages have everything once', async ({
  workspace,
  call,
}) => {
  for (let n = 0; n < 60; n += 1) {
    const made = { config_name: 'books', schedule: DAILY, description: 'x'.repeat(150) };
    await call('create_job', { job_id: `kept-${n}`, ...made });
    await call('create_job', { job_id: `gone-${n}`, ...made });
    await call('delete_job', { job_id: `gone-${n}` });
  }
  const items = (price: number) =>
    Array.from({ length: 300 }, (_, n) => ({ title: `Book ${n}`, price, text: 'y'.repeat(100) }));
  for (let n = 0; n < 200; n += 1) addRun({ workspace }, `run-${n}`, { items: n < 2 ? items(n) : [] });
  const lines = Array.from(
    { length: 300 },
    (_, n) => `2026-11-30T09:00:00.000Z INFO  page ${n} ${'z'.repeat(90)}`,
  );
  writeFileSync(runFiles(workspace.paths, 'mine', 'run-0').log, `${lines.join('\n')}\n`);
  const session = await Session.open(workspace, { face: 'mcp', policy: DEFAULT_POLICY, log() {} });
  let calls = 0;
  const counted: Pick<Session, 'call' | 'exposed'> = {
    exposed: session.exposed,
    call: (...given) => {
      calls += 1;
      return session.call(...given);
    },
  };
  for (const [name, list, id, params] of LISTS) {
    const operation = session.exposed.get(name);
    if (operation === undefined) throw new Error(name);
    const seen: unknown[] = [];
    let pages = 0;
    let total = 0;
    calls = 0;
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const asked = cursor === '' ? params : { ...params, cursor };
      const home = { workspace, session: counted as Session };
      const result = await callTool(operation, asked, { home } as Parameters<typeof callTool>[2]);
      const page = (result as { structuredContent: Page }).structuredContent;
      expect(page).not.toHaveProperty('error');
      seen.push(...(page[list] as Record<string, unknown>[]).map((item) => item[id]));
      cursor = page.next_cursor;
      total = page.total ?? Number(page['changed']);
      pages += 1;
    }
    expect({ name, isLong: pages > 1, calls }).toEqual({ name, isLong: true, calls: pages });
    expect({ name, found: new Set(seen).size, all: seen.length }).toEqual({ name, found: total, all: total });
  }
});
