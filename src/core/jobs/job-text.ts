import { QuickscrapeError } from '../lib/errors.ts';
import { isRecord } from '../lib/json.ts';
import { findField, findSyntaxError } from '../lib/json-location.ts';
import {
  ACTORS,
  type Actor,
  DEFINITION_DEFAULTS,
  DEFINITION_FIELDS,
  type JobDefinition,
  parseDefinition,
  tryParseField,
} from '../model/definition.ts';
import {
  fingerprint,
  internSchedule,
  type NonDefaultFields,
  nonDefaultFields,
  scheduleText,
} from '../model/fingerprint.ts';
import { type InvalidJob, type NewerJob, SCHEMA_VERSION } from '../model/job-record.ts';
import { resolveFormatAlias } from '../model/output-format.ts';
import { BOOKKEEPING_FIELDS, SCHEMA_FIELD } from '../model/serialize-job.ts';
import { STATE_WHEN_DELETED } from './job-states.ts';

/** The content of a job file, before it is joined with the database; instants are epoch milliseconds. */
export interface JobFile {
  kind: 'valid';
  id: string;
  file: string;
  definition: JobDefinition;
  definitionHash: string;
  /** As spelled in the file, perhaps without a time zone; see `scheduleText`. */
  scheduleText: string;
  schemaVersion: number;
  revision: number | undefined;
  createdAt: number | undefined;
  updatedAt: number | undefined;
  createdBy: Actor;
  updatedBy: Actor;
  extra: Readonly<Record<string, unknown>>;
  /** When the file's content last changed. */
  modifiedAt: number;
}

export type ParsedJob = JobFile | InvalidJob | NewerJob;

const BLANK = { config_name: undefined, schedule: undefined, ...DEFINITION_DEFAULTS };
const NONE: Readonly<Record<string, unknown>> = Object.freeze({});
const KNOWN: ReadonlySet<string> = new Set([
  SCHEMA_FIELD,
  ...DEFINITION_FIELDS,
  ...BOOKKEEPING_FIELDS,
  STATE_WHEN_DELETED,
]);

/** Why a file is not a valid job, and the path of the field that causes it. */
class JobFileError extends Error {
  readonly field: string;

  constructor(field: string, reason: string) {
    super(reason);
    this.field = field;
  }
}

/**
 * Parses a job file, or reports what is wrong with it and where. Never throws for the file's content.
 * @param knownHash the hash of the definition that the database recorded as valid; it is not validated again
 */
export function parseJobText(
  text: string,
  about: { id: string; file: string; modifiedAt: number },
  knownHash: string | undefined,
): ParsedJob {
  const { id, file } = about;
  let data: unknown;
  try {
    data = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    return {
      kind: 'invalid',
      id,
      file,
      ...findSyntaxError(text),
      reason: `not JSON: ${(error as Error).message}`,
    };
  }
  try {
    if (!isRecord(data)) throw new JobFileError('', 'a job file holds one JSON object');
    const version = data['schema_version'] ?? SCHEMA_VERSION;
    if (!isCount(version))
      throw new JobFileError('schema_version', 'schema_version must be a whole number from 1');
    if (version > SCHEMA_VERSION) return newer(id, file, version);
    return parseJob(data, version, about, knownHash);
  } catch (error) {
    if (!(error instanceof JobFileError)) throw error;
    return { kind: 'invalid', id, file, ...findField(text, error.field), reason: error.message };
  }
}

function parseJob(
  data: Record<string, unknown>,
  schemaVersion: number,
  { id, file, modifiedAt }: { id: string; file: string; modifiedAt: number },
  knownHash: string | undefined,
): JobFile {
  if (data['id'] !== undefined && data['id'] !== id) {
    throw new JobFileError('id', `id is ${JSON.stringify(data['id'])}, but the file's name says "${id}"`);
  }
  const revision = data['revision'];
  if (revision !== undefined && !isCount(revision))
    throw new JobFileError('revision', 'revision must be a whole number from 1');
  const said = nonDefaultFields(data);
  const schedule = scheduleText(data['schedule']);
  const print = fingerprint(said, schedule);
  const extra = extraFields(data);
  return {
    kind: 'valid',
    id,
    file,
    definition:
      (print === knownHash
        ? known(said, data['schedule'], schedule)
        : parseFieldwise(said, data['schedule'], schedule)) ?? parseChecked(said, data['schedule']),
    definitionHash: print,
    scheduleText: schedule,
    schemaVersion,
    revision,
    createdAt: instant(data, 'created_at'),
    updatedAt: instant(data, 'updated_at'),
    createdBy: actor(data['created_by']),
    updatedBy: actor(data['updated_by']),
    extra,
    modifiedAt,
  };
}

