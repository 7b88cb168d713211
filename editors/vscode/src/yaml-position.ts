/** Where in a mapping of a YAML text something is typed, found by its indentation: the text need not be valid yet. */
export interface YamlPosition {
  /** The keys that lead to the mapping; `[]` for an entry of a list. */
  path: readonly string[];
  /** The key whose value is typed; undefined while a key is typed. */
  key: string | undefined;
  /** The mapping's other entries, as far as they stand in a line of their own. */
  siblings: ReadonlyMap<string, string>;
}

export const LIST_ENTRY = '[]';

interface Line {
  /** Where the key begins, behind dashes. */
  indent: number;
  key: string;
  value: string;
  /** Where its dash stands, of the first line of a list's entry. */
  dash: number | undefined;
}

const ENTRY = /^( *)((?:- +)*)(?:("[^"]*"|'[^']*'|[^\s#:'"{[\]}][^#:]*?) *:(?: +(.*?))?)? *(?:#.*)?$/;

/** @param character counts from 0, as `line` does; undefined in a comment and in text of several lines */
export function yamlPosition(text: string, line: number, character: number): YamlPosition | undefined {
  const lines = text.split(/\r?\n/);
  const before = (lines[line] ?? '').slice(0, character);
  const typed = /^( *(?:- +)*)(?:([^\s#:'"{[\]}][^#:]*?) *: +)?([^#]*)$/.exec(before);
  if (!typed || before.trimStart().startsWith('#')) return undefined;
  const [, lead = '', key, rest = ''] = typed;
  if (key === undefined && /\s/.test(rest.trim())) return undefined;
  const indent = lead.length;
  const own: Line = {
    indent,
    key: key ?? '',
    value: '',
    dash: lead.includes('-') ? lead.indexOf('-') : undefined,
  };
  return { path: pathTo(lines, line, own), key, siblings: siblingsOf(lines, line, own) };
}

function parseLine(text: string): Line | undefined {
  const match = ENTRY.exec(text);
  if (!match || text.trim() === '') return undefined;
  const [, blanks = '', dashes = '', key = '', value = ''] = match;
  if (key === '' && dashes === '') return undefined;
  return {
    indent: blanks.length + dashes.length,
    key: key.replaceAll(/^["']|["']$/g, ''),
    value: value.replaceAll(/^["']|["']$/g, ''),
    dash: dashes === '' ? undefined : blanks.length,
  };
}

/** Walks up to ever smaller indents. */
function pathTo(lines: readonly string[], line: number, own: Line): string[] {
  const path: string[] = [];
  let { indent, dash } = own;
  for (let at = line - 1; at >= -1; at -= 1) {
    if (dash !== undefined) {
      // An entry belongs to the key above, which may have the indent of the dash.
      path.unshift(LIST_ENTRY);
      indent = dash + 1;
      dash = undefined;
    }
    const entry = parseLine(lines[at] ?? '');
    if (entry === undefined || entry.indent >= indent) {
      // The first line of the entry that the mapping is part of.
      if (entry?.dash !== undefined && entry.indent === indent) dash = entry.dash;
      continue;
    }
    path.unshift(entry.key);
    ({ indent, dash } = entry);
    if (indent === 0) break;
  }
  return path.filter((key) => key !== '');
}

function siblingsOf(lines: readonly string[], line: number, own: Line): Map<string, string> {
  const siblings = new Map<string, string>();
  const collect = (step: 1 | -1, from: Line) => {
    let isEnd = step === -1 && from.dash !== undefined;
    for (let at = line + step; !isEnd && at >= 0 && at < lines.length; at += step) {
      const entry = parseLine(lines[at] ?? '');
      if (entry === undefined || entry.indent > own.indent) continue;
      if (entry.indent < own.indent || (step === 1 && entry.dash !== undefined)) break;
      if (entry.key !== '') siblings.set(entry.key, entry.value);
      isEnd = entry.dash !== undefined;
    }
  };
  collect(-1, own);
  collect(1, own);
  return siblings;
}
