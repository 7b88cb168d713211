import * as z from 'zod';
import { QuickscrapeError } from '../lib/errors.ts';
import { isActive, toRunStatus } from '../model/run-record.ts';
import { LOG_LEVELS, readLog } from '../runs/read-log.ts';
import { runFiles } from '../runs/run-files.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { findRun } from './find-or-throw.ts';
import { explainNoLines } from './no-matches.ts';
import { runIdInput } from './operation-fields.ts';
import { cursorOfOtherCall, makePageCursor, readPageCursor } from './page-cursor.ts';
import { fillPage, type PageRoom } from './page-room.ts';

export const getLog = defineOperation({
  name: 'get_log',
  title: 'Read the log of a run',
  description:
    'Log lines of a run, by level and text, from its end or start. While the run is active, newer_cursor ' +
    'gives the lines that follow.',
  input: () =>
    z.strictObject({
      run_id: runIdInput(),
      level: z.enum(LOG_LEVELS).optional().describe('This level and above'),
      find: z.string().max(1_000).optional().describe('Only lines with this text'),
      from: z.enum(['end', 'start']).default('end').describe('end: the last lines first'),
      limit: z.int().min(1).max(1_000).default(50).describe('Lines at most'),
      cursor: z.string().optional().describe('next_cursor or newer_cursor of the previous answer'),
    }),
  output: () =>
    z.object({
      run_id: z.string(),
      status: z.string(),
      lines: z.array(z.object({ line: z.int().describe('Its number, from 1'), text: z.string() })),
      total: z.int().describe('Lines that match, in the whole log so far'),
      hint: z.string().optional().describe('Only when nothing matches: why, and what to do'),
      next_cursor: z
        .string()
        .optional()
        .describe(
          'Gives the lines before these; from the start, those after these, also while the run is active',
        ),
      newer_cursor: z
        .string()
        .optional()
        .describe('While the run is active: gives the lines after the last one'),
    }),
  annotations: READ_ONLY,
  errors: ['run_not_found', 'conflict'],
  async handler(workspace, { run_id, level, find, from, limit, cursor }, { signal, room }) {
    const run = findRun(workspace, run_id);
    const call = [run.runId, level, find];
    const position = cursor === undefined ? undefined : readPageCursor(cursor, call, 3);
    const [direction = from === 'end' ? BEFORE : AFTER, at, dropped = 0] = position ?? [];
    const range = direction === BEFORE ? { before: at ?? Number.POSITIVE_INFINITY } : { after: at ?? 0 };
    const { log } = runFiles(workspace.paths, run.jobId, run.runId);
    const page = await readLog(log, { level, find, limit, ...range, signal });
    const active = isActive(run.status);
    if (page === undefined && run.startedAt !== null && !active) throw logGone(run.runId, log);
    const { lines: read, total, last, ...found } = page ?? NO_LINES;
    const lines = fitLines(read, direction, room, { run_id: run.runId, total });
    const hasMore = found.hasMore || lines.length < read.length;
    // Without its middle, the log has other line numbers.
    if (position !== undefined && dropped !== found.dropped) throw cursorOfOtherCall();
    const cursorAt = (way: number, line: number) => makePageCursor(call, [way, line, found.dropped]);
    const [first, end] = [lines[0]?.line, lines.at(-1)?.line];
    return {
      run_id: run.runId,
      status: toRunStatus(run.status),
      lines,
      total,
      ...(total === 0 && { hint: explainNoLines(run, { find, level }, last) }),
      ...(direction === AFTER
        ? (hasMore || active) && { next_cursor: cursorAt(AFTER, hasMore ? (end ?? last) : last) }
        : hasMore && { next_cursor: cursorAt(BEFORE, first ?? 0) }),
      ...(direction === BEFORE && at === undefined && active && { newer_cursor: cursorAt(AFTER, last) }),
    };
  },
});

/** The lines that the caller can take: before a place the last ones, after it the first ones. */
function fitLines<L>(
  lines: readonly L[],
  direction: number,
  room: PageRoom | undefined,
  others: Record<string, unknown>,
): L[] {
  const ordered = direction === BEFORE ? lines.toReversed() : lines;
  const fitting = fillPage(room, others, ordered, (line) => line);
  return direction === BEFORE ? fitting.toReversed() : fitting;
}

/** The directions of a cursor: lines before it, or after it. */
const [BEFORE, AFTER] = [0, 1];

const NO_LINES = { lines: [], total: 0, hasMore: false, last: 0, dropped: 0 };

function logGone(runId: string, file: string): QuickscrapeError {
  return new QuickscrapeError('conflict', `the log of run ${runId} is gone: ${file}`, {
    field: 'run_id',
    hint: ['Its folder was removed.', { id: 'list_runs' }],
  });
}
