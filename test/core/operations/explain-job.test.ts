import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src/core/model/run-record.ts';
import { explainJob, type JobFacts } from '../../../src/core/operations/explain-job.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const HOUR = 3_600_000;

const FACTS: JobFacts = {
  jobId: 'news',
  timezone: 'Europe/Berlin',
  now: NOW,
  enabled: true,
  paused: null,
  scheduler: { state: 'running', seenAt: NOW },
  clock: undefined,
  disk: undefined,
  next: NOW + HOUR,
  overdue: null,
  catchUp: 'latest',
  graceTime: null,
  decidedUntil: NOW - HOUR,
  startsLater: undefined,
  active: [],
  occurrences: [],
  missingConfig: undefined,
  warnings: [],
};

const NEXT = '2026-11-25T14:00:00.000+01:00';
const LAST = '2026-11-25T12:00:00.000+01:00';

function run(status: RunRecord['status'], more: Partial<RunRecord> = {}): RunRecord {
  return {
    runId: 'r1',
    status,
    timezone: 'Europe/Berlin',
    scheduledFor: NOW - HOUR,
    startedAt: NOW - HOUR,
    trigger: 'schedule',
    attempt: 1,
    maxAttempts: 1,
    items: 3,
    reason: null,
    error: null,
    cancelRequestedAt: null,
    cancelRequestedBy: null,
    ...more,
  } as RunRecord;
}

describe('what happens next', () => {
  it.each<[string, Partial<JobFacts>, string]>([
    ['its next occurrence', {}, `Due next at ${NEXT}.`],
    [
      'with what starts it later',
      { startsLater: 'starts 2 min later (stagger 600: a fixed offset of this job)' },
      `Due next at ${NEXT}; its run starts 2 min later (stagger 600: a fixed offset of this job).`,
    ],
    [
      'that it is disabled',
      { enabled: false, scheduler: { state: 'off', seenAt: undefined } },
      'It does not run by itself: it is disabled (enable it with: quickscrape job update news --enable).',
    ],
    [
      'that it is paused, since when and why',
      { paused: { at: NOW - HOUR, failures: 3 }, disk: 'full' },
      `It does not run by itself: paused since ${LAST} after 3 failures in a row (resume it with: quickscrape job update news --enable).`,
    ],
    [
      'that the clock is wrong',
      { clock: 'the clock shows 1970', scheduler: { state: 'off', seenAt: NOW }, disk: 'full' },
      'It does not run by itself: the clock shows 1970.',
    ],
    [
      'that its schedule has ended',
      { next: null, scheduler: { state: 'off', seenAt: NOW } },
      'It does not run by itself: its schedule has no further occurrence.',
    ],
    [
      'that no scheduler runs, since when',
      { scheduler: { state: 'off', seenAt: NOW - HOUR } },
      `It does not run by itself: no scheduler is running, since ${LAST} (start one with: quickscrape scheduler start --daemon). It would be due at ${NEXT}.`,
    ],
    [
      'that there never was a scheduler',
      { scheduler: { state: 'off', seenAt: undefined } },
      `It does not run by itself: no scheduler has run on this home yet (start one with: quickscrape scheduler start --daemon). It would be due at ${NEXT}.`,
    ],
    [
      'that the scheduler is about to stop',
      { scheduler: { state: 'stopping', seenAt: NOW } },
      `It does not run by itself: the scheduler is stopping (start one with: quickscrape scheduler start --daemon). It would be due at ${NEXT}.`,
    ],
    [
      'that the disk is full',
      { disk: '12 MiB are free on the disk of /home' },
      `No run starts for lack of disk space: 12 MiB are free on the disk of /home. It is due at ${NEXT}.`,
    ],
    [
      'which run is under way',
      { active: [{ run: run('running', { attempt: 2, maxAttempts: 4 }), waitsFor: undefined }] },
      `Running since ${LAST}: run r1 (attempt 2 of 4).`,
    ],
    [
      'that the run under way is being cancelled',
      { active: [{ run: run('running', { cancelRequestedAt: NOW }), waitsFor: undefined }] },
      `Running since ${LAST}: run r1, and being cancelled.`,
    ],
    [
      'what a queued run waits for',
      { active: [{ run: run('queued'), waitsFor: 'all 4 slots are in use' }] },
      'Run r1 is queued: all 4 slots are in use.',
    ],
    [
      'when a failed run is tried again',
      {
        active: [
          { run: run('waiting_retry'), waitsFor: 'it waits for its retry: attempt 2 of 4, not before 13:05' },
        ],
      },
      'Run r1 failed and is tried again: it waits for its retry: attempt 2 of 4, not before 13:05.',
    ],
  ])('is %s', (_what, facts, summary) => {
    expect(explainJob({ ...FACTS, ...facts }).summary).toBe(summary);
  });

  it('is given also while a run is active', () => {
    const { reasons } = explainJob({ ...FACTS, active: [{ run: run('running'), waitsFor: undefined }] });
    expect(reasons).toEqual([`Due next at ${NEXT}.`]);
  });

  it('names an occurrence that passed without a scheduler and what its policy will do', () => {
    const off = {
      scheduler: { state: 'off', seenAt: NOW - 2 * HOUR },
      overdue: { first: NOW - HOUR, last: NOW - HOUR / 2 },
    } as const;
    const said = (more: Partial<JobFacts>) => explainJob({ ...FACTS, ...off, ...more }).reasons;
    expect(said({})).toEqual([
      `Its occurrence of ${LAST} passed with no scheduler; when one starts, the latest missed one is caught up (catch_up: latest).`,
    ]);
    expect(said({ catchUp: 'none' })[0]).toContain('are not caught up (catch_up: none)');
    expect(said({ enabled: false })).toEqual([]);
    expect(said({ graceTime: 1_800 })[0]).toContain('the latest missed one is caught up');
    const tooLate = `Its occurrence of ${LAST} passed with no scheduler; it is too late to be caught up (misfire_grace_time: 1799 s).`;
    expect(said({ graceTime: 1_799 })).toEqual([tooLate]);
    expect(said({ graceTime: 1_799, catchUp: 'all' })).toEqual([tooLate]);
    expect(said({ graceTime: 1_799, catchUp: 'none' })[0]).toContain('are not caught up (catch_up: none)');
    expect(said({ graceTime: 1_800, catchUp: 'all' })[0]).toContain(
      'those of the last 1800 s are caught up (catch_up: all)',
    );
  });

  it('does not forget that occurrence while a scheduler that has just started decides about it', () => {
    const overdue = { first: NOW - HOUR, last: NOW - HOUR };
    const { reasons } = explainJob({ ...FACTS, overdue });
    expect(reasons).toEqual([
      `Its occurrence of ${LAST} passed, and the scheduler is about to decide about it: the latest missed one is caught up (catch_up: latest).`,
    ]);
    expect(explainJob({ ...FACTS, overdue, next: null }).summary).toBe(
      'Its schedule has no further occurrence after now.',
    );
    expect(explainJob({ ...FACTS, overdue, next: null, disk: 'full' }).summary).toBe(
      'No run starts for lack of disk space: full.',
    );
  });

  it('does not call a job finished whose last occurrence will be caught up', () => {
    const { summary, reasons } = explainJob({
      ...FACTS,
      scheduler: { state: 'off', seenAt: NOW - 2 * HOUR },
      next: null,
      overdue: { first: NOW - HOUR, last: NOW - HOUR },
    });
    expect(summary).toBe(
      'It does not run by itself: no scheduler is running, since 2026-11-25T11:00:00.000+01:00 (start one with: quickscrape scheduler start --daemon). Its schedule has no further occurrence after now.',
    );
    expect(reasons[0]).toContain('the latest missed one is caught up');
  });

  it('names a configuration that does not exist', () => {
    expect(explainJob({ ...FACTS, missingConfig: 'nope' }).reasons).toEqual([
      'Its configuration "nope" does not exist, so its runs fail: write configs/nope.yaml, or give it another one with: quickscrape job update news --config NAME.',
    ]);
  });

  it('reports a clock that was ahead', () => {
    expect(explainJob({ ...FACTS, decidedUntil: NOW + HOUR }).reasons).toEqual([
      `Occurrences until ${NEXT} were decided by a clock that was ahead; none of them is repeated.`,
    ]);
  });
});

