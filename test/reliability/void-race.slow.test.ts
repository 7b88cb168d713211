import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { QuickscrapeDatabase } from '../../src/core/database/database.ts';
import { enqueueRun, readRun } from '../../src/core/runs/run-queue.ts';
import { markStarting } from '../../src/core/runs/run-starts.ts';
import { bundleFixture } from '../fixtures/bundle-fixture.ts';
import { tempFolder } from '../temp-folder.ts';

/** QS_STARTS=4000 for a release. */
const STARTS = Number(process.env['QS_STARTS'] ?? 100);
const BATCH = 100;
/** On a busy machine one side may win each race: then it is run again, so often at most. */
const MAX_STARTS = 10 * STARTS;

let fixture: Awaited<ReturnType<typeof bundleFixture>>;
beforeAll(async () => {
  fixture = await bundleFixture('claim-race');
});
afterAll(() => fixture.remove());

function queuedRun(db: QuickscrapeDatabase, scheduledFor: number): string {
  const run = enqueueRun(
    db,
    {
      jobId: 'prices',
      configName: 'prices',
      trigger: 'schedule',
      scheduledFor,
      timezone: 'UTC',
      status: 'queued',
      maxAttempts: 1,
      priority: 0,
      overlap: 'allow',
      requestedBy: 'scheduler',
      host: null,
    },
    1_000,
  );
  if (!run || !markStarting(db, run.runId, 'token', 9_000)) throw new Error('no run could be prepared');
  return run.runId;
}

/** One side of the race for a batch of runs; whether it won each goes to `won`. */
async function race(
  file: string,
  mode: 'claim' | 'void',
  begin: number,
  runIds: readonly string[],
  won: Map<string, string>,
): Promise<void> {
  const child = spawn(process.execPath, [fixture.file, file, mode, String(begin), runIds.join(',')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (data: Buffer) => {
    said += data.toString();
  });
  expect(await once(child, 'close')).toEqual([0, null]);
  for (const line of said.trim().split('\n')) {
    const [runId = '', answer = ''] = line.split(' ');
    won.set(runId, answer);
  }
}

it(`of ${STARTS} slow starts, each is either carried or taken back, never both, never neither`, async () => {
  const db = new QuickscrapeDatabase(join(tempFolder(), 'quickscrape.db'));
  const runIds: string[] = [];
  const claimed = new Map<string, string>();
  const taken = new Map<string, string>();
  const count = (what: string) =>
    runIds.filter((runId) => `${claimed.get(runId)} ${taken.get(runId)}` === what).length;
  const hasBoth = () => Math.min(count('true false'), count('false true')) > 0;
  // In batches: who has fallen behind would lose each race from then on.
  while (runIds.length < STARTS || (!hasBoth() && runIds.length < MAX_STARTS)) {
    const first = runIds.length;
    const batch = db.transaction(() => Array.from({ length: BATCH }, (_, at) => queuedRun(db, first + at)));
    runIds.push(...batch);
    const begin = Date.now() + 1_500;
    await Promise.all([
      race(db.file, 'claim', begin, batch, claimed),
      race(db.file, 'void', begin, batch, taken),
    ]);
  }
  expect({ both: count('true true'), neither: count('false false') }).toEqual({ both: 0, neither: 0 });
  expect(count('true false') + count('false true')).toBe(runIds.length);
  // Otherwise nothing was put to the test.
  expect(hasBoth()).toBe(true);
  if (process.env['QS_STARTS'])
    process.stdout.write(`${count('true false')} carried, ${count('false true')} taken back\n`);
  for (const runId of runIds) {
    const run = readRun(db, runId);
    const carried = claimed.get(runId) === 'true';
    expect(run).toMatchObject(
      carried ? { status: 'running', attempt: 1 } : { status: 'queued', attempt: 0, startToken: null },
    );
  }
  db.close();
}, 900_000);
