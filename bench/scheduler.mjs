import { busyQueue } from './scheduler/busy-queue.mjs';
import { clockStep } from './scheduler/clock-step.mjs';
import { dueTogether } from './scheduler/due-together.mjs';
import { firstRequest } from './scheduler/first-request.mjs';
import { firstRequestP95 } from './scheduler/first-request-p95.mjs';
import { hourlyJobs } from './scheduler/hourly-jobs.mjs';
import { idle } from './scheduler/idle.mjs';
import { lateness } from './scheduler/lateness.mjs';
import { latenessRows } from './scheduler/lateness-rows.mjs';
import { queue } from './scheduler/queue.mjs';
import { runTasks } from './scheduler/run-tasks.mjs';
import { sustained } from './scheduler/sustained.mjs';

/** The scheduler: what it takes while nothing is due, and how soon and how often it has things done. */
export async function scheduler(options) {
  const { isSmoke } = options;
  const [few, ...more] = isSmoke ? [5, 10, 15] : [100, 1_000, 10_000];
  const found = {};
  const rows = await idle({
    ...options,
    // It is a matter of seconds, whatever else goes on; its peers sleep for longer.
    beside: async () => {
      found.clockRows = await clockStep(options);
    },
    // What has to wait for nothing but the disk, or sleeps most of the time.
    meanwhile: async () => {
      [found.queue, found.busy, found.first, found.few] = await runTasks(
        [
          () => queue(options),
          () => busyQueue(options),
          () => firstRequest(options),
          () => lateness([few], options),
        ],
        isSmoke,
      );
      found.clock = await found.clockRows();
    },
  });
  const [many, rates, p95, together, hourly] = await runTasks(
    [
      () => lateness(more, options),
      () => sustained(options),
      () => firstRequestP95(options),
      () => dueTogether(options),
      () => hourlyJobs(options),
    ],
    isSmoke,
  );
  return [
    ...rows,
    ...latenessRows([...found.few, ...many]),
    ...found.clock,
    ...found.queue,
    ...found.busy,
    ...found.first,
    ...p95,
    ...together,
    ...rates,
    ...hourly,
  ];
}
