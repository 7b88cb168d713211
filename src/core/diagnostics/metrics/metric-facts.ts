import type { ChannelHealth } from '../../messages/channel-health.ts';
import type { OutcomeFigures } from '../../runs/run-figures.ts';

/** What the figures of a home are computed from, at one moment; instants in epoch milliseconds, sizes in bytes. */
export interface MetricFacts {
  now: number;
  /** This build. */
  version: string;
  /** Since when the scheduler has been running; `null` while none runs. */
  schedulerSince: number | null;
  slots: number;
  waiting: number;
  running: number;
  /** Since when the run that waits longest could have started; `null` when none is due. */
  longestWaitSince: number | null;
  /** `null` when the system does not report it. */
  freeBytes: number | null;
  /** The setting `min_free_space`; 0 when it is off. */
  neededBytes: number;
  databaseBytes: number;
  /** The number of job files that cannot be used. */
  invalidJobs: number;
  jobs: readonly JobFacts[];
  /** The channels that have messages. */
  channels: readonly ChannelHealth[];
}

export interface JobFacts {
  id: string;
  config: string;
  /** The first host that its configuration names; `null` while unknown. */
  host: string | null;
  enabled: boolean;
  paused: boolean;
  failures: number;
  nextRun: number | null;
  /** One for each outcome that the history has. */
  outcomes: readonly OutcomeFigures[];
}
