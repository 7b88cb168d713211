import type { Colors } from './terminal.ts';

/** The colour of a job's or a run's status. */
export function statusColor(colors: Colors, status: string): (text: string) => string {
  switch (status) {
    case 'succeeded':
    case 'completed':
      return colors.green;
    case 'running':
    case 'queued':
      return colors.cyan;
    case 'failed':
    case 'timed_out':
    case 'abandoned':
    case 'invalid':
      return colors.red;
    case 'waiting_retry':
    case 'cancelled':
    case 'missed':
    case 'paused':
      return colors.yellow;
    default:
      return colors.dim;
  }
}
