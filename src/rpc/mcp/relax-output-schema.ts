import type { JsonSchema } from './compact-schema.ts';

/** Fields that answers also contain, but that a model need not know in advance. */
const UNDOCUMENTED_FIELDS = new Set([
  'attempt',
  'attempts',
  'bytes',
  'by_hour',
  'changes',
  'checks',
  'collisions_total',
  'column',
  'created_at',
  'description',
  'duration_ms',
  'finished_at',
  'file',
  'from',
  'held',
  'hour',
  'job_count',
  'last_run',
  'limit',
  'max_attempts',
  'max_retries',
  'on_failure',
  'on_success',
  'output_format',
  'output_path',
  'pid',
  'progress',
  'queued_at',
  'reason',
  'retry_at',
  'retry_delay',
  'retry_of',
  'since',
  'skipped',
  'slots',
  'started_at',
  'tags',
  'takes_s',
  'time_zone_data',
  'truncated',
  'under_way',
  'until',
  'updated_at',
  'uptime_s',
  'version',
  'waiting',
  'waits_for',
]);

/**
 * The output schema for models: the names of an answer's fields. Nothing is required and more fields are allowed,
 * because an answer leaves out empty fields and what does not fit. Few hosts show the schema to a model. The operation
 * has the strict schema, and our tests check every answer against it.
 */
export function relaxOutputSchema(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(fieldsOf(schema)).filter(([name]) => !UNDOCUMENTED_FIELDS.has(name));
  return {
    type: 'object',
    properties: {
      ...LEADING_FIELDS,
      ...Object.fromEntries(properties.map(([name, field]) => [name, typeOnly(field)])),
    },
  };
}

/** The first fields of each answer (`build-tool-result.ts`). */
const LEADING_FIELDS = { summary: { type: 'string' }, note: { type: 'string' } };

/** A field that may be null gets no type: strict hosts accept one type, and no null. */
function typeOnly({ type }: JsonSchema): JsonSchema {
  return typeof type === 'string' ? { type } : {};
}

function fieldsOf({ properties }: JsonSchema): Record<string, JsonSchema> {
  return (properties ?? {}) as Record<string, JsonSchema>;
}
