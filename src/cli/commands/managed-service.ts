import { describeDiskShortage } from '../../core/execution/start-limits.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { pluralize } from '../../core/lib/text.ts';
import {
  type ManagedService,
  ServiceManager,
  takeNotifyAddress,
} from '../../core/process/service-manager.ts';
import { formatInstant, systemTimezone } from '../../core/schedule/engine/instant.ts';
import { readExecutorView } from '../../core/scheduler/executor-view.ts';
import type { SchedulerService } from '../../core/scheduler/scheduler-service.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { RunningWorker, WorkerView } from '../../workers/machine/worker-service.ts';
import { formatTimestamp } from '../render/format.ts';

/**
 * Tells the service manager what a service does, until it is closed.
 * @returns undefined when no service manager listens
 */
export function openServiceManager(
  service: ManagedService,
  log: (level: 'warn', message: string) => void,
): ServiceManager | undefined {
  const address = takeNotifyAddress(process.env);
  return address && new ServiceManager({ ...service, address, onError: (message) => log('warn', message) });
}

/** A scheduler for its service manager: ready as soon as it holds its lease. */
export function managedScheduler(service: SchedulerService, workspace: Workspace): ManagedService {
  return {
    isReady: () => service.isRunning,
    status: () => {
      const { running, waiting } = workspace.runs.activeCounts();
      const shortage = describeDiskShortage(workspace);
      const problem = shortage === undefined ? undefined : `no runs start: ${shortage}`;
      return formatSchedulerLine({
        running,
        waiting,
        isStopping: service.isStopping,
        next: service.nextRun(),
        problem: problem ?? readExecutorView(workspace, true).warnings[0],
      });
    },
  };
}

/** A worker for its service manager: ready as soon as the home's queue in Redis has heard of it. */
export function managedWorker(worker: RunningWorker): ManagedService {
  return { isReady: () => worker.view().isRegistered, status: () => formatWorkerLine(worker.view()) };
}

export interface SchedulerLine {
  running: number;
  waiting: number;
  isStopping: boolean;
  /** When the next occurrence is due, epoch milliseconds. */
  next: number | undefined;
  problem: string | undefined;
}

/** `2 runs active, 1 waiting; next at 2026-11-30 14:05 +01:00`. */
export function formatSchedulerLine(line: SchedulerLine, timezone = systemTimezone()): string {
  const { running, waiting, isStopping, next, problem } = line;
  if (isStopping) return running === 0 ? 'stopping' : `stopping after ${pluralize(running, 'active run')}`;
  const runs = `${pluralize(running, 'run')} active${waiting === 0 ? '' : `, ${waiting} waiting`}`;
  const due =
    next === undefined ? 'no job is scheduled' : `next at ${formatTimestamp(formatInstant(next, timezone))}`;
  return [runs, due, ...(problem === undefined ? [] : [sanitizeText(problem)])].join('; ');
}

/** `1 of 2 slots in use`, or why it takes no runs. */
export function formatWorkerLine({ isConnected, problem, isDraining, running, slots }: WorkerView): string {
  if (isDraining) return running === 0 ? 'stopping' : `stopping after ${pluralize(running, 'active run')}`;
  const used = `${running} of ${pluralize(slots, 'slot')} in use`;
  if (problem !== undefined) return `${used}; ${sanitizeText(problem)}`;
  return isConnected ? used : `${used}; waiting for Redis`;
}
