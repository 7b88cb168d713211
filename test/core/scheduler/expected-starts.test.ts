import { expect, it } from 'vitest';
import { DEFINITION_DEFAULTS, type JobDefinition } from '../../../src/core/model/definition.ts';
import { willStart } from '../../../src/core/scheduler/ready-workers.ts';

const schedule = { type: 'custom', cron_expression: '* * * * *', timezone: 'UTC' } as const;

function isExpected(
  fields: Partial<JobDefinition>,
  pausedAt: number | null = null,
  active: Parameters<typeof willStart>[2] = [],
): boolean {
  const definition = { ...DEFINITION_DEFAULTS, config_name: 'none', schedule, ...fields } as JobDefinition;
  return willStart({ id: 'a', definition }, { pausedAt }, active);
}

const activeRuns = [{ runId: 'r', status: 'running' }] as const;
const waiting = [{ runId: 'r', status: 'waiting_retry' }] as const;

it('a run is expected to start at its occurrence unless its job, its delay or another run is in the way', () => {
  expect(isExpected({})).toBe(true);
  expect(isExpected({ enabled: false })).toBe(false);
  expect(isExpected({}, 0)).toBe(false);
  expect(isExpected({ jitter: 1 })).toBe(true);
  expect(isExpected({ jitter: 2 })).toBe(false);
  for (const active of [activeRuns, waiting]) {
    for (const overlap of ['skip', 'queue'] as const)
      expect(isExpected({ overlap }, null, active)).toBe(false);
    for (const overlap of ['allow', 'cancel_running'] as const)
      expect(isExpected({ overlap }, null, active)).toBe(true);
  }
});
