import type { OperationOutput } from '../../core/operations/call-operation.ts';

/** Why a job that has no next run has none. */
export function describeNoNextRun({ enabled, schedule }: OperationOutput<'get_job'>['job']): string {
  const why = !enabled
    ? 'It is disabled'
    : schedule.type === 'once'
      ? `Its time, ${schedule['date']} ${schedule['time']} ${schedule['timezone']}, has passed`
      : 'Its schedule is never due';
  return `${why}: it will not run by itself.`;
}
