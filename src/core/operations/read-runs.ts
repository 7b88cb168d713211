import * as z from 'zod';
import { RUN_STATUSES } from '../model/run-record.ts';
import { readItems, runFiles, tailLines } from '../runs/run-files.ts';
import { runCursor } from '../runs/run-store.ts';
import { listSavedPages } from '../runs/saved-pages.ts';
import { describeStopped, listFindings, selectorList } from '../runs/selector-findings.ts';
import { toAttemptDict } from '../runs/serialize-run.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import type { Workspace } from '../workspace.ts';
import { concealSample } from './concealed-rows.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { findJob, findRun } from './find-or-throw.ts';
import { explainNoRuns } from './no-matches.ts';
import { instantInput, parseInstant, runIdInput } from './operation-fields.ts';
import { makePageCursor, readTextCursor } from './page-cursor.ts';
import { fillPage, pageLimit } from './page-room.ts';
import { createRunConverter, runErrorOutput, runOutput, toRunOutput } from './run-output.ts';

export const listRuns = defineOperation({
  name: 'list_runs',
  title: 'List runs',
  description:
    'Past and waiting runs of one job or of all, newest first. get_run shows one with its ' +
    'log and items.',
  input: () =>
    z.strictObject({
      job_id: z.string().optional().describe('Runs of this job'),
      status: z.enum(RUN_STATUSES).optional().describe('Runs with this status'),
      since: instantInput().optional().describe('Runs queued at or after this RFC 3339 instant'),
      limit: z.int().min(1).max(1000).default(20).describe('Runs at most'),
      cursor: z.string().optional().describe('next_cursor of the previous answer'),
    }),
  output: () =>
    z.object({
      runs: z.array(runOutput()),
      total: z.int().describe('Runs that match, over all pages'),
      next_cursor: z.string().optional(),
      warnings: z
        .array(z.string())
        .optional()
        .describe('Selectors of the newest run that stopped matching, also if it succeeded'),
      hint: z.string().optional().describe('Only when nothing matches: why, and what to do'),
    }),
  annotations: READ_ONLY,
  errors: ['job_not_found'],
  handler(workspace, { job_id, status, since, limit, cursor }, { offers, room }) {
    const call = ['runs', job_id, status, since];
    const page = workspace.runs.list({
      jobId: job_id,
      status,
      since: since === undefined ? undefined : parseInstant(since, 'since').getTime(),
      limit: pageLimit(limit, room),
      cursor: cursor === undefined ? undefined : readTextCursor(cursor, call),
    });
    if (page.total === 0 && job_id !== undefined && !isKnown(workspace, job_id)) findJob(workspace, job_id);
    const [newest] = cursor === undefined ? page.runs : [];
    const stopped =
      newest && describeStopped(listFindings(workspace.paths, newest.jobId, newest.runId).selectors);
    const others = {
      total: page.total,
      ...(page.total === 0 && { hint: explainNoRuns(workspace, { job_id, status, since }, offers) }),
      ...(newest && stopped !== undefined && { warnings: [`Run ${newest.runId}: ${stopped}`] }),
    };
    const runs = fillPage(room, others, page.runs, createRunConverter(workspace, page.runs));
    const last = page.runs[runs.length - 1];
    const next = last !== undefined && runs.length < page.runs.length ? runCursor(last) : page.nextCursor;
    return { runs, ...others, ...(next !== undefined && { next_cursor: makePageCursor(call, [next]) }) };
  },
});

/** An unknown id must be an error, so that a mistyped id does not seem to be a job that never ran. */
function isKnown({ jobs, runs }: Workspace, jobId: string): boolean {
  return jobs.get(jobId) !== undefined || runs.newestForJob(jobId, 1).length > 0;
}

/** An item may contain whole pages, so the sample's size in memory is limited. */
const SAMPLE_BYTES = 16 * 1024 * 1024;

export const getRun = defineOperation({
  name: 'get_run',
  title: 'Show a run',
  description:
    'One run: attempts, checks, warnings, last log lines, first items, and what each selector matched (stopped: nothing, ' +
    'unlike usually). Repair selectors on its kept page by test_config with run_id.',
  input: () =>
    z.strictObject({
      run_id: runIdInput(),
      log_lines: z.int().min(0).max(200).default(20).describe('Last lines of the log'),
      sample_items: z.int().min(0).max(100).default(3).describe('First items'),
    }),
  output: () =>
    z.object({
      run: runOutput(),
      attempts: z.array(
        z.object({
          attempt: z.int(),
          status: z.string(),
          pid: z.int().nullable(),
          worker: z.string().nullable(),
          started_at: z.string(),
          finished_at: z.string().nullable(),
          duration_ms: z.number(),
          items: z.int(),
          pages: z.int(),
          bytes: z.int(),
          error: runErrorOutput().nullable(),
        }),
      ),
      log_tail: z.array(z.string()),
      sample: z.array(z.record(z.string(), z.unknown())),
      selectors: selectorList().describe('Empty while the first attempt is running'),
      warnings: z
        .array(z.string())
        .describe(
          'Of the last attempt: why pages were rendered in a browser, values that could not be read …',
        ),
      kept_pages: z
        .array(z.object({ url: z.string(), fetched_at: z.string() }))
        .describe(
          'Pages kept because a selector matched nothing or a check failed (newest five runs), or of the newest good run',
        ),
    }),
  annotations: READ_ONLY,
  errors: ['run_not_found'],
  async handler(workspace, { run_id, log_lines, sample_items }, context) {
    const run = findRun(workspace, run_id);
    const files = runFiles(workspace.paths, run.jobId, run.runId);
    const now = workspace.clock.now();
    const sample = await readItems(files.items, sample_items, SAMPLE_BYTES);
    const { rows, refused } = concealSample(workspace, context, run, sample);
    const { selectors, warnings } = listFindings(workspace.paths, run.jobId, run.runId);
    return {
      run: toRunOutput(workspace, run),
      attempts: workspace.runs
        .attempts(run.runId)
        .map((attempt) => toAttemptDict(attempt, run.timezone, now)),
      log_tail: tailLines(files.log, log_lines),
      sample: rows,
      selectors,
      warnings: [...warnings, ...refused],
      kept_pages: listSavedPages(workspace.paths, run.jobId, run.runId).map(({ url, fetchedAt }) => ({
        url,
        fetched_at: formatInstant(fetchedAt, run.timezone),
      })),
    };
  },
});
