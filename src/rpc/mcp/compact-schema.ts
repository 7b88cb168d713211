/** A JSON Schema as data. */
export type JsonSchema = { [key: string]: unknown };

/** Left to the handler, whose messages say better what is wrong. */
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

/** Nobody means a number beyond this. */
const MAX_MEANINGFUL_LIMIT = 100_000;

/**
 * The same input in fewer characters: what a model needs in order to fill it in. The handler checks it in full. It is kept to
 * what every host takes: each node has one type, an object has properties and no others, only texts have an `enum`, and
 * nothing is `null`, which is the same as left out. Variants of an object that differ by a constant become one object, an
 * object of any names a list of names and values, limits of no meaning go.
 */
export function compactInputSchema(schema: JsonSchema): JsonSchema {
  return walk(schema, (node) => withoutDefaults(mergeVariants(pickSingleType(closeObject(mapToList(node))))));
}

function walk(schema: JsonSchema, change: (node: JsonSchema) => JsonSchema): JsonSchema {
  const inner: JsonSchema = { ...schema };
  const { properties, items, anyOf, oneOf } = schema;
  if (isSchema(properties)) {
    inner['properties'] = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [
        name,
        isSchema(value) ? walk(value, change) : value,
      ]),
    );
  }
  if (isSchema(items)) inner['items'] = walk(items, change);
  for (const [key, list] of Object.entries({ anyOf, oneOf }))
    if (Array.isArray(list)) inner[key] = list.map((one) => (isSchema(one) ? walk(one, change) : one));
  return change(inner);
}

/** Without what is left to the handler; an object that has properties has no others. */
function closeObject(node: JsonSchema): JsonSchema {
  const kept = Object.entries(node).filter(([key, value]) => {
    if (DROPPED_KEYS.includes(key)) return false;
    return key === 'maximum' || key === 'minimum' ? isMeaningfulLimit(Number(value)) : true;
  });
  const plain = Object.fromEntries(kept);
  return plain['type'] === 'object' ? { ...plain, additionalProperties: false } : plain;
}

/** Gemini refuses an object without properties, and OpenAI makes one of it that can hold nothing. */
function mapToList(node: JsonSchema): JsonSchema {
  const { type, properties, additionalProperties, ...rest } = node;
  if (type !== 'object' || properties !== undefined || !isSchema(additionalProperties)) return node;
  const name = { type: 'string', description: 'Of which' };
  const value = { ...closeObject(additionalProperties), description: 'How much' };
  const items = {
    type: 'object',
    properties: { name, value },
    required: ['name', 'value'],
    additionalProperties: false,
  };
  return { ...rest, type: 'array', items };
}

/** A limit that somebody might come near without knowing it. */
function isMeaningfulLimit(limit: number): boolean {
  return Math.abs(limit) > 1 && Math.abs(limit) < MAX_MEANINGFUL_LIMIT;
}

/** `anyOf: [string, array of X]` → the array, `anyOf: [X, null]` → X. */
function pickSingleType(node: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = node;
  if (!Array.isArray(anyOf)) return node;
  const variants = (anyOf as JsonSchema[]).filter(({ type }) => type !== 'null');
  const said = variants.find(({ type }) => type === 'array') ?? variants[0];
  return { ...said, ...rest };
}

/** Those that somebody would take for granted. */
function withoutDefaults(node: JsonSchema): JsonSchema {
  const { default: value, ...rest } = node;
  const nothing = value === null || value === false || value === 0;
  return nothing || (Array.isArray(value) && value.length === 0) ? rest : node;
}

/** Objects that each have the same property as a constant: one object, of which that property says the kind. */
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
  const needs = oneOf.map((variant, at) => {
    const needed = ((variant as JsonSchema)['required'] as string[]).filter((name) => name !== kind);
    return needed.length === 0 ? kinds[at] : `${kinds[at]}: ${needed.join(', ')}`;
  });
  const properties: Record<string, JsonSchema> = Object.assign({}, ...variants);
  return {
    ...rest,
    type: 'object',
    properties: {
      ...properties,
      [kind]: { type: 'string', enum: kinds, description: `And what each needs: ${needs.join('; ')}` },
    },
    required: [kind],
    additionalProperties: false,
  };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
