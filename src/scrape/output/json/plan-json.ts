import { truncateList } from '../../../core/lib/truncate-list.ts';
import { isGzip } from '../../../core/model/output-format.ts';
import { jsonLines } from '../../../core/runs/run-files.ts';
import type { ExistingFile, ExportOptions, ExportPlan } from '../export-options.ts';
import { findColumns } from '../output-columns.ts';
import { createAppendPlan, createFilePlan, type ExistingText, gzipText, prependText } from '../text-file.ts';
import { type ArrayState, findArrayEnd, readFirstLine } from './json-append.ts';

/** Plans JSON lines, or a JSON array. */
export async function planJson(
  options: ExportOptions,
  present: ExistingFile | undefined,
): Promise<ExportPlan> {
  const { file, format, stagingFile } = options;
  const text = present && { ...present, gzip: isGzip(file) };
  if (format === 'jsonl') {
    const lines = toLines(stagingFile);
    if (text === undefined) return createFilePlan(file, lines);
    return createAppendPlan(
      text,
      lines,
      await describeNewFields(text, await readFirstLine(text), stagingFile),
    );
  }
  if (text === undefined) return createFilePlan(file, toArray(stagingFile, 'nothing'));
  const { keep, kept, before, first } = await findArrayEnd(text);
  const rest = toArray(stagingFile, before);
  const warnings = await describeNewFields(text, first, stagingFile);
  // What is compressed cannot be cut off before its bracket: it is compressed anew.
  const content = text.gzip ? gzipText(prependText(kept, rest)) : rest;
  return { version: { keep: text.gzip ? 0 : keep, content, addsToPresent: true }, warnings: () => warnings };
}

async function* toLines(stagingFile: string): AsyncGenerator<string> {
  for await (const lines of jsonLines(stagingFile)) yield `${lines.join('\n')}\n`;
}

/** A JSON array with one item a line, so that versions compare line by line. @param before what the text follows */
async function* toArray(stagingFile: string, before: 'nothing' | ArrayState): AsyncGenerator<string> {
  let between = before === 'items' ? ',\n' : '\n';
  if (before === 'nothing') yield '[';
  for await (const lines of jsonLines(stagingFile)) {
    yield between + lines.join(',\n');
    between = ',\n';
  }
  yield before === 'nothing' && between === '\n' ? ']\n' : '\n]\n';
}

/** Rows of JSON carry the names of their fields, so others may follow; that they do is most likely not meant. */
async function describeNewFields(
  { file }: ExistingText,
  first: Record<string, unknown> | undefined,
  stagingFile: string,
): Promise<string[]> {
  if (first === undefined) return [];
  const { columns } = await findColumns(stagingFile);
  const added = columns.map(({ name }) => name).filter((name) => !Object.hasOwn(first, name));
  return added.length === 0
    ? []
    : [`the first row of ${file} has no field ${truncateList(added)}: new rows do`];
}
