/**
 * The defaults of a job's definition, in the order of the job file. They are plain data, so reading jobs needs no
 * schema.
 */
export const DEFAULTS = {
  description: null,
  output_format: null,
  output_path: null,
  max_retries: 3,
  retry_delay: 300,
  on_success: null,
  on_failure: null,
  enabled: true,
  tags: [] as string[],
  timeout: 3600,
  overlap: 'skip',
  misfire_grace_time: null,
  catch_up: 'latest',
  jitter: 0,
  stagger: 0,
  retry_backoff: 'fixed',
  priority: 0,
  keep_runs: 50,
  expect: null,
  pause_after_failures: 0,
  on_failure_mode: 'each',
  on_recovery: null,
  on_change: null,
} as const;
