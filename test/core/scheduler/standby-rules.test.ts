import { expect, it } from 'vitest';
import { DEFINITION_DEFAULTS, type JobDefinition } from '../../../src/core/model/definition.ts';
import { isStandbyNeeded, needsStandby, type StandbyRun } from '../../../src/core/scheduler/standby-rules.ts';

const schedule = { type: 'custom', cron_expression: '* * * * *', timezone: 'UTC' } as const;

function isWorth(
  fields: Partial<JobDefinition>,
  pausedAt: number | null = null,
  active: Parameters<typeof needsStandby>[2] = [],
): boolean {
  const definition = { ...DEFINITION_DEFAULTS, config_name: 'none', schedule, ...fields } as JobDefinition;
  return needsStandby({ id: 'a', definition }, { pausedAt }, active);
}

const activeRuns = [{ runId: 'r', status: 'running' }] as const;
const waiting = [{ runId: 'r', status: 'waiting_retry' }] as const;

it('a run is worth preparing when it would start at its occurrence', () => {
  expect(isWorth({})).toBe(true);
  expect(isWorth({ enabled: false })).toBe(false);
  expect(isWorth({}, 0)).toBe(false);
  expect(isWorth({ jitter: 1 })).toBe(true);
  expect(isWorth({ jitter: 2 })).toBe(false);
  for (const overlap of ['skip', 'queue', 'cancel_running'] as const)
    for (const active of [activeRuns, waiting]) expect(isWorth({ overlap }, null, active)).toBe(false);
  expect(isWorth({ overlap: 'allow' }, null, activeRuns)).toBe(true);
});

it('a prepared run is awaited until its occurrence is another one, its run is not queued, or it took too long', () => {
  const prepared: StandbyRun = {
    runId: 'r',
    jobId: 'a',
    at: 1_000,
    wasQueued: false,
    host: null,
    until: 500,
  };
  const queued = { status: 'queued', notBefore: 1_300 } as const;
  expect(isStandbyNeeded(prepared, 1_000, undefined, 500)).toBe(true);
  expect(isStandbyNeeded(prepared, 1_000, undefined, 501)).toBe(false);
  expect(isStandbyNeeded(prepared, 2_000, undefined, 100)).toBe(false);
  expect(isStandbyNeeded(prepared, undefined, undefined, 100)).toBe(false);
  expect(isStandbyNeeded(prepared, 2_000, queued, 100)).toBe(true);
  expect(isStandbyNeeded(prepared, 2_000, queued, 501)).toBe(false);
  for (const status of ['running', 'skipped', 'missed', 'cancelled', 'succeeded'] as const)
    expect(isStandbyNeeded(prepared, 2_000, { ...queued, status }, 100)).toBe(false);
});

it('a queued one is kept while it waits for the same instant, whatever is planned', () => {
  const prepared: StandbyRun = {
    runId: 'r',
    jobId: 'a',
    at: 1_000,
    wasQueued: true,
    host: null,
    until: 500,
  };
  for (const status of ['queued', 'waiting_retry'] as const) {
    expect(isStandbyNeeded(prepared, undefined, { status, notBefore: 1_000 }, 500)).toBe(true);
    expect(isStandbyNeeded(prepared, undefined, { status, notBefore: 1_000 }, 501)).toBe(false);
    expect(isStandbyNeeded(prepared, 1_000, { status, notBefore: 900 }, 100)).toBe(false);
  }
  for (const status of ['starting', 'running', 'cancelled'] as const)
    expect(isStandbyNeeded(prepared, 1_000, { status, notBefore: 1_000 }, 100)).toBe(false);
  expect(isStandbyNeeded(prepared, 1_000, undefined, 100)).toBe(false);
});
