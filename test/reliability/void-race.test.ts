import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { QuickscrapeDatabase } from '../../src/core/run/database.ts';
import { beginStart, enqueueRun, readRun } from '../../src/core/run/run-queue.ts';
import { bundleFixture } from '../fixtures/bundle-fixture.ts';
import { tempFolder } from '../temp-folder.ts';

/** QS_STARTS=4000 for a release. */
const STARTS = Number(process.env['QS_STARTS'] ?? 400);
const BATCH = 200;

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
  if (!run || !beginStart(db, run.runId, 'token', 9_000)) throw new Error('no run could be prepared');
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
  const runIds = db.transaction(() => Array.from({ length: STARTS }, (_, index) => queuedRun(db, index)));
  const claimed = new Map<string, string>();
  const taken = new Map<string, string>();
  // Who has fallen behind would lose each race from then on.
  for (let first = 0; first < STARTS; first += BATCH) {
    const batch = runIds.slice(first, first + BATCH);
    const begin = Date.now() + 1_500;
    await Promise.all([
      race(db.file, 'claim', begin, batch, claimed),
      race(db.file, 'void', begin, batch, taken),
    ]);
  }
  const winners = runIds.map((runId) => `${claimed.get(runId)} ${taken.get(runId)}`);
  const count = (what: string) => winners.filter((winner) => winner === what).length;
  expect({ both: count('true true'), neither: count('false false') }).toEqual({ both: 0, neither: 0 });
  expect(count('true false') + count('false true')).toBe(STARTS);
  // Otherwise nothing was put to the test.
  expect(Math.min(count('true false'), count('false true'))).toBeGreaterThan(0);
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
