import * as z from 'zod';
import { once } from '../lib/once.ts';
import { systemTimeZone } from '../schedule/engine/instant.ts';
import type { SchedulerStatus } from '../scheduler/scheduler-status.ts';
import { formatInstantOrNull } from './format-instants.ts';

/** The state of a home's scheduler: docs/reference/operations.md. */
export const schedulerOutput = once(() =>
  z.object({
    running: z.boolean(),
    pid: z.int().nullable(),
    since: z.string().nullable(),
    jobs: z.int().describe('Jobs whose file is valid'),
    enabled: z.int(),
    queued: z.int().describe('Runs that wait for a slot or a retry'),
    running_runs: z.int(),
    slots: z.int().describe('Runs that may go on at once'),
    next_run: z.string().nullable().describe('The earliest next run of all enabled jobs'),
    uptime_s: z.number().nullable(),
    version: z.string(),
    held: z.string().nullable().describe('Why no run starts although it is due (the disk is too full)'),
    time_zone_data: z.object({
      version: z.string().describe('Release of the time zone data that Node.js carries'),
      wrong_zones: z.array(z.string()).describe('Zones that these data are known to have wrong'),
    }),
    warnings: z.array(z.string()).describe('What somebody should see to'),
  }),
);

export type SchedulerOutput = z.output<ReturnType<typeof schedulerOutput>>;

/** Instants use this machine's zone, because they belong to no single job. */
export function toSchedulerOutput(status: SchedulerStatus): SchedulerOutput {
  const zone = systemTimeZone();
  return {
    running: status.running,
    pid: status.pid,
    since: formatInstantOrNull(status.since, zone),
    jobs: status.jobs,
    enabled: status.enabled,
    queued: status.queued,
    running_runs: status.runningRuns,
    slots: status.slots,
    next_run: formatInstantOrNull(status.nextRun, zone),
    uptime_s: status.uptimeS,
    version: status.version,
    held: status.held,
    time_zone_data: {
      version: status.timeZoneData.version,
      wrong_zones: status.timeZoneData.wrongZones,
    },
    warnings: status.warnings,
  };
}
