import { displayWidth } from '../../../core/lib/display-width.ts';
import { diffLines, splitIntoLines } from '../../../core/lib/line-diff.ts';
import { withField, withHint } from '../../../core/lib/text.ts';
import type { TextSpan } from '../../ui/styled-row.ts';
import { cleanLines, wordRowStarts, wrapText } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { ConfigCheck, ConfigFinding } from './model.ts';

/** A key at the start of a line, after the indent and the dashes of a list. */
const KEY =
  /^(\s*(?:-\s+)*)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#'"{[\]},&*!|>%@`-][^#]*?|-[^\s#][^#]*?)(:)(?=\s|$)/;
const DASHES = /^(\s*(?:-\s+)*(?:-$)?)/;
/** A comment starts with a `#` at the start of a line or after a blank, outside quotes. */
const COMMENT = /^((?:[^#"']|"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?<=\S)#|["'])*?)((?:^|(?<=\s))#.*)$/;
/** The start of a block scalar: the value continues verbatim in the lines below. */
const BLOCK = /^[|>][-+\d]*\s*(?:#.*)?$/;

/**
 * The lines of a YAML text with styles for keys, values and comments. Only the styles are guessed, so any text is
 * accepted.
 */
export function yamlSpans(lines: readonly string[]): (readonly TextSpan[])[] {
  // Inside a block scalar: the indent that its lines exceed.
  let block: number | undefined;
  return lines.map((line) => {
    const indent = line.length - line.trimStart().length;
    if (block !== undefined && (line.trim() === '' || indent > block)) return spans([line, 'good']);
    block = undefined;
    const [, rest = line, comment = ''] = COMMENT.exec(line) ?? [];
    const [key, before = '', name = '', colon = ''] = KEY.exec(rest) ?? [];
    if (key === undefined) {
      const dashes = DASHES.exec(rest)?.[1] ?? '';
      return spans([dashes, 'faint'], [rest.slice(dashes.length), 'good'], [comment, 'faint']);
    }
    const value = rest.slice(key.length);
    if (BLOCK.test(value.trim())) block = indent;
    return spans([before, 'faint'], [name, 'accent'], [colon, 'faint'], [value, 'good'], [comment, 'faint']);
  });
}

function spans(...parts: readonly (readonly [string, StyleName])[]): readonly TextSpan[] {
  return parts.flatMap(([text, style]) => (text === '' ? [] : [{ text, style }]));
}

/** A row of the shown text. */
export type TextRow =
  | {
      readonly kind: 'line';
      /** From 1; `null` for a removed line, and where the comment of the line above goes on. */
      readonly number: number | null;
      readonly change: 'same' | 'added' | 'removed';
      readonly spans: readonly TextSpan[];
    }
  /** An issue or a warning, below the line that it belongs to. */
  | { readonly kind: 'note'; readonly tone: 'bad' | 'warning'; readonly text: string; readonly key: string };

interface ConfigTextSource {
  yaml: string;
  /** The text to compare with. If set, changed lines are marked and removed lines are shown. */
  base: string | undefined;
  check: ConfigCheck | undefined;
  columns: number;
}

/** The width before a line: its number and change mark. */
export const GUTTER_CELLS = 6;

let last: { shown: ConfigTextSource; rows: readonly TextRow[] } | undefined;

/** The rows of a text, with the findings below their lines. */
export function textRows(shown: ConfigTextSource): readonly TextRow[] {
  const isSame =
    last !== undefined &&
    last.shown.yaml === shown.yaml &&
    last.shown.base === shown.base &&
    last.shown.check === shown.check &&
    last.shown.columns === shown.columns;
  if (last === undefined || !isSame) last = { shown, rows: buildRows(shown) };
  return last.rows;
}

let lastWrapped: { from: readonly TextRow[]; columns: number; rows: readonly TextRow[] } | undefined;

/** The same rows in a pane that does not scroll sideways: a line that is too long goes on in further rows. */
export function wrapTextRows(from: readonly TextRow[], columns: number): readonly TextRow[] {
  if (lastWrapped?.from !== from || lastWrapped.columns !== columns) {
    const rows = from.flatMap((row) => (row.kind === 'note' ? [row] : wrapLine(row, columns - GUTTER_CELLS)));
    lastWrapped = { from, columns, rows };
  }
  return lastWrapped.rows;
}

function wrapLine(line: Extract<TextRow, { kind: 'line' }>, columns: number): TextRow[] {
  const text = line.spans.map((span) => span.text).join('');
  const starts = wordRowStarts(text, columns);
  if (starts.length === 1) return [line];
  return starts.map((start, index) => {
    // A row may end with blanks beyond its cells.
    const end = start + text.slice(start, starts[index + 1]).trimEnd().length;
    let at = 0;
    const parts = line.spans.map(({ text: own, style }): [string, StyleName] => {
      const part = own.slice(Math.max(0, start - at), Math.max(0, end - at));
      at += own.length;
      return [part, style];
    });
    return { ...line, number: index === 0 ? line.number : null, spans: spans(...parts) };
  });
}

/** The first row of interest: a finding, otherwise a change. */
export function firstOfInterest(rows: readonly TextRow[]): number | undefined {
  const note = rows.findIndex(({ kind }) => kind === 'note');
  const at = note >= 0 ? note : rows.findIndex((row) => row.kind === 'line' && row.change !== 'same');
  return at < 0 ? undefined : at;
}

/**
 * The row of the shown text with the selector of a field: the line of its key if there is one, otherwise that whose value
 * it is, otherwise one that contains it. -1 if there is none.
 */
export function findSelectorRow(
  rows: readonly TextRow[],
  { field, selector }: { field: string; selector: string },
): number {
  const name = field.split('.').at(-1);
  let best = { at: -1, rank: 0 };
  for (const [at, row] of rows.entries()) {
    if (row.kind === 'note' || row.number === null) continue;
    const [key, value] = ['accent', 'good'].map((style) =>
      unquote(row.spans.flatMap((span) => (span.style === style ? [span.text] : [])).join('')),
    );
    if (!value?.includes(selector)) continue;
    const rank = 1 + Number(value === selector) + 2 * Number(key === name);
    if (rank > best.rank) best = { at, rank };
  }
  return best.at;
}

function unquote(text: string): string {
  const trimmed = text.trim();
  return /^(["']).*\1$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}

function buildRows({ yaml, base, check, columns }: ConfigTextSource): readonly TextRow[] {
  const lines = splitIntoLines(yaml);
  const spans = yamlSpans(lines.map(clean));
  const rows: TextRow[] = [];
  const notes = notesByLine(check, lines.length, columns - GUTTER_CELLS);
  rows.push(...(notes.get(0) ?? []));
  const compared =
    base === undefined
      ? lines.map((text, after) => ({ kind: 'same' as const, after, text }))
      : diffLines(splitIntoLines(base), lines);
  for (const line of compared) {
    if (line.kind === 'removed') {
      const gone = [{ text: clean(line.text), style: 'bad' as const }];
      rows.push({ kind: 'line', number: null, change: 'removed', spans: gone });
      continue;
    }
    const number = line.after + 1;
    for (const [index, part] of wrapComment(spans[line.after] ?? [], columns - GUTTER_CELLS).entries())
      rows.push({ kind: 'line', number: index === 0 ? number : null, change: line.kind, spans: part });
    rows.push(...(notes.get(number) ?? []));
  }
  return rows;
}

/** A comment has at least this width; with less, it goes on below its line. */
const MIN_COMMENT_CELLS = 24;
/** How far the rows of a comment stand in below its beginning. */
const COMMENT_INDENT = 2;

/** The rows of a line: a comment that is too long for its row goes on in others. Values scroll sideways. */
function wrapComment(line: readonly TextSpan[], columns: number): (readonly TextSpan[])[] {
  const comment = line.at(-1);
  if (comment === undefined || !comment.text.startsWith('#')) return [line];
  const before = line.slice(0, -1);
  const begins = before.reduce((sum, { text }) => sum + displayWidth(text), 0);
  if (begins + displayWidth(comment.text) <= columns) return [line];
  const isBelow = columns - begins < MIN_COMMENT_CELLS;
  const indent = COMMENT_INDENT + (isBelow ? 0 : begins);
  const toRow = (text: string) => spans([' '.repeat(indent), 'faint'], [text, 'faint']);
  const [first = '', ...others] = wrapText(comment.text, Math.max(1, columns - indent));
  return isBelow
    ? [before, toRow(first), ...others.map(toRow)]
    : [[...before, { ...comment, text: first }], ...others.map(toRow)];
}

function clean(line: string): string {
  return cleanLines(line).join(' ');
}

/** The findings by line number; 0 for findings without a line. */
function notesByLine(
  check: ConfigCheck | undefined,
  count: number,
  columns: number,
): ReadonlyMap<number, readonly TextRow[]> {
  const notes = new Map<number, TextRow[]>();
  if (check === undefined) return notes;
  const { problem, hint, issues, warnings } = check;
  const add = (line: number, tone: 'bad' | 'warning', text: string) => {
    const at = Math.max(0, Math.min(line, count));
    const rows = wrapText(text, columns).map((part, index): TextRow => {
      return { kind: 'note', tone, text: part, key: `${at} ${notes.get(at)?.length ?? 0} ${index}` };
    });
    notes.set(at, [...(notes.get(at) ?? []), ...rows]);
  };
  for (const issue of issues) add(issue.line ?? 0, 'bad', issueText(issue));
  if (problem !== null && issues.length === 0) add(0, 'bad', withHint(problem, hint));
  for (const issue of warnings) add(issue.line ?? 0, 'warning', issueText(issue));
  return notes;
}

function issueText({ path, message, hint }: ConfigFinding): string {
  return clean(withHint(withField(path, message), hint));
}
