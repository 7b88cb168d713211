import type { RunOutput } from '../../src/core/operations/run-output.ts';

/** A run as operations tell of it: a success, unless told otherwise. */
export function run(run_id: string, fields: Partial<RunOutput> = {}): RunOutput {
  return {
    run_id,
    job_id: 'shop',
    config_name: 'shop',
    trigger: 'schedule',
    retry_of: null,
    scheduled_for: null,
    status: 'succeeded',
    reason: null,
    waits_for: null,
    attempt: 1,
    max_attempts: 1,
    worker: null,
    queued_at: '2026-11-26T09:00:00.000Z',
    started_at: '2026-11-26T09:00:00.000Z',
    finished_at: '2026-11-26T09:00:05.000Z',
    retry_at: null,
    duration_ms: 5000,
    items: 20,
    pages: 1,
    bytes: 1000,
    progress: 1,
    output_path: null,
    output_format: null,
    error: null,
    checks: [],
    changes: null,
    ...fields,
  };
}
