import { isRecord } from '../../core/lib/json.ts';

/** A JSON Schema as data. */
export type JsonSchema = { [key: string]: unknown };

/** Keywords left to the handler, whose error messages are better. */
const DROPPED_KEYS = [
  '$schema',
  'additionalProperties',
  'allOf',
  'format',
  'pattern',
  'propertyNames',
  'maxLength',
  'minLength',
  'maxItems',
  'minItems',
];

/** A call that exceeds a larger limit is rare, and its error names the limit. */
const MAX_MEANINGFUL_LIMIT = 100;

/**
 * Shortens an input schema to what a model needs to fill it in. The handler checks the input in full. The result uses
 * only what every host accepts: each node has one type, objects allow only their properties, only strings have an
 * `enum`, and nothing is `null`, which means the same as absent. Variants of an object that differ in a constant become
 * one object. An object with free names becomes a list of names and values. Limits without practical meaning are
 * dropped.
 */
export function compactInputSchema(schema: JsonSchema): JsonSchema {
  return walk(schema, (node) => withoutDefaults(mergeVariants(pickSingleType(closeObject(mapToList(node))))));
}

function walk(schema: JsonSchema, change: (node: JsonSchema) => JsonSchema): JsonSchema {
  const inner: JsonSchema = { ...schema };
  const { properties, items, anyOf, oneOf } = schema;
  if (isRecord(properties)) {
    inner['properties'] = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [
        name,
        isRecord(value) ? walk(value, change) : value,
      ]),
    );
  }
  if (isRecord(items)) inner['items'] = walk(items, change);
  for (const [key, list] of Object.entries({ anyOf, oneOf }))
    if (Array.isArray(list)) inner[key] = list.map((one) => (isRecord(one) ? walk(one, change) : one));
  return change(inner);
}

/** Drops the keywords that are left to the handler. An object with properties allows no others. */
function closeObject(node: JsonSchema): JsonSchema {
  const kept = Object.entries(node).filter(([key, value]) => {
    if (DROPPED_KEYS.includes(key)) return false;
    return key === 'maximum' || key === 'minimum' ? isMeaningfulLimit(Number(value)) : true;
  });
  const plain = Object.fromEntries(kept);
  return plain['type'] === 'object' ? { ...plain, additionalProperties: false } : plain;
}

/** Gemini refuses an object without properties, and OpenAI converts it to one that can hold nothing. */
function mapToList(node: JsonSchema): JsonSchema {
  const { type, properties, additionalProperties, ...rest } = node;
  if (type !== 'object' || properties !== undefined || !isRecord(additionalProperties)) return node;
  const name = { type: 'string', description: 'Of which' };
  const value = { ...closeObject(pickSingleType(additionalProperties)), description: 'How much' };
  const items = {
    type: 'object',
    properties: { name, value },
    required: ['name', 'value'],
    additionalProperties: false,
  };
  return { ...rest, type: 'array', items };
}

/** Whether a model could reach the limit by accident. */
function isMeaningfulLimit(limit: number): boolean {
  return Math.abs(limit) > 1 && Math.abs(limit) < MAX_MEANINGFUL_LIMIT;
}

/** `anyOf: [string, array of X]` → the array, `anyOf: [X, null]` → X, `type: [string, number]` → string. */
function pickSingleType(node: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = node;
  if (Array.isArray(node['type'])) return { ...node, type: node['type'][0] };
  if (!Array.isArray(anyOf)) return node;
  const variants = (anyOf as JsonSchema[]).filter(({ type }) => type !== 'null');
  const said = variants.find(({ type }) => type === 'array') ?? variants[0];
  return { ...said, ...rest };
}

/** Drops defaults that are obvious: `null`, `false`, 0 and empty lists. */
function withoutDefaults(node: JsonSchema): JsonSchema {
  const { default: value, ...rest } = node;
  const nothing = value === null || value === false || value === 0;
  return nothing || (Array.isArray(value) && value.length === 0) ? rest : node;
}

/**
 * Merges objects that have the same property as a constant: in the merged object, that property selects the variant.
 */
function mergeVariants(node: JsonSchema): JsonSchema {
  const { oneOf, ...rest } = node;
  if (!Array.isArray(oneOf)) return node;
  const variants = oneOf.map(
    (variant) => (variant as JsonSchema)['properties'] as Record<string, JsonSchema>,
  );
  const kind = Object.entries(variants[0] ?? {}).find(([, value]) => 'const' in value)?.[0];
  if (kind === undefined || !variants.every((variant) => variant?.[kind] && 'const' in variant[kind]))
    return node;
  const kinds = variants.map((variant) => String(variant[kind]?.['const']));
  const properties: Record<string, JsonSchema> = Object.assign({}, ...variants);
  return {
    ...rest,
    type: 'object',
    properties: {
      ...properties,
      [kind]: { type: 'string', enum: kinds },
    },
    required: [kind],
    additionalProperties: false,
  };
}
