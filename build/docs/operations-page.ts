import type { Operation } from '../../src/core/operations/define-operation.ts';
import { OPERATION_NAMES, OPERATIONS } from '../../src/core/operations/operations.ts';
import { fieldsOf, type Schema } from '../schema-words.ts';
import { formsTable, inputTable, outputTable, tableRow } from './field-table.ts';
import { jsonSchema, linkTo, linkToShape, SHAPES, type Shape } from './shapes.ts';

/** What stands above it is written by hand. */
const MARK = '<!-- From here on written by npm run docs -->\n\n';

/** docs/reference/operations.md, given as it is now: its reference as the table of operations says it. */
export async function operationsPage(present: string): Promise<string> {
  const [prose = ''] = present.split(MARK);
  return `${prose}${MARK}${await reference()}`;
}

async function reference(): Promise<string> {
  const operations = await Promise.all(
    OPERATION_NAMES.map(async (name) => (await OPERATIONS[name]()) as unknown as Operation),
  );
  return `${[
    hintTable(operations),
    ...operations.map(section),
    '## What several take or give',
    ...SHAPES.map(shapeSection),
  ].join('\n\n')}\n`;
}

function section(operation: Operation): string {
  const { name, title, description, errors } = operation;
  return [
    `## ${name}`,
    `**${title}.** ${description}`,
    `Hints: ${hints(operation)}.`,
    `**Takes** ${taken(jsonSchema(operation.input, 'input'))}`.replace(' \n', '\n'),
    `**Gives** ${given(jsonSchema(operation.output, 'output'))}`.replace(' \n', '\n'),
    ...(errors.length === 0
      ? []
      : [`**Errors of its own:** ${errors.map((error) => `\`${error}\``).join(', ')}`]),
  ].join('\n\n');
}

function hintTable(operations: readonly Operation[]): string {
  const rows = operations.map(({ name, title, annotations }) => {
    const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations;
    const marks = [readOnlyHint, destructiveHint, idempotentHint, openWorldHint];
    return tableRow([`[${name}](#${name})`, title, ...marks.map((hint) => (hint ? '✓' : ''))]);
  });
  const head = ['operation', 'what', 'only reads', 'may destroy', 'twice is once', 'reaches the web'];
  return [tableRow(head), '|---|---|---|---|---|---|', ...rows].join('\n');
}

/** The four hints, each in words. */
function hints({ annotations, readOnlyWithField, readOnlyWithoutField }: Operation): string {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations;
  return [
    readOnlyHint
      ? 'only reads'
      : destructiveHint
        ? 'changes, and may destroy'
        : 'changes, and destroys nothing',
    idempotentHint ? 'asking twice is asking once' : 'asking twice does it twice',
    openWorldHint ? 'reaches the web' : 'stays on this machine',
    ...(readOnlyWithField === undefined
      ? []
      : [`with \`${readOnlyWithField}\` it only reads, from this machine`]),
    ...(readOnlyWithoutField === undefined
      ? []
      : [`without \`${readOnlyWithoutField}\` it only reads, from this machine`]),
  ].join('; ');
}

function taken(input: Schema): string {
  if (Object.keys(fieldsOf(input)).length === 0) return 'nothing.';
  const whole = SHAPES.filter(({ io, schema }) => io === 'input' && isPartOf(schema, input));
  const table = inputTable(without(input, whole), linkToShape);
  return whole.length === 0 ? `\n\n${table}` : `the ${whole.map(linkTo).join(', ')}, and\n\n${table}`;
}

function given(output: Schema): string {
  const whole = SHAPES.find(({ io, schema }) => io === 'output' && isPartOf(schema, output));
  return whole === undefined ? `\n\n${outputTable(output, linkToShape)}` : `the ${linkTo(whole)}.`;
}

/** Whether an object has all the fields of a shape. */
function isPartOf(shape: Schema, schema: Schema): boolean {
  const names = Object.keys(fieldsOf(shape));
  return names.length > 0 && names.every((name) => name in fieldsOf(schema));
}

function without(schema: Schema, shapes: readonly Shape[]): Schema {
  const known = new Set(shapes.flatMap((shape) => Object.keys(fieldsOf(shape.schema))));
  const kept = Object.entries(fieldsOf(schema)).filter(([name]) => !known.has(name));
  return { ...schema, properties: Object.fromEntries(kept) };
}

function shapeSection({ title, io, schema, about }: Shape): string {
  const table =
    'oneOf' in schema
      ? formsTable(schema, 'type', linkToShape)
      : io === 'input'
        ? inputTable(schema, linkToShape)
        : outputTable(schema, linkToShape);
  return `### ${title}\n\n${about}\n\n${table}`;
}