/**
 * Builds a definition that was valid when the database recorded it; `undefined` when this Node does not know its time
 * zone any more.
 */
function known(said: NonDefaultFields, written: unknown, text: string): JobDefinition | undefined {
  const definition: Record<string, unknown> = { ...BLANK };
  // The recorded hash covers the spelling in the file, so an alias of a format must be resolved here.
  for (const [field, value] of said)
    definition[field] = field === 'output_format' ? resolveFormatAlias(value) : value;
  try {
    definition['schedule'] = internSchedule(written, text);
  } catch {
    return undefined;
  }
  return definition as unknown as JobDefinition;
}

/**
 * Returns the definition if each field is valid by itself; otherwise {@link parseChecked} reports the errors.
 * Validating whole definitions costs five times as much, and most fields of most files have the default value.
 */
function parseFieldwise(said: NonDefaultFields, written: unknown, text: string): JobDefinition | undefined {
  const definition: Record<string, unknown> = { ...BLANK };
  for (const [field, value] of said) {
    const passed = tryParseField(field, value);
    if (!passed) return undefined;
    definition[field] = passed.value;
  }
  if (definition['config_name'] === undefined) return undefined;
  try {
    definition['schedule'] = internSchedule(written, text);
  } catch {
    return undefined;
  }
  return definition as unknown as JobDefinition;
}

function parseChecked(said: NonDefaultFields, written: unknown): JobDefinition {
  try {
    const definition = parseDefinition({ ...Object.fromEntries(said), schedule: written });
    return { ...definition, schedule: internSchedule(written) };
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    const field = error.code === 'invalid_schedule' ? `schedule.${error.field ?? ''}` : (error.field ?? '');
    throw new JobFileError(field, error.message);
  }
}

function extraFields(data: Record<string, unknown>): Readonly<Record<string, unknown>> {
  const keys = Object.keys(data);
  const link = data[SCHEMA_FIELD];
  if (areKnown(keys) && (link === undefined || typeof link === 'string')) return schemaLinkOnly(link);
  const unknown = keys
    .filter((key) => key === SCHEMA_FIELD || !isKnown(key))
    .map((key) => [key, data[key]] as const);
  try {
    JSON.stringify(unknown);
  } catch {
    // JSON.parse accepts deeper nesting than JSON.stringify, so such a file could be read but never written.
    throw new JobFileError(unknown[0]?.[0] ?? '', 'nested too deeply');
  }
  // Object.fromEntries defines properties; assignment would set a prototype by the key __proto__.
  return Object.fromEntries(unknown);
}

/** Thousands of files have no other field than this, with the same value: they share one object. */
let usualLink: Readonly<Record<string, unknown>> = NONE;

function schemaLinkOnly(link: string | undefined): Readonly<Record<string, unknown>> {
  if (link === undefined) return NONE;
  if (usualLink[SCHEMA_FIELD] !== link) usualLink = Object.freeze({ [SCHEMA_FIELD]: link });
  return usualLink;
}

/** The fields of the last file without unknown ones: most files have the same fields in the same order. */
let usual: readonly string[] = [];

function areKnown(keys: readonly string[]): boolean {
  if (keys.length === usual.length && keys.every((key, index) => key === usual[index])) return true;
  if (!keys.every(isKnown)) return false;
  usual = keys;
  return true;
}

function isKnown(field: string): boolean {
  return KNOWN.has(field);
}

function instant(data: Record<string, unknown>, field: string): number | undefined {
  const value = data[field];
  if (value === undefined) return undefined;
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at))
    throw new JobFileError(field, `${field} must be an instant such as "2026-11-25T08:00:00.000Z"`);
  return at;
}

function newer(id: string, file: string, schemaVersion: number): NewerJob {
  const reason = `written by a newer version of QuickScrape Jobs (schema_version ${schemaVersion}, this version knows ${SCHEMA_VERSION}): shown, not scheduled, never changed`;
  return { kind: 'newer', id, file, schemaVersion, reason };
}

function actor(value: unknown): Actor {
  return ACTORS.find((known) => known === value) ?? 'hand';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
