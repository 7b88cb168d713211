import { haystackOf } from '../../src/core/jobs/filter/filterable-job.ts';
import type { JobDefinition } from '../../src/core/model/definition.ts';
import { DEFINITION_DEFAULTS } from '../../src/core/model/definition.ts';
import type { HistoryRun } from '../../src/core/runs/last-run.ts';
import { SETTING_KEYS, SETTING_RULES, type SettingValues } from '../../src/core/settings/setting-rules.ts';
import type { ListedWorker } from '../../src/core/workers/worker-list.ts';
import type { HomeData, SettingsView } from '../../src/tui/home/home-data.ts';
import type { JobRow } from '../../src/tui/home/job-row.ts';

export const NOW = Date.parse('2026-11-25T12:00:00Z');

/** A run that is over, `ago` milliseconds before {@link NOW}. */
export function pastRun({
  ago = 0,
  tookMs = 1_000,
  ...run
}: Partial<HistoryRun> & { ago?: number; tookMs?: number } = {}): HistoryRun {
  const finishedAt = NOW - ago;
  return {
    ...{ runId: `run-${ago}`, status: 'succeeded', trigger: 'schedule', requestedBy: 'scheduler', items: 0 },
    ...{ queuedAt: finishedAt - tookMs, startedAt: finishedAt - tookMs, finishedAt, durationMs: tookMs },
    ...{ errorKind: null, ...run },
  };
}

/** A row as the live home makes it, of a job that is fine unless told otherwise. */
export function jobRow(id: string, fields: Partial<JobRow> = {}): JobRow {
  const { configName = 'shop', description = '', tags = [] } = fields;
  const definition: JobDefinition = {
    ...DEFINITION_DEFAULTS,
    ...{ config_name: configName ?? '', description, tags: [...tags] },
    schedule: { type: 'daily', time: '09:00', timezone: 'UTC' },
  };
  return {
    ...{
      id,
      definition,
      configName,
      description,
      tags,
      hosts: [],
      hasConfig: true,
      enabled: true,
      pausedAt: null,
      failures: 0,
      callbackFailure: null,
    },
    ...{ state: 'ok', nextRun: null, active: [], last: null, itemsBefore: null, itemChange: null },
    ...{
      isHistoryKnown: true,
      history: [],
      error: null,
      revision: 1,
      createdBy: 'cli',
      updatedAt: NOW,
      updatedBy: 'cli',
    },
    haystack: haystackOf(id, definition),
    ...fields,
  };
}

/** The settings of a home without a file of settings, in UTC. */
export function settingsOf(values: Partial<SettingValues> = {}): SettingsView {
  const defaults = SETTING_KEYS.map((key) => [key, SETTING_RULES[key].fallback()] as const);
  return {
    values: { ...Object.fromEntries(defaults), timezone: 'UTC', ...values } as SettingValues,
    problem: null,
  };
}

const SETTINGS = settingsOf();

/** A worker on another machine that was heard just now, unless the test says otherwise. */
export function listedWorker(name: string, fields: Partial<ListedWorker> = {}): ListedWorker {
  return {
    name,
    tags: [],
    state: 'connected',
    slots: 2,
    running: 0,
    version: '1.0.0',
    problem: null,
    lastSeen: NOW,
    skewMs: 0,
    drain: 0,
    invitedAt: NOW - 3_600_000,
    joinedAt: NOW - 3_600_000,
    revokedAt: null,
    ...fields,
  };
}

/** A home with these jobs and no scheduler, read just now. */
export function homeOf(jobs: readonly JobRow[], fields: Partial<HomeData> = {}): HomeData {
  const scheduler: HomeData['scheduler'] = {
    ...{ state: 'off', pid: null, since: null, version: null, slots: 2, slotsUsed: 0, queued: 0, held: null },
    warnings: [],
  };
  const executor: HomeData['executor'] = { kind: 'local', redis: null, workers: [], warnings: [] };
  const rest = {
    scheduler,
    executor,
    settings: SETTINGS,
    failingChannels: [],
    readAt: NOW,
    stale: null,
    loss: null,
  };
  return { jobs, runs: [], ...rest, ...fields };
}
