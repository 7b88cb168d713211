import * as z from 'zod';
import { JOB_CONDITIONS } from '../diagnostics/report/judge-home.ts';
import { once } from '../lib/once.ts';
import { RUN_STATUSES } from '../model/run-record.ts';
import { CAUSES } from '../quality/run-facts.ts';
import { collectReport } from './collect-report.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { instantOutput, jobIdInput } from './operation-fields.ts';
import { runErrorOutput } from './run-output.ts';

/** A longer history is rarely kept. */
export const MAX_REPORT_DAYS = 366;

const count = once(() => z.int().min(0));

const countsOutput = once(() => ({
  succeeded: count(),
  failed: count().describe('Failed, timed out or abandoned'),
  cancelled: count(),
  skipped: count(),
  missed: count(),
  items: count().describe('Of the runs that succeeded'),
  duration_ms: count().describe('Of all runs that started'),
}));

const stepOutput = once(() =>
  z.object({ step: count().describe('The number of the step, from 0'), ...countsOutput() }),
);

const reportJobOutput = once(() =>
  z.object({
    job_id: z.string(),
    config_name: z.string().nullable(),
    description: z.string().nullable(),
    condition: z
      .enum(JOB_CONDITIONS)
      .describe(
        'failing: since its last success; incomplete: see lost; new: no run of it was executed; invalid: see error',
      ),
    error: z.string().nullable().describe('Why its file cannot be used'),
    lost: z
      .array(z.string())
      .describe('Fields whose selectors stopped matching in the last run, though it succeeded'),
    failures_in_a_row: count(),
    failing_since: instantOutput().nullable().describe('The first failure after the last success'),
    ...countsOutput(),
    success_rate: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe('Of the runs that succeeded or failed; null without one'),
    last: z
      .object({
        run_id: z.string(),
        status: z.enum(RUN_STATUSES),
        at: instantOutput(),
        duration_ms: count().nullable(),
        items: count(),
        error: runErrorOutput().nullable(),
      })
      .nullable()
      .describe('The last executed run, whenever that was'),
    next_run: instantOutput().nullable(),
    steps: z.array(stepOutput()).describe('The steps of the period in which runs of it began'),
  }),
);

export const getReport = defineOperation({
  name: 'get_report',
  title: 'Report of a period',
  description:
    'How the home and each job did in the last days, for a report to people: failures with causes, changes, what did ' +
    'not start, what is next; as quickscrape report shows it.',
  input: () =>
    z.strictObject({
      days: z.int().min(1).max(MAX_REPORT_DAYS).default(7).describe('How far back'),
      job_ids: z.array(jobIdInput()).min(1).max(10_000).optional().describe('Only these jobs'),
    }),
  output: () =>
    z.object({
      from: instantOutput(),
      until: instantOutput(),
      timezone: z.string().describe('Of this machine'),
      days: z.int(),
      step_s: z.int().describe('The length of a step, seconds'),
      steps: z.int().describe('Equal parts of the period; the last one may be incomplete'),
      level: z.enum(['good', 'warning', 'bad']).describe('bad: jobs do not deliver'),
      headline: z.string().describe('How the home is, in a few words'),
      since: instantOutput().nullable().describe('Since when the first of the failing jobs fails'),
      notes: z.array(z.string()).describe('What the headline leaves out'),
      totals: z.object({
        jobs: count(),
        ...countsOutput(),
        success_rate: z.number().nullable(),
        changed_jobs: count().describe('Jobs whose items changed in the period'),
      }),
      by_step: z.array(stepOutput()).describe('Of all jobs'),
      jobs: z.array(reportJobOutput()).describe('The worst first'),
      failures: z
        .array(
          z.object({
            job_id: z.string(),
            run_id: z.string(),
            status: z.enum(RUN_STATUSES),
            at: instantOutput(),
            paused: z.boolean(),
            since: instantOutput().nullable(),
            last_success: instantOutput().nullable(),
            failures_in_a_row: count(),
            error: runErrorOutput().nullable(),
            cause: z.enum(CAUSES),
            explanation: z.array(z.string()).describe('As explain_run says it'),
          }),
        )
        .describe('The last run of failing and paused jobs; at most twenty'),
      failures_total: count(),
      unstarted: z
        .array(
          z.object({
            job_id: z.string(),
            status: z.enum(['skipped', 'missed']),
            count: count(),
            last: instantOutput().describe('When the last one was due'),
            reason: z.string().nullable(),
          }),
        )
        .describe('Occurrences that did not start; at most fifty'),
      unstarted_total: count(),
      changes: z
        .array(
          z.object({
            job_id: z.string(),
            run_id: z.string(),
            with_run_id: z.string(),
            at: instantOutput(),
            runs: count().describe('Runs of the period with changes'),
            added: count(),
            removed: count(),
            changed: count(),
            rows: z
              .array(
                z.object({
                  kind: z.enum(['added', 'removed', 'changed']),
                  name: z.string(),
                  link: z.string().nullable(),
                  values: z.array(
                    z.object({
                      field: z.string(),
                      before: z.string().nullable(),
                      after: z.string().nullable(),
                    }),
                  ),
                }),
              )
              .describe('The first differences; empty when the items are no longer kept, or are too many'),
          }),
        )
        .describe('The newest changes of jobs, the newest first; at most twenty'),
      upcoming: z
        .array(z.object({ job_id: z.string(), at: instantOutput() }))
        .describe('When jobs are due next; at most twenty'),
    }),
  annotations: READ_ONLY,
  errors: ['job_not_found'],
  handler: (workspace, input, context) => collectReport(workspace, input, context),
});
