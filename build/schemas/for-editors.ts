import type { Schema } from '../schema-words.ts';

/** A web address, or a text with a variable that may complete one. */
const WEB_ADDRESS = '^[Hh][Tt][Tt][Pp][Ss]?://|\\$\\{';

/**
 * Makes a schema of zod one for editors. Removes what zod adds to every schema, and rules that would reject a value
 * with a variable in it.
 * @param messages what an editor says of a text that does not match, by the pattern
 */
export function forEditors(schema: object, messages: Readonly<Record<string, string>> = {}): Schema {
  return clean(schema, messages) as Schema;
}

function clean(value: unknown, messages: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((each) => clean(each, messages));
  if (typeof value !== 'object' || value === null) return value;
  const schema = value as Schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, inner]): [string, unknown][] => {
      if (key === '$schema' || key === 'propertyNames') return [];
      if (key === 'maximum' && inner === Number.MAX_SAFE_INTEGER) return [];
      // For integers, "greater than 0" is "at least 1".
      if (key === 'exclusiveMinimum' && schema['type'] === 'integer' && inner === 0) return [['minimum', 1]];
      if (key === 'default' && schema['type'] === 'object') return [];
      if (key === 'format' && inner === 'uri') return [['pattern', WEB_ADDRESS]];
      // Its pattern says the same, and a validator that does not know the format would refuse the schema.
      if (key === 'format' && 'pattern' in schema) return [];
      if (key === 'pattern' && schema['format'] === 'date-time')
        return [
          ['pattern', inner],
          ['patternErrorMessage', 'Use an instant with its offset, such as 2026-11-25T08:00:00Z.'],
        ];
      if (key === 'pattern' && messages[String(inner)] !== undefined)
        return [
          ['pattern', inner],
          ['patternErrorMessage', messages[String(inner)]],
        ];
      // Strict validators want one type in each schema.
      if (key === 'type' && Array.isArray(inner)) return [['anyOf', inner.map((type) => ({ type }))]];
      if (key === 'anyOf') return [['anyOf', flat(inner as Schema[]).map((form) => clean(form, messages))]];
      // The keys of `properties` are names, not schema keywords.
      if (key === 'properties') return [[key, mapValues(inner as Schema, messages)]];
      return [[key, key === 'default' || key === 'enum' ? inner : clean(inner, messages)]];
    }),
  );
}

/** A choice within a choice is one choice. */
function flat(forms: Schema[]): Schema[] {
  return forms.flatMap((form) =>
    Array.isArray(form['anyOf']) && Object.keys(form).length === 1 ? flat(form['anyOf'] as Schema[]) : [form],
  );
}

function mapValues(schemas: Schema, messages: Readonly<Record<string, string>>): Schema {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, clean(schema, messages)]));
}

/** A description with the meaning of each value. */
export function enumerated(description: string, meanings: Readonly<Record<string, string>>): Schema {
  return { description, enum: Object.keys(meanings), enumDescriptions: Object.values(meanings) };
}
