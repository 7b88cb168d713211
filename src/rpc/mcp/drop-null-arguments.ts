import type * as z from 'zod';
import type { Operation } from '../../core/operations/define-operation.ts';
import type { JsonSchema } from './compact-schema.ts';

type Fields = Record<string, unknown>;

/**
 * The arguments of a call without each `null` that stands for nothing. Hosts of strict OpenAI have a model give every field
 * of a definition, and `null` for those that it would leave out (OpenAI, "Structured Outputs", all fields must be required).
 * In `changes`, `null` clears a field that may be empty; but where it is also given for one that may not, it comes from such
 * a host, and means that the field stays as it is.
 * @param input what the tool's definition says of its arguments, asked for only when there is a `null`
 */
export function dropNullArguments(args: Fields, operation: Operation, input: () => JsonSchema): Fields {
  if (!hasNull(args)) return args;
  const { changes } = args;
  const kept = dropNulls(args, input()) as Fields;
  if (!isFields(changes) || !isFields(kept['changes'])) return kept;
  const cleared = Object.entries(changes).filter(([, value]) => value === null);
  const canClear = cleared.every(([name]) => isNullable(operation, name));
  return canClear ? { ...kept, changes: { ...kept['changes'], ...Object.fromEntries(cleared) } } : kept;
}

function dropNulls(value: unknown, schema: JsonSchema): unknown {
  const { properties, items } = schema as { properties?: Record<string, JsonSchema>; items?: JsonSchema };
  if (Array.isArray(value)) return items === undefined ? value : value.map((one) => dropNulls(one, items));
  if (!isFields(value) || properties === undefined) return value;
  const known = (name: string) => (Object.hasOwn(properties, name) ? properties[name] : undefined);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const field = known(name);
      if (field === undefined) return [[name, inner]];
      return inner === null ? [] : [[name, dropNulls(inner, field)]];
    }),
  );
}

function hasNull(value: unknown): boolean {
  if (typeof value !== 'object') return false;
  return value === null || Object.values(value).some(hasNull);
}

/** What no change can be named after is refused elsewhere. */
function isNullable({ input }: Operation, name: string): boolean {
  const fields = (input.shape['changes'] as z.ZodObject | undefined)?.shape ?? {};
  return !Object.hasOwn(fields, name) || fields[name]?.safeParse(null).success === true;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
