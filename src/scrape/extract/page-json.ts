import type { JsonValue, Page, PageElement, PageRoot } from '../lib/page.ts';
import { toPlaceInText } from '../lib/text-position.ts';
import { looksLikeJson, NoJson, readJson, tryReadJson } from './read-json.ts';
import { readHandwrittenJson, tryReadHandwrittenJson } from './repair-json.ts';
import { getText, select } from './select.ts';

/** Reads the data of a page's place once: a page is asked once for each row and field. */
export function rememberData(
  { data }: Page,
  place: string,
  read: () => readonly JsonValue[],
): readonly JsonValue[] {
  const values = data.get(place) ?? read();
  data.set(place, values);
  return values;
}

/**
 * Returns the JSON of a page: the page itself, or the scripts that `embedded` selects.
 * @throws NoJson as the end of a sentence that begins with the page's address
 */
export function readPageJson(page: Page): readonly JsonValue[] {
  return rememberData(page, `json ${page.embedded ?? ''}`, () =>
    page.isJson || page.embedded === undefined
      ? [readDocument(page)]
      : readScripts(select(page, page.embedded), page.embedded),
  );
}

function readDocument(page: Page): JsonValue {
  if (page.isJson) {
    const { excerpt } = page;
    const text = getText(page.$.root()[0] as PageRoot);
    return excerpt === undefined ? readJson(text) : readJson(text, (place) => toPlaceInText(place, excerpt));
  }
  const [title] = select(page, 'title');
  const named = title === undefined ? '' : getText(title).replaceAll(/\s+/g, ' ').trim().slice(0, 80);
  const kind = page.isXml
    ? 'XML'
    : page.contentType === '' || /html/.test(page.contentType)
      ? 'HTML'
      : page.contentType;
  throw new NoJson(`is ${kind}${named === '' ? '' : `, with the title "${named}"`}`);
}

function readScripts(scripts: readonly PageElement[], selector: string): JsonValue[] {
  if (scripts.length === 0) throw new NoJson(`has no element "${selector}" (embedded)`);
  let problem: NoJson | undefined;
  const values = scripts.flatMap((script) => {
    try {
      return [readScript(getText(script))];
    } catch (error) {
      if (!(error instanceof NoJson)) throw error;
      problem ??= error;
      return [];
    }
  });
  if (values.length === 0) throw new NoJson(`has "${selector}" (embedded), whose text ${problem?.message}`);
  return values;
}

/** `window.__STATE__ = {…};` and `JSON.parse("…")`, as frameworks write them. */
const ASSIGNED = /(?:=|\bJSON\.parse\(|^|\()\s*(?=[{["'])/g;

/**
 * Parses the text of a script: JSON, or JavaScript that contains some after a "=" or a "(". An empty object counts only
 * where there is no other: scripts make it first, as in `window.app = {}; app.state = {…}`.
 * @throws NoJson
 */
function readScript(text: string): JsonValue {
  let problem = new NoJson('is not JSON, and contains none');
  try {
    const value = readHandwrittenJson(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    problem = error as NoJson;
  }
  let empty: JsonValue | undefined;
  for (const { index, 0: before } of text.matchAll(ASSIGNED)) {
    const value = readLiteral(text, index + before.length);
    if (typeof value !== 'object' || value === null) continue;
    if (Object.keys(value).length > 0) return value;
    empty ??= value;
  }
  if (empty !== undefined) return empty;
  throw problem;
}

/** Reads the value that begins at a place; a text is read as JSON once more. */
function readLiteral(text: string, start: number): JsonValue | undefined {
  const end = findLiteralEnd(text, start);
  if (end === undefined) return undefined;
  const literal = text.slice(start, end);
  // Most literals are JavaScript.
  if (!/^["']/.test(literal))
    return looksLikeJson(literal) ? tryReadHandwrittenJson(literal) : tryReadJson(literal);
  try {
    const inner = literal.startsWith('"')
      ? literal
      : `"${literal
          .slice(1, -1)
          .replaceAll(/\\'/g, "'")
          .replaceAll(/(?<!\\)"/g, '\\"')}"`;
    return readJson(JSON.parse(inner) as string);
  } catch {
    return undefined;
  }
}

/** Returns where the bracket or the quote that opens at a place is closed. */
function findLiteralEnd(text: string, start: number): number | undefined {
  let depth = 0;
  const token = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{}[\]]/gs;
  token.lastIndex = start;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [sign] = found;
    if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') depth -= 1;
    if (depth <= 0) return token.lastIndex;
  }
  return undefined;
}
