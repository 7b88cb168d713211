import { late } from '../lib/late-modules.ts';

/**
 * The operations by name (docs/contributing/adr/0004). Each is loaded on first use, so that a command loads only the
 * operation that it calls.
 */
export const OPERATIONS = {
  list_jobs: late(async () => (await import('./list-jobs.ts')).listJobs),
  get_job: late(async () => (await import('./get-job.ts')).getJob),
  create_job: late(async () => (await import('./create-job.ts')).createJob),
  update_job: late(async () => (await import('./edit-jobs.ts')).updateJob),
  update_jobs: late(async () => (await import('./update-jobs.ts')).updateJobs),
  delete_job: late(async () => (await import('./edit-jobs.ts')).deleteJob),
  restore_job: late(async () => (await import('./edit-jobs.ts')).restoreJob),
  list_trash: late(async () => (await import('./trash-operations.ts')).listTrash),
  run_job: late(async () => (await import('./run-operations.ts')).runJob),
  retry_run: late(async () => (await import('./run-operations.ts')).retryRun),
  cancel_run: late(async () => (await import('./run-operations.ts')).cancelRun),
  list_runs: late(async () => (await import('./read-runs.ts')).listRuns),
  get_run: late(async () => (await import('./read-runs.ts')).getRun),
  explain_run: late(async () => (await import('./explain-run.ts')).explainRun),
  get_log: late(async () => (await import('./get-log.ts')).getLog),
  list_items: late(async () => (await import('./list-items.ts')).listItems),
  compare_runs: late(async () => (await import('./compare-runs.ts')).compareRuns),
  get_item_history: late(async () => (await import('./get-item-history.ts')).getItemHistory),
  preview_schedule: late(async () => (await import('./preview-schedule.ts')).previewScheduleOperation),
  forecast_runs: late(async () => (await import('./forecast-runs.ts')).forecastRuns),
  list_configs: late(async () => (await import('./config-operations.ts')).listConfigs),
  get_config: late(async () => (await import('./config-operations.ts')).getConfig),
  propose_config: late(async () => (await import('./suggest-config.ts')).suggestConfig),
  save_config: late(async () => (await import('./config-operations.ts')).saveConfig),
  delete_config: late(async () => (await import('./config-operations.ts')).deleteConfig),
  restore_config: late(async () => (await import('./trash-operations.ts')).restoreConfig),
  test_config: late(async () => (await import('./test-config.ts')).testConfig),
  get_page: late(async () => (await import('./get-page.ts')).getPage),
  find_selectors: late(async () => (await import('./find-selectors.ts')).findSelectors),
  examine_home: late(async () => (await import('./examine-home.ts')).examineHome),
  get_metrics: late(async () => (await import('./get-metrics.ts')).getMetrics),
  get_report: late(async () => (await import('./get-report.ts')).getReport),
  get_settings: late(async () => (await import('./setting-operations.ts')).getSettings),
  set_setting: late(async () => (await import('./setting-operations.ts')).setSetting),
  export: late(async () => (await import('./export-bundle.ts')).exportBundle),
  list_channels: late(async () => (await import('./channel-operations.ts')).listChannels),
  test_channel: late(async () => (await import('./channel-operations.ts')).testChannel),
  list_messages: late(async () => (await import('./channel-operations.ts')).listMessagesOperation),
  get_scheduler: late(async () => (await import('./scheduler-operations.ts')).getScheduler),
  start_scheduler: late(async () => (await import('./scheduler-operations.ts')).startScheduler),
  stop_scheduler: late(async () => (await import('./scheduler-operations.ts')).stopScheduler),
  list_workers: late(async () => (await import('./worker-operations.ts')).listWorkersOperation),
  drain_worker: late(async () => (await import('./worker-operations.ts')).drainWorker),
  revoke_worker: late(async () => (await import('./worker-operations.ts')).revokeWorker),
} as const;

export type OperationName = keyof typeof OPERATIONS;

/** All operation names, in the order in which interfaces list them. */
export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];
