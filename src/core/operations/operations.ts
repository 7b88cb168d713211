import { once } from '../lib/once.ts';

/**
 * The operations by name (docs/contributing/adr/0004). Each is loaded on first use, so that a command loads only the
 * operation that it calls.
 */
export const OPERATIONS = {
  list_jobs: once(async () => (await import('./list-jobs.ts')).listJobs),
  get_job: once(async () => (await import('./get-job.ts')).getJob),
  create_job: once(async () => (await import('./create-job.ts')).createJob),
  update_job: once(async () => (await import('./edit-jobs.ts')).updateJob),
  update_jobs: once(async () => (await import('./update-jobs.ts')).updateJobs),
  delete_job: once(async () => (await import('./edit-jobs.ts')).deleteJob),
  restore_job: once(async () => (await import('./edit-jobs.ts')).restoreJob),
  list_trash: once(async () => (await import('./trash-operations.ts')).listTrash),
  run_job: once(async () => (await import('./run-operations.ts')).runJob),
  retry_run: once(async () => (await import('./run-operations.ts')).retryRun),
  cancel_run: once(async () => (await import('./run-operations.ts')).cancelRun),
  list_runs: once(async () => (await import('./read-runs.ts')).listRuns),
  get_run: once(async () => (await import('./read-runs.ts')).getRun),
  explain_run: once(async () => (await import('./explain-run.ts')).explainRun),
  get_log: once(async () => (await import('./get-log.ts')).getLog),
  list_items: once(async () => (await import('./list-items.ts')).listItems),
  compare_runs: once(async () => (await import('./compare-runs.ts')).compareRuns),
  get_item_history: once(async () => (await import('./get-item-history.ts')).getItemHistory),
  preview_schedule: once(async () => (await import('./preview-schedule.ts')).previewScheduleOperation),
  forecast_runs: once(async () => (await import('./forecast-runs.ts')).forecastRuns),
  list_configs: once(async () => (await import('./config-operations.ts')).listConfigs),
  get_config: once(async () => (await import('./config-operations.ts')).getConfig),
  propose_config: once(async () => (await import('./suggest-config.ts')).suggestConfig),
  save_config: once(async () => (await import('./config-operations.ts')).saveConfig),
  delete_config: once(async () => (await import('./config-operations.ts')).deleteConfig),
  restore_config: once(async () => (await import('./trash-operations.ts')).restoreConfig),
  test_config: once(async () => (await import('./test-config.ts')).testConfig),
  get_page: once(async () => (await import('./get-page.ts')).getPage),
  find_selectors: once(async () => (await import('./find-selectors.ts')).findSelectors),
  examine_home: once(async () => (await import('./examine-home.ts')).examineHome),
  get_metrics: once(async () => (await import('./get-metrics.ts')).getMetrics),
  get_report: once(async () => (await import('./get-report.ts')).getReport),
  get_settings: once(async () => (await import('./setting-operations.ts')).getSettings),
  set_setting: once(async () => (await import('./setting-operations.ts')).setSetting),
  export: once(async () => (await import('./export-bundle.ts')).exportBundle),
  list_channels: once(async () => (await import('./channel-operations.ts')).listChannels),
  test_channel: once(async () => (await import('./channel-operations.ts')).testChannel),
  list_messages: once(async () => (await import('./channel-operations.ts')).listMessagesOperation),
  get_scheduler: once(async () => (await import('./scheduler-operations.ts')).getScheduler),
  start_scheduler: once(async () => (await import('./scheduler-operations.ts')).startScheduler),
  stop_scheduler: once(async () => (await import('./scheduler-operations.ts')).stopScheduler),
  list_workers: once(async () => (await import('./worker-operations.ts')).listWorkersOperation),
  drain_worker: once(async () => (await import('./worker-operations.ts')).drainWorker),
  revoke_worker: once(async () => (await import('./worker-operations.ts')).revokeWorker),
} as const;

export type OperationName = keyof typeof OPERATIONS;

/** All operation names, in the order in which interfaces list them. */
export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];
