import type { Change } from '../../core/api/changes.ts';

/** A test run on live pages has read a page. Only the client that sent the request gets it. */
export const TEST_PROGRESS = 'test_progress';

/** The notifications to subscribers: when they come, and their params. */
export const NOTIFICATIONS: Readonly<
  Record<Change['kind'] | typeof TEST_PROGRESS, { summary: string; params: readonly string[] }>
> = {
  job_changed: {
    summary: 'A job was made, edited or deleted, or its status or next run is another.',
    params: ['job_id'],
  },
  run_changed: {
    summary: 'A run is new, or its status, attempt or outcome is another.',
    params: ['run'],
  },
  run_progress: { summary: 'An active run has progressed.', params: ['run'] },
  scheduler_changed: {
    summary: 'The scheduler began, ended, or was asked to stop.',
    params: ['scheduler'],
  },
  workers_changed: { summary: 'Workers on other machines came, went or changed.', params: [] },
  config_changed: { summary: 'A configuration was saved, edited or deleted.', params: ['config_name'] },
  settings_changed: { summary: 'The settings were saved, edited or deleted.', params: [] },
  [TEST_PROGRESS]: {
    summary: 'A test_config of this client on live pages has read a page; id is that of its request.',
    params: ['id', 'pages', 'items', 'progress'],
  },
};
