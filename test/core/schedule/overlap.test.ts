import { describe, expect, it } from 'vitest';
import { type ActiveRun, decideOverlap } from '../../../src/core/schedule/overlap.ts';

const running: ActiveRun = { runId: 'r1', status: 'running', queued: 0 };

describe('an occurrence that is due while an earlier run is not over', () => {
  it('starts under every policy when no run is active', () => {
    for (const policy of ['skip', 'queue', 'cancel_running', 'allow'] as const) {
      expect(decideOverlap(policy, undefined)).toEqual({ action: 'start' });
    }
  });

  it('is skipped by default, and the reason names the run', () => {
    expect(decideOverlap('skip', running)).toEqual({
      action: 'skip',
      reason: 'still running: run r1',
    });
  });

  it('is skipped while the earlier run waits for its retry, and says so', () => {
    expect(decideOverlap('skip', { ...running, status: 'waiting_retry' })).toEqual({
      action: 'skip',
      reason: 'not over yet: run r1 (waiting retry)',
    });
  });

  it('is queued once under "queue", and skipped when one is queued already', () => {
    expect(decideOverlap('queue', running)).toEqual({ action: 'start' });
    expect(decideOverlap('queue', { ...running, queued: 1 }).action).toBe('skip');
  });

  it('takes the place of the running one under "cancel_running"', () => {
    expect(decideOverlap('cancel_running', running)).toEqual({ action: 'cancel_and_start', cancel: 'r1' });
  });

  it('runs beside it under "allow"', () => {
    expect(decideOverlap('allow', running)).toEqual({ action: 'start' });
  });
});
