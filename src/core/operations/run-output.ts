import * as z from 'zod';
import { currentStartLimits } from '../execution/start-limits.ts';
import { once } from '../lib/once.ts';
import { checkOutput } from '../model/check.ts';
import { differencesOutput } from '../model/differences.ts';
import { paramValuesOutput } from '../model/params.ts';
import { RUN_STATUSES, type RunRecord, TRIGGERS } from '../model/run-record.ts';
import { listRunning } from '../runs/run-queue.ts';
import { toRunDict } from '../runs/serialize-run.ts';
import { explainWaiting, isWaiting } from '../runs/wait-reason.ts';
import type { Workspace } from '../workspace.ts';

export const runErrorOutput = once(() =>
  z.object({
    kind: z.string().describe('http, network, no_items, check_failed, timeout, config, output, abandoned …'),
    message: z.string(),
  }),
);

/** A run in output; see docs/reference/operations.md. */
export const runOutput = once(() =>
  z.object({
    run_id: z.string(),
    job_id: z.string(),
    config_name: z.string(),
    trigger: z.enum(TRIGGERS),
    retry_of: z.string().nullable().describe('The earlier run that this one repeats'),
    scheduled_for: z.string().nullable().describe('The occurrence that it belongs to; null for a manual run'),
    status: z.enum(RUN_STATUSES),
    reason: z.string().nullable().describe('Why it was skipped, missed or caught up'),
    waits_for: z
      .string()
      .nullable()
      .describe('What keeps a queued run, or one that waits for a retry, from starting'),
    attempt: z.int(),
    max_attempts: z.int(),
    worker: z
      .string()
      .nullable()
      .describe('The worker on another machine that executes it, or has; null: this machine'),
    queued_at: z.string(),
    started_at: z.string().nullable(),
    finished_at: z.string().nullable(),
    retry_at: z.string().nullable().describe('When a run that waits for a retry starts again'),
    duration_ms: z.int().nullable().describe('From its start to its end, or to now while it runs'),
    items: z.int(),
    pages: z.int(),
    bytes: z.int(),
    progress: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe('Share of its pages done; null when the total is unknown'),
    output_path: z.string().nullable(),
    output_format: z.string().nullable(),
    error: runErrorOutput().nullable(),
    checks: z
      .array(checkOutput())
      .describe('What the job expects, and how the run held up; one that did not has passed: false'),
    changes: differencesOutput()
      .nullable()
      .describe('How its items differ from those of the last good run before it; null without one'),
    params: paramValuesOutput()
      .optional()
      .describe('The values of its parameters; absent where its configuration declares none'),
  }),
);

export type RunOutput = z.output<ReturnType<typeof runOutput>>;

/** A run as output, in its current state; instants in its job's time zone. */
export function toRunOutput(workspace: Workspace, run: RunRecord): RunOutput {
  return withWaitReason(workspace, run, createWaitExplainer(workspace, [run]));
}

/** Several runs as output. */
export function toRunOutputs(workspace: Workspace, runs: readonly RunRecord[]): RunOutput[] {
  return runs.map(createRunConverter(workspace, runs));
}

/** Converts one after the other of several runs. */
export function createRunConverter(
  workspace: Workspace,
  runs: readonly RunRecord[],
): (run: RunRecord) => RunOutput {
  const reasons = createWaitExplainer(workspace, runs);
  return (run) => withWaitReason(workspace, run, reasons);
}

function withWaitReason(
  workspace: Workspace,
  run: RunRecord,
  reasons: ReturnType<typeof createWaitExplainer>,
): RunOutput {
  return { ...toRunDict(run, workspace.clock.now()), waits_for: reasons(run) } as RunOutput;
}

/** Reads the start limits once, and only when a run waits. */
function createWaitExplainer(
  workspace: Workspace,
  runs: readonly RunRecord[],
): (run: RunRecord) => string | null {
  if (!runs.some(isWaiting)) return () => null;
  const limits = currentStartLimits(workspace);
  const running = listRunning(workspace.db);
  return (run) => explainWaiting(run, running, limits)?.text ?? null;
}
