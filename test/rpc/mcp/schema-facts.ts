/** What the schemas of tools use, and `anyOf`, by which programs allow `null`. */
export interface Schema {
  type?: unknown;
  description?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  additionalProperties?: unknown;
}

/** What a schema says, place by place: all that has to come through. Whether a value may be `null` is left out. */
export function facts(schema: Schema, at = 'input'): string[] {
  const value = schema.anyOf?.find(({ type }) => type !== 'null');
  const { type, description, enum: values, properties = {}, items, required = [] } = value ?? schema;
  const types = [type].flat().filter((one) => one !== 'null');
  return [
    `${at} ${types.join('|')} ${description ?? ''} ${values?.join('|') ?? ''}`,
    ...required.map((name) => `${at}.${name} required`),
    ...Object.entries(properties).flatMap(([name, inner]) => facts(inner, `${at}.${name}`)),
    ...(items === undefined ? [] : facts(items, `${at}[]`)),
  ];
}
