import { code, fieldsOf, formatType, type Schema, type ShapeLink, withoutNull } from '../schema-words.ts';

/** The fields of what an operation takes: name, type, default, description. */
export function inputTable(schema: Schema, link: ShapeLink): string {
  const rows = fieldRows(schema, link, '').map(({ name, type, field, required, what }) =>
    tableRow([
      code(name),
      type,
      required ? 'required' : 'default' in field ? code(field['default']) : '',
      what,
    ]),
  );
  return [tableRow(['field', 'type', 'default', 'what']), '|---|---|---|---|', ...rows].join('\n');
}

/** The fields of what an operation gives: name, type, description. */
export function outputTable(schema: Schema, link: ShapeLink): string {
  const rows = fieldRows(schema, link, '').map(({ name, type, required, what }) =>
    tableRow([code(name), type, required ? what : `${what === '' ? '' : `${what}; `}may be missing`]),
  );
  return [tableRow(['field', 'type', 'what']), '|---|---|---|', ...rows].join('\n');
}

/** Forms that are told apart by one field: one table of all their fields, with the forms that have each. */
export function formsTable({ oneOf }: Schema, kind: string, link: ShapeLink): string {
  const forms = (oneOf as Schema[]).map((form) => ({
    form,
    name: String(fieldsOf(form)[kind]?.['const']),
  }));
  const names = [...new Set(forms.flatMap(({ form }) => Object.keys(fieldsOf(form))))];
  const rows = names.map((name) => {
    const having = forms.filter(({ form }) => name in fieldsOf(form));
    const field = having.map(({ form }) => fieldsOf(form)[name]).find((each) => each !== undefined) ?? {};
    const required = having.every(({ form }) => (form['required'] as string[]).includes(name));
    const type = name === kind ? forms.map((each) => code(each.name)).join(', ') : formatType(field, link);
    const of = having.length === forms.length ? 'all' : having.map((each) => code(each.name)).join(', ');
    return tableRow([code(name), type, of, required ? 'required' : '', String(field['description'] ?? '')]);
  });
  return [tableRow(['field', 'type', 'of', 'default', 'what']), '|---|---|---|---|---|', ...rows].join('\n');
}

interface FieldRow {
  name: string;
  type: string;
  field: Schema;
  required: boolean;
  what: string;
}

/** One row a field; those of an object that is shown nowhere else follow it as `outer.inner` or `outer[].inner`. */
function fieldRows(schema: Schema, link: ShapeLink, outer: string): FieldRow[] {
  const required = (schema['required'] ?? []) as string[];
  return Object.entries(fieldsOf(schema)).flatMap(([name, field]) => {
    const { core } = withoutNull(field);
    const isList = core['type'] === 'array';
    const inner = (isList ? core['items'] : core) as Schema;
    const own = {
      name: outer + name,
      type: formatType(field, link),
      field,
      required: required.includes(name),
      what: String(field['description'] ?? core['description'] ?? ''),
    };
    const known = link(core) ?? link(inner);
    return known === undefined
      ? [own, ...fieldRows(inner, link, `${outer}${name}${isList ? '[]' : ''}.`)]
      : [own];
  });
}

export function tableRow(cells: readonly string[]): string {
  const shown = cells.map((cell) => (cell === '' ? ' ' : ` ${cell.replaceAll('|', '\\|')} `));
  return `|${shown.join('|')}|`;
}
