import { DEFINITION_FIELDS, type JobDefinition } from '../model/definition.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import type { ScheduleDict } from '../schedule/rule.ts';

/** `max_retries` → `maxRetries` */
type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

type CamelKeys<T> = { [K in keyof T as K extends string ? CamelCase<K> : never]: T[K] };

/** What a run must deliver to succeed. */
export type JobExpectations = CamelKeys<NonNullable<JobDefinition['expect']>>;

/** A job's definition in the library: camelCase names, the schedule as an object. */
export type JobFields = CamelKeys<Omit<JobDefinition, 'schedule' | 'expect'>> & {
  schedule: JobSchedule;
  expect: JobExpectations | null;
};

const toCamel = (name: string) => name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const toSnake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Returns a copy of a definition's expectations with library names. */
export function ownExpectations(expect: JobDefinition['expect']): JobExpectations | null {
  return expect && (renamed(structuredClone(expect), toCamel) as unknown as JobExpectations);
}

/** Converts library names to wire names, also within `expect`. Fields that are `undefined` are left out. */
export function toWire(fields: object): Record<string, unknown> {
  const wire = renamed(fields, toSnake);
  const { schedule, expect } = wire;
  if (schedule instanceof JobSchedule) wire['schedule'] = schedule.toDict();
  if (typeof expect === 'object' && expect !== null) wire['expect'] = renamed(expect, toSnake);
  return wire;
}

/** The names of {@link JobFields}. */
export const LIBRARY_FIELDS = DEFINITION_FIELDS.map(toCamel) as readonly (keyof JobFields)[];

function renamed(fields: object, rename: (name: string) => string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[rename(name), value]])),
  );
}

const schedules = new WeakMap<ScheduleDict, JobSchedule>();

/** Compiles a schedule. All jobs that share a dictionary share one object. */
export function compileSchedule(dict: ScheduleDict): JobSchedule {
  // A dictionary that is not frozen can still change, so its result is not cached.
  if (!Object.isFrozen(dict)) return JobSchedule.fromDict(dict);
  let schedule = schedules.get(dict);
  if (!schedule) {
    schedule = JobSchedule.fromDict(dict);
    schedules.set(dict, schedule);
  }
  return schedule;
}
