import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { JobSchedule } from '../schedule/job-schedule.ts';
import type { ScheduleDict } from '../schedule/rule.ts';
import { DEFINITION_DEFAULTS, type JobDefinition } from './definition.ts';

/**
 * A definition as a file spells it: defaults filled in, but its schedule as written, since a time zone that the file
 * leaves to the system must not make two processes in two zones see two definitions.
 */
export type WrittenDefinition = Omit<JobDefinition, 'schedule'> & { schedule: unknown };

/** Rises when definitions are judged more strictly: what an older version found valid is checked again. */
const JUDGEMENT = 1;

/** SHA-256 over the definition, whatever the order of its fields. */
export function definitionHash(definition: WrittenDefinition): string {
  const { config_name, schedule, expect } = definition;
  const canonical = {
    ...DEFINITION_DEFAULTS,
    ...definition,
    config_name,
    schedule: sorted(schedule),
    expect: sorted(expect),
  };
  return hash('sha256', `${JUDGEMENT}${JSON.stringify(canonical)}`);
}

/** Changes when the job's occurrences change: by the schedule and by whether it is enabled. */
export function scheduleHash(definition: WrittenDefinition): string {
  return JSON.stringify([sorted(definition.schedule), definition.enabled]);
}

/** Few schedules serve many jobs: each is parsed and kept once. */
const schedules = new LRUCache<string, ScheduleDict>({ max: 20_000 });

/** The schedule with its defaults, one frozen object for all jobs that share it. @throws QuickscrapeError `invalid_schedule` */
export function sharedSchedule(written: unknown): ScheduleDict {
  const key = JSON.stringify(sorted(written)) ?? '';
  const known = schedules.get(key);
  if (known) return known;
  const dict = Object.freeze(JobSchedule.fromDict(written).toDict());
  schedules.set(key, dict);
  return dict;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
