import { firstFew } from '../../../core/first-few.ts';
import { isGzip } from '../../../core/run/output-format.ts';
import { jsonLines } from '../../../core/run/run-files.ts';
import { findColumns } from '../columns.ts';
import type { ExportOptions, Plan, Present } from '../options.ts';
import { arrayToAppend, type Begun, firstOfLines } from './json-present.ts';
import { addLines, fresh, gzipped, type PresentText, startingWith } from './text-file.ts';

/** Plans JSON lines, or a JSON array. */
export async function planJson(options: ExportOptions, present: Present | undefined): Promise<Plan> {
  const { file, format, stagingFile } = options;
  const text = present && { ...present, gzip: isGzip(file) };
  if (format === 'jsonl') {
    const lines = linesOf(stagingFile);
    if (text === undefined) return fresh(file, lines);
    return addLines(text, lines, await newFields(text, await firstOfLines(text), stagingFile));
  }
  if (text === undefined) return fresh(file, arrayOf(stagingFile, 'nothing'));
  const { keep, kept, before, first } = await arrayToAppend(text);
  const rest = arrayOf(stagingFile, before);
  const warnings = await newFields(text, first, stagingFile);
  // What is compressed cannot be cut off before its bracket: it is compressed anew.
  const content = text.gzip ? gzipped(startingWith(kept, rest)) : rest;
  return { version: { keep: text.gzip ? 0 : keep, content, addsToPresent: true }, warnings: () => warnings };
}

async function* linesOf(stagingFile: string): AsyncGenerator<string> {
  for await (const lines of jsonLines(stagingFile)) yield `${lines.join('\n')}\n`;
}

/** A JSON array with one item a line, so that versions compare line by line. @param before what the text follows */
async function* arrayOf(stagingFile: string, before: 'nothing' | Begun): AsyncGenerator<string> {
  let between = before === 'items' ? ',\n' : '\n';
  if (before === 'nothing') yield '[';
  for await (const lines of jsonLines(stagingFile)) {
    yield between + lines.join(',\n');
    between = ',\n';
  }
  yield before === 'nothing' && between === '\n' ? ']\n' : '\n]\n';
}

/** Rows of JSON carry the names of their fields, so others may follow; that they do is most likely not meant. */
async function newFields(
  { file }: PresentText,
  first: Record<string, unknown> | undefined,
  stagingFile: string,
): Promise<string[]> {
  if (first === undefined) return [];
  const { columns } = await findColumns(stagingFile);
  const added = columns.map(({ name }) => name).filter((name) => !Object.hasOwn(first, name));
  return added.length === 0 ? [] : [`the first row of ${file} has no field ${firstFew(added)}: new rows do`];
}
