import { describe, expect, it } from 'vitest';

// Plain modules outside the typed program, as the benchmarks are.
const soak = (file: string) => import(new URL(`../../soak/${file}`, import.meta.url).href);
const { checkRows, growth } = await soak('figures.mjs');
const { Timeline } = await soak('timeline.mjs');
const { cronOf, occurrencesIn } = await soak('schedules.mjs');
const { JobSchedule } = await import('../../src/core/schedule/job-schedule.ts');

const SCHEDULE = { period: 10, offset: 3 };

interface Row {
  run_id: string;
  job_id: string;
  scheduled_for: number | null;
  attempt: number;
  status: string;
}

/** A home of one job with a run at each of its occurrences within a minute, as a soak should find it. */
function faultlessHome() {
  const timeline = new Timeline();
  timeline.open(SCHEDULE, 0);
  timeline.close(60_000);
  const ledger = new Map<string, Row>();
  for (const at of occurrencesIn(SCHEDULE, 0, 60_000))
    ledger.set(`r${at}`, {
      run_id: `r${at}`,
      job_id: 'j',
      scheduled_for: at,
      attempt: 1,
      status: 'succeeded',
    });
  return { jobs: [{ id: 'j', timeline }], ledger };
}

const check = (home: object, hits = 6) => checkRows(home, { hits: () => hits });

describe('the checks of the soak', () => {
  it('find nothing where nothing is wrong', () => {
    expect(check(faultlessHome())).toEqual({ expected: 6, misses: [], strays: [], twice: [], lost: [] });
  });

  it('see an occurrence without a row', () => {
    const home = faultlessHome();
    home.ledger.delete('r33000');
    expect(check(home, 5).misses).toEqual(['j 1970-01-01T00:00:33.000Z']);
  });

  it('see a run of an instant that the schedule does not have', () => {
    const home = faultlessHome();
    home.ledger.set('x', { run_id: 'x', job_id: 'j', scheduled_for: 34_000, attempt: 1, status: 'failed' });
    expect(check(home).strays).toEqual(['j 1970-01-01T00:00:34.000Z']);
  });

  it('see two rows for an occurrence, and pages that no attempt accounts for', () => {
    const home = faultlessHome();
    home.ledger.set('x', { run_id: 'x', job_id: 'j', scheduled_for: 33_000, attempt: 1, status: 'failed' });
    expect(check(home).twice).toHaveLength(1);
    expect(check(faultlessHome(), 7).twice).toHaveLength(1);
  });

  it('see a run without an outcome, and one that says it succeeded although no page was asked for', () => {
    const home = faultlessHome();
    const row = home.ledger.get('r33000');
    if (row) row.status = 'running';
    expect(check(home).lost).toHaveLength(1);
    expect(check(faultlessHome(), 5).lost).toHaveLength(1);
  });

  it('see memory and descriptors that grow', () => {
    const mb = 1024 * 1024;
    const samples = Array.from({ length: 120 }, (_, n) => ({
      at: n * 10_000,
      collected: n % 6 === 5,
      rss: 100 * mb + n * 30_000,
      heapUsed: 20 * mb,
      lagMs: { p99: 1, max: 2 },
      cpuMs: n,
      fds: 30 + Math.floor(n / 10),
    }));
    const found = growth(samples);
    expect(found.rssSlopeCollected.perHour).toBeCloseTo((30_000 * 360) / mb, 3);
    expect(found.heapSlopeCollected.perHour).toBeCloseTo(0, 6);
    expect(found.fds.growth).toBeGreaterThanOrEqual(4);
  });
});

it.each([5, 20, 60, 120, 600])(
  'the soak’s occurrences of a job each %i seconds are those of the expression that it writes',
  (period) => {
    const schedule = { period, offset: period - 1 };
    const from = Date.parse('2026-11-25T09:59:00Z');
    const real = JobSchedule.custom(cronOf(schedule), { timezone: 'UTC' });
    const wanted = occurrencesIn(schedule, from, from + 2 * 3_600_000).slice(0, 20);
    const found = real.getNextRunTimes(wanted.length, new Date(from)).map((at) => at.getTime());
    expect(found).toEqual(wanted);
  },
);
