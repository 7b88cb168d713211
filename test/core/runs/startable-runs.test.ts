import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { QuickscrapeDatabase } from '../../../src/core/database/database.ts';
import { startableRuns } from '../../../src/core/runs/startable-runs.ts';
import { propertyRuns } from '../../property-runs.ts';
import { openTempDatabase } from '../../temp-database.ts';

const NOW = 1_000;

interface Row {
  status: string;
  job: string;
  host: string | null;
  overlap: string;
  priority: number;
  notBefore: number;
  queuedAt: number;
  scheduledFor: number | null;
  isCancelled: boolean;
  pool?: string;
}

const rows: fc.Arbitrary<Row> = fc.record({
  status: fc.constantFrom('queued', 'queued', 'waiting_retry', 'starting', 'running', 'succeeded', 'skipped'),
  job: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  host: fc.constantFrom(null, 'one.example', 'two.example', 'three.example:8443'),
  overlap: fc.constantFrom('skip', 'queue', 'allow'),
  priority: fc.constantFrom(-100, 0, 0, 7, 100),
  notBefore: fc.constantFrom(NOW - 2, NOW - 1, NOW, NOW + 1),
  queuedAt: fc.constantFrom(NOW - 2, NOW - 1),
  scheduledFor: fc.constantFrom(null, NOW - 2, NOW - 1),
  isCancelled: fc.boolean(),
  pool: fc.constantFrom('', '', 'browser', 'browser,eu'),
});

let made = 0;

function fill(db: QuickscrapeDatabase, waiting: readonly Row[]): void {
  db.transaction(() => {
    db.run('DELETE FROM runs');
    for (const row of waiting) {
      made += 1;
      db.run(
        `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, scheduled_for, timezone, status,
           max_attempts, priority, overlap, host, queued_at, not_before, cancel_requested_at,
           pool)
         VALUES (?, ?, 'shop', 'manual', 'cli', ?, 'UTC', ?, 1, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (job_id, scheduled_for) DO NOTHING`,
        [
          ...[`run-${made}`, row.job, row.scheduledFor, row.status, row.priority, row.overlap, row.host],
          ...[row.queuedAt, row.notBefore, row.isCancelled ? NOW : null, row.pool ?? ''],
        ],
      );
    }
  });
}

/** What may start, as it is meant: one look at each run, in order. */
function plainly(
  db: QuickscrapeDatabase,
  limit: number,
  perHost: number,
  held: readonly string[] = [],
): string[] {
  return db
    .all<{ run_id: string }>(
      `SELECT run_id FROM runs
       WHERE status IN ('queued', 'waiting_retry') AND not_before <= ? AND cancel_requested_at IS NULL
         AND (overlap = 'allow' OR job_id NOT IN (
           SELECT other.job_id FROM runs AS other WHERE other.status IN ('starting', 'running')))
         AND (host IS NULL OR host NOT IN (
           SELECT busy.host FROM runs AS busy
           WHERE busy.status IN ('starting', 'running') AND busy.host IS NOT NULL
           GROUP BY busy.host HAVING count(*) >= ?))
         AND pool NOT IN (SELECT value FROM json_each(?))
       ORDER BY priority DESC, not_before, queued_at, scheduled_for, rowid LIMIT ?`,
      [NOW, perHost, JSON.stringify(held), limit],
    )
    .map(({ run_id: runId }) => runId);
}

function found(
  db: QuickscrapeDatabase,
  limit: number,
  perHost: number,
  held: readonly string[] = [],
): string[] {
  return startableRuns(db, NOW, limit, perHost, held).map(({ runId }) => runId);
}

it('of any queue those start that a look at each run would find, in the same order', () => {
  const db = openTempDatabase();
  const limits = fc.record({
    limit: fc.integer({ min: 1, max: 8 }),
    perHost: fc.integer({ min: 1, max: 3 }),
    held: fc.subarray(['', 'browser', 'browser,eu', 'mars']),
  });
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 40 }), limits, (waiting, { limit, perHost, held }) => {
      fill(db, waiting);
      expect(found(db, limit, perHost, held)).toEqual(plainly(db, limit, perHost, held));
    }),
    { numRuns: propertyRuns(300) },
  );
});

/** Runs of one host each that is busy, in front of others; all are due. */
function behindBusy(busy: number, behind: (index: number) => Partial<Row>, count: number): Row[] {
  const row: Row = {
    ...{ status: 'queued', job: '', host: 'busy.example', overlap: 'skip', priority: 0 },
    ...{ notBefore: 10, queuedAt: 10, scheduledFor: null, isCancelled: false },
  };
  return [
    { ...row, status: 'running', job: 'busy' },
    ...Array.from({ length: busy }, (_, index) => ({ ...row, job: `front-${index}` })),
    ...Array.from({ length: count }, (_, index) => ({ ...row, job: `behind-${index}`, ...behind(index) })),
  ];
}

it.each<[string, Row[]]>([
  ['nothing', behindBusy(3_000, () => ({}), 0)],
  [
    'runs of a few hosts',
    behindBusy(3_000, (index) => ({ host: `${index % 5}.example`, notBefore: 20 }), 400),
  ],
  [
    'runs of very many hosts',
    behindBusy(3_000, (index) => ({ host: `${index}.example`, notBefore: 20 }), 900),
  ],
  ['runs of no known host', behindBusy(3_000, () => ({ host: null, notBefore: 20 }), 10)],
  ['runs of a lower priority', behindBusy(3_000, () => ({ host: 'free.example', priority: -1 }), 10)],
  ['runs that are not due yet', behindBusy(3_000, () => ({ host: 'free.example', notBefore: NOW + 1 }), 10)],
  ['runs of a held pool', behindBusy(3_000, () => ({ host: 'free.example', pool: 'browser' }), 10)],
  [
    'runs of several pools',
    behindBusy(
      3_000,
      (index) => ({ host: index % 3 ? 'free.example' : null, pool: index % 2 ? 'browser' : 'eu' }),
      60,
    ),
  ],
  ['runs of a job that is busy', behindBusy(3_000, () => ({ job: 'busy', host: 'free.example' }), 10)],
])('behind thousands of runs of a busy host %s are found as by a look at each', (_, waiting) => {
  const db = openTempDatabase();
  fill(db, waiting);
  for (const limit of [1, 4, 50])
    for (const held of [[], ['browser']])
      expect(found(db, limit, 1, held)).toEqual(plainly(db, limit, 1, held));
});
