import { createScanner, type Node } from 'jsonc-parser';
import { parseJobText } from '../../jobs/job-text.ts';
import { correctSpelling } from '../../lib/closest-names.ts';
import { locate, parseJsonTree } from '../../lib/json-location.ts';
import { DEFINITION_FIELDS } from '../../model/definition.ts';

/** One problem in a file; line and column count from 1. */
export interface Flaw {
  message: string;
  line?: number | undefined;
  column?: number | undefined;
}

/** The possible repair of a job file's text. */
export type TextRepair =
  /** It is already a valid job. */
  | { kind: 'fine' }
  | { kind: 'newer'; reason: string }
  /** `text` is a valid job; each flaw describes a change. */
  | { kind: 'repairable'; text: string; flaws: Flaw[] }
  /** `flaws` lists what a person has to decide. */
  | { kind: 'beyond'; flaws: Flaw[] };

/** Context of a job's file. */
export interface FileContext {
  file: string;
  /** The job id according to the file's name. */
  id: string;
  /** Whether a file of that job exists. */
  hasFile(id: string): boolean;
}

/** A text edit: replaces the range from `start` to `end` with `text`. */
interface Edit {
  start: number;
  end: number;
  text: string;
  why: string;
}

/**
 * Removes what JSON does not allow and what has no meaning: a byte order mark, comments, a comma before a closing
 * bracket. A copied file gets the id of its file name. Nothing is guessed: all other text stays exactly as it is. The
 * text is changed only when the result is a valid job.
 */
export function repairText(text: string, { file, id, hasFile }: FileContext): TextRepair {
  const parse = (content: string, expectedId = id) =>
    parseJobText(content, { id: expectedId, file, modifiedAt: 0 }, undefined);
  const before = parse(text);
  if (before.kind === 'newer') return { kind: 'newer', reason: before.reason };
  const needless = findNeedless(text);
  // Replaced by blanks, so that offsets in the remaining text stay those of the file.
  const blanked = applyEdits(
    text,
    needless.map((edit) => ({ ...edit, text: text.slice(edit.start, edit.end).replaceAll(/[^\r\n]/g, ' ') })),
  );
  const tree = parseJsonTree(blanked);
  const twice = findTwice(tree);
  const copiedId = findCopiedId(tree, id, hasFile);
  const edits = [...needless, ...(copiedId ? [copiedId.edit] : [])].sort((a, b) => a.start - b.start);
  const repaired = applyEdits(text, edits);
  // A comment may be all that separates two tokens (`1/* was 5 */2`): without it the text would mean something else.
  const after = parse(blanked, copiedId?.id);
  if (edits.length > 0 && twice === undefined && after.kind === 'valid' && parse(repaired).kind === 'valid') {
    const flaws = edits.map(({ why, start }) => ({ message: why, ...locate(text, start) }));
    return { kind: 'repairable', text: repaired, flaws };
  }
  if (before.kind === 'valid') return { kind: 'fine' };
  if (after.kind === 'newer') return { kind: 'newer', reason: after.reason };
  const flaws: Flaw[] = [...findMisspelt(tree), ...(twice ? [twice] : [])].map(({ message, offset }) => ({
    message,
    ...locate(text, offset),
  }));
  if (after.kind === 'invalid')
    flaws.unshift({ message: after.reason, line: after.line, column: after.column });
  return { kind: 'beyond', flaws };
}

/** Token numbers of the scanner, whose enum exists only at compile time. */
const TOKEN = { braceClose: 2, bracketClose: 4, comma: 5, lineComment: 12, blockComment: 13, end: 17 };
const TRIVIA: readonly number[] = [TOKEN.lineComment, TOKEN.blockComment, 14, 15];

/** Finds text that can be removed without changing the meaning. */
function findNeedless(text: string): Edit[] {
  const edits: Edit[] = [];
  const remove = (start: number, end: number, why: string) => edits.push({ start, end, text: '', why });
  const offset = text.startsWith('\uFEFF') ? 1 : 0;
  if (offset > 0) remove(0, offset, 'a byte order mark, which many programs do not read');
  const scanner = createScanner(text.slice(offset));
  let comma: number | undefined;
  for (let token: number = scanner.scan(); token !== TOKEN.end; token = scanner.scan()) {
    const start = scanner.getTokenOffset() + offset;
    const isWhole = scanner.getTokenError() === 0;
    if (isWhole && (token === TOKEN.lineComment || token === TOKEN.blockComment))
      remove(start, start + scanner.getTokenLength(), 'a comment, which JSON does not have');
    if (TRIVIA.includes(token)) continue;
    if (comma !== undefined && (token === TOKEN.braceClose || token === TOKEN.bracketClose))
      remove(comma, comma + 1, 'an extra comma');
    comma = token === TOKEN.comma ? start : undefined;
  }
  return edits.sort((a, b) => a.start - b.start);
}

/** Finds the id of a copied file that is still the id of the original job. */
function findCopiedId(tree: Node | undefined, id: string, hasFile: FileContext['hasFile']) {
  const node = membersOf(tree).find(({ name }) => name === 'id')?.value;
  const other: unknown = node?.value;
  if (node === undefined || typeof other !== 'string' || other === id || !hasFile(other)) return undefined;
  const why = `the id "${other}" is that of another file: this copy is "${id}" by its name`;
  return { id: other, edit: { start: node.offset, end: node.offset + node.length, text: `"${id}"`, why } };
}

interface Doubt {
  message: string;
  offset: number;
}

/** Finds a duplicate name. JSON uses the last one, but a person may have meant the first. */
function findTwice(node: Node | undefined): Doubt | undefined {
  const names = new Set<string>();
  for (const { name, offset, value } of membersOf(node)) {
    if (names.has(name)) return { message: `"${name}" stands twice: keep one`, offset };
    names.add(name);
    const inside = findTwice(value);
    if (inside) return inside;
  }
  if (node?.type !== 'array') return undefined;
  for (const item of node.children ?? []) {
    const inside = findTwice(item);
    if (inside) return inside;
  }
  return undefined;
}

/** Finds misspelled fields: an unknown field has no effect, so a misspelled one counts as missing. */
function findMisspelt(tree: Node | undefined): Doubt[] {
  return membersOf(tree).flatMap(({ name, offset }) => {
    const meant = correctSpelling(name, DEFINITION_FIELDS);
    return meant ? [{ message: `"${name}" is not a field; did you mean "${meant}"?`, offset }] : [];
  });
}

function membersOf(node: Node | undefined): { name: string; offset: number; value: Node | undefined }[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).map(({ offset, children = [] }) => ({
    name: String(children[0]?.value),
    offset,
    value: children[1],
  }));
}

/** @param edits in text order, not overlapping */
function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: replacement } of edits) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}
