import { parse, stringify } from 'yaml';
import { code, fieldsOf, isSchema, resolved, type Schema } from '../schema-words.ts';

const LONGEST = 60;
/** Of what takes several lines. */
const ABOVE = 'above';

/** How each key may be written: the first time that a YAML example of the page has it, else what its schema suggests. */
export class ConfigurationExamples {
  readonly #root: Schema;
  readonly #seen = new Map<Schema, Map<string, string>>();

  constructor(root: Schema, page: string) {
    this.#root = root;
    for (const [, yaml = ''] of page.matchAll(/^```yaml\n(.*?)^```/gms)) this.#look(root, parse(yaml));
  }

  /** Of one key of a map; empty when there is none. */
  of(map: Schema, key: string): string {
    const field = fieldsOf(map)[key] ?? {};
    const [own] = (field['examples'] ?? []) as unknown[];
    const seen = this.#seen.get(map)?.get(key);
    const shown = own === undefined ? (seen ?? suggested(key, field)) : written(key, own);
    if (shown === undefined) return '';
    return shown === ABOVE ? shown : code(shown);
  }

  #look(schema: Schema, value: unknown): void {
    const target = resolved(schema, this.#root);
    if (Array.isArray(value)) {
      for (const entry of value) if (isSchema(target['items'])) this.#look(target['items'], entry);
    }
    if (typeof value !== 'object' || value === null) return;
    const forms = (target['oneOf'] ?? target['anyOf']) as Schema[] | undefined;
    if (forms && Object.keys(fieldsOf(target)).length === 0) {
      for (const form of forms) if (canBe(form, value)) this.#look(form, value);
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const field = fieldsOf(target)[key];
      const shown = field && (written(key, inner) ?? ABOVE);
      const known = this.#seen.get(target) ?? new Map<string, string>();
      // A short one later on is better than a long one.
      if (shown !== undefined && (known.get(key) ?? ABOVE) === ABOVE)
        this.#seen.set(target, known.set(key, shown));
      const next = field ?? target['additionalProperties'];
      if (isSchema(next)) this.#look(next, inner);
    }
  }
}

/** Forms of a value are told apart by their `type`, where they have one. */
function canBe(form: Schema, value: object): boolean {
  const kind = fieldsOf(form)['type']?.['const'];
  return kind === undefined || kind === (value as { type?: unknown }).type;
}

function suggested(key: string, { const: only, enum: choices, type, minimum }: Schema): string | undefined {
  if (only !== undefined) return written(key, only);
  if (Array.isArray(choices)) return written(key, choices[0]);
  if (type === 'integer' || type === 'number') return written(key, Math.max(1, Number(minimum ?? 1)));
  return type === 'boolean' ? written(key, true) : undefined;
}

/** `key: value` in one line; nothing when that is long. */
function written(key: string, value: unknown): string | undefined {
  const text = stringify({ [key]: value }, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  const line = text.replace(/^\{ ?/, '').replace(/ ?\}$/, '');
  return line.length > LONGEST || line.includes('\n') ? undefined : line;
}
