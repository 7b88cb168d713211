import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { startRpc } from '../../rpc/json-rpc/rpc-client.ts';
import { addRun } from './add-run.ts';
import { openHome } from './open-home.ts';

/** Rows of each run, and megabytes of its log. QS_ROWS=1000000 for a release. */
const ROWS = Number(process.env['QS_ROWS'] ?? 20_000);
const LOG_MB = ROWS / 10_000;

const BATCH = 10_000;

/** Writes a run with many rows: every tenth costs more in the second, and one in a hundred is new. */
async function largeHome() {
  const { workspace } = await openHome();
  writeFileSync(workspace.paths.secrets, 'KEY=S3cr3tK3y-4711\n', { mode: 0o600 });
  for (const [run, shift] of [
    ['one', 0],
    ['two', 1],
  ] as const) {
    addRun({ workspace }, run, { items: [] });
    workspace.db.run('UPDATE runs SET items = ? WHERE run_id = ?', [ROWS, run]);
    const { folder, items, log } = runFiles(workspace.paths, 'mine', run);
    mkdirSync(folder, { recursive: true });
    for (let from = 0; from < ROWS; from += BATCH) {
      const rows = Array.from({ length: Math.min(BATCH, ROWS - from) }, (_, at) => {
        const n = from + at;
        const id = n % 100 === 99 ? n + shift * ROWS : n;
        return `{"sku":"S${id}","title":"Book ${(n * 7919) % ROWS}","price":"£${10 + (n % 10 === 0 ? shift : 0)}.50","link":"https://shop.example/${n}?key=S3cr3tK3y-4711"}\n`;
      });
      appendFileSync(items, rows.join(''));
    }
    const line = `2026-11-30T08:00:00.000Z INFO page 12 of https://shop.example/ has 20 rows\n`;
    for (let written = 0; run === 'two' && written < LOG_MB * 1e6; written += line.length * BATCH)
      appendFileSync(log, line.repeat(BATCH));
    if (run === 'two') appendFileSync(log, '2026-11-30T08:00:01.000Z ERROR the last line\n');
  }
  return workspace;
}

/** The most memory that a process has held, in megabytes; none where the system does not say. */
function peakMemory(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return 0;
  }
}

it(`filters, sorts, counts and pages ${ROWS} rows, compares two such runs, and reads a log of ${LOG_MB} MB`, async () => {
  const workspace = await largeHome();
  const client = startRpc({ home: workspace.paths.home });
  await client.call('list_jobs');
  const before = peakMemory(client.child.pid);
  const figures: string[] = [];
  const measured = async (name: string, params: object) => {
    const start = performance.now();
    const answer = await client.call(name, params);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    figures.push(
      `${name} ${JSON.stringify(params).slice(0, 90)}: ${seconds} s, ${peakMemory(client.child.pid).toFixed(0)} MB`,
    );
    return answer;
  };

  const listed = await measured('list_items', { run_id: 'one', sort: '-title', limit: 5, stats: true });
  expect(listed).toMatchObject({ total: ROWS, all: ROWS });
  const after = await measured('list_items', {
    run_id: 'one',
    sort: '-title',
    limit: 5,
    cursor: listed['next_cursor'],
  });
  const titles = [
    ...(listed['items'] as Record<string, string>[]),
    ...(after['items'] as Record<string, string>[]),
  ];
  expect(new Set(titles.map(({ title }) => title)).size).toBe(10);
  const where = [{ field: 'price', op: 'gt', value: 11 }];
  expect(await measured('list_items', { run_id: 'two', where, stats: true })).toMatchObject({
    total: ROWS / 10,
  });
  const guess = [{ field: 'link', op: 'contains', value: 'S3cr3t' }];
  expect(await measured('list_items', { run_id: 'two', where: guess })).toMatchObject({
    total: 0,
    all: ROWS,
  });
  const listMemory = peakMemory(client.child.pid);

  const compared = await measured('compare_runs', {
    run_id: 'two',
    with_run_id: 'one',
    sort: 'change',
    limit: 5,
  });
  expect(compared).toMatchObject({ key: 'sku', added: ROWS / 100, removed: ROWS / 100, changed: ROWS / 10 });
  expect(JSON.stringify(compared)).not.toContain('S3cr3t');
  const compareMemory = peakMemory(client.child.pid);

  const lines = await measured('get_log', { run_id: 'two', level: 'error' });
  expect(lines).toMatchObject({ total: 1, lines: [{ text: expect.stringContaining('the last line') }] });
  const found = await measured('get_log', { run_id: 'two', find: 'PAGE 12', limit: 3 });
  expect(found['lines']).toHaveLength(3);
  const older = await measured('get_log', {
    run_id: 'two',
    find: 'PAGE 12',
    limit: 3,
    cursor: found['next_cursor'],
  });
  expect(older['lines']).toHaveLength(3);
  await client.end();

  if (process.env['QS_ROWS'] !== undefined) process.stdout.write(`${figures.join('\n')}\n`);
  if (before === 0) return;
  // Rows are read as a stream; a comparison holds about 100 bytes of each.
  expect(listMemory - before).toBeLessThan(250);
  expect(compareMemory - before).toBeLessThan(250 + (ROWS * 400) / 1e6);
  expect(peakMemory(client.child.pid) - compareMemory).toBeLessThan(100);
});
