/** A JSON Schema as data. */
export type Schema = { [key: string]: unknown };

/** Says that a schema is one of the shapes that the page shows once, as a link to it; `undefined` when it is none. */
export type ShapeLink = (schema: Schema) => string | undefined;

/** What a value may be, in a few words: `integer, 1 to 1,000`, `string or null`, `array of Run`. */
export function formatType(schema: Schema, link: ShapeLink): string {
  const { core, nullable } = withoutNull(schema);
  const words = link(core) ?? formatPlainType(core, link);
  return nullable ? `${words}${words.includes(',') ? ',' : ''} or null` : words;
}

/** What is left of "this or null". */
export function withoutNull(schema: Schema): { core: Schema; nullable: boolean } {
  const { anyOf, type, ...rest } = schema;
  if (Array.isArray(type)) {
    const [first] = type.filter((each) => each !== 'null');
    return { core: { ...rest, type: first }, nullable: type.includes('null') };
  }
  const forms = (Array.isArray(anyOf) ? anyOf : []) as Schema[];
  const others = forms.filter((form) => form['type'] !== 'null');
  if (others.length === forms.length) return { core: schema, nullable: false };
  return {
    core: others.length === 1 ? { ...rest, ...others[0] } : { ...rest, anyOf: others },
    nullable: true,
  };
}

/** The fields of an object by name; none for what is no object. */
export function fieldsOf({ properties }: Schema): Record<string, Schema> {
  return (properties ?? {}) as Record<string, Schema>;
}

export function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

/** What a `$ref` stands for. */
export function resolved(schema: Schema, root: Schema): Schema {
  const name = String(schema['$ref'] ?? '').replace('#/definitions/', '');
  const definitions = (root['definitions'] ?? {}) as Record<string, Schema>;
  return definitions[name] ?? schema;
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null;
}

function formatPlainType(schema: Schema, link: ShapeLink): string {
  const { type, anyOf, items, additionalProperties } = schema;
  if ('const' in schema) return code(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map(code).join(', ');
  if (Array.isArray(anyOf))
    return [...new Set(anyOf.map((form) => formatType(form as Schema, link)))].join(' or ');
  if (type === 'array')
    return `${range(schema, 'Items', 'entries', 'array')} of ${formatItemType(items, link)}`;
  if (type === 'string') return range(schema, 'Length', 'characters', 'string');
  if (type === 'integer' || type === 'number') return formatNumberType(schema, String(type));
  if (type === 'boolean') return '`true` or `false`';
  if (type !== 'object') return 'any value';
  const named = Object.keys(fieldsOf(schema)).length > 0;
  return named || additionalProperties === undefined
    ? 'object'
    : `object of ${formatItemType(additionalProperties, link)}`;
}

function formatItemType(schema: unknown, link: ShapeLink): string {
  return formatType((schema ?? {}) as Schema, link).replace(/^(object|string|any value)/, '$1s');
}

function range(schema: Schema, what: string, unit: string, word: string): string {
  const least = Number(schema[`min${what}`] ?? 0);
  const most = schema[`max${what}`];
  const limits = [
    ...(least === 1 ? ['not empty'] : least > 1 ? [`at least ${shown(least)} ${unit}`] : []),
    ...(most === undefined ? [] : [`at most ${shown(most)} ${unit}`]),
  ];
  return limits.length === 0 ? word : `${word} (${limits.join(', ')})`;
}

function formatNumberType({ minimum, maximum }: Schema, word: string): string {
  const least = isLimit(minimum) ? shown(minimum) : undefined;
  const most = isLimit(maximum) ? shown(maximum) : undefined;
  if (least !== undefined && most !== undefined) return `${word}, ${least} to ${most}`;
  if (least !== undefined) return `${word}, at least ${least}`;
  return most === undefined ? word : `${word}, at most ${most}`;
}

/** zod says of every integer that it is one that JavaScript can hold. */
function isLimit(limit: unknown): boolean {
  return typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
}

function shown(value: unknown): string {
  return Number(value).toLocaleString('en-US');
}
