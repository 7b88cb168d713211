import type { JsonSchema } from './compact-schema.ts';

/** What is longer than this is said once. */
const WORTH_REFERRING = 300;
/** So many fields in common make an object the same thing. */
const ALIKE = 8;

/**
 * Shortens the inputs of tools, in the order in which they are listed: what an earlier tool's input has said in full is
 * only named. The tool list of a model is read as a whole, and is paid for by the character.
 */
export class SaidBefore {
  readonly #said = new Map<string, string>();
  readonly #tools: { tool: string; fields: ReadonlySet<string> }[] = [];

  shorten(tool: string, input: JsonSchema): JsonSchema {
    const fields = Object.entries(fieldsOf(input));
    const properties = fields.map(([name, field]) => [name, this.#shortenField(field) ?? field] as const);
    for (const [name, field] of fields) this.#said.set(key(field), `${tool}.${name}`);
    this.#tools.push({ tool, fields: new Set(fields.map(([name]) => name)) });
    return { ...input, properties: Object.fromEntries(properties) };
  }

  #shortenField(field: JsonSchema): JsonSchema | undefined {
    if (JSON.stringify(field).length < WORTH_REFERRING) return undefined;
    const same = this.#said.get(key(field));
    if (same !== undefined) return named(field, `as ${same}`);
    const inner = Object.keys(fieldsOf(field));
    const alike = this.#tools.find(
      ({ fields }) => inner.length >= ALIKE && inner.every((name) => fields.has(name)),
    );
    return alike && named(field, `as in ${alike.tool}: ${inner.join(', ')}`);
  }
}

function key({ description: _, ...field }: JsonSchema): string {
  return JSON.stringify(field);
}

function named({ type = 'object', description }: JsonSchema, reference: string): JsonSchema {
  return { type, description: typeof description === 'string' ? `${description}: ${reference}` : reference };
}

function fieldsOf({ properties }: JsonSchema): Record<string, JsonSchema> {
  return (properties ?? {}) as Record<string, JsonSchema>;
}
