import { formatDuration } from '../../../lib/format-duration.ts';
import { isClockPlausible } from '../../../scheduler/clock-jump-detector.ts';
import { createFindings, type Finding } from '../finding.ts';

export interface ClockFacts {
  now: number;
  /** The newest instant that the database holds; epoch milliseconds. */
  newestRecord: number | undefined;
  /** Whether the system keeps its clock by the network; `undefined` when it does not say. */
  synchronised: boolean | undefined;
}

const TOLERANCE_MS = 5 * 60_000;

/** Whether the clock can be right: occurrences are decided by it. */
export function checkClock({ now, newestRecord, synchronised }: ClockFacts): Finding[] {
  const { ok, warning, problem } = createFindings('clock');
  const shown = new Date(now).toISOString();
  const findings: Finding[] = [];
  if (!isClockPlausible(now)) {
    findings.push(
      problem(`the clock says ${shown}, which cannot be`, {
        fix: 'set the clock: sudo timedatectl set-ntp true',
      }),
    );
  } else if (newestRecord !== undefined && newestRecord - now > TOLERANCE_MS) {
    findings.push(
      warning(
        `the clock says ${shown}, ${formatDuration(newestRecord - now)} before the newest record of this home: was it set back?`,
        {
          fix: 'check the clock; when it is right, jobs go on once it has passed that record',
        },
      ),
    );
  }
  if (synchronised === false) {
    findings.push(
      warning('the clock is not synchronised with the network', { fix: 'sudo timedatectl set-ntp true' }),
    );
  }
  if (findings.length > 0) return findings;
  return [ok(`${shown}${synchronised ? ', synchronised with the network' : ''}`)];
}
