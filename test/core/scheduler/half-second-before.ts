import { expect } from 'vitest';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import { type ClockedHome, clockedHome } from '../../clocked-home.ts';

const NOON = '2026-11-25T12:00:00Z';
export const AT_1201 = '1 12 * * *';
export const HALF_SECOND_BEFORE = 59_500;

/** A home with one job that is due at 12:01, half a second before. */
export async function halfSecondBefore(fields: Record<string, unknown> = {}, slots = 4) {
  const home = clockedHome(NOON);
  await home.job('a', AT_1201, fields);
  const loop = home.begin(slots);
  home.clock.advance(HALF_SECOND_BEFORE);
  return { home, loop };
}

/** What became of all that was prepared; nothing may still wait. */
export function endsOf({ executor }: ClockedHome) {
  expect([...executor.prepared]).toEqual([]);
  return { begun: executor.begun.length, discarded: executor.discarded.length };
}

/** Asks for a run of the job at once, whatever else is under way. */
export function enqueueManual({ workspace, clock }: ClockedHome): void {
  enqueueRun(
    workspace.db,
    {
      jobId: 'a',
      configName: 'none',
      trigger: 'manual',
      scheduledFor: null,
      timezone: 'UTC',
      status: 'queued',
      maxAttempts: 1,
      priority: 9,
      overlap: 'allow',
      requestedBy: 'library',
    },
    clock.now(),
  );
}
