import { isDeepStrictEqual } from 'node:util';
import { hintForName } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { refuseShellSyntax } from '../model/callbacks.ts';
import {
  type Actor,
  COMMAND_FIELDS,
  DEFINITION_FIELDS,
  type DefinitionField,
  type JobDefinition,
  parseDefinition,
} from '../model/definition.ts';
import type { JobState } from '../model/job-record.ts';
import type { Settings } from '../settings/settings.ts';

/** What a change to a job can affect: fields of its definition, and its pause after failures. */
export type ChangedField = DefinitionField | 'paused';

export interface UpdateOptions {
  by: Actor;
  /** Refuse with `conflict` unless this is the job's current revision. */
  ifRevision?: number;
  /** Resume the job if it is paused after failures, even when nothing else changes. */
  resume?: boolean;
  /** The definition that the caller read. A changed field that has since changed on disk is a `conflict`. */
  base?: JobDefinition;
}

const RESUMING_FIELDS: readonly DefinitionField[] = ['schedule', 'pause_after_failures'];

/**
 * Whether a change resumes a paused job: the caller requests it, enables the job, or changes `schedule` or
 * `pause_after_failures`.
 */
export function isResuming(
  state: Pick<JobState, 'pausedAt'>,
  changed: readonly DefinitionField[],
  asked: boolean,
): boolean {
  return state.pausedAt !== null && (asked || changed.some((field) => RESUMING_FIELDS.includes(field)));
}

/**
 * The definition of a new job: missing fields come from the settings, then from `DEFINITION_DEFAULTS`.
 * @throws QuickscrapeError `invalid_params`, `invalid_schedule`
 */
export function newDefinition(fields: unknown, settings: Settings | undefined): JobDefinition {
  if (!settings || typeof fields !== 'object' || fields === null) return checked(parseDefinition(fields));
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const timezone = settings.get('timezone');
  return checked(parseDefinition({ keep_runs: settings.get('keep_runs'), ...given }, { timezone }));
}

function checked(definition: JobDefinition): JobDefinition {
  refuseShellSyntax(definition, COMMAND_FIELDS);
  return definition;
}

/**
 * Applies changes to a definition; returns the result and the fields that differ from `current`. A schedule without a
 * time zone keeps the job's zone. A field that another writer changed since `base` to a different value is a `conflict`
 * that names it.
 * @throws QuickscrapeError `invalid_params`, `invalid_schedule`, `conflict`
 */
export function applyChanges(
  current: JobDefinition,
  changes: Readonly<Record<string, unknown>>,
  base: JobDefinition | undefined,
): { definition: JobDefinition; changed: DefinitionField[] } {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  for (const name of Object.keys(given)) if (!isField(name)) throw notChangeable(name);
  const definition = parseDefinition({ ...current, ...given }, { timezone: current.schedule.timezone });
  const wanted = DEFINITION_FIELDS.filter((field) => Object.hasOwn(given, field));
  const changed = wanted.filter((field) => !isDeepStrictEqual(definition[field], current[field]));
  refuseShellSyntax(definition, changed);
  const lost = base ? changed.filter((field) => !isDeepStrictEqual(base[field], current[field])) : [];
  if (lost[0] !== undefined) throw changedElsewhere(lost, current);
  return { definition, changed };
}

function isField(name: string): name is DefinitionField {
  return (DEFINITION_FIELDS as readonly string[]).includes(name);
}

function notChangeable(name: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `${name}: not a field that can be changed`, {
    field: name,
    hint: hintForName(name, DEFINITION_FIELDS),
  });
}

function changedElsewhere(fields: DefinitionField[], current: JobDefinition): QuickscrapeError {
  const now = fields.map((field) => `${field} is now ${JSON.stringify(current[field])}`).join(', ');
  return new QuickscrapeError('conflict', `changed elsewhere since it was read: ${now}`, {
    field: fields[0] ?? '',
    hint: { id: 'read_job_again' },
  });
}
