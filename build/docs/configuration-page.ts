import { code, fieldsOf, formatType, isSchema, resolved, type Schema } from '../schema-words.ts';
import { createConfigurationSchema } from '../schemas/configuration.ts';
import { ConfigurationExamples } from './configuration-examples.ts';
import { tableRow } from './field-table.ts';

/** What stands above it is written by hand. */
const MARK = '<!-- From here on written by npm run docs -->\n\n';

interface Section {
  title: string;
  schema: Schema;
}

/** docs/reference/configuration.md, given as it is now: its list of keys as the schema has them, with examples out of its YAML. */
export function configurationPage(present: string): string {
  const [prose = ''] = present.split(MARK);
  return `${prose.trimEnd()}\n\n${MARK}${reference(prose)}`;
}

function reference(prose: string): string {
  const schema = createConfigurationSchema() as Schema;
  const examples = new ConfigurationExamples(schema, prose);
  const parts = sectionsOf(schema).map(({ title, schema: of }) => {
    const required = (of['required'] ?? []) as string[];
    const rows = Object.entries(fieldsOf(of)).map(([key, field]) =>
      tableRow([
        code(key),
        typeOf(key, field),
        required.includes(key) ? 'needed' : 'default' in field ? code(field['default']) : '',
        String(field['description'] ?? ''),
        examples.of(of, key),
      ]),
    );
    return [
      `### ${title}`,
      '',
      tableRow(['key', 'type', 'default', 'meaning', 'example']),
      '|---|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  return `## Every key\n\n${parts.join('\n\n')}\n`;
}

/** The maps of keys within a schema, the outer ones first, each once. */
function sectionsOf(root: Schema): Section[] {
  const found: Section[] = [];
  const visit = (schema: Schema, title: string) => {
    if (found.some((section) => section.schema === schema)) return;
    if (Object.keys(fieldsOf(schema)).length > 0) found.push({ title, schema });
    for (const [key, field] of Object.entries(fieldsOf(schema)))
      inside(field, root).forEach((inner) => {
        visit(inner, titleOf(inner, key));
      });
  };
  visit(root, 'The top level');
  return found.map((one) => {
    const isAlone = found.every((other) => other === one || other.title !== one.title);
    return isAlone ? one : { ...one, title: `${one.title}, with ${Object.keys(fieldsOf(one.schema))[0]}` };
  });
}

/** The maps of keys that a value may be, or consist of. */
function inside(schema: Schema, root: Schema): Schema[] {
  const target = resolved(schema, root);
  if (Object.keys(fieldsOf(target)).length > 0) return [target];
  const { oneOf, anyOf, additionalProperties, items } = target;
  const inner = [...((oneOf ?? anyOf ?? []) as Schema[]), additionalProperties, items];
  return inner.flatMap((each) => (isSchema(each) ? inside(each, root) : []));
}

function titleOf(schema: Schema, key: string): string {
  const kind = fieldsOf(schema)['type']?.['const'];
  if (typeof kind === 'string') return `${key}, type ${kind}`;
  return key === 'selectors' ? 'A field of selectors' : key;
}

/** What the schema says in too many words, or not at all, because it contains itself. */
const OWN_WORDS: Readonly<Record<string, (words: string) => string | undefined>> = {
  selectors: (words) => (words === 'any value' ? 'map of [fields](#selectors)' : undefined),
  follow: (words) => (words === 'any value' ? 'map with the same keys' : undefined),
  values: (words) => (words.startsWith('object of array') ? 'map of lists, ranges and files' : undefined),
};

function typeOf(key: string, field: Schema): string {
  const words = formatType(field, linkToSection);
  return OWN_WORDS[key]?.(words) ?? words.replace(/^object of map\b/, 'map of maps');
}

function linkToSection(schema: Schema): string | undefined {
  if ('$ref' in schema) return '[field](#a-field-of-selectors)';
  if (Object.keys(fieldsOf(schema)).length > 0) return 'map';
  if (!Array.isArray(schema['oneOf'])) return undefined;
  const kinds = (schema['oneOf'] as Schema[]).map((form) => fieldsOf(form)['type']?.['const']);
  return `map with \`type\`: ${kinds.map(code).join(', ')}`;
}
