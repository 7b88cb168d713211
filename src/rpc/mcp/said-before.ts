import type { JsonSchema } from './compact-schema.ts';

/** So many fields in common make an object the same thing. */
const ALIKE = 8;

/**
 * Shortens the inputs of tools, or their outputs, in the order in which they are listed: what an earlier one has said in
 * full is only named. The tool list of a model is read as a whole, and is paid for by the character.
 */
export class SaidBefore {
  readonly #worthReferring: number;
  readonly #said = new Map<string, string>();
  readonly #described = new Set<string>();
  readonly #tools: { tool: string; fields: ReadonlySet<string> }[] = [];

  /** @param worthReferring what is longer than this, in characters, is said once */
  constructor(worthReferring: number) {
    this.#worthReferring = worthReferring;
  }

  shorten(tool: string, schema: JsonSchema): JsonSchema {
    const fields = Object.entries(fieldsOf(schema));
    const properties = fields.map(([name, field]) => [name, this.#shortenField(name, field)] as const);
    for (const [name, field] of fields) {
      if (!this.#said.has(key(field))) this.#said.set(key(field), `${tool}.${name}`);
      this.#described.add(JSON.stringify([name, field]));
    }
    this.#tools.push({ tool, fields: new Set(fields.map(([name]) => name)) });
    return { ...schema, properties: Object.fromEntries(properties) };
  }

  #shortenField(name: string, field: JsonSchema): JsonSchema {
    if (JSON.stringify(field).length < this.#worthReferring)
      return this.#described.has(JSON.stringify([name, field])) ? withoutDescription(field) : field;
    const same = this.#said.get(key(field));
    if (same !== undefined) return named(field, `as ${same}`);
    const inner = Object.keys(fieldsOf(field));
    const alike = this.#tools.find(
      ({ fields }) => inner.length >= ALIKE && inner.every((name) => fields.has(name)),
    );
    return alike === undefined ? field : named(field, `as in ${alike.tool}: ${inner.join(', ')}`);
  }
}

function key(field: JsonSchema): string {
  return JSON.stringify(withoutDescription(field));
}

function withoutDescription({ description: _, ...field }: JsonSchema): JsonSchema {
  return field;
}

function named({ type = 'object', description }: JsonSchema, reference: string): JsonSchema {
  return { type, description: typeof description === 'string' ? `${description}: ${reference}` : reference };
}

function fieldsOf({ properties }: JsonSchema): Record<string, JsonSchema> {
  return (properties ?? {}) as Record<string, JsonSchema>;
}
