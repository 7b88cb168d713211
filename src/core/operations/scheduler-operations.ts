import * as z from 'zod';
import { late } from '../lib/late-modules.ts';
import { once } from '../lib/once.ts';
import { systemTimezone } from '../schedule/engine/instant.ts';
import { type SchedulerStatus, schedulerStatus } from '../scheduler/scheduler-status.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { formatInstantOrNull } from './operation-fields.ts';
import { toWorkerOutput, workerOutput } from './worker-operations.ts';

const loadStartStop = late(() => import('../scheduler/start-stop.ts'));

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
    executor: z
      .object({
        kind: z.enum(['local', 'bullmq']).describe('local: this machine; bullmq: workers elsewhere'),
        redis: z.enum(['connected', 'away']).nullable().describe('null while no scheduler uses it'),
        redis_since: z.string().nullable(),
        prefix: z.string().nullable().describe('What the keys of this home in Redis begin with'),
        problem: z.string().nullable().describe('What is wrong with Redis'),
        workers: z.array(workerOutput()),
      })
      .describe('Where runs are executed'),
    warnings: z.array(z.string()).describe('What needs your attention'),
  }),
);

export type SchedulerOutput = z.output<ReturnType<typeof schedulerOutput>>;

/** Instants use this machine's zone, because they belong to no single job. */
export function toSchedulerOutput(status: SchedulerStatus, now = Date.now()): SchedulerOutput {
  const zone = systemTimezone();
  const { kind, redis, workers } = status.executor;
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
      version: status.timezoneData.version,
      wrong_zones: status.timezoneData.wrongZones,
    },
    executor: {
      kind,
      redis: redis?.redis ?? null,
      redis_since: formatInstantOrNull(redis?.since ?? null, zone),
      prefix: redis?.prefix ?? null,
      problem: redis?.problem ?? null,
      workers: workers.map((worker) => toWorkerOutput(worker, now)),
    },
    warnings: status.warnings,
  };
}

export const getScheduler = defineOperation({
  name: 'get_scheduler',
  title: 'Scheduler status',
  description: 'Whether the scheduler runs, which starts jobs on time; its slots, queue and next run.',
  input: () => z.strictObject({}),
  output: () => schedulerOutput(),
  annotations: READ_ONLY,
  errors: [],
  handler: (workspace) => toSchedulerOutput(schedulerStatus(workspace)),
});

export const startScheduler = defineOperation({
  name: 'start_scheduler',
  title: 'Start the scheduler',
  description: 'Starts the scheduler in the background; it goes on after this server ends.',
  input: () => z.strictObject({}),
  output: () => schedulerOutput(),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  errors: ['scheduler_already_running'],
  async handler(workspace) {
    const { startDaemon } = await loadStartStop();
    return toSchedulerOutput(await startDaemon(workspace));
  },
});

export const stopScheduler = defineOperation({
  name: 'stop_scheduler',
  title: 'Stop the scheduler',
  description:
    'Stops the scheduler: it starts nothing more and waits for active runs. running=true in the ' +
    'answer: it still waits.',
  input: () =>
    z.strictObject({
      force: z.boolean().default(false).describe('Cancel the active runs'),
      wait_seconds: z.number().min(0).max(86_400).default(30).describe('Wait this long for its end'),
    }),
  output: () => schedulerOutput(),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  errors: ['scheduler_not_running'],
  async handler(workspace, { force, wait_seconds }, { signal }) {
    const { requestStop } = await loadStartStop();
    await requestStop(workspace, { force, waitMs: wait_seconds * 1000, signal });
    return toSchedulerOutput(schedulerStatus(workspace));
  },
});
