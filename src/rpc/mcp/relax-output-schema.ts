import type { JsonSchema } from './compact-schema.ts';

/** Fields that come as well, of which a model has no need to be told beforehand. */
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
 * What a model may count on in an answer: the names of its fields. It stays open, nothing is required and more may come,
 * since an answer leaves out what is empty and what does not fit; few hosts tell a model of it. The strict schema is the
 * operation's; our tests hold every answer against it.
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

/** What stands first in each answer (`answer.ts`). */
const LEADING_FIELDS = { summary: { type: 'string' }, note: { type: 'string' } };

/** What may be null has no type: strict hosts take one type, and no null. */
function typeOnly({ type }: JsonSchema): JsonSchema {
  return typeof type === 'string' ? { type } : {};
}

function fieldsOf({ properties }: JsonSchema): Record<string, JsonSchema> {
  return (properties ?? {}) as Record<string, JsonSchema>;
}
