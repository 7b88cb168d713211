import type { TextSpan } from '../styled-row.ts';
import type { StyleName } from '../theme.ts';

/** A key at the beginning of a line, behind its indent and the dashes of a list. */
const KEY =
  /^(\s*(?:-\s+)*)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#'"{[\]},&*!|>%@`-][^#]*?|-[^\s#][^#]*?)(:)(?=\s|$)/;
const DASHES = /^(\s*(?:-\s+)*(?:-$)?)/;
/** A comment begins with a `#` at the beginning of a line or behind a blank, outside of quotes. */
const COMMENT = /^((?:[^#"']|"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?<=\S)#|["'])*?)((?:^|(?<=\s))#.*)$/;
/** The value of a key that goes on in the lines below, as they are. */
const BLOCK = /^[|>][-+\d]*\s*(?:#.*)?$/;

/** The lines of a YAML text in looks: keys, values, comments. Only the look is guessed, so any text will do. */
export function yamlSpans(lines: readonly string[]): (readonly TextSpan[])[] {
  // While the lines are text as it is: those that are indented by more than this.
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