describe('what became of the last occurrence', () => {
  const error = { kind: 'http', message: '503 from http://127.0.0.1/' };
  it.each<[Partial<RunRecord> & { status: RunRecord['status'] }, string]>([
    [{ status: 'succeeded' }, 'succeeded: run r1, 3 items'],
    [
      { status: 'succeeded', trigger: 'catch_up', items: 1 },
      'succeeded when it was caught up: run r1, 1 item',
    ],
    [{ status: 'skipped', reason: 'still running: run r0' }, 'was skipped: still running: run r0'],
    [{ status: 'missed', reason: 'the scheduler was off' }, 'was missed: the scheduler was off'],
    [{ status: 'cancelled', cancelRequestedBy: 'tui' }, 'was cancelled in the dashboard: run r1'],
    [
      { status: 'failed', error, attempt: 4, maxAttempts: 4 },
      'failed (run r1, attempt 4 of 4): the site answers with an error: 503 from http://127.0.0.1/',
    ],
    [{ status: 'timed_out' }, 'timed out (run r1)'],
    [{ status: 'abandoned' }, 'was abandoned (run r1)'],
  ])('%j', ({ status, ...more }, words) => {
    const { reasons } = explainJob({ ...FACTS, occurrences: [run(status, more)] });
    expect(reasons).toEqual([`The last occurrence, ${LAST}, ${words}.`]);
  });

  it('is given once for an unfinished run', () => {
    const one = run('queued');
    const { reasons } = explainJob({ ...FACTS, occurrences: [one], active: [{ run: one, waitsFor: 'x' }] });
    expect(reasons).toEqual([`Due next at ${NEXT}.`]);
  });

  it('is followed by how many of the last ones were skipped or missed', () => {
    const of = (...statuses: RunRecord['status'][]) =>
      explainJob({ ...FACTS, occurrences: statuses.map((status) => run(status)) }).reasons.at(-1);
    expect(of('succeeded', 'skipped', 'missed', 'skipped')).toBe(
      'Of its last 4 occurrences, 2 were skipped and 1 missed.',
    );
    expect(of('succeeded', 'missed')).toBe('Of its last 2 occurrences, 1 was missed.');
    expect(of('succeeded', 'failed')).toContain('The last occurrence');
  });
});
