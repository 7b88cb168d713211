import type { OperationOutput } from '../../../../src/core/operations/call-operation.ts';

export type Report = OperationOutput<'get_report'>;

const AT = '2026-11-30T09:00:00.000+01:00';
const NO_RUNS = { succeeded: 0, failed: 0, cancelled: 0, skipped: 0, missed: 0, items: 0, duration_ms: 0 };

/** A report in which each text that a page, a file or a person may have written is `text`. */
export function reportOf(text: string, link: string | null = text): Report {
  const steps = [
    { ...NO_RUNS, step: 0, succeeded: 2, items: 40, duration_ms: 9_000 },
    { ...NO_RUNS, step: 3, failed: 1, missed: 1, duration_ms: 1_000 },
    { ...NO_RUNS, step: 5, succeeded: 1, items: 24, duration_ms: 4_000 },
  ];
  const error = { kind: text, message: text };
  const job = {
    config_name: text,
    description: text,
    error: null,
    lost: [text],
    failures_in_a_row: 0,
    failing_since: null,
  };
  const last = { run_id: 'r1', at: AT, duration_ms: 4_000, items: 24, error };
  return {
    ...{ from: '2026-11-23T09:00:00.000+01:00', until: AT, timezone: 'Europe/Berlin', days: 7 },
    ...{ step_s: 21_600, steps: 28, level: 'bad', headline: '1 of 3 jobs fails', since: AT, notes: [text] },
    totals: {
      ...NO_RUNS,
      jobs: 3,
      succeeded: 3,
      failed: 1,
      missed: 1,
      items: 64,
      success_rate: 0.75,
      changed_jobs: 1,
    },
    by_step: steps,
    jobs: [
      {
        ...{ job_id: 'odd', ...job, ...NO_RUNS, condition: 'invalid', error: text, success_rate: null },
        ...{ last: null, next_run: null, steps: [] },
      },
      {
        ...{ job_id: 'bad', ...job, ...NO_RUNS, condition: 'failing', success_rate: 0 },
        ...{ last: { ...last, status: 'failed' }, next_run: null, steps },
      },
      {
        ...{ job_id: 'good', ...job, ...NO_RUNS, condition: 'well', success_rate: 1 },
        ...{ last: { ...last, status: 'succeeded' }, next_run: AT, steps },
      },
    ],
    failures: [
      {
        ...{
          job_id: 'bad',
          run_id: 'r1',
          status: 'failed',
          at: AT,
          paused: true,
          since: AT,
          last_success: null,
        },
        ...{ failures_in_a_row: 3, error, cause: 'http', explanation: [text, `since ${AT}`] },
      },
    ],
    failures_total: 22,
    unstarted: [{ job_id: 'good', status: 'missed', count: 3, last: AT, reason: text }],
    unstarted_total: 3,
    changes: [
      {
        ...{
          job_id: 'good',
          run_id: 'r2',
          with_run_id: 'r1',
          at: AT,
          runs: 2,
          added: 9,
          removed: 1,
          changed: 1,
        },
        rows: [
          { kind: 'changed', name: text, link, values: [{ field: text, before: text, after: text }] },
          { kind: 'added', name: text, link, values: [{ field: text, before: null, after: link }] },
          { kind: 'removed', name: '', link: null, values: [{ field: text, before: text, after: null }] },
        ],
      },
    ],
    upcoming: [{ job_id: 'good', at: AT }],
  };
}
