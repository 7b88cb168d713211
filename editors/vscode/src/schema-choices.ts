import { LIST_ENTRY, type YamlPosition } from './yaml-position.ts';

/** The part of JSON Schema that the schema of configurations uses. */
export interface JsonSchema {
  $ref?: string;
  description?: string;
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  default?: unknown;
  properties?: Readonly<Record<string, JsonSchema>>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
  /** A reference with a description of its own. */
  allOf?: readonly JsonSchema[];
  definitions?: Readonly<Record<string, JsonSchema>>;
}

export interface Choice {
  label: string;
  description: string;
  /** Whether a key is chosen, else a value. */
  isKey: boolean;
  /** Whether its value is a mapping or a list, which begins in the next line. */
  isBlock: boolean;
}

/** The keys, or the values, that the schema allows at a position. */
export function schemaChoices(schema: JsonSchema, { path, key, siblings }: YamlPosition): Choice[] {
  const resolver = new Resolver(schema);
  let mappings = resolver.expand(schema);
  for (const step of path) mappings = resolver.step(mappings, step);
  const fitting = mappings.filter((mapping) => fits(resolver, mapping, siblings, key));
  if (key !== undefined) return valueChoices(resolver.step(fitting, key));
  const choices = new Map<string, Choice>();
  for (const { properties = {} } of fitting) {
    for (const [label, property] of Object.entries(properties)) {
      if (siblings.has(label) || choices.has(label)) continue;
      const kinds = resolver.expand(property);
      const isBlock =
        kinds.length > 0 && kinds.every((kind) => kind.type === 'object' || kind.type === 'array');
      // The description of one allowed value describes that value, not its key.
      const own = kinds.find((kind) => kind.description !== undefined && !('const' in kind));
      const description = ('const' in property ? undefined : property.description) ?? own?.description ?? '';
      choices.set(label, { label, description: withDefault(description, property), isKey: true, isBlock });
    }
  }
  return [...choices.values()];
}

/** Of several kinds of mapping those that the entries with one allowed value, such as `type: none`, leave open. */
function fits(
  resolver: Resolver,
  { properties = {} }: JsonSchema,
  siblings: ReadonlyMap<string, string>,
  key: string | undefined,
): boolean {
  return Object.entries(properties).every(([name, property]) => {
    const value = siblings.get(name);
    const constants = resolver
      .expand(property)
      .flatMap((kind) => ('const' in kind ? String(kind.const) : []));
    return name === key || value === undefined || constants.length === 0 || constants.includes(value);
  });
}

function valueChoices(kinds: readonly JsonSchema[]): Choice[] {
  const values = kinds.flatMap((kind) => {
    const { description = '' } = kind;
    if ('const' in kind) return [{ label: String(kind.const), description }];
    if (kind.enum) return kind.enum.map((value) => ({ label: String(value), description }));
    if (kind.type === 'boolean') return ['true', 'false'].map((label) => ({ label, description }));
    return [];
  });
  const unique = new Map(values.map((value) => [value.label, value]));
  return [...unique.values()].map((value) => ({ ...value, isKey: false, isBlock: false }));
}

function withDefault(description: string, { default: value }: JsonSchema): string {
  return value === undefined ? description : `${description} (default: ${JSON.stringify(value)})`;
}

class Resolver {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  /** All kinds that a schema allows, without references and alternatives. */
  expand(schema: JsonSchema): JsonSchema[] {
    const { $ref, anyOf, oneOf, allOf, ...own } = schema;
    if ($ref !== undefined) {
      const target = this.#root.definitions?.[$ref.replace('#/definitions/', '')];
      return target === undefined ? [] : this.expand(target);
    }
    // The alternatives of a schema with properties say which of them are required.
    if (own.properties) return [own];
    const alternatives = [...(anyOf ?? []), ...(oneOf ?? []), ...(allOf ?? [])];
    return alternatives.length === 0 ? [own] : alternatives.flatMap((kind) => this.expand(kind));
  }

  step(kinds: readonly JsonSchema[], key: string): JsonSchema[] {
    return kinds.flatMap(({ properties, additionalProperties, items }) => {
      if (key === LIST_ENTRY) return items === undefined ? [] : this.expand(items);
      const property = properties?.[key] ?? additionalProperties;
      return typeof property === 'object' ? this.expand(property) : [];
    });
  }
}
