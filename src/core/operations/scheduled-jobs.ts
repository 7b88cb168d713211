import type { ForecastJob } from '../schedule/load.ts';
import type { Workspace } from '../workspace.ts';

/** A job that is going to run, with what a forecast has to know of it. */
export interface ScheduledJob {
  job: ForecastJob;
  configName: string;
  /** Seconds. */
  jitter: number;
}

/** The jobs that are enabled and not paused. */
export function scheduledJobs(workspace: Workspace): ScheduledJob[] {
  const durations = workspace.runs.durations();
  return workspace.jobs.list().flatMap((entry) => {
    if (entry.kind !== 'valid' || !entry.record.definition.enabled || entry.state.pausedAt !== null)
      return [];
    const { schedule, stagger, priority, config_name: configName, jitter } = entry.record.definition;
    const host = workspace.configs.hostOf(configName);
    const takes = durations.get(entry.id) ?? 0;
    const job = {
      jobId: entry.id,
      rule: schedule,
      after: entry.state.watermark,
      stagger,
      priority,
      host,
      takes,
    };
    return [{ job, configName, jitter }];
  });
}
