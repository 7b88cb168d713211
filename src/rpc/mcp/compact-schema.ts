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
const FAR = 100_000;

/**
 * The same input in fewer characters: what a model needs in order to fill it in. The handler checks it in full.
 * Variants of an object that differ by a constant become one object, "or null" becomes a type, limits of no meaning go.
 */
export function compactInput(schema: JsonSchema): JsonSchema {
  const { additionalProperties: _, ...input } = walk(schema, (node) =>
    withoutDefaults(mergeVariants(orNull(typesTogether(plain(node))))),
  );
  return { ...input, additionalProperties: false };
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

function plain(node: JsonSchema): JsonSchema {
  const kept = Object.entries(node).filter(([key, value]) => {
    if (DROPPED_KEYS.includes(key)) return false;
    if (key === 'type') return node['enum'] === undefined;
    return key === 'maximum' || key === 'minimum' ? isTelling(Number(value)) : true;
  });
  return Object.fromEntries(kept);
}

/** A limit that somebody might come near without knowing it. */
function isTelling(limit: number): boolean {
  return limit !== 0 && Math.abs(limit) < FAR;
}

/** `anyOf: [string, array of X]` → `type: ["string", "array"], items: X`. */
function typesTogether(node: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = node;
  if (!Array.isArray(anyOf)) return node;
  const variants = anyOf as JsonSchema[];
  if (!variants.every(isOfOneType) || variants.filter(({ items }) => items).length > 1) return node;
  return { ...Object.assign({}, ...variants), ...rest, type: variants.map(({ type }) => type) };
}

function isOfOneType({ type, items: _, ...more }: JsonSchema): boolean {
  return typeof type === 'string' && Object.keys(more).length === 0;
}

/** `anyOf: [X, null]` → `type: [X, "null"]`. */
function orNull(node: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = node;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return node;
  const [first, second] = anyOf as JsonSchema[];
  if (first === undefined || second?.['type'] !== 'null') return node;
  const { enum: values, type } = first;
  if (Array.isArray(values)) return { ...first, ...rest, enum: [...values, null] };
  if (typeof type !== 'string' && !Array.isArray(type)) return node;
  return { ...first, ...rest, type: [type, 'null'].flat() };
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
  const kinds = variants.map((variant) => variant[kind]?.['const']);
  const properties: Record<string, JsonSchema> = Object.assign({}, ...variants);
  return {
    ...rest,
    type: 'object',
    properties: { ...properties, [kind]: { enum: kinds } },
    required: [kind],
  };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
